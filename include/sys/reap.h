/* reap - the end of children, one at a time, looked at before they are gone. */
#ifndef SYS_REAP_H
#define SYS_REAP_H

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "base/clock.h"

struct reaped {
	pid_t pid;
	pid_t pgid;    /* its process group, read while it was a zombie; -1 unknown */
	bool signaled; /* ended by a signal */
	bool core;     /* and left a core */
	int code;      /* exit status 0 ... 255, or the signal's number */
	struct rusage rusage;
};

/*
 * Find one child that has ended (ours or, as we are a subreaper, an orphan's) without reaping it.
 * Returns 1 with pid, pgid, signaled, core and code filled in; 0 when there is none. waitid(2),
 * WNOWAIT.
 */
int reap_peek(struct reaped *out);

/*
 * Reap the child that reap_peek found and add its rusage. Returns 0, -1 when it was no longer
 * there.
 */
int reap_take(struct reaped *out);

/* Wait until a child has ended, or the moment has come. SIGCHLD must be blocked: one that came
 * before is waiting for us. */
void reap_wait(mono_ns until);

/* Reap that child as soon as it has ended, until the moment has come. False when it lives on. */
bool reap_await(pid_t pid, mono_ns until);

/* True when this process has no child at all, living or ended. */
bool reap_is_childless(void);

/*
 * Become the reaper of all descendants that lose their parent (PR_SET_CHILD_SUBREAPER, Linux 3.4).
 * 0 or -1 with errno.
 */
int reap_adopt_orphans(void);

#endif
