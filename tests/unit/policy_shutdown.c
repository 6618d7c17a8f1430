/* The whole fleet in its last half minute: drains, their signals, their exit codes. */
#include "policy_yard.h"

START_TEST(spawn_is_unwanted_in_a_drain)
{
	yard_plan(1, -1, -1);
	yard.spec.drain_delay = 5 * NS_S;
	yard_open();
	tell(FACT_BEGIN);
	tell(FACT_TERMINATE);
	ck_assert(!fleet_wants_spawn(yard.fleet, 0, 1));
	ordered();
	step((struct fact){.kind = FACT_SPAWN_FAILED, .gen = 1, .cancelled = true});
	ck_assert_str_eq(ordered(), " tell=stopped fleet=stopped quit=0");
}
END_TEST

START_TEST(drain_without_delay)
{
	yard_plan(2, -1, -1);
	yard_run();
	tell(FACT_TERMINATE);
	ck_assert_str_eq(ordered(), " fleet=draining fleet=stopping"
				    " tell=stopping TERM>main tell=stopping TERM>main");
	ck_assert(!status().ready && status().live && status().started);
	ck_assert_int_eq(status().drain.deadline, T0 + 30 * NS_S);
	ck_assert_int_eq(status().drain.started, T0);
	ck_assert_uint_eq(status().drain.signals, 1);
	tell_of(0, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=stopped");
	tell_of(1, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=stopped fleet=stopped quit=0");
	tell(FACT_TERMINATE);
	tell(FACT_TIME);
	ck_assert_str_eq(ordered(), "");
}
END_TEST

START_TEST(drain_with_a_delay)
{
	yard_plan(1, 1, -1);
	yard.spec.drain_delay = 5 * NS_S;
	yard_run();
	fail_of(1);
	ordered();
	tell(FACT_TERMINATE);
	ck_assert_str_eq(ordered(), " fleet=draining tell=stopped");
	ck_assert_int_eq(fleet_deadline(yard.fleet), T0 + 5 * NS_S);
	ck_assert(!status().ready);
	pass(5 * NS_S);
	ck_assert_str_eq(ordered(), " fleet=stopping tell=stopping TERM>main");
}
END_TEST

START_TEST(delay_is_over_when_nobody_is_left)
{
	yard_plan(1, -1, -1);
	yard.spec.drain_delay = 5 * NS_S;
	yard_run();
	tell(FACT_TERMINATE);
	fail_of(0);
	ck_assert_str_eq(ordered(), " fleet=draining tell=stopped fleet=stopped quit=0");
}
END_TEST

START_TEST(second_signal_skips_the_delay_and_third_kills)
{
	yard_plan(1, -1, -1);
	yard.spec.drain_delay = 5 * NS_S;
	yard_run();
	tell(FACT_TERMINATE);
	tell(FACT_TERMINATE);
	ck_assert_str_eq(ordered(), " fleet=draining");
	yard.now += NS_S;
	tell(FACT_TERMINATE);
	ck_assert_str_eq(ordered(), " fleet=stopping tell=stopping TERM>main");
	yard.now += NS_S;
	tell(FACT_TERMINATE);
	ck_assert_str_eq(ordered(), " KILL>all");
	tell_of(0, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=stopped fleet=stopped quit=11");
	ck_assert_uint_eq(status().drain.signals, 3);
}
END_TEST

START_TEST(signal_before_the_beginning)
{
	yard_plan(2, -1, -1);
	yard_open();
	tell(FACT_TERMINATE);
	ck_assert_str_eq(
		ordered(),
		" fleet=draining tell=stopped tell=stopped fleet=stopping fleet=stopped quit=0");
	tell(FACT_BEGIN);
	ck_assert_str_eq(ordered(), "");
}
END_TEST

START_TEST(stubborn_one_is_killed_at_its_own_timeout)
{
	yard_plan(1, -1, -1);
	yard_run();
	tell(FACT_TERMINATE);
	ordered();
	pass(10 * NS_S);
	ck_assert_str_eq(ordered(), " KILL>all");
	tell_of(0, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=stopped fleet=stopped quit=11");
}
END_TEST

START_TEST(unkillable_one_is_left_at_the_deadline)
{
	yard_plan(1, -1, -1);
	yard.workers[0].stop_timeout = 60 * NS_S;
	yard_run();
	tell(FACT_TERMINATE);
	ordered();
	pass(29500 * NS_MS);
	ck_assert_str_eq(ordered(), " KILL>all"); /* once, though it is due twice */
	ck_assert_int_eq(fleet_deadline(yard.fleet), T0 + 30 * NS_S);
	pass(500 * NS_MS);
	ck_assert_str_eq(ordered(), " fleet=stopped quit=11");
	ck_assert_uint_eq(status().instances_live, 1);
}
END_TEST

/* fosterd itself was stopped for longer than the whole drain: nobody is left without a SIGKILL. */
START_TEST(leap_over_the_deadline_still_kills_all)
{
	struct order kills[8];
	uint32_t n = 0;

	yard_plan(2, 2, -1);
	yard.workers[1].stop_timeout = 60 * NS_S;
	yard.spec.drain_delay = _i * 5 * NS_S;
	yard_run();
	tell(FACT_TERMINATE);
	pass(NS_S);
	yard.out.count = 0;
	pass(60 * NS_S);
	bool killed[4] = {false};
	for (uint32_t i = 0; i < yard.out.count && n < 8; i++)
		if (yard.out.list[i].kind == ORDER_SIGNAL && yard.out.list[i].signo == SIGKILL)
			kills[n++] = yard.out.list[i];
	for (uint32_t i = 0; i < n; i++)
		killed[kills[i].instance] = true;
	for (int i = 0; i < 4; i++)
		ck_assert_msg(killed[i], "instance %d was never killed", i);
	/* They have the time to be reaped in that they would have had; once. */
	ck_assert_int_eq(status().state, FLEET_STOPPING);
	ck_assert_int_eq(fleet_deadline(yard.fleet), T0 + 61 * NS_S + 500 * NS_MS);
	yard.out.count = 0;
	pass(60 * NS_S);
	ck_assert_int_eq(status().state, FLEET_STOPPED);
	ck_assert_int_eq(yard.out.list[yard.out.count - 1].code, 11);
}
END_TEST

START_TEST(failure_may_end_all)
{
	yard_plan(1, 1, -1);
	yard.workers[0].restart = RESTART_NEVER;
	yard.workers[0].on_failed = ON_FAILED_SHUTDOWN;
	yard_run();
	fail_of(0);
	ck_assert_str_eq(ordered(),
			 " tell=failed fleet=draining fleet=stopping tell=stopping TERM>main");
	ck_assert_uint_eq(status().drain.signals, 0);
	pass(10 * NS_S);
	ordered();
	tell_of(1, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=stopped fleet=stopped quit=10");
}
END_TEST

START_TEST(failure_in_a_drain_is_none)
{
	yard_plan(1, -1, -1);
	yard.workers[0].restart = RESTART_NEVER;
	yard.workers[0].on_failed = ON_FAILED_SHUTDOWN;
	yard.spec.drain_delay = NS_S;
	yard_run();
	tell(FACT_TERMINATE);
	fail_of(0);
	ck_assert_str_eq(ordered(), " fleet=draining tell=stopped fleet=stopped quit=0");
}
END_TEST

START_TEST(failure_may_cost_liveness)
{
	yard_plan(1, -1, -1);
	yard.workers[0].restart = RESTART_NEVER;
	yard.workers[0].on_failed = ON_FAILED_UNHEALTHY;
	yard_run();
	fail_of(0);
	ck_assert(!status().live);
	ck_assert_int_eq(state_of(0), INSTANCE_FAILED);
	ck_assert_int_eq(status().state, FLEET_RUNNING);
}
END_TEST

/* Not ready in time, and then killed: all before any drain. */
static void yard_kill(void)
{
	yard_plan(1, -1, -1);
	yard.workers[0].ready_when = READY_NOTIFY;
	yard_run();
	pass(60 * NS_S);
	pass(10 * NS_S);
	ck_assert_ptr_nonnull(strstr(ordered(), "KILL>all"));
}

START_TEST(kill_of_a_restart_is_no_kill_of_the_drain)
{
	yard_kill();
	tell(FACT_TERMINATE);
	pass(NS_S);
	ck_assert_ptr_nonnull(strstr(ordered(), "KILL>all"));
	tell_of(0, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=stopped fleet=stopped quit=0");
}
END_TEST

START_TEST(kill_of_a_restart_that_does_not_help)
{
	yard_kill();
	tell(FACT_TERMINATE);
	while (status().state != FLEET_STOPPED)
		pass(fleet_deadline(yard.fleet) - yard.now);
	ck_assert_int_eq(yard.now, status().drain.deadline);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=11"));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("shutdown");

	tcase_add_test(tests, spawn_is_unwanted_in_a_drain);
	tcase_add_test(tests, drain_without_delay);
	tcase_add_test(tests, drain_with_a_delay);
	tcase_add_test(tests, delay_is_over_when_nobody_is_left);
	tcase_add_test(tests, second_signal_skips_the_delay_and_third_kills);
	tcase_add_test(tests, signal_before_the_beginning);
	tcase_add_test(tests, stubborn_one_is_killed_at_its_own_timeout);
	tcase_add_test(tests, unkillable_one_is_left_at_the_deadline);
	tcase_add_loop_test(tests, leap_over_the_deadline_still_kills_all, 0, 2);
	tcase_add_test(tests, failure_may_end_all);
	tcase_add_test(tests, failure_in_a_drain_is_none);
	tcase_add_test(tests, failure_may_cost_liveness);
	tcase_add_test(tests, kill_of_a_restart_is_no_kill_of_the_drain);
	tcase_add_test(tests, kill_of_a_restart_that_does_not_help);
	return kit_run("policy/shutdown", tests);
}
