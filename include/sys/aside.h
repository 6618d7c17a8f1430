/*
 * aside - a function run in a process of its own, under a deadline, for its answer in bytes.
 *
 * For what may load foreign code or hang for ever. The process is killed when the time is over and
 * with its parent.
 */
#ifndef SYS_ASIDE_H
#define SYS_ASIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/clock.h"
#include "base/err.h"

/* Called in the process: writes its answer to out (a pipe). What it does to memory is lost. */
typedef void aside_function(const void *input, int out);

struct aside {
	aside_function *function;
	const void *input; /* borrowed for the call */
	span_ns timeout;
};

/*
 * Run it and collect up to size bytes. Blocks until the process has ended or the timeout is over.
 * Returns the number of bytes; -1 with err (ETIMEDOUT: killed). The process has been reaped either
 * way.
 */
long aside_run(const struct aside *aside, void *answer, size_t size, struct err *err);

/*
 * Run it and do not wait. Of the parent's descriptors it has stdio alone, and out. It is ended by
 * SIGALRM when the timeout (whole seconds, at least 1) is over, with its parent at the latest, and
 * reaped like any child. Returns a descriptor that stands for it (the caller's, not blocking): its
 * answer is read from there, and its end ends that. -1 with errno.
 */
int aside_start(const struct aside *aside);

/* True while the process of aside_start's descriptor runs and has not answered; -1 is none. */
bool aside_is_running(int process);

/*
 * Fork a process that ends with its parent: 0 in it, its pid in the parent, where it is reaped like
 * any child. -1 with errno.
 */
pid_t aside_fork(void);

#endif
