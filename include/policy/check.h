/*
 * check - the health of a component that fosterd does not run, by its answers and their absence.
 *
 *   heard ............ stale ............................. lost
 *   last answer        period + timeout later:             failure_threshold periods later:
 *                      degraded, the verdict is kept       unhealthy
 */
#ifndef POLICY_CHECK_H
#define POLICY_CHECK_H

#include "policy/probe.h"

/* All zero but deadline = MONO_NEVER and health = HEALTH_DEGRADED: not begun. Plain data. */
struct check {
	enum health health;
	bool ready;
	bool stale;
	bool lost;     /* for so long that the verdict is no longer kept; only while stale */
	bool slow;     /* the last success took longer than degraded_above */
	mono_ns heard; /* the last answer, before the first the first question; later by as long as
			  fosterd itself stood still */
	mono_ns deadline; /* when its probe is to be asked, or check_time changes something */
};

/* Neither asked nor known to be well. */
void check_init(struct check *check);

/* Start-up is over: the first question is due after initial_delay. */
void check_begin(struct check *check, const struct check_spec *spec, struct probe *probe,
		 mono_ns now);

/* The probe's answer counts: judge anew. Of one that was lost a failure is its verdict. */
void check_answer(struct check *check, const struct check_spec *spec, struct probe *probe,
		  mono_ns now);

/* Its deadline has come: judge anew by the time. Panics when now is before it. */
void check_time(struct check *check, const struct check_spec *spec, const struct probe *probe,
		mono_ns now);

/* Set the deadline anew, after the probe was asked or answered. */
void check_wait(struct check *check, const struct check_spec *spec, const struct probe *probe);

#endif
