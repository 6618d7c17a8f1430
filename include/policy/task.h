/*
 * task - a program that is run again and again: when its next run is due, and what became of the
 * last.
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
	mono_ns grid;	  /* the present or next run's time, without jitter */
	mono_ns due;	  /* that time with its jitter; MONO_NEVER: none is planned */
	bool pending;	  /* due, and waits for a dependency or the end of the run before */
	uint32_t runs, failures, skipped;
	mono_ns started;  /* the present or last run; 0: none yet */
	span_ns duration; /* of the last run that ended */
	bool ran, failed; /* a run has ended; the last such has failed */
	bool has_last;	  /* a run before fosterd's own time is known: */
	span_ns ago;	  /* FACT_LAST_RUN's */
};

/* The workers may start: the grid begins here. */
void task_begin_all(struct fleet *fleet, struct orders *out);

/* The task's deadline has come. */
void task_time(struct fleet *fleet, uint32_t task, struct orders *out);

/* By hand: as if it were due. */
void task_run(struct fleet *fleet, uint32_t task, struct orders *out);

/* FACT_LAST_RUN. */
void task_remember(struct fleet *fleet, uint32_t task, span_ns ago);

/* Its instance has changed. */
void task_follow(struct fleet *fleet, uint32_t task, const struct instance *before,
		 const struct instance *after);

/* A drain begins: nothing is planned any more. */
void task_end_all(struct fleet *fleet);

/* How it is. Panics when there is none. */
void task_show(const struct fleet *fleet, uint32_t task, struct task_status *out);

#endif
