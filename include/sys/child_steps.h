/*
 * child_steps - what the parts of child.c share: the state of a child on its way, and its system
 * calls.
 *
 * Nothing outside of child*.c includes this.
 */
#ifndef SYS_CHILD_STEPS_H
#define SYS_CHILD_STEPS_H

#include <sys/syscall.h>
#include <unistd.h>

#include "sys/child.h"

enum { CHILD_STDIO_COUNT = 3 };

struct child {
	const struct launch *launch;
	const struct child_job *job;
	int report_fd;
	int above; /* every number to be filled is below it */
	int copies[CHILD_STDIO_COUNT +
		   CHILD_PASS_MAX]; /* what belongs at 0, 1, 2 and at each pass */
};

/*
 * A function of libc may be intercepted, cached or broadcast to threads; a system call is only
 * that.
 */
static inline long child_call1(long number, long a)
{
	return syscall(number, a);
}

static inline long child_call3(long number, long a, long b, long c)
{
	return syscall(number, a, b, c);
}

static inline long child_call5(long number, long a, long b, long c, long d, long e)
{
	return syscall(number, a, b, c, d, e);
}

/* Each does one part of the child's work: 0, or -1 with errno. They run in this order. */
int child_copy_stdio(struct child *child); /* copies first: a target may be another's source */
int child_copy_passes(struct child *child);
int child_close_sources(struct child *child);
int child_place_stdio(struct child *child);
int child_place_passes(struct child *child);
int child_set_oom_score_adj(struct child *child);
int child_set_nice(struct child *child);
int child_set_limits(struct child *child); /* opens nothing after it, gives up rights after it */
int child_bound_capabilities(struct child *child);
int child_set_groups(struct child *child);
int child_set_user(struct child *child);
int child_set_capabilities(struct child *child);
int child_set_no_new_privs(struct child *child);
int child_set_death_signal(struct child *child);

#endif
