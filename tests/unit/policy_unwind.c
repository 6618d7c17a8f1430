/* Stopped by hand, with all that depends on it; and told to reload. */
#include "policy_course.h"

/* a <- b <- c, and d that depends on a as well; all ready. */
static void tree(void)
{
	yard_plan(1, 1, 1);
	yard_add(1);
	yard_depend(1, 0, DEPEND_READY);
	yard_depend(2, 1, DEPEND_READY);
	yard_depend(3, 0, DEPEND_READY);
	yard_run();
	for (uint32_t i = 1; i < 4; i++)
		tell_of(i, FACT_SPAWNED);
	ordered();
}

static void stop_with_dependents(uint32_t instance)
{
	step((struct fact){.kind = FACT_STOP, .instance = instance, .with_dependents = true});
}

/* "urss": the first letters of a ... d: up, to stop, stopping, stopped by hand. */
static const char *states(void)
{
	static char text[8];

	for (uint32_t i = 0; i < yard.spec.n_instances; i++) {
		struct instance_status status = instance_of(i);
		text[i] = status.to_stop ? 't' : instance_state_name(status.state)[0];
		if (status.state == INSTANCE_STOPPED)
			text[i] = status.cause == CAUSE_STOPPED_BY_HAND ? '-' : '?';
	}
	return text;
}

START_TEST(from_the_last_to_the_first)
{
	tree();
	stop_with_dependents(0);
	ck_assert_str_eq(states(), "ttss");
	ck_assert_str_eq(ordered(), " tell=stopping TERM>main tell=stopping TERM>main");
	fail_of(3);
	ck_assert_str_eq(states(), "tts-");
	fail_of(2);
	ck_assert_str_eq(states(), "ts--");
	ck_assert_str_eq(ordered(), " tell=stopped tell=stopped tell=stopping TERM>main");
	fail_of(1);
	ck_assert_str_eq(states(), "s---");
	fail_of(0);
	ck_assert_str_eq(states(), "----");
	/* They stay so. */
	step((struct fact){.kind = FACT_START, .instance = 0});
	tell_of(0, FACT_SPAWNED);
	ck_assert_str_eq(states(), "r---");
}
END_TEST

START_TEST(of_one_in_the_middle)
{
	tree();
	stop_with_dependents(1);
	ck_assert_str_eq(states(), "rtsr");
	fail_of(2);
	fail_of(1);
	ck_assert_str_eq(states(), "r--r");
}
END_TEST

START_TEST(of_one_without_dependents)
{
	tree();
	stop_with_dependents(2);
	ck_assert_str_eq(states(), "rrsr");
	ck_assert_str_eq(ordered(), " tell=stopping TERM>main");
}
END_TEST

/* Those that are down would come up again. */
START_TEST(those_in_backoff_and_waiting_too)
{
	tree();
	fail_of(1);
	fail_of(2);
	pass(NS_S);
	ck_assert_int_eq(state_of(2), INSTANCE_WAITING);
	tell_of(1, FACT_SPAWN_FAILED);
	ck_assert_int_eq(state_of(1), INSTANCE_BACKOFF);
	stop_with_dependents(0);
	ck_assert_str_eq(states(), "t--s");
	fail_of(3);
	ck_assert_str_eq(states(), "s---");
}
END_TEST

/* One that ends by itself meanwhile is not started again. */
START_TEST(one_that_ends_by_itself)
{
	tree();
	stop_with_dependents(0);
	fail_of(1);
	ck_assert_str_eq(states(), "t-ss");
	step((struct fact){.kind = FACT_EXITED, .instance = 0, .gen = 1, .code = 1});
	ck_assert_str_eq(states(), "s-ss");
	step((struct fact){.kind = FACT_EMPTY, .instance = 0, .gen = 1});
	ck_assert_str_eq(states(), "--ss");
}
END_TEST

/* A job that has done its work is not to be undone. */
START_TEST(completed_one_stays_that)
{
	yard_plan(1, 1, -1);
	yard_depend(1, 0, DEPEND_READY);
	yard.workers[1].kind = PROGRAM_JOB;
	yard.workers[1].restart = RESTART_ON_FAILURE;
	yard_run();
	tell_of(1, FACT_SPAWNED);
	end_of(1, 0, true);
	stop_with_dependents(0);
	ck_assert_int_eq(state_of(1), INSTANCE_COMPLETED);
	ck_assert_int_eq(state_of(0), INSTANCE_STOPPING);
}
END_TEST

