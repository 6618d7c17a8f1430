#include "sys/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char default_path[] =
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

enum { STDIO_COUNT = 3 };

struct child {
	const struct launch *launch;
	const struct child_job *job;
	int report_fd;
	int above; /* every number to be filled is below it */
	int copies[STDIO_COUNT + CHILD_PASS_MAX]; /* what belongs at 0, 1, 2 and at each pass */
};

/* A function of libc may be intercepted, cached or broadcast to threads; a system call is only that. */
static long call1(long number, long a)
{
	return syscall(number, a);
}

static long call3(long number, long a, long b, long c)
{
	return syscall(number, a, b, c);
}

static long call5(long number, long a, long b, long c, long d, long e)
{
	return syscall(number, a, b, c, d, e);
}

static int set_cloexec(int fd)
{
	return (int)call3(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC);
}

static int control(int option, unsigned long a, unsigned long b)
{
	return (int)call5(SYS_prctl, option, (long)a, (long)b, 0, 0);
}

/* Before the mask is lifted: a handler would run in the parent's memory. What is ignored stays so. */
static void reset_dispositions(void)
{
	for (int signo = 1; signo < _NSIG; signo++) {
		/* The kernel's struct sigaction begins with the handler and is shorter than this. */
		unsigned long action[8] = {0};
		static const unsigned long by_default[8];
		if (call5(SYS_rt_sigaction, signo, 0, (long)action, _NSIG / 8, 0) == 0 &&
		    action[0] != (unsigned long)SIG_DFL && action[0] != (unsigned long)SIG_IGN)
			call5(SYS_rt_sigaction, signo, (long)by_default, 0, _NSIG / 8, 0);
	}
}

static int start_session(struct child *child)
{
	(void)child;
	reset_dispositions();
	return (int)call1(SYS_setsid, 0);
}

static int copy_above(const struct child *child, int fd)
{
	return (int)call3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, child->above);
}

/* fosterd's own, unless that is closed or the number was given to something that is not for children. */
static int own_or_null(const struct launch *launch, int own)
{
	long flags = call3(SYS_fcntl, own, F_GETFD, 0);

	return flags == -1 || (flags & FD_CLOEXEC) != 0 ? launch->null_fd : own;
}

static int copy_stdio(struct child *child)
{
	const struct launch *launch = child->launch;
	int out = launch->stdout_fd, err = launch->stderr_fd;
	const int from[STDIO_COUNT] = {
		launch->null_fd,
		out != -1 ? out : own_or_null(launch, STDOUT_FILENO),
		err != -1 ? err : own_or_null(launch, STDERR_FILENO),
	};

	child->above = STDIO_COUNT;
	for (size_t i = 0; i < launch->n_passes; i++)
		if (launch->passes[i].to >= child->above)
			child->above = launch->passes[i].to + 1;
	int report_fd = copy_above(child, child->report_fd);
	if (report_fd == -1)
		return -1;
	child->report_fd = report_fd;
	for (int i = 0; i < STDIO_COUNT; i++) {
		child->copies[i] = copy_above(child, from[i]);
		if (child->copies[i] == -1)
			return -1;
	}
	return 0;
}

static int copy_passes(struct child *child)
{
	for (size_t i = 0; i < child->launch->n_passes; i++) {
		int copy = copy_above(child, child->launch->passes[i].from);
		if (copy == -1)
			return -1;
		child->copies[STDIO_COUNT + i] = copy;
	}
	return 0;
}

/* The number in a name of /proc/self/fd; -1 for "." and "..". */
static int name_number(const char *name)
{
	int number = 0;

	if (*name < '0' || *name > '9')
		return -1;
	for (; *name >= '0' && *name <= '9'; name++)
		number = number * 10 + (*name - '0');
	return number;
}

