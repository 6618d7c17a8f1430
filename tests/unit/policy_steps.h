/* policy_steps - a worker behind two steps of a lifespan. */
#ifndef UNIT_POLICY_STEPS_H
#define UNIT_POLICY_STEPS_H

#include "policy_course.h"

/* Worker 0; steps: start 1, stop 2; start 3, stop 4. */
static inline void plan_two(void)
{
	yard_plan(1, -1, -1);
	course_step("one", true, true);
	course_step("two", true, true);
	yard_open();
}

static inline void be_up(void)
{
	plan_two();
	tell(FACT_BEGIN);
	tell_of(1, FACT_SPAWNED);
	tell_of(1, FACT_EXITED);
	tell_of(3, FACT_SPAWNED);
	tell_of(3, FACT_EXITED);
	tell_of(0, FACT_SPAWNED);
	ordered();
}

static inline void end_stops(uint32_t from)
{
	for (uint32_t stop = from; stop >= 2; stop -= 2) {
		ck_assert_int_eq(state_of(stop), INSTANCE_STARTING);
		tell_of(stop, FACT_SPAWNED);
		tell_of(stop, FACT_EXITED);
	}
}

#endif
