/* Stopping: command, signal, the rest, SIGKILL, and one deadline over all of it. */
#include "policy_rig.h"

static const char *so_far(struct rig *r)
{
	static char text[300];

	return rig_describe(r, text, sizeof text);
}

static void fact(struct rig *r, enum fact_kind kind)
{
	rig_fact(r, (struct fact){.kind = kind, .pid = 78});
}

/* A ready one, with or without a stop command. */
static void ready(struct rig *r, bool command)
{
	rig_enter(r, IN_READY);
	if (command)
		r->w.stop_command = (struct command){.argv = kit_argv, .argc = 1};
}

START_TEST(command_then_signal_within_one_timeout)
{
	struct rig r;

	ready(&r, true);
	ladder_begin(&r.i, &r.env, CAUSE_DRAIN);
	ck_assert_str_eq(so_far(&r), "stopping/command 10 tell=stopping stop-command");
	r.env.now += 7 * NS_S;
	fact(&r, FACT_STOP_COMMAND_DONE);
	ck_assert_str_eq(so_far(&r), "stopping/main 3 TERM>main");
	rig_time(&r);
	ck_assert_str_eq(so_far(&r), "stopping/kill 1 KILL>all");
}
END_TEST

START_TEST(hung_command_ends_in_a_kill)
{
	struct rig r;

	ready(&r, true);
	ladder_begin(&r.i, &r.env, CAUSE_DRAIN);
	r.out.count = 0;
	rig_time(&r);
	ck_assert_str_eq(so_far(&r), "stopping/kill 1 KILL>all");
	rig_exit(&r, 0, true);
	ck_assert_int_eq(r.i.state, INSTANCE_STOPPING); /* the command's end is still to come */
	fact(&r, FACT_STOP_COMMAND_DONE);
	ck_assert_int_eq(r.i.state, INSTANCE_BACKOFF);
}
END_TEST

START_TEST(command_killed_before_main)
{
	struct rig r;

	ready(&r, true);
	ladder_begin(&r.i, &r.env, CAUSE_DRAIN);
	rig_time(&r);
	r.out.count = 0;
	fact(&r, FACT_STOP_COMMAND_DONE);
	/* It does not go back to the stop signal. */
	ck_assert_str_eq(so_far(&r), "stopping/kill 1");
}
END_TEST

START_TEST(main_gone_before_the_command)
{
	struct rig r;

	ready(&r, true);
	ladder_begin(&r.i, &r.env, CAUSE_DRAIN);
	rig_exit(&r, 0, true);
	ck_assert_str_eq(so_far(&r), "stopping/command 10 tell=stopping stop-command");
	fact(&r, FACT_STOP_COMMAND_DONE);
	ck_assert_int_eq(r.i.state, INSTANCE_BACKOFF);
}
END_TEST

START_TEST(rest_gone_before_the_command)
{
	struct rig r;

	ready(&r, true);
	ladder_begin(&r.i, &r.env, CAUSE_DRAIN);
	rig_exit(&r, 0, false);
	fact(&r, FACT_EMPTY);
	ck_assert_str_eq(so_far(&r), "stopping/rest 10 tell=stopping stop-command TERM>group");
	fact(&r, FACT_STOP_COMMAND_DONE);
	ck_assert_str_eq(so_far(&r), "backoff 9e-09 tell=backoff");
}
END_TEST

START_TEST(own_signal)
{
	struct rig r;

	ready(&r, false);
	r.w.stop_signal = SIGQUIT;
	ladder_begin(&r.i, &r.env, CAUSE_DRAIN);
	rig_exit(&r, 0, false);
	ck_assert_str_eq(so_far(&r), "stopping/rest 10 tell=stopping QUIT>main QUIT>group");
}
END_TEST

START_TEST(group_is_told_once)
{
	struct rig r;

	ready(&r, false);
	r.w.stop_to = STOP_TO_GROUP;
	ladder_begin(&r.i, &r.env, CAUSE_DRAIN);
	ck_assert_str_eq(so_far(&r), "stopping/main 10 tell=stopping TERM>group");
	rig_exit(&r, 0, false);
	ck_assert_str_eq(so_far(&r), "stopping/rest 10");
	fact(&r, FACT_EMPTY);
	ck_assert_int_eq(r.i.state, INSTANCE_BACKOFF);
}
END_TEST

START_TEST(group_that_was_told_nothing_yet)
{
	struct rig r;

	ready(&r, true);
	r.w.stop_to = STOP_TO_GROUP;
	ladder_begin(&r.i, &r.env, CAUSE_DRAIN);
	rig_exit(&r, 0, false);
	ck_assert_str_eq(so_far(&r), "stopping/rest 10 tell=stopping stop-command TERM>group");
}
END_TEST

