/*
 * drain - the end of fosterd: the moments of one shutdown, what each further signal does, and who
 * has how much of the time.
 *
 *   started ........ stop_at ................... kill_by ................... deadline
 *   readiness gone,  tasks and workers are       SIGKILL to what is left,    fosterd leaves,
 *   workers serve    stopped, tier by tier     then the lifespan's stops   whatever is left
 */
#ifndef POLICY_DRAIN_H
#define POLICY_DRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/spec.h"

/* All zero: no drain. */
struct drain {
	bool active;
	unsigned signals;    /* TERM and INT that counted; 0 for a drain that a failure began */
	mono_ns last_signal; /* of the last that counted */
	mono_ns started;
	mono_ns stop_at;   /* <= kill_by; brought forward by a second signal */
	mono_ns kill_by;   /* of tasks and workers; not before started */
	mono_ns deadline;  /* started + drain.timeout */
	bool killed;	   /* SIGKILL for all was ordered */
	uint32_t left;	   /* while stopping: tiers that are not over; the last is under way */
	mono_ns tier_by;   /* the tier under way: SIGKILL at the latest, <= kill_by */
	mono_ns cut_at;	   /* tasks under way: a run that goes on is stopped; MONO_NEVER: not */
	mono_ns settle_at; /* what was killed is not waited for any longer; MONO_NEVER: not known */
};

enum drain_call { DRAIN_CALL_NONE, DRAIN_CALL_BEGIN, DRAIN_CALL_HURRY, DRAIN_CALL_KILL };

/*
 * A TERM or INT has come. Within 500 ms of the last that counted it does not count (a terminal and
 * a wrapper deliver the same wish twice). Returns what is to be done: begin a drain, skip the rest
 * of the delay (second), kill the workers (third and later), or nothing.
 */
enum drain_call drain_signal(struct drain *drain, mono_ns now);

/* What a drain finds when it begins. */
enum drain_onset {
	DRAIN_AT_REST,	   /* workers, and no step of a lifespan: a delay, no reserve */
	DRAIN_IN_START,	   /* the lifespan is coming up, or nothing has begun: no delay */
	DRAIN_AFTER_START, /* the lifespan is up */
};

/* Begin, at now. Panics when one is active. */
void drain_begin(struct drain *drain, const struct spec *spec, enum drain_onset onset, mono_ns now);

/*
 * The deadline has come: true when it is the end. False, once, when SIGKILL for all was not ordered
 * before it, because time has leapt (fosterd was stopped or starved): the deadline is then 500 ms
 * away again.
 */
bool drain_is_over(struct drain *drain, mono_ns now);

/* The deadline has come, and the lifespan's stops are not over, as time has leapt: they have what
 * is kept for them. */
void drain_prolong(struct drain *drain, const struct spec *spec, mono_ns now);

/* No stop takes longer than to here; MONO_NEVER without a drain. */
mono_ns drain_kill_by(const struct drain *drain);

/* SIGKILL has been sent: until when its effect is awaited; not after the deadline. */
mono_ns drain_settle(const struct drain *drain, mono_ns now);

/*
 * How long a level may take at the most, when it wants so much, those after it so much together,
 * and so much is left for all. With enough for all, what the others leave; else its share in
 * proportion. 1 <= result <= left when left and want are not 0.
 */
span_ns drain_level_share(span_ns left, span_ns want, span_ns later);

/*
 * The same for tasks that run on: as long as they may run, but no longer than the n levels leave
 * that want so much together; yet as much as an equal share in any case. <= left.
 */
span_ns drain_tasks_share(span_ns left, span_ns want, span_ns levels, uint32_t n);

/* How long before the end of their share a run that goes on is told to end. */
span_ns drain_tasks_margin(span_ns share, span_ns stop_timeout);

/* What went wrong, as far as the exit code knows. */
struct drain_faults {
	bool start_failed; /* a start of the lifespan: 12 */
	bool gave_up;	   /* a worker with on_failed: shutdown: 10 */
	bool stop_failed;  /* a stop of the lifespan: 13 */
	bool killed;	   /* the drain had to kill, or ran out of time: 11 */
};

/* The exit code: of several the first in the order above; 0: none. */
int drain_exit_code(const struct drain_faults *faults);

#endif
