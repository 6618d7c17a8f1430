/* Tasks: when they run, and how a run is judged. */
#include "policy/task.h"

#include "policy_errand.h"

START_TEST(nth_run_at_n_times_every)
{
	plan_task(OVERLAP_SKIP);
	run_begin();
	ck_assert_int_eq(task_of(0).next, AT(60));
	pass_to(AT(60) - 1);
	ck_assert_str_eq(ordered(), "");
	for (int n = 1; n < 2000; n++) {
		pass_to(AT(60.0 * n));
		ck_assert_uint_eq(task_of(0).runs, (uint32_t)n);
		ck_assert_int_eq(task_of(0).started, AT(60.0 * n));
		ck_assert_int_eq(task_of(0).next, AT(60.0 * (n + 1)));
		run_for(n % 50 * NS_S, 0);
		ck_assert_int_eq(task_of(0).duration, n % 50 * NS_S);
		ck_assert_int_eq(state_of(1), INSTANCE_COMPLETED);
	}
	ck_assert_uint_eq(task_of(0).skipped, 0);
	ck_assert_uint_eq(task_of(0).failures, 0);
}
END_TEST

START_TEST(what_runs_at_start)
{
	plan_task(OVERLAP_SKIP)->run_at_start = true;
	yard_open();
	ck_assert_int_eq(task_of(0).next, MONO_NEVER);
	tell(FACT_BEGIN);
	ck_assert_int_eq(task_of(0).started, T0);
	ck_assert_int_eq(task_of(0).next, AT(60));
	run_for(NS_S, 0);
	pass_to(AT(60));
	ck_assert_uint_eq(task_of(0).runs, 2);
}
END_TEST

/* Each run is late by a part of the jitter of its own; that never adds up. */
START_TEST(jitter)
{
	span_ns least = MONO_NEVER, most = 0;

	plan_task(OVERLAP_SKIP)->jitter = 30 * NS_S;
	run_begin();
	for (int n = 1; n < 400; n++) {
		mono_ns due = task_of(0).next;
		ck_assert_int_ge(due, AT(60.0 * n));
		ck_assert_int_le(due, AT(60.0 * n + 30));
		least = mono_min(least, due - AT(60.0 * n));
		most = mono_max(most, due - AT(60.0 * n));
		pass_to(due);
		ck_assert_uint_eq(task_of(0).runs, (uint32_t)n);
		run_for(NS_S, 0);
	}
	ck_assert_int_lt(least, NS_S);
	ck_assert_int_gt(most, 29 * NS_S);
}
END_TEST

/* A late wake-up costs no run whose time is still to come, though its place in the grid is past. */
START_TEST(late_by_less_than_the_jitter)
{
	uint32_t lost = 0;

	plan_task(OVERLAP_QUEUE)->jitter = 60 * NS_S - 1;
	run_begin();
	for (uint32_t n = 1; n < 200; n++) {
		yard.now = task_of(0).next + 5 * NS_S;
		tell(FACT_TIME);
		ck_assert_uint_eq(task_of(0).runs, n);
		run_for(0, 0);
		ck_assert_int_gt(task_of(0).next, yard.now);
		lost = (uint32_t)((task_of(0).next - T0) / (60 * NS_S)) - (n + 1);
	}
	/* Those that came less than 5 s after the one before. */
	ck_assert_uint_le(lost, 2);
}
END_TEST

START_TEST(leap_is_one_run)
{
	plan_task(_i == 0 ? OVERLAP_SKIP : OVERLAP_QUEUE);
	run_begin();
	pass_to(AT(60));
	run_for(NS_S, 0);
	pass(3600 * NS_S);
	ck_assert_uint_eq(task_of(0).runs, 2);
	ck_assert_int_eq(task_of(0).next, AT(3720));
	run_for(NS_S, 0);
	ck_assert_uint_eq(task_of(0).runs, 2);
	ck_assert_uint_eq(task_of(0).skipped, 0);
	/* On a time of the grid exactly: that one is it. */
	pass(AT(7200) - yard.now);
	ck_assert_uint_eq(task_of(0).runs, 3);
	ck_assert_int_eq(task_of(0).next, AT(7260));
}
END_TEST

static const struct {
	const char *name;
	bool persistent, at_start;
	int ago; /* seconds before the beginning; -1: never */
	uint32_t runs;
	int next;
} memories[] = {
	{"never", true, false, -1, 0, 60},
	{"just now", true, false, 0, 0, 60},
	{"half its time ago", true, false, 30, 0, 30},
	{"its time ago", true, false, 60, 1, 60},
	{"overdue", true, false, 90, 1, 60},
	{"long overdue, once", true, false, 3600 + 90, 1, 60},
	{"overdue and at the start, once", true, true, 90, 1, 60},
	{"at the start as well", true, true, 30, 1, 30},
	{"to be forgotten", false, false, 90, 0, 60},
};

