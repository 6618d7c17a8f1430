/*
 * child - what a new process does between its birth and its program.
 *
 * It may share memory with its parent. So child.c makes system calls and nothing else: no
 * allocation, no locks, no handlers, no sanitizer.
 */
#ifndef SYS_CHILD_H
#define SYS_CHILD_H

#include <sys/types.h>

#include "sys/spawn.h"

enum { CHILD_EXIT_FAILED = 127, CHILD_PASS_MAX = 64, CHILD_OOM_TEXT_SIZE = 12 };

struct child_job {
	const struct launch *launch; /* borrowed; n_passes <= CHILD_PASS_MAX */
	pid_t parent;		     /* who must be alive when the death signal is set */
	int report_fd; /* CLOEXEC; gets a struct spawn_report when a step fails; -1: none */
	char oom_text[CHILD_OOM_TEXT_SIZE]; /* for /proc/self/oom_score_adj; "": leave it */
	bool here;		     /* set by the child; a parent sees it if memory is shared */
	struct spawn_report report;  /* likewise: the step that failed */
};

/*
 * Become the program of a struct child_job; clone(2) calls it. Returns only when a step has failed,
 * after the report was written: the status to exit with.
 */
int child_run(void *job);

#endif
