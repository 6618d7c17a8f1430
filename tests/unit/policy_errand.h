/* policy_errand - a worker and a task that runs each minute, as the tests of tasks need them. */
#ifndef UNIT_POLICY_ERRAND_H
#define UNIT_POLICY_ERRAND_H

#include "policy_course.h"

/* Worker 0, and task 1 that runs each minute. */
static inline struct task_spec *plan_task(enum task_overlap overlap)
{
	yard_plan(1, -1, -1);
	struct task_spec *task = course_task("t");
	task->overlap = overlap;
	return task;
}

static inline void run_begin(void)
{
	yard_open();
	tell(FACT_BEGIN);
	tell_of(0, FACT_SPAWNED);
	ordered();
}

/* The run that was ordered goes on, and ends by itself so much later. */
static inline void run_for(span_ns span, int code)
{
	ck_assert_int_eq(state_of(1), INSTANCE_STARTING);
	tell_of(1, FACT_SPAWNED);
	pass_to(yard.now + span);
	end_of(1, code, true);
	ordered();
}

/* A run goes on from 60 s. */
static inline void be_running(enum task_overlap overlap)
{
	plan_task(overlap);
	yard.workers[1].run_timeout = 600 * NS_S;
	run_begin();
	pass_to(AT(60));
	tell_of(1, FACT_SPAWNED);
	ordered();
}

#endif