START_TEST(watchdog_aborts_main_and_then_tells_the_rest)
{
	struct rig r;

	ready(&r, true);
	r.w.stop_to = STOP_TO_GROUP;
	rig_time(&r);
	ck_assert_str_eq(so_far(&r), "stopping/main! 10 tell=stopping ABRT>main");
	rig_exit(&r, 0, false);
	ck_assert_str_eq(so_far(&r), "stopping/rest! 10 TERM>group");
	rig_time(&r);
	ck_assert_str_eq(so_far(&r), "stopping/kill! 1 KILL>all");
}
END_TEST

START_TEST(kill_again_each_second)
{
	struct rig r;

	rig_enter(&r, IN_STOP_KILL);
	for (int n = 0; n < 3; n++) {
		rig_time(&r);
		ck_assert_str_eq(so_far(&r), "stopping/kill! 1 KILL>all");
	}
	rig_exit(&r, 0, false);
	ck_assert_str_eq(so_far(&r), "stopping/kill! 1");
	fact(&r, FACT_EMPTY);
	ck_assert_int_eq(r.i.state, INSTANCE_BACKOFF);
}
END_TEST

START_TEST(kill_before_there_was_a_process_is_repeated)
{
	struct rig r;

	rig_enter(&r, IN_STOP_SPAWN);
	ladder_kill(&r.i, &r.env);
	r.out.count = 0;
	fact(&r, FACT_SPAWNED);
	ck_assert_str_eq(so_far(&r), "stopping/kill! 1 KILL>all");
}
END_TEST

START_TEST(process_that_was_to_be_stopped_goes_down_the_whole_ladder)
{
	struct rig r;

	rig_init(&r);
	r.w.stop_command = (struct command){.argv = kit_argv, .argc = 1};
	worker_begin(&r.i, &r.env);
	worker_hold(&r.i, &r.env);
	r.out.count = 0;
	r.env.now += NS_S;
	fact(&r, FACT_SPAWNED);
	ck_assert_str_eq(so_far(&r), "stopping/command 10 tell=stopping stop-command");
	ck_assert_int_eq(r.i.cause, CAUSE_DRAIN);
}
END_TEST

/*
 * Seconds of stop.timeout and to kill_by (-1: no drain; 0: past), and the deadline that comes of
 * it.
 */
static const struct {
	int timeout, kill_by, deadline;
} bounds[] = {{10, -1, 10}, {10, 30, 10}, {10, 4, 4}, {10, 0, 0}, {0, -1, 0}, {0, 30, 0}};

START_TEST(deadline_of_a_stop)
{
	struct rig r;

	ready(&r, false);
	r.w.stop_timeout = bounds[_i].timeout * NS_S;
	if (bounds[_i].kill_by > 0)
		r.env.kill_by = r.env.now + bounds[_i].kill_by * NS_S;
	else if (bounds[_i].kill_by == 0)
		r.env.kill_by = r.env.now - NS_S;
	ladder_begin(&r.i, &r.env, CAUSE_DRAIN);
	ck_assert_int_eq(r.i.deadline, r.env.now + bounds[_i].deadline * NS_S);
}
END_TEST

START_TEST(drain_shortens_a_stop_but_no_kill)
{
	struct rig r;

	rig_enter(&r, IN_STOP_MAIN);
	r.env.kill_by = r.env.now + 2 * NS_S;
	ladder_shorten(&r.i, &r.env);
	ck_assert_str_eq(so_far(&r), "stopping/main! 2");
	r.env.kill_by = r.env.now - 2 * NS_S;
	ladder_shorten(&r.i, &r.env);
	ck_assert_str_eq(so_far(&r), "stopping/main! 0");
	rig_time(&r);
	r.out.count = 0;
	ladder_shorten(&r.i, &r.env);
	ck_assert_str_eq(so_far(&r), "stopping/kill! 1");
}
END_TEST

START_TEST(main_gone_while_it_lives_aborts)
{
	struct rig r;

	rig_enter(&r, IN_READY);
	ladder_main_gone(&r.i, &r.env);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("ladder");

	tcase_add_test(tests, command_then_signal_within_one_timeout);
	tcase_add_test(tests, hung_command_ends_in_a_kill);
	tcase_add_test(tests, command_killed_before_main);
	tcase_add_test(tests, main_gone_before_the_command);
	tcase_add_test(tests, rest_gone_before_the_command);
	tcase_add_test(tests, own_signal);
	tcase_add_test(tests, group_is_told_once);
	tcase_add_test(tests, group_that_was_told_nothing_yet);
	tcase_add_test(tests, watchdog_aborts_main_and_then_tells_the_rest);
	tcase_add_test(tests, kill_again_each_second);
	tcase_add_test(tests, kill_before_there_was_a_process_is_repeated);
	tcase_add_test(tests, process_that_was_to_be_stopped_goes_down_the_whole_ladder);
	tcase_add_loop_test(tests, deadline_of_a_stop, 0, sizeof bounds / sizeof bounds[0]);
	tcase_add_test(tests, drain_shortens_a_stop_but_no_kill);
	tcase_add_test_raise_signal(tests, main_gone_while_it_lives_aborts, SIGABRT);
	return kit_run("policy/ladder", tests);
}
