/* Tasks: what becomes of a run that is in the way, that has to wait, or that a drain meets. */
#include "policy/task.h"

#include "policy_errand.h"

START_TEST(overlap_skip)
{
	be_running(OVERLAP_SKIP);
	pass_to(AT(179));
	ck_assert_str_eq(ordered(), "");
	ck_assert_uint_eq(task_of(0).skipped, 1);
	ck_assert(!task_of(0).pending);
	pass_to(AT(180));
	ck_assert_uint_eq(task_of(0).skipped, 2);
	end_of(1, 0, true);
	ck_assert_str_eq(ordered(), " tell=completed");
	pass_to(AT(240));
	ck_assert_uint_eq(task_of(0).runs, 2);
}
END_TEST

START_TEST(overlap_queue)
{
	be_running(OVERLAP_QUEUE);
	pass_to(AT(120));
	ck_assert(task_of(0).pending);
	ck_assert_uint_eq(task_of(0).skipped, 0);
	pass_to(AT(185));
	ck_assert_uint_eq(task_of(0).skipped, 1);
	ck_assert_str_eq(ordered(), "");
	end_of(1, _i, true);
	ck_assert_str_eq(ordered(), _i == 0 ? " tell=completed tell=starting spawn"
					    : " tell=failed tell=starting spawn");
	ck_assert(!task_of(0).pending);
	ck_assert_uint_eq(task_of(0).runs, 2);
	run_for(NS_S, 0);
	ck_assert_int_eq(state_of(1), INSTANCE_COMPLETED);
	ck_assert_int_eq(task_of(0).next, AT(240));
}
END_TEST

START_TEST(overlap_replace)
{
	be_running(OVERLAP_REPLACE);
	pass_to(AT(120));
	ck_assert_str_eq(ordered(), " tell=stopping TERM>main");
	ck_assert(task_of(0).pending);
	pass_to(AT(130));
	ck_assert_str_eq(ordered(), " KILL>all");
	end_of(1, 9, true);
	ck_assert_str_eq(ordered(), " tell=stopped tell=starting spawn");
	ck_assert_uint_eq(task_of(0).runs, 2);
	ck_assert_uint_eq(task_of(0).failures, 0);
	ck_assert(!task_of(0).failed && task_of(0).ran);
	ck_assert_int_eq(status().health, HEALTH_HEALTHY);
	ck_assert_int_eq(task_of(0).next, AT(180));
}
END_TEST

/* What was stopped has shown nothing: the failure before it stands. */
START_TEST(overlap_replace_after_a_failure)
{
	be_running(OVERLAP_REPLACE);
	end_of(1, 1, true);
	pass_to(AT(120));
	tell_of(1, FACT_SPAWNED);
	pass_to(AT(180));
	end_of(1, 0, true);
	ck_assert_uint_eq(task_of(0).runs, 3);
	ck_assert(task_of(0).failed);
	ck_assert_uint_eq(task_of(0).failures, 1);
	ck_assert_int_eq(status().health, HEALTH_DEGRADED);
}
END_TEST

/* Its last process is still there when the next is due: it is not told twice. */
START_TEST(overlap_replace_of_one_that_is_ending)
{
	be_running(OVERLAP_REPLACE);
	end_of(1, 1, false);
	yard.workers[1].stop_timeout = 100 * NS_S;
	ck_assert_str_eq(ordered(), " tell=stopping TERM>group");
	yard.now = AT(69);
	step((struct fact){.kind = FACT_RUN, .instance = 1});
	ck_assert_str_eq(ordered(), "");
	ck_assert(task_of(0).pending);
	step((struct fact){.kind = FACT_RUN, .instance = 1});
	ck_assert_uint_eq(task_of(0).skipped, 1);
	tell_of(1, FACT_EMPTY);
	ck_assert_str_eq(ordered(), " tell=failed tell=starting spawn");
	ck_assert_uint_eq(task_of(0).failures, 1);
}
END_TEST

