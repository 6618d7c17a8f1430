/* One instance: starting, readiness, extensions, and how a run is judged. */
#include "policy_rig.h"

static void tell(struct rig *r, enum fact_kind kind)
{
	rig_fact(r, (struct fact){.kind = kind, .pid = 78, .span = 70 * NS_S});
}

START_TEST(first_start)
{
	char text[300];
	struct rig r;

	rig_init(&r);
	worker_begin(&r.i, &r.env);
	ck_assert_str_eq(rig_describe(&r, text, sizeof text), "starting 60 tell=starting spawn");
	ck_assert_int_eq(r.i.cause, CAUSE_FIRST_START);
	ck_assert_uint_eq(r.i.gen, 1);
	ck_assert_uint_eq(r.i.restarts, 0);
}
END_TEST

START_TEST(orders_name_instance_and_run)
{
	struct rig r;

	rig_enter(&r, IN_BACKOFF);
	rig_time(&r);
	ck_assert_uint_eq(r.out.count, 2);
	for (uint32_t n = 0; n < r.out.count; n++) {
		ck_assert_uint_eq(r.out.list[n].instance, 3);
		ck_assert_uint_eq(r.out.list[n].gen, 2);
	}
	ck_assert_int_eq(r.out.list[0].cause, CAUSE_RESTART);
	ck_assert_int_eq(r.out.list[0].until, r.env.now + 60 * NS_S);
	ck_assert_uint_eq(r.i.restarts, 1);
}
END_TEST

START_TEST(restart_limit_reached)
{
	struct rig r;

	rig_init(&r);
	r.w.restart_limit_count = 1;
	r.w.restart_limit_within = 3600 * NS_S;
	rig_start(&r);
	rig_exit(&r, 1, true);
	rig_time(&r);
	rig_fact(&r, (struct fact){.kind = FACT_SPAWN_FAILED});
	ck_assert_int_eq(r.i.state, INSTANCE_FAILED);
	ck_assert_int_eq(r.i.cause, CAUSE_RESTART_LIMIT);
}
END_TEST

START_TEST(no_delay_starts_in_the_same_step)
{
	char text[300];
	struct rig r;

	rig_enter(&r, IN_READY);
	r.w.restart_delay = 0;
	rig_exit(&r, 1, true);
	ck_assert_str_eq(rig_describe(&r, text, sizeof text), "starting 60 tell=starting spawn");
	ck_assert_uint_eq(r.i.gen, 2);
}
END_TEST

START_TEST(ready_when_started)
{
	char text[300];
	struct rig r;

	rig_init(&r);
	r.w.ready_when = READY_STARTED;
	r.w.watchdog = 0;
	rig_start(&r);
	ck_assert_str_eq(rig_describe(&r, text, sizeof text),
			 "ready - tell=starting spawn tell=ready");
	tell(&r, FACT_WATCHDOG);
	tell(&r, FACT_WATCHDOG_TRIGGER);
	ck_assert_str_eq(rig_describe(&r, text, sizeof text), "ready -");
}
END_TEST

START_TEST(no_timeout_waits_for_ever)
{
	char text[300];
	struct rig r;

	rig_init(&r);
	r.w.ready_timeout = 0;
	worker_begin(&r.i, &r.env);
	ck_assert_str_eq(rig_describe(&r, text, sizeof text), "starting - tell=starting spawn");
	tell(&r, FACT_SPAWNED);
	tell(&r, FACT_EXTEND);
	ck_assert_str_eq(rig_describe(&r, text, sizeof text), "starting -");
}
END_TEST

/* A forked child's first words can be read before the report that it runs. */
START_TEST(ready_before_it_is_known_to_run)
{
	char text[300];
	struct rig r;

	rig_enter(&r, IN_SPAWNING);
	tell(&r, FACT_READY);
	tell(&r, FACT_SPAWNED);
	ck_assert_str_eq(rig_describe(&r, text, sizeof text), "ready 30 tell=ready");
	rig_exit(&r, 1, true);
	rig_time(&r);
	tell(&r, FACT_SPAWNED);
	ck_assert_int_eq(r.i.state, INSTANCE_STARTING);
}
END_TEST

START_TEST(shorter_extension_changes_nothing)
{
	struct rig r;

	rig_enter(&r, IN_STARTING);
	rig_fact(&r, (struct fact){.kind = FACT_EXTEND, .span = NS_S});
	ck_assert_int_eq(r.i.deadline, r.env.now + 60 * NS_S);
}
END_TEST

