/* users - names of users and groups turned into numbers, in a process of its own. */
#ifndef SYS_USERS_H
#define SYS_USERS_H

#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

struct user_entry {
	const char *name; /* all texts in the arena */
	const char *home;
	const char *shell;
	uid_t uid;
	gid_t gid;
	gid_t *groups; /* supplementary, from the group database, gid included */
	size_t n_groups;
};

/*
 * Look up a user by name, or by number when name is all digits (a number without an entry gets uid
 * = gid = number, home "/", shell /bin/sh, no groups). The look-up runs in a forked child with a
 * limit of 10 s, so that no NSS module is loaded into us and none can hang us. Returns 0; -1 with
 * err ("no such user", or what the system said), err->num 0 when the name does not exist.
 */
int users_find(const char *name, struct arena *arena, struct user_entry *out, struct err *err);

/* The same for a group: its gid. */
int users_find_group(const char *name, gid_t *gid, struct err *err);

#endif