START_TEST(job_that_is_done_before_its_turn)
{
	tree();
	yard.workers[1].kind = PROGRAM_JOB;
	yard.workers[1].restart = RESTART_ON_FAILURE;
	stop_with_dependents(0);
	end_of(1, 0, true);
	ck_assert_int_eq(state_of(1), INSTANCE_COMPLETED);
	fail_of(2);
	fail_of(3);
	ck_assert_int_eq(state_of(0), INSTANCE_STOPPING);
}
END_TEST

START_TEST(start_takes_it_back)
{
	tree();
	stop_with_dependents(0);
	step((struct fact){.kind = _i == 0 ? FACT_START : FACT_RESTART, .instance = 0});
	ck_assert(!instance_of(0).to_stop);
	fail_of(2);
	fail_of(3);
	fail_of(1);
	ck_assert_int_eq(state_of(0), _i == 0 ? INSTANCE_READY : INSTANCE_STOPPING);
	ck_assert_int_eq(state_of(1), INSTANCE_STOPPED);
}
END_TEST

/* A plain stop does not wait. */
START_TEST(plain_stop_of_one_that_is_to_stop)
{
	tree();
	stop_with_dependents(0);
	step((struct fact){.kind = FACT_STOP, .instance = 0});
	ck_assert_str_eq(states(), "stss");
}
END_TEST

/* Nobody new begins to use what is to stop. */
START_TEST(start_of_a_dependent_waits)
{
	tree();
	stop_with_dependents(0);
	fail_of(3);
	step((struct fact){.kind = FACT_START, .instance = 3});
	ck_assert_int_eq(state_of(3), INSTANCE_WAITING);
	step((struct fact){.kind = FACT_START, .instance = 0});
	ck_assert_int_eq(state_of(3), INSTANCE_STARTING);
}
END_TEST

START_TEST(task_that_runs_is_stopped)
{
	yard_plan(1, -1, -1);
	course_task("t")->run_at_start = true;
	yard_depend(1, 0, DEPEND_READY);
	yard_open();
	tell(FACT_BEGIN);
	tell_of(0, FACT_SPAWNED);
	tell_of(1, FACT_SPAWNED);
	ordered();
	stop_with_dependents(0);
	ck_assert_str_eq(ordered(), " tell=stopping TERM>main");
	ck_assert(instance_of(0).to_stop);
	end_of(1, 0, true);
	ck_assert_int_eq(state_of(0), INSTANCE_STOPPING);
}
END_TEST

START_TEST(drain_has_an_order_of_its_own)
{
	tree();
	stop_with_dependents(0);
	yard.spec.drain_delay = 5 * NS_S;
	tell(FACT_TERMINATE);
	ck_assert_str_eq(states(), "rrss");
	fail_of(2);
	fail_of(3);
	ck_assert_str_eq(states() + 2, "??");
	ck_assert_int_eq(state_of(0), INSTANCE_READY);
	pass(5 * NS_S);
	ck_assert_int_eq(state_of(1), INSTANCE_STOPPING);
	ck_assert_int_eq(state_of(0), INSTANCE_READY);
}
END_TEST

/* a is ready, with a reload by signal or by command. */
static void reloadable(bool by_command)
{
	yard_plan(1, -1, -1);
	if (by_command)
		yard.workers[0].reload_command = yard.workers[0].command;
	else
		yard.workers[0].reload_signal = SIGHUP;
	yard_run();
}

START_TEST(reload_by_signal)
{
	reloadable(false);
	tell(FACT_RELOAD);
	tell(FACT_RELOAD);
	ck_assert_str_eq(ordered(), " HUP>main HUP>main");
	ck_assert(!instance_of(0).reloading);
	tell(FACT_STOP);
	ordered();
	tell(FACT_RELOAD);
	ck_assert_str_eq(ordered(), "");
}
END_TEST

START_TEST(reload_of_one_that_is_not_up)
{
	yard_plan(1, -1, -1);
	yard.workers[0].reload_signal = SIGHUP;
	yard.workers[0].ready_when = READY_NOTIFY;
	yard_run();
	tell(FACT_RELOAD);
	ck_assert_str_eq(ordered(), "");
	tell_of(0, FACT_READY);
	tell(FACT_RELOAD);
	ck_assert_str_eq(ordered(), " tell=ready fleet=running HUP>main");
	tell_of(0, FACT_STOPPING);
	tell(FACT_RELOAD);
	ck_assert_str_eq(ordered(), " tell=running");
	fail_of(0);
	ordered();
	tell(FACT_RELOAD);
	ck_assert_str_eq(ordered(), "");
}
END_TEST

