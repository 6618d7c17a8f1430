/*
 * drain - the end of fosterd: the moments of one shutdown, and what each further signal does.
 *
 *   started ........ stop_at ............................ kill_by ....... deadline
 *   readiness gone,  instances are stopped, each within   SIGKILL to      fosterd leaves,
 *   workers serve    its own timeout and before kill_by   what is left    whatever is left
 */
#ifndef POLICY_DRAIN_H
#define POLICY_DRAIN_H

#include <stdbool.h>

#include "base/clock.h"
#include "model/spec.h"

/* All zero: no drain. */
struct drain {
	bool active;
	unsigned signals;    /* TERM and INT that counted; 0 for a drain that a failure began */
	mono_ns last_signal; /* of the last that counted */
	mono_ns started;
	mono_ns stop_at; /* started + drain.delay, <= kill_by; brought forward by a second signal */
	mono_ns kill_by; /* 500 ms before the deadline, not before started */
	mono_ns deadline; /* started + drain.timeout */
	bool killed;	  /* SIGKILL for all was ordered */
};

enum drain_call { DRAIN_CALL_NONE, DRAIN_CALL_BEGIN, DRAIN_CALL_HURRY, DRAIN_CALL_KILL };

/*
 * A TERM or INT has come. Within 500 ms of the last that counted it does not count (a terminal and
 * a wrapper deliver the same wish twice). Returns what is to be done: begin a drain, skip the rest
 * of the delay (second), kill the workers (third and later), or nothing.
 */
enum drain_call drain_signal(struct drain *drain, mono_ns now);

/* Begin, at now. Panics when one is active. */
void drain_begin(struct drain *drain, const struct spec *spec, mono_ns now);

/*
 * The deadline has come: true when it is the end. False, once, when SIGKILL for all was not ordered
 * before it, because time has leapt (fosterd was stopped or starved): the deadline is then 500 ms
 * away again.
 */
bool drain_is_over(struct drain *drain, mono_ns now);

/* No stop takes longer than to here; MONO_NEVER without a drain. */
mono_ns drain_kill_by(const struct drain *drain);

#endif
