#include "sys/users.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/aside.h"

#define LOOKUP_TIMEOUT (10 * NS_S)

enum {
	NAME_SIZE = 256,
	PATH_SIZE = 4096,
	GROUPS_MAX = 4096,
	ENTRY_SIZE = 16 * 1024,	     /* what nearly every entry fits in */
	ENTRY_MAX = 4 * 1024 * 1024, /* a group with 100,000 members does */
};

/* What comes through the pipe. Foreign code ran where it was made: lengths are checked again. */
struct answer {
	bool found;
	int num; /* errno; 0: none */
	uid_t uid;
	gid_t gid;
	char name[NAME_SIZE];
	char home[PATH_SIZE];
	char shell[PATH_SIZE];
	uint32_t n_groups;
	gid_t groups[GROUPS_MAX];
};

/*
 * A name that is all digits is a number. (uid_t)-1 means "leave it" to the kernel and is never one.
 */
static bool is_number(const char *name)
{
	return name[0] != '\0' && name[strspn(name, "0123456789")] == '\0';
}

static bool parse_id(const char *name, uint32_t *id)
{
	errno = 0;
	unsigned long number = strtoul(name, NULL, 10);
	*id = (uint32_t)number;
	return errno == 0 && number < UINT32_MAX;
}

/* getpwnam(3): these mean "not found" too. */
static int real_error(int num)
{
	return num == ENOENT || num == ESRCH || num == EBADF || num == EPERM ? 0 : num;
}

static struct passwd *read_passwd(const char *name, struct passwd *entry, int *num)
{
	struct passwd *found = NULL;
	static char *buf; /* the entry points into it; both live as long as this process */
	uint32_t id;

	for (size_t size = ENTRY_SIZE; size <= ENTRY_MAX; size *= 2) {
		free(buf);
		buf = malloc(size);
		if (buf == NULL)
			*num = ENOMEM;
		else if (!is_number(name))
			*num = getpwnam_r(name, entry, buf, size, &found);
		else if (parse_id(name, &id))
			*num = getpwuid_r(id, entry, buf, size, &found);
		if (*num != ERANGE)
			break;
	}
	*num = real_error(*num);
	return found;
}

static struct group *read_group(const char *name, struct group *entry, int *num)
{
	struct group *found = NULL;
	static char *buf; /* as above */

	for (size_t size = ENTRY_SIZE; size <= ENTRY_MAX; size *= 2) {
		free(buf);
		buf = malloc(size);
		*num = buf != NULL ? getgrnam_r(name, entry, buf, size, &found) : ENOMEM;
		if (*num != ERANGE)
			break;
	}
	*num = real_error(*num);
	return found;
}

static int copy_text(char *to, size_t size, const char *from)
{
	return (size_t)snprintf(to, size, "%s", from) < size ? 0 : ENAMETOOLONG;
}

static void fill_user(const struct passwd *entry, struct answer *answer)
{
	int count = GROUPS_MAX;

	answer->found = true;
	answer->uid = entry->pw_uid;
	answer->gid = entry->pw_gid;
	if (getgrouplist(entry->pw_name, entry->pw_gid, answer->groups, &count) == -1)
		answer->num = E2BIG;
	answer->n_groups = (uint32_t)count;
	if (copy_text(answer->name, sizeof answer->name, entry->pw_name) != 0 ||
	    copy_text(answer->home, sizeof answer->home, entry->pw_dir) != 0 ||
	    copy_text(answer->shell, sizeof answer->shell, entry->pw_shell) != 0)
		answer->num = ENAMETOOLONG;
}

static void send_answer(int out, const struct answer *answer)
{
	const char *bytes = (const char *)answer;
	size_t sent = 0;

	while (sent < sizeof *answer) {
		ssize_t len = write(out, bytes + sent, sizeof *answer - sent);
		if (len <= 0)
			return;
		sent += (size_t)len;
	}
}

static void look_up_user(const void *name, int out)
{
	static struct answer answer; /* of this short-lived process */
	struct passwd entry;
	const struct passwd *found = read_passwd(name, &entry, &answer.num);

	if (found != NULL)
		fill_user(found, &answer);
	send_answer(out, &answer);
}

static void look_up_group(const void *name, int out)
{
	static struct answer answer; /* of this short-lived process */
	struct group entry;
	const struct group *found = read_group(name, &entry, &answer.num);

	answer.found = found != NULL;
	if (found != NULL)
		answer.gid = found->gr_gid;
	send_answer(out, &answer);
}

/* 0 with the answer, which may be "not found"; -1 with err. */
static int ask(aside_function *function, const char *name, struct answer *answer, struct err *err)
{
	const struct aside aside = {function, name, LOOKUP_TIMEOUT};
	long len = aside_run(&aside, answer, sizeof *answer, err);

	if (len == -1)
		return err_wrap(err, "look up \"%s\"", name);
	if (len != (long)sizeof *answer)
		return err_set(err, EIO, "look up \"%s\": the helper process died", name);
	answer->name[NAME_SIZE - 1] = answer->home[PATH_SIZE - 1] = answer->shell[PATH_SIZE - 1] =
		'\0';
	if (answer->num == 0 && answer->n_groups > GROUPS_MAX)
		answer->num = E2BIG;
	return answer->num == 0 ? 0 : err_set(err, answer->num, "look up \"%s\"", name);
}

/* A number that the database does not know is a user all the same. */
static void make_up_user(const char *name, uint32_t id, struct answer *answer)
{
	answer->uid = id;
	answer->gid = id;
	answer->n_groups = 0;
	copy_text(answer->name, sizeof answer->name, name);
	copy_text(answer->home, sizeof answer->home, "/");
	copy_text(answer->shell, sizeof answer->shell, "/bin/sh");
}

static int keep_user(const struct answer *answer, struct arena *arena, struct user_entry *out,
		     struct err *err)
{
	size_t size = answer->n_groups * sizeof answer->groups[0];

	*out = (struct user_entry){
		.name = arena_strdup(arena, answer->name),
		.home = arena_strdup(arena, answer->home),
		.shell = arena_strdup(arena, answer->shell),
		.uid = answer->uid,
		.gid = answer->gid,
		.groups = arena_alloc(arena, size > 0 ? size : 1),
		.n_groups = answer->n_groups,
	};
	if (out->name == NULL || out->home == NULL || out->shell == NULL || out->groups == NULL)
		return err_set(err, ENOMEM, "keep user \"%s\"", answer->name);
	memcpy(out->groups, answer->groups, size);
	return 0;
}

int users_find(const char *name, struct arena *arena, struct user_entry *out, struct err *err)
{
	struct answer answer;
	uint32_t id;

	if (ask(look_up_user, name, &answer, err) == -1)
		return -1;
	if (!answer.found) {
		if (!is_number(name) || !parse_id(name, &id))
			return err_set(err, 0, "no such user: %s", name);
		make_up_user(name, id, &answer);
	}
	return keep_user(&answer, arena, out, err);
}

int users_find_group(const char *name, gid_t *gid, struct err *err)
{
	struct answer answer;

	if (is_number(name))
		return parse_id(name, gid) ? 0 : err_set(err, 0, "no such group: %s", name);
	if (ask(look_up_group, name, &answer, err) == -1)
		return -1;
	if (!answer.found)
		return err_set(err, 0, "no such group: %s", name);
	*gid = answer.gid;
	return 0;
}
