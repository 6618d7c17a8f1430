/*
 * probe - one question that is asked again and again, and the verdict of its answers.
 *
 * As kubelet counts them: so many of a kind in a row make a verdict.
 * Knows neither who is asked nor what follows from a verdict.
 */
#ifndef POLICY_PROBE_H
#define POLICY_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/fact.h"
#include "model/status.h"

/* Plain data, may be copied. probe_init makes one. */
struct probe {
	mono_ns due;	   /* when it is to be asked next; MONO_NEVER: not */
	mono_ns answered;  /* when last, this run; 0: never */
	mono_ns succeeded; /* when last, this run; 0: never */
	span_ns latency;   /* of the last answer */
	uint32_t serial;   /* of the question under way, or of the last */
	uint32_t streak;   /* answers like the last one in a row */
	enum probe_result last;
	enum probe_result verdict;
	bool asking;  /* a question is under way */
	bool dropped; /* and its answer will not count; only while asking */
};

/* One that is not asked, and has this verdict before there are answers. */
void probe_init(struct probe *probe, enum probe_result verdict);

/* Forget all answers. What is under way goes on. */
void probe_clear(struct probe *probe, enum probe_result verdict);

/* When probe_ask is due; MONO_NEVER while a question is under way. */
mono_ns probe_deadline(const struct probe *probe);

/*
 * It is asked now, in its turn at the moment at: the next turn is a period after that. Returns the
 * question's serial. Panics when one is under way.
 */
uint32_t probe_ask(struct probe *probe, const struct probe_spec *spec, mono_ns at);

/*
 * It is not to be asked any more, until due is set again. True when a question is under way that
 * counted until now: its end is to be ordered.
 */
bool probe_drop(struct probe *probe);

/*
 * A FACT_PROBED has come. When the next turn has come meanwhile, it is at now. True when the answer
 * counts: it is to the question under way, was not dropped, and is not PROBE_UNKNOWN.
 */
bool probe_answer(struct probe *probe, const struct probe_spec *spec, const struct fact *fact,
		  mono_ns now);

/* By hand: its next turn is now, if it has one and no question is under way. */
void probe_hurry(struct probe *probe, mono_ns now);

/* How it is, to be shown. */
void probe_show(const struct probe *probe, struct probe_status *out);

/* Panics unless its fields agree with each other. */
void probe_check(const struct probe *probe);

#endif
