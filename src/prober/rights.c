#include "prober/rights.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A user's or group's number up to a byte `end`; -1 as a number is nobody's. */
static int read_id(const char **at, char end, uint32_t *out)
{
	uint64_t number = 0;
	const char *first = *at;

	for (; **at >= '0' && **at <= '9' && number < UINT32_MAX; (*at)++)
		number = number * 10 + (uint64_t)(**at - '0');
	if (*at == first || **at != end || number >= UINT32_MAX)
		return -1;
	*out = (uint32_t)number;
	return 0;
}

static int read_groups(const char *text, struct rights *out)
{
	size_t count = 1;

	if (*text == '\0')
		return 0;
	for (const char *comma = text; (comma = strchr(comma, ',')) != NULL; comma++)
		count++;
	if (count > NGROUPS_MAX)
		return -1;
	out->groups = calloc(count, sizeof *out->groups);
	if (out->groups == NULL)
		return -1;
	for (; out->n_groups < count; out->n_groups++, text++)
		if (read_id(&text, out->n_groups + 1 < count ? ',' : '\0',
			    &out->groups[out->n_groups]) == -1)
			return -1;
	return 0;
}

int rights_read(int argc, char **argv, struct rights *out)
{
	*out = (struct rights){0};
	if (argc == 2 && strcmp(argv[1], "-") == 0)
		return 0;
	if (argc != 5)
		return -1;
	const char *uid = argv[1], *gid = argv[2];
	if (read_id(&uid, '\0', &out->uid) == -1 || read_id(&gid, '\0', &out->gid) == -1 ||
	    read_groups(argv[3], out) == -1) {
		rights_fini(out);
		return -1;
	}
	out->change = true;
	out->home = argv[4];
	return 0;
}

/* Root alone may do all of it; somebody who is that user already need not. */
static int change_user(const struct rights *rights, struct err *err)
{
	if (setgroups(rights->n_groups, rights->groups) == -1)
		return err_set(err, errno, "set %zu groups", rights->n_groups);
	if (setresgid(rights->gid, rights->gid, rights->gid) == -1)
		return err_set(err, errno, "become group %u", (unsigned)rights->gid);
	if (setresuid(rights->uid, rights->uid, rights->uid) == -1)
		return err_set(err, errno, "become user %u", (unsigned)rights->uid);
	if (setenv("HOME", rights->home, 1) == -1)
		return err_set(err, errno, "set HOME");
	return 0;
}

/* Of what the change of user has left, if fosterd had it without being root. */
static int drop_capabilities(struct err *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0}};

	if (syscall(SYS_capset, &header, none) == -1)
		return err_set(err, errno, "drop capabilities");
	return 0;
}

int rights_take(const struct rights *rights, struct err *err)
{
	if (rights->change && change_user(rights, err) == -1)
		return -1;
	if (getuid() != 0 && drop_capabilities(err) == -1)
		return -1;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return err_set(err, errno, "set no_new_privs");
	/* Passwords pass through here: no core, no debugger of the same user. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1)
		return err_set(err, errno, "be undumpable");
	/* The change of user has cleared it. If fosterd is gone by now its socket says so. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == -1)
		return err_set(err, errno, "set the death signal");
	return 0;
}

void rights_fini(struct rights *rights)
{
	free(rights->groups);
	rights->groups = NULL;
	rights->n_groups = 0;
}
