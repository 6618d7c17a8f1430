/* rights - as whom the prober runs, and what it gives up for good before it does anything. */
#ifndef PROBER_RIGHTS_H
#define PROBER_RIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct rights {
	bool change; /* else all below is of no meaning: as we are */
	uid_t uid;
	gid_t gid;
	gid_t *groups; /* owned; supplementary ones, n_groups of them */
	size_t n_groups;
	const char *home; /* borrowed from argv */
};

/* Read "UID GID GROUP,GROUP HOME" (no group: an empty word), or "-" for "as I am". Returns -1 when
 * it is neither. */
int rights_read(int argc, char **argv, struct rights *out);

/* Be that user, without privileges, for good. -1 with err: we may still be who we were. */
int rights_take(const struct rights *rights, struct err *err);

/* Free what rights_read made. */
void rights_fini(struct rights *rights);

#endif