START_TEST(overlap_while_the_spawn_is_on_its_way)
{
	plan_task(_i == 0 ? OVERLAP_REPLACE : OVERLAP_SKIP);
	yard.workers[1].run_timeout = 0;
	run_begin();
	pass_to(AT(120));
	ck_assert_int_eq(state_of(1), _i == 0 ? INSTANCE_STOPPING : INSTANCE_STARTING);
	if (_i == 0) {
		ck_assert(!fleet_wants_spawn(yard.fleet, 1, 1));
		tell_of(1, FACT_SPAWN_FAILED);
		ck_assert_int_eq(state_of(1), INSTANCE_STARTING);
		ck_assert_uint_eq(task_of(0).failures, 0);
	}
	ck_assert_uint_eq(task_of(0).runs, _i == 0 ? 2 : 1);
}
END_TEST

START_TEST(by_hand)
{
	plan_task(OVERLAP_SKIP);
	yard_open();
	step((struct fact){.kind = FACT_RUN, .instance = 1});
	ck_assert_str_eq(ordered(), "");
	tell(FACT_BEGIN);
	tell_of(0, FACT_SPAWNED);
	ordered();
	pass_to(AT(20));
	step((struct fact){.kind = FACT_RUN, .instance = 1});
	ck_assert_int_eq(yard.out.list[0].cause, CAUSE_RUN_BY_HAND);
	ck_assert_str_eq(ordered(), " tell=starting spawn");
	run_for(NS_S, 0);
	/* Its times stay as they are. */
	ck_assert_int_eq(task_of(0).next, AT(60));
	tell(FACT_TERMINATE);
	ordered();
	step((struct fact){.kind = FACT_RUN, .instance = 1});
	ck_assert_str_eq(ordered(), "");
}
END_TEST

static const struct dependency on_worker = {0, DEPEND_READY};
static const uint32_t the_task[] = {1};

static void depend_on_worker(void)
{
	plan_task(OVERLAP_SKIP);
	yard.workers[0].ready_when = READY_NOTIFY;
	yard.workers[0].dependents = the_task;
	yard.workers[0].n_dependents = 1;
	yard.workers[1].depends_on = &on_worker;
	yard.workers[1].n_depends_on = 1;
	yard.workers[1].level = 1;
	run_begin();
}

START_TEST(pending_for_a_dependency)
{
	depend_on_worker();
	yard.workers[0].ready_timeout = 0;
	tell_of(0, FACT_READY);
	fail_of(0);
	pass(NS_S);
	tell_of(0, FACT_SPAWNED);
	pass_to(AT(180));
	/* Three times one run. */
	ck_assert(task_of(0).pending);
	ck_assert_uint_eq(task_of(0).runs, 0);
	ck_assert_uint_eq(task_of(0).skipped, 0);
	step((struct fact){.kind = FACT_RUN, .instance = 1});
	ordered();
	tell_of(0, FACT_READY);
	ck_assert_str_eq(ordered(), " tell=ready tell=starting spawn");
	ck_assert(!task_of(0).pending);
	/* The dependency goes: a run goes on. */
	tell_of(1, FACT_SPAWNED);
	fail_of(0);
	ck_assert_int_eq(state_of(1), INSTANCE_RUNNING);
	end_of(1, 0, true);
	ck_assert_int_eq(state_of(1), INSTANCE_COMPLETED);
}
END_TEST

START_TEST(pending_in_a_drain)
{
	depend_on_worker();
	pass_to(AT(60));
	ck_assert(task_of(0).pending);
	tell(FACT_TERMINATE);
	ck_assert(!task_of(0).pending);
	ck_assert_int_eq(task_of(0).next, MONO_NEVER);
	ck_assert_int_eq(state_of(1), INSTANCE_STOPPED);
}
END_TEST

START_TEST(drain_cancels)
{
	be_running(OVERLAP_SKIP);
	course_tasks[0].cancel = true;
	yard.spec.drain_delay = 5 * NS_S;
	tell(FACT_TERMINATE);
	ck_assert_str_eq(ordered(), " fleet=draining tell=stopping TERM>main");
	if (_i > 0) {
		pass_to(AT(70));
		ck_assert_ptr_nonnull(strstr(ordered(), "KILL>all"));
	}
	end_of(1, 1, true);
	ck_assert_int_eq(state_of(1), INSTANCE_STOPPED);
	ck_assert_uint_eq(task_of(0).failures, 0);
	pass_to(AT(72));
	tell_of(0, FACT_EXITED);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=0"));
}
END_TEST

