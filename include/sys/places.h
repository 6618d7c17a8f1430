/* places - the directories fosterd keeps its things in, and the claim to be alone in one. */
#ifndef SYS_PLACES_H
#define SYS_PLACES_H

#include "base/arena.h"
#include "base/err.h"

struct places {
	const char *runtime_dir; /* sockets and the lock */
	const char *state_dir;
	const char *log_dir;
};

/*
 * Find them: RUNTIME_DIRECTORY, STATE_DIRECTORY, LOGS_DIRECTORY (systemd.exec(5); the first of
 * several), else /run/fosterd, /var/lib/fosterd, /var/log/fosterd for root, else the places of the
 * XDG base directory specification; without XDG_RUNTIME_DIR /tmp/fosterd-UID. Nothing is made.
 * Texts are the arena's. -1 with err when memory is refused.
 */
int places_find(struct places *out, struct arena *arena, struct err *err);

/*
 * Make the runtime directory if need be and lock it (flock on fosterd.lock in it) for as long as
 * the returned descriptor (CLOEXEC) is open. -1 with err: EWOULDBLOCK when another fosterd holds
 * it; EACCES for a directory that somebody else owns or that its group or others may write to.
 */
int places_claim(const char *runtime_dir, struct err *err);

#endif
