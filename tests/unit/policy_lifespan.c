/* The lifespan: its steps up and down, and every way it can end. */
#include "policy/lifespan.h"

#include "policy_steps.h"

START_TEST(up_in_order)
{
	plan_two();
	ck_assert_int_eq(step_of(0).state, STEP_WAITING);
	tell(FACT_BEGIN);
	ck_assert_str_eq(ordered(), " tell=starting spawn");
	ck_assert_int_eq(step_of(0).state, STEP_STARTING);
	ck_assert_int_eq(step_of(0).deadline, AT(30));
	tell_of(1, FACT_SPAWNED);
	ck_assert_str_eq(ordered(), " tell=running");
	ck_assert(!status().lifespan_up);
	tell_of(1, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=completed tell=starting spawn");
	ck_assert_int_eq(step_of(0).state, STEP_UP);
	tell_of(3, FACT_SPAWNED);
	tell_of(3, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=running tell=completed tell=starting spawn");
	ck_assert(status().lifespan_up && !status().started);
	ck_assert_int_eq(status().state, FLEET_STARTING);
	tell_of(0, FACT_SPAWNED);
	ck_assert(status().started);
	ck_assert_int_eq(status().state, FLEET_RUNNING);
}
END_TEST

START_TEST(down_in_reverse)
{
	be_up();
	tell(FACT_TERMINATE);
	ordered();
	tell_of(0, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=stopped tell=starting spawn");
	ck_assert_int_eq(status().drain.phase, DRAIN_PHASE_LIFESPAN);
	ck_assert_int_eq(step_of(1).state, STEP_STOPPING);
	ck_assert_int_eq(step_of(1).deadline, AT(10));
	ck_assert_int_eq(step_of(0).state, STEP_UP);
	ck_assert_int_eq(step_of(0).deadline, MONO_NEVER);
	tell_of(4, FACT_SPAWNED);
	tell_of(4, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=running tell=completed tell=starting spawn");
	ck_assert_int_eq(step_of(1).state, STEP_STOPPED);
	ck_assert(!step_of(1).stop_failed);
	tell_of(2, FACT_SPAWNED);
	tell_of(2, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=running tell=completed fleet=stopped quit=0");
}
END_TEST

/* Signals while the stops run: none of them is touched. */
START_TEST(signals_do_not_touch_a_stop)
{
	be_up();
	tell(FACT_TERMINATE);
	tell_of(0, FACT_EXITED);
	ordered();
	for (int n = 0; n < 4; n++) {
		pass(NS_S);
		tell(FACT_TERMINATE);
		ck_assert_str_eq(ordered(), "");
		if (n == 1)
			tell_of(4, FACT_SPAWNED);
		ordered();
	}
	tell_of(4, FACT_EXITED);
	tell_of(2, FACT_SPAWNED);
	tell_of(2, FACT_EXITED);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=0"));
}
END_TEST

/* Nobody starts, stops or restarts a step by hand, nor a task but by its own word. */
START_TEST(by_hand)
{
	static const enum fact_kind wishes[] = {FACT_START, FACT_STOP, FACT_RESTART, FACT_RELOAD};

	yard_plan(1, -1, -1);
	course_step("one", true, true);
	course_task("task");
	yard_open();
	tell(FACT_BEGIN);
	tell_of(1, FACT_SPAWNED);
	tell_of(1, FACT_EXITED);
	tell_of(0, FACT_SPAWNED);
	ordered();
	for (uint32_t i = 1; i <= 3; i++)
		for (int n = 0; n < 4; n++)
			step((struct fact){.kind = wishes[n], .instance = i});
	step((struct fact){.kind = FACT_RUN, .instance = 0});
	step((struct fact){.kind = FACT_RUN, .instance = 1});
	ck_assert_str_eq(ordered(), "");
	step((struct fact){.kind = FACT_RUN, .instance = 3});
	ck_assert_str_eq(ordered(), " tell=starting spawn");
}
END_TEST

static const struct {
	const char *name;
	enum fact_kind kind;
	int code;
	bool signaled;
} failures[] = {
	{"an exit code", FACT_EXITED, 1, false},
	{"a signal", FACT_EXITED, SIGSEGV, true},
	{"no program", FACT_SPAWN_FAILED, 0, false},
	{"too long", FACT_TIME, 0, false},
};

START_TEST(start_that_fails)
{
	plan_two();
	tell(FACT_BEGIN);
	tell_of(1, FACT_SPAWNED);
	tell_of(1, FACT_EXITED);
	if (failures[_i].kind != FACT_SPAWN_FAILED)
		tell_of(3, FACT_SPAWNED);
	ordered();
	if (failures[_i].kind == FACT_TIME) {
		pass(30 * NS_S);
		ck_assert_str_eq(ordered(), " tell=stopping TERM>main fleet=draining tell=stopped"
					    " fleet=stopping");
		ck_assert(step_of(1).start_failed);
		pass(2 * NS_S);
		ck_assert_str_eq(ordered(), " KILL>all");
	}
	step((struct fact){.kind = failures[_i].kind == FACT_TIME ? FACT_EXITED : failures[_i].kind,
			   .instance = 3,
			   .gen = 1,
			   .code = failures[_i].code,
			   .signaled = failures[_i].signaled,
			   .empty = true});
	ck_assert_msg(state_of(3) == INSTANCE_FAILED, "%s", failures[_i].name);
	ck_assert(step_of(1).start_failed && !step_of(0).start_failed);
	ck_assert_int_eq(state_of(0), INSTANCE_STOPPED);
	end_stops(4);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=12"));
	ck_assert(!status().lifespan_up);
}
END_TEST

/* Not counted as failed, and its own stop runs. */
START_TEST(start_that_is_interrupted)
{
	plan_two();
	yard.spec.drain_delay = 5 * NS_S;
	tell(FACT_BEGIN);
	tell_of(1, FACT_SPAWNED);
	ordered();
	tell(FACT_TERMINATE);
	/* It may end as it likes, or has to be killed. */
	ck_assert_ptr_nonnull(strstr(ordered(), "tell=stopping TERM>main"));
	if (_i > 0) {
		pass(2 * NS_S);
		ck_assert_str_eq(ordered(), " KILL>all");
	}
	end_of(1, _i == 2, true);
	ck_assert_int_eq(state_of(1), INSTANCE_STOPPED);
	ck_assert_int_eq(step_of(0).state, STEP_STOPPING);
	ck_assert(!step_of(0).start_failed);
	ck_assert_int_eq(state_of(3), INSTANCE_WAITING);
	end_stops(2);
	ck_assert_ptr_nonnull(strstr(ordered(), _i > 0 ? "quit=11" : "quit=0"));
	ck_assert_int_eq(step_of(1).state, STEP_WAITING);
}
END_TEST

/* It has ended well, but for what it left behind: the next one is not begun any more. */
START_TEST(start_that_ends_well_in_a_drain)
{
	plan_two();
	tell(FACT_BEGIN);
	tell_of(1, FACT_SPAWNED);
	end_of(1, _i, false);
	tell(FACT_TERMINATE);
	tell_of(1, FACT_EMPTY);
	ck_assert_int_eq(state_of(1), _i == 0 ? INSTANCE_COMPLETED : INSTANCE_FAILED);
	ck_assert_int_eq(state_of(3), INSTANCE_WAITING);
	end_stops(2);
	ck_assert_ptr_nonnull(strstr(ordered(), _i == 0 ? "quit=0" : "quit=12"));
}
END_TEST

START_TEST(drain_before_the_beginning)
{
	plan_two();
	tell(FACT_TERMINATE);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=0"));
	ck_assert_int_eq(step_of(0).state, STEP_WAITING);
}
END_TEST

START_TEST(halves_that_are_not_there)
{
	yard_plan(1, -1, -1);
	course_step("one", false, true);
	course_step("two", true, false);
	course_step("three", false, true);
	yard_open();
	tell(FACT_BEGIN);
	ck_assert_int_eq(step_of(0).state, STEP_UP);
	ck_assert_int_eq(state_of(3), INSTANCE_STARTING);
	tell_of(3, FACT_SPAWNED);
	tell_of(3, FACT_EXITED);
	tell_of(0, FACT_SPAWNED);
	ck_assert(status().lifespan_up);
	ck_assert_int_eq(step_of(2).state, STEP_UP);
	tell(FACT_TERMINATE);
	tell_of(0, FACT_EXITED);
	ck_assert_int_eq(state_of(6), INSTANCE_STARTING);
	tell_of(6, FACT_SPAWNED);
	tell_of(6, FACT_EXITED);
	ck_assert_int_eq(step_of(1).state, STEP_STOPPED);
	ck_assert_int_eq(state_of(2), INSTANCE_STARTING);
	tell_of(2, FACT_SPAWNED);
	ordered();
	tell_of(2, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=completed fleet=stopped quit=0");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("lifespan");

	tcase_add_test(tests, up_in_order);
	tcase_add_test(tests, down_in_reverse);
	tcase_add_test(tests, signals_do_not_touch_a_stop);
	tcase_add_test(tests, by_hand);
	tcase_add_loop_test(tests, start_that_fails, 0, sizeof failures / sizeof failures[0]);
	tcase_add_loop_test(tests, start_that_is_interrupted, 0, 3);
	tcase_add_loop_test(tests, start_that_ends_well_in_a_drain, 0, 2);
	tcase_add_test(tests, drain_before_the_beginning);
	tcase_add_test(tests, halves_that_are_not_there);
	return kit_run("policy/lifespan", tests);
}