START_TEST(endless_extension_still_ends)
{
	struct rig r;

	rig_enter(&r, IN_STOP_MAIN);
	rig_fact(&r, (struct fact){.kind = FACT_EXTEND, .span = MONO_NEVER});
	ck_assert_int_lt(r.i.deadline, MONO_NEVER);
	r.env.kill_by = r.env.now + 5 * NS_S;
	rig_fact(&r, (struct fact){.kind = FACT_EXTEND, .span = MONO_NEVER});
	ck_assert_int_eq(r.i.deadline, r.env.kill_by);
}
END_TEST

/*
 * The time that stopping takes is no part of the run: it would make a hung worker's life a long
 * one.
 */
START_TEST(run_is_judged_when_its_stop_begins)
{
	struct rig r;

	rig_init(&r);
	r.w.restart_reset = 65 * NS_S;
	r.i.restart.streak = 4;
	rig_start(&r);
	rig_time(&r); /* after 60 s */
	r.env.now += 9 * NS_S;
	rig_exit(&r, 0, true);
	ck_assert_uint_eq(r.i.restart.streak, 5);
}
END_TEST

START_TEST(long_readiness_forgets_the_past)
{
	struct rig r;

	rig_enter(&r, IN_READY);
	r.i.restart.streak = 4;
	r.env.now += r.w.restart_delay_max;
	rig_exit(&r, 1, true);
	ck_assert_uint_eq(r.i.restart.streak, 1);
}
END_TEST

START_TEST(readiness_is_of_one_run)
{
	struct rig r;

	rig_enter(&r, IN_READY);
	rig_exit(&r, 1, true);
	r.i.restart.streak = 4;
	rig_time(&r);
	tell(&r, FACT_SPAWNED);
	r.env.now += r.w.restart_delay_max;
	rig_exit(&r, 1, true);
	ck_assert_uint_eq(r.i.restart.streak, 5);
}
END_TEST

/* A spawn that hung for long is no long run. */
START_TEST(run_begins_when_it_is_known_to_run)
{
	struct rig r;

	rig_init(&r);
	r.w.ready_timeout = 0;
	r.i.restart.streak = 4;
	worker_begin(&r.i, &r.env);
	r.env.now += r.w.restart_reset;
	tell(&r, FACT_SPAWNED);
	rig_exit(&r, 1, true);
	ck_assert_uint_eq(r.i.restart.streak, 5);
}
END_TEST

START_TEST(since_is_of_the_state)
{
	struct rig r;

	rig_enter(&r, IN_READY);
	r.env.now += NS_S;
	tell(&r, FACT_STOPPING);
	ck_assert_int_eq(r.i.since, T0 + NS_S);
	r.env.now += NS_S;
	tell(&r, FACT_EXTEND);
	ck_assert_int_eq(r.i.since, T0 + NS_S);
	rig_enter(&r, IN_STOP_SPAWN);
	mono_ns since = r.env.now;
	r.env.now += NS_S;
	tell(&r, FACT_SPAWNED);
	ck_assert_int_eq(r.i.state, INSTANCE_STOPPING);
	ck_assert_int_eq(r.i.since, since);
}
END_TEST

START_TEST(time_before_its_deadline_aborts)
{
	struct rig r;

	rig_enter(&r, IN_STARTING);
	worker_time(&r.i, &r.env);
}
END_TEST

START_TEST(fact_about_no_run_aborts)
{
	struct rig r;

	rig_enter(&r, IN_READY);
	rig_fact(&r, (struct fact){.kind = FACT_TERMINATE});
}
END_TEST

START_TEST(begin_in_a_drain_aborts)
{
	struct rig r;

	rig_init(&r);
	r.env.draining = true;
	worker_begin(&r.i, &r.env);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("worker");

	tcase_add_test(tests, first_start);
	tcase_add_test(tests, orders_name_instance_and_run);
	tcase_add_test(tests, restart_limit_reached);
	tcase_add_test(tests, no_delay_starts_in_the_same_step);
	tcase_add_test(tests, ready_when_started);
	tcase_add_test(tests, no_timeout_waits_for_ever);
	tcase_add_test(tests, ready_before_it_is_known_to_run);
	tcase_add_test(tests, shorter_extension_changes_nothing);
	tcase_add_test(tests, endless_extension_still_ends);
	tcase_add_test(tests, run_is_judged_when_its_stop_begins);
	tcase_add_test(tests, long_readiness_forgets_the_past);
	tcase_add_test(tests, readiness_is_of_one_run);
	tcase_add_test(tests, run_begins_when_it_is_known_to_run);
	tcase_add_test(tests, since_is_of_the_state);
	tcase_add_test_raise_signal(tests, time_before_its_deadline_aborts, SIGABRT);
	tcase_add_test_raise_signal(tests, fact_about_no_run_aborts, SIGABRT);
	tcase_add_test_raise_signal(tests, begin_in_a_drain_aborts, SIGABRT);
	return kit_run("policy/worker", tests);
}
