/*
 * task - a program that is run again and again: when its next run is due, and what became of the
 * last.
 *
 *   base |--every--|--every--|--every--|    its times; each run is up to jitter later than its own
 *
 * A run that is due while the one before goes on is skipped, follows it, or takes its place.
 */
#ifndef POLICY_TASK_H
#define POLICY_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/spec.h"

struct fleet;
struct orders;
struct task_status;
struct instance;

/* All zero but due = MONO_NEVER: not begun. */
struct task {
	mono_ns grid; /* the next run's time, without jitter */
	mono_ns due;  /* that time with its jitter; MONO_NEVER: none is planned */
	bool pending; /* another run is to follow the present one at once */
	uint32_t runs, failures, skipped;
	mono_ns started;  /* the present or last run; 0: none yet */
	span_ns duration; /* of the last run that ended */
	bool ran;	  /* a run has ended */
	bool failed;	  /* the last that ended by itself or by its own fault has failed */
	bool has_last;	  /* a run before fosterd's own time is known: it began ... */
	mono_ns heard;	  /* ... so long before this moment: */
	span_ns ago;
};

/* FACT_LAST_RUN. Nothing when the task is not persistent; without effect once its times have begun.
 */
void task_remember(struct fleet *fleet, uint32_t task, span_ns ago);

/* The workers may start: the tasks' times begin here. */
void task_begin_all(struct fleet *fleet, struct orders *out);

/* The task's deadline has come. */
void task_time(struct fleet *fleet, uint32_t task, struct orders *out);

/* By hand: as if it were due. Nothing in a drain. */
void task_run(struct fleet *fleet, uint32_t task, struct orders *out);

/* Its instance has changed. */
void task_follow(struct fleet *fleet, uint32_t task, const struct instance *before,
		 const struct instance *after);

/* At the end of a step: begin the runs that were to follow one that has ended in it. */
void task_follow_up(struct fleet *fleet, struct orders *out);

/* A drain begins: nothing is planned any more, and what on_drain: cancel says is stopped. */
void task_end_all(struct fleet *fleet, struct orders *out);

/* True when its being killed in a drain is no news: on_drain: cancel. */
bool task_is_cancelled(const struct spec *spec, const struct worker_spec *program);

/* How it is. Panics when there is none. */
void task_show(const struct fleet *fleet, uint32_t task, struct task_status *out);

/* Panics unless the tasks, their deadlines and their instances agree. For tests. */
void task_check(const struct fleet *fleet);

#endif
