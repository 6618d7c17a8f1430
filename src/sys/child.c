#include "sys/child_steps.h"

#include <errno.h>
#include <limits.h>

static const char default_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/*
 * Before the mask is lifted: a handler would run in the parent's memory. What is ignored stays so.
 */
static void reset_dispositions(uint64_t caught)
{
	/* The kernel's struct sigaction is shorter than this; all zero is SIG_DFL. */
	static const unsigned long by_default[8];

	for (int signo = 1; caught != 0; signo++, caught >>= 1)
		if ((caught & 1) != 0)
			child_call5(SYS_rt_sigaction, signo, (long)by_default, 0, _NSIG / 8, 0);
}

static int start_session(struct child *child)
{
	reset_dispositions(child->launch->heritage->caught);
	return (int)child_call1(SYS_setsid, 0);
}

static int enter_directory(struct child *child)
{
	const char *directory = child->launch->directory;

	if (child->launch->has_umask)
		child_call1(SYS_umask, (long)child->launch->umask);
	return (int)child_call1(SYS_chdir, (long)(directory != NULL ? directory : "/"));
}

static int exec_path(const struct launch *launch, const char *path)
{
	return (int)child_call3(SYS_execve, (long)path, (long)launch->argv, (long)launch->envp);
}

/*
 * Write dir/name, or name when dir is empty (that is the current directory). False when it is too
 * long.
 */
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
	return num == EACCES || num == ENOENT || num == ENOTDIR || num == ESTALE || num == ENODEV ||
	       num == ETIMEDOUT;
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

	child_call5(SYS_rt_sigprocmask, SIG_SETMASK, (long)&launch->heritage->mask, 0, _NSIG / 8,
		    0);
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
	{SPAWN_STEP_STDIO, child_copy_stdio}, /* copies first: a target may be another's source */
	{SPAWN_STEP_FDS, child_copy_passes},
	{SPAWN_STEP_FDS, child_close_sources},
	{SPAWN_STEP_STDIO, child_place_stdio},
	{SPAWN_STEP_FDS, child_place_passes},
	{SPAWN_STEP_OOM, child_set_oom_score_adj},
	{SPAWN_STEP_NICE, child_set_nice},
	{SPAWN_STEP_LIMITS, child_set_limits},
	{SPAWN_STEP_CAPABILITIES, child_bound_capabilities},
	{SPAWN_STEP_GROUP, child_set_groups},
	{SPAWN_STEP_USER, child_set_user},
	{SPAWN_STEP_CAPABILITIES, child_set_capabilities},
	{SPAWN_STEP_NO_NEW_PRIVS, child_set_no_new_privs},
	{SPAWN_STEP_DEATH_SIGNAL, child_set_death_signal},
	{SPAWN_STEP_CHDIR, enter_directory},
	{SPAWN_STEP_EXEC, execute},
};

int child_run(void *data)
{
	struct child_job *job = data;
	struct child child;
	struct spawn_report report = {SPAWN_STEP_NONE, 0};

	job->here = true;
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
	job->report = report;
	if (child.report_fd != -1)
		child_call3(SYS_write, child.report_fd, (long)&report, sizeof report);
	/* The end closes them too, but tools that look for leaks would call them left behind. */
	child_call3(SYS_close_range, 0, (long)UINT_MAX, 0);
	return CHILD_EXIT_FAILED;
}
