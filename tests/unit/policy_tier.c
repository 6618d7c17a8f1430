/* Who is stopped when in a drain: tasks, then the workers level by level. */
#include "policy_course.h"

/* a <- b <- c, all ready. */
static void chain(void)
{
	yard_plan(1, 1, 1);
	yard_depend(1, 0, DEPEND_READY);
	yard_depend(2, 1, DEPEND_READY);
}

static void chain_run(void)
{
	yard_run();
	tell_of(1, FACT_SPAWNED);
	tell_of(2, FACT_SPAWNED);
	ordered();
}

START_TEST(levels_from_the_highest)
{
	chain();
	chain_run();
	tell(FACT_TERMINATE);
	ck_assert_str_eq(ordered(), " fleet=draining fleet=stopping tell=stopping TERM>main");
	ck_assert_int_eq(state_of(2), INSTANCE_STOPPING);
	fail_of(2);
	ck_assert_str_eq(ordered(), " tell=stopped tell=stopping TERM>main");
	ck_assert_int_eq(state_of(1), INSTANCE_STOPPING);
	fail_of(1);
	fail_of(0);
	ck_assert_str_eq(ordered(), " tell=stopped tell=stopping TERM>main tell=stopped"
				    " fleet=stopped quit=0");
}
END_TEST

/* What the workers of a level have in common is the level alone. */
START_TEST(level_is_stopped_together)
{
	yard_plan(1, 2, 1);
	yard_depend(1, 0, DEPEND_READY);
	yard_run();
	tell_of(1, FACT_SPAWNED);
	tell_of(2, FACT_SPAWNED);
	tell(FACT_TERMINATE);
	ordered();
	fail_of(1);
	ck_assert_int_eq(state_of(0), INSTANCE_READY);
	ck_assert_int_eq(state_of(3), INSTANCE_READY);
	ordered();
	fail_of(2);
	ck_assert_str_eq(ordered(),
			 " tell=stopped tell=stopping TERM>main tell=stopping TERM>main");
}
END_TEST

/* 30 s, the last 500 ms for the killed: three levels of 20 s have a third of 29.5 s each, less the
 * moment in which the one before was killed. */
START_TEST(stubborn_levels_share_the_time)
{
	chain();
	for (int w = 0; w < 3; w++)
		yard.workers[w].stop_timeout = 20 * NS_S;
	chain_run();
	tell(FACT_TERMINATE);
	ck_assert_int_eq(instance_of(2).deadline / NS_MS, (T0 + 29500 * NS_MS / 3) / NS_MS);
	pass_to(instance_of(2).deadline);
	ordered();
	fail_of(2);
	mono_ns left = T0 + 29500 * NS_MS - yard.now;
	ck_assert_int_eq(instance_of(1).deadline / NS_MS, (yard.now + left / 2) / NS_MS);
	yard.now += NS_S;
	fail_of(1);
	/* What the second did not use. */
	ck_assert_int_eq(instance_of(0).deadline / NS_MS, (T0 + 29500 * NS_MS) / NS_MS);
	pass_to(T0 + 29500 * NS_MS);
	ck_assert_ptr_nonnull(strstr(ordered(), "KILL>all"));
	fail_of(0);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=11"));
}
END_TEST

START_TEST(level_wants_the_longest_of_those_that_live)
{
	yard_plan(1, 1, 1);
	yard_depend(2, 0, DEPEND_READY);
	yard.workers[0].stop_timeout = 29 * NS_S;
	yard.workers[1].stop_timeout = 10 * NS_S;
	yard.workers[2].stop_timeout = 25 * NS_S;
	yard_run();
	tell_of(2, FACT_SPAWNED);
	step((struct fact){.kind = FACT_STOP, .instance = 0});
	fail_of(0);
	tell(FACT_TERMINATE);
	/* 25 of 35 s. */
	ck_assert_int_eq((instance_of(2).deadline - T0) / NS_MS, 29500 * 25 / 35);
}
END_TEST