START_TEST(drain_lets_finish)
{
	be_running(OVERLAP_QUEUE);
	yard.spec.drain_delay = 5 * NS_S;
	pass_to(AT(120));
	tell(FACT_TERMINATE);
	ck_assert_str_eq(ordered(), " fleet=draining");
	ck_assert(!task_of(0).pending);
	end_of(1, _i, true);
	/* How it ended is known, and nothing follows it. */
	ck_assert_int_eq(state_of(1), _i == 0 ? INSTANCE_COMPLETED : INSTANCE_FAILED);
	ck_assert(task_of(0).failed == (_i == 1));
	pass(5 * NS_S);
	tell_of(0, FACT_EXITED);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=0"));
}
END_TEST

/* To finish, but for ever: stopped in time, and that is told. */
START_TEST(drain_cuts_short)
{
	be_running(OVERLAP_SKIP);
	tell(FACT_TERMINATE);
	while (state_of(1) == INSTANCE_RUNNING)
		pass_to(fleet_deadline(yard.fleet));
	ck_assert_int_lt(yard.now, AT(60 + 29.5));
	end_of(1, 0, true);
	ck_assert_int_eq(state_of(1), INSTANCE_STOPPED);
	if (state_of(0) != INSTANCE_STOPPED)
		tell_of(0, FACT_EXITED);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=11"));
}
END_TEST

/* Its own timeout is no matter of the drain. */
START_TEST(drain_meets_a_timeout)
{
	be_running(OVERLAP_SKIP);
	yard.spec.drain_delay = 20 * NS_S;
	yard.workers[1].run_timeout = 5 * NS_S;
	end_of(1, 0, true);
	pass_to(AT(120));
	tell_of(1, FACT_SPAWNED);
	tell(FACT_TERMINATE);
	ordered();
	pass_to(AT(125));
	ck_assert_str_eq(ordered(), " tell=stopping TERM>main");
	end_of(1, 0, true);
	ck_assert(task_of(0).failed);
	pass_to(AT(140));
	tell_of(0, FACT_EXITED);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=0"));
}
END_TEST

/* Its spawn is on its way: begun, and finished. */
START_TEST(drain_meets_a_spawn)
{
	plan_task(OVERLAP_SKIP);
	run_begin();
	pass_to(AT(60));
	tell(FACT_TERMINATE);
	ck_assert_int_eq(state_of(1), INSTANCE_STARTING);
	ck_assert(fleet_wants_spawn(yard.fleet, 1, 1));
	ordered();
	tell_of(1, _i == 0 ? FACT_SPAWN_FAILED : FACT_SPAWNED);
	if (_i == 1)
		end_of(1, 0, true);
	tell_of(0, FACT_EXITED);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=0"));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("task in the way");

	tcase_add_test(tests, overlap_skip);
	tcase_add_loop_test(tests, overlap_queue, 0, 2);
	tcase_add_test(tests, overlap_replace);
	tcase_add_test(tests, overlap_replace_after_a_failure);
	tcase_add_test(tests, overlap_replace_of_one_that_is_ending);
	tcase_add_loop_test(tests, overlap_while_the_spawn_is_on_its_way, 0, 2);
	tcase_add_test(tests, by_hand);
	tcase_add_test(tests, pending_for_a_dependency);
	tcase_add_test(tests, pending_in_a_drain);
	tcase_add_loop_test(tests, drain_cancels, 0, 2);
	tcase_add_loop_test(tests, drain_lets_finish, 0, 2);
	tcase_add_test(tests, drain_cuts_short);
	tcase_add_test(tests, drain_meets_a_timeout);
	tcase_add_loop_test(tests, drain_meets_a_spawn, 0, 2);
	return kit_run("policy/task_overlap", tests);
}