START_TEST(memory)
{
	struct task_spec *task = plan_task(OVERLAP_QUEUE);

	task->persistent = memories[_i].persistent;
	task->run_at_start = memories[_i].at_start;
	yard_open();
	if (memories[_i].ago >= 0)
		step((struct fact){
			.kind = FACT_LAST_RUN, .instance = 1, .span = memories[_i].ago * NS_S});
	tell(FACT_BEGIN);
	ck_assert_msg(task_of(0).runs == memories[_i].runs &&
			      task_of(0).next == AT(memories[_i].next),
		      "%s: %u runs, next %g", memories[_i].name, (unsigned)task_of(0).runs,
		      (double)(task_of(0).next - T0) / NS_S);
	/* What comes too late is not heard. */
	step((struct fact){.kind = FACT_LAST_RUN, .instance = 1, .span = 59 * NS_S});
	ck_assert_int_eq(task_of(0).next, AT(memories[_i].next));
}
END_TEST

/* The lifespan took its time. */
START_TEST(memory_is_of_the_moment_it_was_heard)
{
	yard_plan(1, -1, -1);
	course_step("s", true, false);
	course_task("t")->persistent = true;
	yard_open();
	step((struct fact){.kind = FACT_LAST_RUN, .instance = 3, .span = 30 * NS_S});
	tell(FACT_BEGIN);
	tell_of(1, FACT_SPAWNED);
	pass(10 * NS_S);
	ck_assert_int_eq(task_of(0).next, MONO_NEVER);
	tell_of(1, FACT_EXITED);
	ck_assert_int_eq(task_of(0).next, AT(30));
}
END_TEST

/* TERM, stop.timeout, SIGKILL to all of it. */
START_TEST(timeout)
{
	be_running(OVERLAP_SKIP);
	yard.workers[1].run_timeout = 60 * NS_S;
	end_of(1, 0, true);
	pass_to(AT(120));
	tell_of(1, FACT_SPAWNED);
	ordered();
	pass_to(AT(179.9));
	ck_assert_str_eq(ordered(), "");
	pass_to(AT(180));
	ck_assert_ptr_nonnull(strstr(ordered(), " tell=stopping TERM>main"));
	pass_to(AT(190));
	ck_assert_str_eq(ordered(), " KILL>all");
	end_of(1, 0, true);
	ck_assert_int_eq(state_of(1), INSTANCE_FAILED);
	ck_assert_uint_eq(task_of(0).failures, 1);
	ck_assert_int_eq(task_of(0).duration, 70 * NS_S);
}
END_TEST

/* One run fails, the next does not. */
START_TEST(health)
{
	enum health worst = _i == 0 ? HEALTH_DEGRADED : HEALTH_UNHEALTHY;

	plan_task(OVERLAP_SKIP);
	yard.workers[1].critical = _i == 1;
	run_begin();
	ck_assert_int_eq(task_of(0).health, HEALTH_HEALTHY);
	pass_to(AT(60));
	tell_of(1, _i == 0 ? FACT_SPAWNED : FACT_SPAWN_FAILED);
	if (_i == 0)
		end_of(1, 7, true);
	ck_assert_int_eq(task_of(0).health, HEALTH_UNHEALTHY);
	ck_assert_int_eq(status().health, worst);
	ck_assert(status().ready);
	pass_to(AT(120));
	ck_assert_int_eq(status().health, worst);
	run_for(NS_S, 0);
	ck_assert_int_eq(status().health, HEALTH_HEALTHY);
	ck_assert_uint_eq(task_of(0).failures, 1);
}
END_TEST

/* What it may say of its readiness has no meaning; it may ask for time. */
START_TEST(words_of_a_run)
{
	be_running(OVERLAP_SKIP);
	tell_of(1, FACT_READY);
	tell_of(1, FACT_STOPPING);
	tell_of(1, FACT_WATCHDOG);
	tell_of(1, FACT_WATCHDOG_TRIGGER);
	ck_assert_str_eq(ordered(), "");
	ck_assert_int_eq(state_of(1), INSTANCE_RUNNING);
	step((struct fact){.kind = FACT_EXTEND, .instance = 1, .gen = 1, .span = 1000 * NS_S});
	pass_to(AT(1059));
	ck_assert_int_eq(state_of(1), INSTANCE_RUNNING);
	pass_to(AT(1060));
	ck_assert_int_eq(state_of(1), INSTANCE_STOPPING);
}
END_TEST

START_TEST(no_such_task_aborts)
{
	run_begin();
	task_of(1);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("task");

	tcase_add_test(tests, nth_run_at_n_times_every);
	tcase_add_test(tests, what_runs_at_start);
	tcase_add_test(tests, jitter);
	tcase_add_test(tests, late_by_less_than_the_jitter);
	tcase_add_loop_test(tests, leap_is_one_run, 0, 2);
	tcase_add_loop_test(tests, memory, 0, sizeof memories / sizeof memories[0]);
	tcase_add_test(tests, memory_is_of_the_moment_it_was_heard);
	tcase_add_test(tests, timeout);
	tcase_add_loop_test(tests, health, 0, 2);
	tcase_add_test(tests, words_of_a_run);
	tcase_add_test_raise_signal(tests, no_such_task_aborts, SIGABRT);
	return kit_run("policy/task", tests);
}