START_TEST(reload_by_command)
{
	reloadable(true);
	for (int n = 0; n < 2; n++) {
		tell(FACT_RELOAD);
		tell(FACT_RELOAD); /* one at a time */
		ck_assert_str_eq(ordered(), " reload-command");
		ck_assert(instance_of(0).reloading && fleet_wants_reload(yard.fleet, 0, 1));
		ck_assert(!fleet_wants_reload(yard.fleet, 0, 2));
		tell_of(0, FACT_RELOAD_COMMAND_DONE);
		ck_assert(!instance_of(0).reloading && !fleet_wants_reload(yard.fleet, 0, 1));
		ck_assert_int_eq(state_of(0), INSTANCE_READY);
	}
}
END_TEST

/* It is killed when its instance stops, and waited for. */
START_TEST(reload_command_and_stop)
{
	reloadable(true);
	tell(FACT_RELOAD);
	ordered();
	tell(FACT_STOP);
	ck_assert_str_eq(ordered(), " KILL>reload tell=stopping TERM>main");
	ck_assert(!fleet_wants_reload(yard.fleet, 0, 1));
	tell_of(0, FACT_EXITED);
	ck_assert_int_eq(state_of(0), INSTANCE_STOPPING);
	tell_of(0, FACT_RELOAD_COMMAND_DONE);
	ck_assert_int_eq(state_of(0), INSTANCE_STOPPED);
}
END_TEST

/* The process ends while its reload command runs: the next run does not meet it. */
START_TEST(reload_command_and_the_end_of_its_process)
{
	reloadable(true);
	tell(FACT_RELOAD);
	ordered();
	fail_of(0);
	ck_assert_str_eq(ordered(), " KILL>reload tell=stopping");
	ck_assert_uint_eq(status().instances_live, 1);
	tell_of(0, FACT_RELOAD_COMMAND_DONE);
	ck_assert_str_eq(ordered(), " tell=backoff");
	pass(NS_S);
	tell_of(0, FACT_RELOAD_COMMAND_DONE); /* of no run */
	ck_assert_int_eq(state_of(0), INSTANCE_STARTING);
}
END_TEST

START_TEST(reload_command_that_not_even_kill_ends)
{
	reloadable(true);
	tell(FACT_RELOAD);
	fail_of(0);
	ordered();
	pass(10 * NS_S);
	ck_assert_str_eq(ordered(), " KILL>all");
	tell_of(0, FACT_RELOAD_COMMAND_DONE);
	ck_assert_int_eq(state_of(0), INSTANCE_BACKOFF);
}
END_TEST

START_TEST(reload_in_a_drain)
{
	reloadable(_i == 1);
	yard.spec.drain_delay = 5 * NS_S;
	tell(FACT_TERMINATE);
	ordered();
	tell(FACT_RELOAD);
	ck_assert_str_eq(ordered(), "");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("unwind");

	tcase_add_test(tests, from_the_last_to_the_first);
	tcase_add_test(tests, of_one_in_the_middle);
	tcase_add_test(tests, of_one_without_dependents);
	tcase_add_test(tests, those_in_backoff_and_waiting_too);
	tcase_add_test(tests, one_that_ends_by_itself);
	tcase_add_test(tests, completed_one_stays_that);
	tcase_add_test(tests, job_that_is_done_before_its_turn);
	tcase_add_loop_test(tests, start_takes_it_back, 0, 2);
	tcase_add_test(tests, plain_stop_of_one_that_is_to_stop);
	tcase_add_test(tests, start_of_a_dependent_waits);
	tcase_add_test(tests, task_that_runs_is_stopped);
	tcase_add_test(tests, drain_has_an_order_of_its_own);
	tcase_add_test(tests, reload_by_signal);
	tcase_add_test(tests, reload_of_one_that_is_not_up);
	tcase_add_test(tests, reload_by_command);
	tcase_add_test(tests, reload_command_and_stop);
	tcase_add_test(tests, reload_command_and_the_end_of_its_process);
	tcase_add_test(tests, reload_command_that_not_even_kill_ends);
	tcase_add_loop_test(tests, reload_in_a_drain, 0, 2);
	return kit_run("policy/unwind", tests);
}
