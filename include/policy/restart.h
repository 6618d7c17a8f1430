/* restart - when, if ever, a worker that ended is started again. */
#ifndef POLICY_RESTART_H
#define POLICY_RESTART_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/spec.h"

/* What is remembered of an instance's earlier restarts. All zero at first. */
struct restart {
	uint32_t streak; /* restarts since a run was long or well enough to forget the past */
	uint32_t oldest; /* index of the oldest moment in the history; < limit count */
	uint32_t known;	 /* moments in the history; <= limit count */
};

/* What is told of the run that ended. */
struct restart_run {
	bool failed; /* by a signal, a code that is no success, or ended by us for a fault */
	bool calm;   /* long or well enough to forget the past: restart_run_is_calm */
};

/* True when a run of this length (was ready for ready; 0: never was) makes the past forgotten. */
bool restart_run_is_calm(const struct worker_spec *worker, span_ns run, span_ns ready);

enum restart_verdict { RESTART_AT, RESTART_DOWN_WELL, RESTART_DOWN_FAILED, RESTART_DOWN_LIMIT };

/* What is at hand for a decision. All borrowed for the call. */
struct restart_means {
	const struct worker_spec *worker;
	mono_ns *history; /* the instance's own restart_limit_count moments; NULL: no limit */
	uint64_t *chance; /* the generator of the jitter; drawn from only when there is a delay */
	bool slowest;	  /* at restart_delay_max, however few restarts there were */
	mono_ns now;
};

/*
 * Account for a run that ended and decide what comes next.
 *
 *   at       with RESTART_AT: the start, now <= *at <= now + restart_delay_max
 *   returns  RESTART_AT; or why it stays down: ended well, failed and is not to be restarted, or
 *            beyond restart_limit
 *
 * The n-th restart in a row waits restart_delay * 2^n, at most restart_delay_max, with up to 10 %
 * jitter. restart_delay 0 means the first at once, then from 100 ms doubling; restart_delay_max 0
 * means always at once.
 */
enum restart_verdict restart_decide(struct restart *restart, const struct restart_run *run,
				    const struct restart_means *means, mono_ns *at);

#endif