START_TEST(extended_within_the_levels_share)
{
	chain();
	for (int w = 0; w < 3; w++)
		yard.workers[w].stop_timeout = 5 * NS_S;
	chain_run();
	tell(FACT_TERMINATE);
	ck_assert_int_eq(instance_of(2).deadline, T0 + 5 * NS_S);
	step((struct fact){
		.kind = FACT_EXTEND, .instance = 2, .gen = 1, .span = 60 * NS_S});
	/* The others keep what they want. */
	ck_assert_int_eq(instance_of(2).deadline, T0 + 19500 * NS_MS);
	pass_to(T0 + 19500 * NS_MS);
	fail_of(2);
	ck_assert_int_eq(instance_of(1).deadline, T0 + 24500 * NS_MS);
}
END_TEST

/* Not even SIGKILL ends it: the next level begins, it is killed on, and named at the end. */
START_TEST(unkillable_one_keeps_no_level_waiting)
{
	chain();
	for (int w = 0; w < 3; w++)
		yard.workers[w].stop_timeout = 5 * NS_S;
	chain_run();
	tell(FACT_TERMINATE);
	pass_to(T0 + 5499 * NS_MS);
	ck_assert(instance_of(2).killing);
	ck_assert_int_eq(state_of(1), INSTANCE_READY);
	pass_to(T0 + 5500 * NS_MS);
	ck_assert_int_eq(state_of(1), INSTANCE_STOPPING);
	fail_of(1);
	fail_of(0);
	ck_assert_int_eq(status().state, FLEET_STOPPING);
	ordered();
	fail_of(2);
	ck_assert_str_eq(ordered(), " tell=stopped fleet=stopped quit=11");
}
END_TEST

/* One of a level in its own time, the other when it is killed. */
START_TEST(level_waits_for_all_that_are_not_killed)
{
	yard_plan(1, 1, 1);
	yard_depend(1, 0, DEPEND_READY);
	yard_depend(2, 0, DEPEND_READY);
	yard.workers[1].stop_timeout = NS_S;
	yard_run();
	tell_of(1, FACT_SPAWNED);
	tell_of(2, FACT_SPAWNED);
	tell(FACT_TERMINATE);
	pass_to(T0 + 9 * NS_S);
	ck_assert(instance_of(1).killing && !instance_of(2).killing);
	ck_assert_int_eq(state_of(0), INSTANCE_READY);
	fail_of(2);
	/* All that is left of it was killed long ago; now that is known. */
	pass_to(T0 + 9 * NS_S + 500 * NS_MS);
	ck_assert_int_eq(state_of(0), INSTANCE_STOPPING);
}
END_TEST

START_TEST(third_signal_kills_every_level)
{
	chain();
	yard.spec.drain_delay = 5 * NS_S;
	chain_run();
	for (int n = 0; n < 3; n++) {
		yard.now += NS_S;
		tell(FACT_TERMINATE);
	}
	ck_assert_str_eq(ordered(), " fleet=draining fleet=stopping tell=stopping TERM>main"
				    " tell=stopping KILL>all tell=stopping KILL>all KILL>all");
	for (uint32_t i = 0; i < 3; i++)
		fail_of(i);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=11"));
}
END_TEST

/* A start step, a task, a worker. */
static struct task_spec *shop(void)
{
	yard_plan(1, -1, -1);
	course_step("s", true, true);
	struct task_spec *task = course_task("t");
	task->run_at_start = true;
	yard.workers[3].run_timeout = 20 * NS_S;
	return task;
}

enum { WORKER, START, STOP, TASK };

static void shop_run(void)
{
	yard_open();
	tell(FACT_BEGIN);
	tell_of(START, FACT_SPAWNED);
	end_of(START, 0, true);
	tell_of(WORKER, FACT_SPAWNED);
	tell_of(TASK, FACT_SPAWNED);
	ordered();
}

START_TEST(tasks_end_before_the_workers)
{
	shop();
	shop_run();
	tell(FACT_TERMINATE);
	ck_assert_str_eq(ordered(), " fleet=draining fleet=stopping");
	ck_assert_int_eq(state_of(TASK), INSTANCE_RUNNING);
	yard.now += NS_S;
	end_of(TASK, 0, true);
	ck_assert_str_eq(ordered(), " tell=completed tell=stopping TERM>main");
	fail_of(WORKER);
	ck_assert_str_eq(ordered(), " tell=stopped tell=starting spawn");
	tell_of(STOP, FACT_SPAWNED);
	end_of(STOP, 0, true);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=0"));
}
END_TEST

