/* Who waits again after a run, and who is restarted with what it depends on. */
#include "policy_course.h"

/* What instance i waits for, as "b completed"; "-": nothing. */
static const char *waits(uint32_t i)
{
	static char text[80];
	struct instance_status status = instance_of(i);

	if (status.waits_for == PROGRAM_NONE)
		return "-";
	snprintf(text, sizeof text, "%s %s", yard.workers[status.waits_for].name,
		 depend_when_name(status.waits_when));
	return text;
}

/* a, and b that depends on it. */
static void pair(int a, int b, enum depend_when when)
{
	yard_plan(a, b, -1);
	yard_depend(1, 0, when);
}

/* The backoff of the dependent first, then the gate; both of its own. */
START_TEST(gate_after_backoff)
{
	pair(1, 1, DEPEND_READY);
	yard_run();
	tell_of(1, FACT_SPAWNED);
	fail_of(1);
	fail_of(0);
	ck_assert_int_eq(state_of(1), INSTANCE_BACKOFF);
	pass_to(T0 + 200 * NS_MS);
	ck_assert_int_eq(state_of(0), INSTANCE_STARTING);
	ck_assert_str_eq(waits(1), "a ready");
	ck_assert_uint_eq(instance_of(1).restarts, 0);
	tell_of(0, FACT_SPAWNED);
	ck_assert_int_eq(state_of(1), INSTANCE_STARTING);
	ck_assert_uint_eq(instance_of(1).restarts, 1);
}
END_TEST

/* Kept: who runs when its dependency goes, goes on. */
START_TEST(running_ones_are_kept)
{
	pair(1, 1, DEPEND_READY);
	yard_run();
	tell_of(1, FACT_SPAWNED);
	ordered();
	fail_of(0);
	pass(NS_S);
	tell_of(0, FACT_SPAWNED);
	ck_assert_str_eq(ordered(), " tell=backoff tell=starting spawn tell=ready");
	ck_assert_int_eq(state_of(1), INSTANCE_READY);
}
END_TEST

START_TEST(restarted_with_its_dependency)
{
	pair(1, 1, DEPEND_READY);
	yard.workers[1].restart_with_dependency = true;
	yard.workers[1].restart_limit_count = 1;
	yard.workers[1].restart_limit_within = 60 * NS_S;
	yard_run();
	tell_of(1, FACT_SPAWNED);
	for (int n = 0; n < 3; n++) {
		yard.now += 60 * NS_S;
		fail_of(0);
		ck_assert_int_eq(state_of(1), INSTANCE_READY);
		ordered();
		pass(60 * NS_S);
		ck_assert_str_eq(ordered(), " tell=starting spawn tell=stopping TERM>main");
		ck_assert_int_eq(instance_of(1).cause, CAUSE_DEPENDENCY_RESTARTED);
		fail_of(1);
		ck_assert_str_eq(ordered(), " tell=waiting");
		tell_of(0, FACT_SPAWNED);
		ck_assert_str_eq(ordered(), " tell=ready tell=starting spawn");
		tell_of(1, FACT_SPAWNED);
		ordered();
	}
	ck_assert_uint_eq(instance_of(1).restarts, 3);
}
END_TEST

START_TEST(restarted_with_its_dependency_that_is_there_again)
{
	pair(1, 1, DEPEND_READY);
	yard.workers[1].restart_with_dependency = true;
	yard_run();
	tell_of(1, FACT_SPAWNED);
	step((struct fact){.kind = FACT_RESTART, .instance = 0});
	ck_assert_int_eq(state_of(1), INSTANCE_READY); /* not before it is started again */
	fail_of(0);
	ck_assert_int_eq(state_of(1), INSTANCE_STOPPING);
	tell_of(0, FACT_SPAWNED);
	ordered();
	fail_of(1);
	ck_assert_str_eq(ordered(), " tell=starting spawn");
	ck_assert_int_eq(instance_of(1).cause, CAUSE_DEPENDENCY_RESTARTED);
}
END_TEST

