/*
 * lifespan - the steps before the workers and after them.
 *
 * In order up, each when the one before has ended well; in reverse down, each that had begun to
 * come up, exactly once, whatever the ending. Where a step is, its two instances tell.
 */
#ifndef POLICY_LIFESPAN_H
#define POLICY_LIFESPAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct fleet;
struct orders;
struct step_status;

/* All zero at first. */
struct lifespan {
	bool up;	   /* every step was started; latched */
	bool start_failed; /* exit 12 */
	bool stop_failed;  /* exit 13 */
	bool stopping;	   /* the stops have begun */
	bool abandoned;	   /* the stop under way is not waited for any longer */
	bool killing;	   /* the stop under way was sent SIGKILL */
	uint32_t begun;	   /* steps whose turn to start has come */
	uint32_t left;	   /* of them, those whose stop is not over; meaningful once stopping */
	mono_ns term_by;   /* the stop under way: TERM at the latest, */
	mono_ns kill_by;   /* and SIGKILL */
};

/* Go on as far as it goes: begin the next start, or conclude that all are up, or that one has
 * failed. Nothing in a drain. */
void lifespan_rise(struct fleet *fleet, struct orders *out);

/*
 * The same of the stops, in a drain, once nothing else is left to wait for; and from then on after
 * each step. All of them end before the deadline, unless time has leapt over it: then it is moved.
 */
void lifespan_fall(struct fleet *fleet, struct orders *out);

/* The deadline for a stop that has not ended though SIGKILL was sent. */
void lifespan_time(struct fleet *fleet);

/* True when every step that had begun has had its stop. */
bool lifespan_is_over(const struct fleet *fleet);

/* How a step is. Panics when there is none. */
void lifespan_show(const struct fleet *fleet, uint32_t step, struct step_status *out);

/* Panics unless the steps' instances are as this says. For tests. */
void lifespan_check(const struct fleet *fleet);

#endif