/* 25 s for both, the worker wants 10: the task has 15, and is told 3 s before. */
START_TEST(task_is_stopped_at_the_end_of_its_share)
{
	shop();
	shop_run();
	tell(FACT_TERMINATE);
	pass_to(T0 + 11999 * NS_MS);
	ck_assert_str_eq(ordered(), " fleet=draining fleet=stopping");
	pass_to(T0 + 12 * NS_S);
	ck_assert_str_eq(ordered(), " tell=stopping TERM>main");
	ck_assert_int_eq(instance_of(TASK).deadline, T0 + 15 * NS_S);
	end_of(TASK, 0, true);
	fail_of(WORKER);
	tell_of(STOP, FACT_SPAWNED);
	end_of(STOP, 0, true);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=11"));
}
END_TEST

/* The lifespan is on its way up: no delay; its start is told, and killed 2 s later. */
START_TEST(start_of_the_lifespan_is_ended_without_delay)
{
	shop();
	yard.spec.drain_delay = 5 * NS_S;
	yard_open();
	tell(FACT_BEGIN);
	tell_of(START, FACT_SPAWNED);
	ordered();
	tell(FACT_TERMINATE);
	ck_assert_str_eq(ordered(), " fleet=draining tell=stopped fleet=stopping tell=stopping"
				    " TERM>main");
	pass(2 * NS_S);
	ck_assert_str_eq(ordered(), " KILL>all");
	tell_of(START, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=stopped tell=starting spawn");
	tell_of(STOP, FACT_SPAWNED);
	end_of(STOP, 0, true);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=11"));
}
END_TEST

/* At kill_by all is killed, and half a second later the stops begin without those who stay. */
START_TEST(stops_begin_without_the_unkillable)
{
	shop();
	shop_run();
	end_of(TASK, 0, true);
	yard.workers[WORKER].stop_timeout = 60 * NS_S;
	ordered();
	tell(FACT_TERMINATE);
	pass_to(T0 + 25 * NS_S);
	ck_assert_str_eq(ordered(), " fleet=draining fleet=stopping tell=stopping TERM>main"
				    " KILL>all");
	pass_to(T0 + 25499 * NS_MS);
	ck_assert_str_eq(ordered(), "");
	ck_assert_int_eq(status().drain.phase, DRAIN_PHASE_STOPPING);
	pass_to(T0 + 25500 * NS_MS);
	ck_assert_str_eq(ordered(), " tell=starting spawn");
	ck_assert_int_eq(status().drain.phase, DRAIN_PHASE_LIFESPAN);
	tell_of(STOP, FACT_SPAWNED);
	end_of(STOP, 0, true);
	ck_assert_int_eq(status().state, FLEET_STOPPING);
	pass_to(T0 + 30 * NS_S);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=11"));
	ck_assert_uint_eq(status().instances_live, 1);
}
END_TEST

/* fosterd stood still until long after the deadline: the stop has its time all the same. */
START_TEST(leap_over_the_deadline_leaves_time_for_the_stops)
{
	shop();
	shop_run();
	end_of(TASK, 0, true);
	tell(FACT_TERMINATE);
	ordered();
	pass(3600 * NS_S);
	ck_assert_str_eq(ordered(), " KILL>all");
	tell_of(WORKER, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=stopped tell=starting spawn");
	ck_assert_int_eq(status().drain.deadline, T0 + 3605 * NS_S);
	tell_of(STOP, FACT_SPAWNED);
	pass(NS_S);
	end_of(STOP, 0, true);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=11"));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("tier");

	tcase_add_test(tests, levels_from_the_highest);
	tcase_add_test(tests, level_is_stopped_together);
	tcase_add_test(tests, stubborn_levels_share_the_time);
	tcase_add_test(tests, level_wants_the_longest_of_those_that_live);
	tcase_add_test(tests, extended_within_the_levels_share);
	tcase_add_test(tests, unkillable_one_keeps_no_level_waiting);
	tcase_add_test(tests, level_waits_for_all_that_are_not_killed);
	tcase_add_test(tests, third_signal_kills_every_level);
	tcase_add_test(tests, tasks_end_before_the_workers);
	tcase_add_test(tests, task_is_stopped_at_the_end_of_its_share);
	tcase_add_test(tests, start_of_the_lifespan_is_ended_without_delay);
	tcase_add_test(tests, stops_begin_without_the_unkillable);
	tcase_add_test(tests, leap_over_the_deadline_leaves_time_for_the_stops);
	return kit_run("policy/tier", tests);
}