/* What is down or on its way down is nobody's to restart. */
START_TEST(not_restarted_when_stopped_by_hand)
{
	pair(1, 2, DEPEND_READY);
	yard.workers[1].restart_with_dependency = true;
	yard_run();
	tell_of(1, FACT_SPAWNED);
	tell_of(2, FACT_SPAWNED);
	step((struct fact){.kind = FACT_STOP, .instance = 1});
	step((struct fact){.kind = FACT_STOP, .instance = 2});
	fail_of(1);
	step((struct fact){.kind = FACT_RESTART, .instance = 0});
	fail_of(0);
	fail_of(2);
	ck_assert_int_eq(state_of(1), INSTANCE_STOPPED);
	ck_assert_int_eq(state_of(2), INSTANCE_STOPPED);
}
END_TEST

START_TEST(restart_with_its_dependency_and_stop_by_hand)
{
	pair(1, 1, DEPEND_READY);
	yard.workers[1].restart_with_dependency = true;
	yard_run();
	tell_of(1, FACT_SPAWNED);
	step((struct fact){.kind = FACT_RESTART, .instance = 0});
	fail_of(0);
	step((struct fact){.kind = FACT_STOP, .instance = 1});
	fail_of(1);
	ck_assert_int_eq(state_of(1), INSTANCE_STOPPED);
}
END_TEST

/* a <- b <- c, each with what it depends on. */
START_TEST(restarts_go_up_the_chain)
{
	yard_plan(1, 1, 1);
	yard_depend(1, 0, DEPEND_READY);
	yard_depend(2, 1, DEPEND_READY);
	yard.workers[1].restart_with_dependency = true;
	yard.workers[2].restart_with_dependency = true;
	yard_run();
	tell_of(1, FACT_SPAWNED);
	tell_of(2, FACT_SPAWNED);
	step((struct fact){.kind = FACT_RESTART, .instance = 0});
	fail_of(0);
	ck_assert_int_eq(state_of(1), INSTANCE_STOPPING);
	ck_assert_int_eq(state_of(2), INSTANCE_READY);
	fail_of(1);
	tell_of(0, FACT_SPAWNED);
	ck_assert_int_eq(state_of(1), INSTANCE_STARTING);
	ck_assert_int_eq(state_of(2), INSTANCE_STOPPING);
	fail_of(2);
	ck_assert_str_eq(waits(2), "b ready");
	tell_of(1, FACT_SPAWNED);
	ck_assert_int_eq(state_of(2), INSTANCE_STARTING);
}
END_TEST

START_TEST(start_by_hand_waits_as_well)
{
	pair(1, 1, DEPEND_READY);
	yard_run();
	tell_of(1, FACT_SPAWNED);
	for (uint32_t i = 0; i < 2; i++) {
		step((struct fact){.kind = FACT_STOP, .instance = i});
		fail_of(i);
	}
	ordered();
	step((struct fact){.kind = FACT_START, .instance = 1});
	step((struct fact){.kind = FACT_START, .instance = 1});
	step((struct fact){.kind = FACT_RESTART, .instance = 1});
	ck_assert_str_eq(ordered(), " tell=waiting");
	step((struct fact){.kind = FACT_STOP, .instance = 1});
	ck_assert_str_eq(ordered(), " tell=stopped");
	step((struct fact){.kind = FACT_START, .instance = 1});
	step((struct fact){.kind = FACT_START, .instance = 0});
	tell_of(0, FACT_SPAWNED);
	ck_assert_int_eq(state_of(1), INSTANCE_STARTING);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("gate");

	tcase_add_test(tests, gate_after_backoff);
	tcase_add_test(tests, running_ones_are_kept);
	tcase_add_test(tests, restarted_with_its_dependency);
	tcase_add_test(tests, restarted_with_its_dependency_that_is_there_again);
	tcase_add_test(tests, not_restarted_when_stopped_by_hand);
	tcase_add_test(tests, restart_with_its_dependency_and_stop_by_hand);
	tcase_add_test(tests, restarts_go_up_the_chain);
	tcase_add_test(tests, start_by_hand_waits_as_well);
	return kit_run("policy/gate", tests);
}
