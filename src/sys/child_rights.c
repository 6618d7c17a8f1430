/* child_rights - what the child may do and use: limits, priority, groups, user, capabilities. */
#include "sys/child_steps.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>

static int control(int option, unsigned long a, unsigned long b)
{
	return (int)child_call5(SYS_prctl, option, (long)a, (long)b, 0, 0);
}

int child_set_oom_score_adj(struct child *child)
{
	const char *text = child->job->oom_text;
	long len = 0;

	while (text[len] != '\0')
		len++;
	if (len == 0)
		return 0;
	int fd = (int)child_call3(SYS_openat, AT_FDCWD, (long)"/proc/self/oom_score_adj",
				  O_WRONLY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	long wrote = child_call3(SYS_write, fd, (long)text, len);
	int saved = errno;
	child_call1(SYS_close, fd);
	errno = saved;
	return wrote == len ? 0 : -1;
}

int child_set_nice(struct child *child)
{
	if (!child->launch->has_nice)
		return 0;
	return (int)child_call3(SYS_setpriority, PRIO_PROCESS, 0, child->launch->nice);
}

/* What the kernel calls struct rlimit64, on every architecture. */
struct limit {
	uint64_t soft, hard;
};

static int change_limit(int resource, const struct limit *new, struct limit *old)
{
	return (int)child_call5(SYS_prlimit64, 0, resource, (long)new, (long)old, 0);
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
int child_set_limits(struct child *child)
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
int child_bound_capabilities(struct child *child)
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

int child_set_groups(struct child *child)
{
	const struct identity *identity = child->launch->identity;

	if ((identity->has_user || identity->has_groups) &&
	    child_call3(SYS_setgroups, (long)identity->n_groups, (long)identity->groups, 0) == -1)
		return -1;
	if (!identity->has_user && !identity->has_gid)
		return 0;
	return (int)child_call3(SYS_setresgid, (long)identity->gid, (long)identity->gid,
				(long)identity->gid);
}

int child_set_user(struct child *child)
{
	const struct identity *identity = child->launch->identity;

	if (!identity->has_user)
		return 0;
	return (int)child_call3(SYS_setresuid, (long)identity->uid, (long)identity->uid,
				(long)identity->uid);
}

static int apply_capabilities(uint64_t set)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	uint32_t low = (uint32_t)set, high = (uint32_t)(set >> 32);
	struct __user_cap_data_struct data[2] = {{low, low, low}, {high, high, high}};

	if (child_call3(SYS_capset, (long)&header, (long)data, 0) == -1)
		return -1;
	for (unsigned cap = 0; cap < 64; cap++)
		if ((set >> cap & 1) != 0 &&
		    control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap) == -1)
			return -1;
	return 0;
}

/*
 * For an ordinary user without `capabilities` the kernel has dropped all if fosterd is root; if it
 * is not and had CAP_SETUID, its own would stay.
 */
int child_set_capabilities(struct child *child)
{
	const struct identity *identity = child->launch->identity;

	if (identity->has_capabilities)
		return apply_capabilities(identity->capabilities);
	if (identity->has_user && identity->uid != 0)
		return apply_capabilities(0);
	return 0;
}

int child_set_no_new_privs(struct child *child)
{
	if (!child->launch->identity->no_new_privileges)
		return 0;
	return control(PR_SET_NO_NEW_PRIVS, 1, 0);
}

/*
 * After the change of user, which clears it. The parent may have died before there was a signal to
 * send.
 */
int child_set_death_signal(struct child *child)
{
	if (control(PR_SET_PDEATHSIG, SIGKILL, 0) == -1)
		return -1;
	if (child_call1(SYS_getppid, 0) == child->job->parent)
		return 0;
	errno = ESRCH;
	return -1;
}