/* getdents64(2): what one entry begins with. */
struct entry {
	uint64_t inode;
	int64_t offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

/* close_range(2) is refused by kernels before 5.11 and by the system call filters of older containers. */
static int seal_one_by_one(void)
{
	_Alignas(struct entry) char entries[1024];
	int dir = (int)call3(SYS_openat, AT_FDCWD, (long)"/proc/self/fd",
			     O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long len;

	if (dir == -1)
		return -1;
	while ((len = call3(SYS_getdents64, dir, (long)entries, sizeof entries)) > 0) {
		for (long at = 0; at < len;) {
			const struct entry *entry = (const void *)(entries + at);
			int fd = name_number(entry->name);
			if (fd >= STDIO_COUNT)
				set_cloexec(fd);
			at += entry->length;
		}
	}
	return (int)len;
}

static int seal_descriptors(struct child *child)
{
	(void)child;
	if (call3(SYS_close_range, STDIO_COUNT, (long)UINT_MAX, CLOSE_RANGE_CLOEXEC) == 0)
		return 0;
	return seal_one_by_one();
}

/* dup3 without a flag: whatever the source has, the target stays open over exec. */
static int place(int copy, int to)
{
	return call3(SYS_dup3, copy, to, 0) == -1 ? -1 : 0;
}

static int place_stdio(struct child *child)
{
	for (int i = 0; i < STDIO_COUNT; i++)
		if (place(child->copies[i], i) == -1)
			return -1;
	return 0;
}

static int place_passes(struct child *child)
{
	for (size_t i = 0; i < child->launch->n_passes; i++)
		if (place(child->copies[STDIO_COUNT + i], child->launch->passes[i].to) == -1)
			return -1;
	return 0;
}

static int set_oom_score_adj(struct child *child)
{
	const char *text = child->job->oom_text;
	long len = 0;

	while (text[len] != '\0')
		len++;
	if (len == 0)
		return 0;
	int fd = (int)call3(SYS_openat, AT_FDCWD, (long)"/proc/self/oom_score_adj",
			    O_WRONLY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	long wrote = call3(SYS_write, fd, (long)text, len);
	int saved = errno;
	call1(SYS_close, fd);
	errno = saved;
	return wrote == len ? 0 : -1;
}

static int set_nice(struct child *child)
{
	if (!child->launch->has_nice)
		return 0;
	return (int)call3(SYS_setpriority, PRIO_PROCESS, 0, child->launch->nice);
}

/* What the kernel calls struct rlimit64, on every architecture. */
struct limit {
	uint64_t soft, hard;
};

static int change_limit(int resource, const struct limit *new, struct limit *old)
{
	return (int)call5(SYS_prlimit64, 0, resource, (long)new, (long)old, 0);
}

static int set_limit(int resource, rlim_t soft, rlim_t hard)
{
	struct limit wanted = {soft, hard}, now;

	if (change_limit(resource, &wanted, NULL) == 0)
		return 0;
	if (errno != EPERM || change_limit(resource, NULL, &now) == -1)
		return -1;
	if (wanted.hard > now.hard)
		wanted.hard = now.hard;
	if (wanted.soft > wanted.hard)
		wanted.soft = wanted.hard;
	return change_limit(resource, &wanted, NULL);
}

/* After everything that opens a descriptor, before everything that gives up a right. */
static int set_limits(struct child *child)
{
	const struct launch *launch = child->launch;
	bool has_nofile = false;

	for (size_t i = 0; i < launch->n_limits; i++) {
		const struct rlimit_spec *limit = &launch->limits[i];
		if (set_limit(limit->resource, limit->soft, limit->hard) == -1)
			return -1;
		has_nofile = has_nofile || limit->resource == RLIMIT_NOFILE;
	}
	if (has_nofile)
		return 0;
	return set_limit(RLIMIT_NOFILE, launch->heritage->nofile.rlim_cur,
			 launch->heritage->nofile.rlim_max);
}

/* The bounding set shrinks while CAP_SETPCAP is there; the rest must survive the change of user. */
static int bound_capabilities(struct child *child)
{
	const struct identity *identity = child->launch->identity;

	if (!identity->has_capabilities)
		return 0;
	for (unsigned cap = 0; cap < 64; cap++) {
		bool wanted = (identity->capabilities >> cap & 1) != 0;
		/* An error: past the kernel's last capability. */
		int bounding = control(PR_CAPBSET_READ, cap, 0);
		if (bounding == 1 && !wanted && control(PR_CAPBSET_DROP, cap, 0) == -1)
			return -1;
	}
	return control(PR_SET_KEEPCAPS, 1, 0);
}

static int set_groups(struct child *child)
{
	const struct identity *identity = child->launch->identity;

	if ((identity->has_user || identity->has_groups) &&
	    call3(SYS_setgroups, (long)identity->n_groups, (long)identity->groups, 0) == -1)
		return -1;
	if (!identity->has_user && !identity->has_gid)
		return 0;
	return (int)call3(SYS_setresgid, (long)identity->gid, (long)identity->gid,
			  (long)identity->gid);
}

static int set_user(struct child *child)
{
	const struct identity *identity = child->launch->identity;

	if (!identity->has_user)
		return 0;
	return (int)call3(SYS_setresuid, (long)identity->uid, (long)identity->uid,
			  (long)identity->uid);
}

static int apply_capabilities(uint64_t set)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	uint32_t low = (uint32_t)set, high = (uint32_t)(set >> 32);
	struct __user_cap_data_struct data[2] = {{low, low, low}, {high, high, high}};

	if (call3(SYS_capset, (long)&header, (long)data, 0) == -1)
		return -1;
	for (unsigned cap = 0; cap < 64; cap++)
		if ((set >> cap & 1) != 0 &&
		    control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap) == -1)
			return -1;
	return 0;
}

/*
 * For an ordinary user without `capabilities` the kernel has dropped all if fosterd is root; if it is not and had
 * CAP_SETUID, its own would stay.
 */
static int set_capabilities(struct child *child)
{
	const struct identity *identity = child->launch->identity;

	if (identity->has_capabilities)
		return apply_capabilities(identity->capabilities);
	if (identity->has_user && identity->uid != 0)
		return apply_capabilities(0);
	return 0;
}

static int set_no_new_privs(struct child *child)
{
	if (!child->launch->identity->no_new_privileges)
		return 0;
	return control(PR_SET_NO_NEW_PRIVS, 1, 0);
}

/* After the change of user, which clears it. The parent may have died before there was a signal to send. */
static int set_death_signal(struct child *child)
{
	if (control(PR_SET_PDEATHSIG, SIGKILL, 0) == -1)
		return -1;
	if (call1(SYS_getppid, 0) == child->job->parent)
		return 0;
	errno = ESRCH;
	return -1;
}

static int enter_directory(struct child *child)
{
	const char *directory = child->launch->directory;

	if (child->launch->has_umask)
		call1(SYS_umask, (long)child->launch->umask);
	return (int)call1(SYS_chdir, (long)(directory != NULL ? directory : "/"));
}

static int exec_path(const struct launch *launch, const char *path)
{
	return (int)call3(SYS_execve, (long)path, (long)launch->argv, (long)launch->envp);
}

/* Write dir/name, or name when dir is empty (that is the current directory). False when it is too long. */
static bool join(char path[PATH_MAX], const char *dir, size_t dir_len, const char *name)
{
	size_t len = 0;

	if (dir_len + 2 > PATH_MAX)
		return false;
	for (; len < dir_len; len++)
		path[len] = dir[len];
	if (len > 0)
		path[len++] = '/';
	for (; *name != '\0'; name++) {
		if (len == PATH_MAX - 1)
			return false;
		path[len++] = *name;
	}
	path[len] = '\0';
	return true;
}

/* execvp(3): go on to the next directory after these. */
static bool is_absence(int num)
{
	return num == EACCES || num == ENOENT || num == ENOTDIR || num == ESTALE ||
	       num == ENODEV || num == ETIMEDOUT;
}

static int exec_search(const struct launch *launch)
{
	const char *dir = launch->search_path != NULL ? launch->search_path : default_path;
	char path[PATH_MAX];
	int told = ENOENT;

	for (;;) {
		size_t len = 0;
		while (dir[len] != '\0' && dir[len] != ':')
			len++;
		if (join(path, dir, len, launch->argv[0])) {
			exec_path(launch, path);
			if (!is_absence(errno))
				return -1;
			told = errno == EACCES ? EACCES : told;
		}
		if (dir[len] == '\0')
			break;
		dir += len + 1;
	}
	errno = told;
	return -1;
}

static int execute(struct child *child)
{
	const struct launch *launch = child->launch;
	const char *name = launch->argv[0];

	call5(SYS_rt_sigprocmask, SIG_SETMASK, (long)&launch->heritage->mask, 0, _NSIG / 8, 0);
	if (*name == '\0')
		return exec_path(launch, name);
	for (const char *c = name; *c != '\0'; c++)
		if (*c == '/')
			return exec_path(launch, name);
	return exec_search(launch);
}

static const struct {
	enum spawn_step step;
	int (*act)(struct child *child); /* 0, or -1 with errno */
} steps[] = {
	{SPAWN_STEP_SESSION, start_session},
	{SPAWN_STEP_STDIO, copy_stdio}, /* copies first: a target may be another's source */
	{SPAWN_STEP_FDS, copy_passes},
	{SPAWN_STEP_FDS, seal_descriptors},
	{SPAWN_STEP_STDIO, place_stdio},
	{SPAWN_STEP_FDS, place_passes},
	{SPAWN_STEP_OOM, set_oom_score_adj},
	{SPAWN_STEP_NICE, set_nice},
	{SPAWN_STEP_LIMITS, set_limits},
	{SPAWN_STEP_CAPABILITIES, bound_capabilities},
	{SPAWN_STEP_GROUP, set_groups},
	{SPAWN_STEP_USER, set_user},
	{SPAWN_STEP_CAPABILITIES, set_capabilities},
	{SPAWN_STEP_NO_NEW_PRIVS, set_no_new_privs},
	{SPAWN_STEP_DEATH_SIGNAL, set_death_signal},
	{SPAWN_STEP_CHDIR, enter_directory},
	{SPAWN_STEP_EXEC, execute},
};

int child_run(void *data)
{
	const struct child_job *job = data;
	struct child child;
	struct spawn_report report = {SPAWN_STEP_NONE, 0};

	child.launch = job->launch;
	child.job = job;
	child.report_fd = job->report_fd;
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		if (steps[i].act(&child) == -1) {
			report.step = steps[i].step;
			report.num = errno;
			break;
		}
	}
	call3(SYS_write, child.report_fd, (long)&report, sizeof report);
	return CHILD_EXIT_FAILED;
}
