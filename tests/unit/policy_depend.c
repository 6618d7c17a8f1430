/* Who waits for whom, from the first start to the drain. */
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

static struct worker_status worker_of(uint32_t worker)
{
	struct worker_status out;

	fleet_worker_status(yard.fleet, worker, &out);
	return out;
}

/* a, and b that depends on it. */
static void pair(int a, int b, enum depend_when when)
{
	yard_plan(a, b, -1);
	yard_depend(1, 0, when);
}

static void open_and_begin(void)
{
	yard_open();
	tell(FACT_BEGIN);
}

START_TEST(ready_is_waited_for)
{
	pair(1, 1, DEPEND_READY);
	yard.workers[0].ready_when = READY_NOTIFY;
	open_and_begin();
	ck_assert_str_eq(ordered(), " tell=starting spawn tell=waiting");
	ck_assert_str_eq(waits(1), "a ready");
	ck_assert_int_eq(instance_of(1).cause, CAUSE_DEPENDENCY);
	ck_assert_int_eq(worker_of(1).health, HEALTH_DEGRADED);
	tell_of(0, FACT_SPAWNED);
	ck_assert_str_eq(ordered(), "");
	tell_of(0, FACT_READY);
	ck_assert_str_eq(ordered(), " tell=ready tell=starting spawn");
	ck_assert_str_eq(waits(1), "-");
	ck_assert_int_eq(instance_of(1).cause, CAUSE_FIRST_START);
}
END_TEST

START_TEST(started_is_its_program_running)
{
	pair(2, 1, DEPEND_STARTED);
	yard.workers[0].ready_when = READY_NOTIFY;
	open_and_begin();
	tell_of(0, FACT_SPAWNED);
	ck_assert_str_eq(waits(2), "a started");
	tell_of(1, FACT_SPAWNED);
	ck_assert_int_eq(state_of(2), INSTANCE_STARTING);
}
END_TEST

/* One that is on its way down is not there for anybody new. */
START_TEST(started_is_not_stopping)
{
	pair(1, 1, DEPEND_STARTED);
	yard_run();
	tell_of(1, FACT_SPAWNED);
	step((struct fact){.kind = FACT_STOP, .instance = 0});
	fail_of(1);
	pass(NS_S);
	ck_assert_str_eq(waits(1), "a started");
}
END_TEST

START_TEST(completed_is_every_instance)
{
	pair(2, 1, DEPEND_COMPLETED);
	yard.workers[0].kind = PROGRAM_JOB;
	yard.workers[0].restart = RESTART_ON_FAILURE;
	open_and_begin();
	for (uint32_t i = 0; i < 2; i++)
		tell_of(i, FACT_SPAWNED);
	ck_assert_int_eq(worker_of(0).health, HEALTH_DEGRADED);
	end_of(0, 0, true);
	ck_assert_str_eq(waits(2), "a completed");
	end_of(1, 1, true);
	ck_assert_int_eq(state_of(1), INSTANCE_BACKOFF);
	ck_assert_int_eq(worker_of(0).health, HEALTH_UNHEALTHY);
	ck_assert_int_eq(status().state, FLEET_RUNNING); /* the first attempts are over */
	pass(NS_S);
	tell_of(1, FACT_SPAWNED);
	ck_assert_int_eq(worker_of(0).health, HEALTH_UNHEALTHY);
	end_of(1, 0, true);
	ck_assert(worker_of(0).ready && worker_of(0).health == HEALTH_HEALTHY);
	ck_assert_int_eq(state_of(2), INSTANCE_STARTING);
}
END_TEST

/* Until the job runs again; a stop by hand takes nothing of what was done back. */
START_TEST(completed_is_latched)
{
	pair(1, 1, DEPEND_COMPLETED);
	yard.workers[0].kind = PROGRAM_JOB;
	yard.workers[0].restart = RESTART_ON_FAILURE;
	open_and_begin();
	tell_of(0, FACT_SPAWNED);
	end_of(0, 0, true);
	tell_of(1, FACT_SPAWNED);
	step((struct fact){.kind = FACT_STOP, .instance = 0});
	ck_assert_int_eq(state_of(0), INSTANCE_COMPLETED);
	fail_of(1);
	pass(NS_S);
	tell_of(1, FACT_SPAWNED);
	ck_assert_int_eq(state_of(1), INSTANCE_READY);
	step((struct fact){.kind = FACT_START, .instance = 0});
	ck_assert_int_eq(state_of(1), INSTANCE_READY);
	fail_of(1);
	pass(NS_S);
	ck_assert_str_eq(waits(1), "a completed");
	ck_assert_int_eq(worker_of(1).health, HEALTH_UNHEALTHY);
	tell_of(0, FACT_SPAWNED);
	end_of(0, 0, true);
	ck_assert_int_eq(state_of(1), INSTANCE_STARTING);
	ck_assert_int_eq(instance_of(1).cause, CAUSE_RESTART);
}
END_TEST

/* A service that ended well has not started anything. */
START_TEST(started_of_a_service_that_completed)
{
	pair(1, 1, DEPEND_STARTED);
	yard.workers[0].restart = RESTART_ON_FAILURE;
	yard_run();
	tell_of(1, FACT_SPAWNED);
	end_of(0, 0, true);
	ck_assert_int_eq(state_of(0), INSTANCE_COMPLETED);
	fail_of(1);
	pass(NS_S);
	ck_assert_str_eq(waits(1), "a started");
}
END_TEST

START_TEST(started_of_a_job_that_completed)
{
	pair(1, 1, DEPEND_STARTED);
	yard.workers[0].kind = PROGRAM_JOB;
	yard.workers[0].restart = RESTART_ON_FAILURE;
	yard_run();
	end_of(0, 0, true);
	tell_of(1, FACT_SPAWNED);
	fail_of(1);
	pass(NS_S);
	ck_assert_int_eq(state_of(1), INSTANCE_STARTING);
}
END_TEST

START_TEST(nobody_is_whatever_is_wanted)
{
	pair(0, 1, (enum depend_when)_i);
	open_and_begin();
	ck_assert_str_eq(ordered(), " tell=starting spawn");
}
END_TEST

START_TEST(ready_is_min_ready)
{
	pair(3, 1, DEPEND_READY);
	yard.workers[0].min_ready = 2;
	open_and_begin();
	tell_of(0, FACT_SPAWNED);
	ck_assert_str_eq(waits(3), "a ready");
	tell_of(2, FACT_SPAWNED);
	ck_assert_int_eq(state_of(3), INSTANCE_STARTING);
}
END_TEST

/* The first that is missing is told, and each that comes to be it. */
START_TEST(what_is_waited_for_is_told)
{
	yard_plan(1, 1, 1);
	yard_depend(2, 0, DEPEND_READY);
	yard_depend(2, 1, DEPEND_STARTED);
	open_and_begin();
	ordered();
	ck_assert_str_eq(waits(2), "a ready");
	tell_of(0, FACT_SPAWNED);
	ck_assert_str_eq(ordered(), " tell=ready tell=waiting");
	ck_assert_uint_eq(yard.out.list[1].waits_for, 1);
	ck_assert_str_eq(waits(2), "b started");
	fail_of(0);
	ck_assert_str_eq(waits(2), "a ready");
	ck_assert_str_eq(ordered(), " tell=backoff tell=waiting");
	tell_of(1, FACT_SPAWNED);
	ck_assert_str_eq(ordered(), " tell=ready fleet=running"); /* it waits for the same as before */
}
END_TEST

/* a <- b <- c: who crash-loops at the bottom keeps none of them from its first attempt. */
START_TEST(attempted_goes_up_the_chain)
{
	yard_plan(1, 1, 1);
	yard_depend(1, 0, DEPEND_READY);
	yard_depend(2, 1, DEPEND_READY);
	open_and_begin();
	tell_of(0, FACT_SPAWN_FAILED);
	ck_assert_int_eq(status().state, FLEET_RUNNING);
	ck_assert(!status().ready && !status().started);
	ck_assert_int_eq(worker_of(2).health, HEALTH_DEGRADED);
	pass(NS_S);
	for (uint32_t i = 0; i < 3; i++)
		tell_of(i, FACT_SPAWNED);
	ck_assert(status().ready && status().started);
}
END_TEST

START_TEST(attempted_when_stopped_by_hand)
{
	pair(1, 1, DEPEND_READY);
	yard.workers[0].ready_when = READY_NOTIFY;
	open_and_begin();
	tell_of(0, FACT_SPAWNED);
	ck_assert_int_eq(status().state, FLEET_STARTING);
	step((struct fact){.kind = FACT_STOP, .instance = 0});
	fail_of(0);
	ck_assert_int_eq(state_of(0), INSTANCE_STOPPED);
	ck_assert_int_eq(status().state, FLEET_RUNNING);
	ck_assert_str_eq(waits(1), "a ready");
}
END_TEST

START_TEST(who_waits_is_stopped_by_a_drain)
{
	pair(1, 1, DEPEND_READY);
	yard.workers[0].ready_when = READY_NOTIFY;
	yard.spec.drain_delay = 5 * NS_S;
	open_and_begin();
	tell_of(0, FACT_SPAWNED);
	ordered();
	tell(FACT_TERMINATE);
	ck_assert_str_eq(ordered(), " fleet=draining tell=stopped");
	tell_of(0, FACT_READY);
	ck_assert_int_eq(state_of(1), INSTANCE_STOPPED);
}
END_TEST

/* a <- b <- c, and d on its own. */
START_TEST(dependents_of_a_worker)
{
	yard_plan(1, 1, 1);
	yard_add(1);
	yard_depend(1, 0, DEPEND_READY);
	yard_depend(2, 1, DEPEND_READY);
	yard_run();
	tell_of(1, FACT_SPAWNED);
	tell_of(2, FACT_SPAWNED);
	ck_assert_uint_eq(fleet_dependent(yard.fleet, 0), 1);
	ck_assert_uint_eq(fleet_dependent(yard.fleet, 3), PROGRAM_NONE);
	/* Not directly, though what is between has gone. */
	fail_of(1);
	ck_assert_uint_eq(fleet_dependent(yard.fleet, 0), 2);
	fail_of(2);
	ck_assert_uint_eq(fleet_dependent(yard.fleet, 0), PROGRAM_NONE);
	fleet_check(yard.fleet);
}
END_TEST

START_TEST(task_that_runs_is_a_dependent)
{
	yard_plan(1, -1, -1);
	course_task("t")->run_at_start = true;
	yard_depend(1, 0, DEPEND_READY);
	open_and_begin();
	tell_of(0, FACT_SPAWNED);
	ck_assert_uint_eq(fleet_dependent(yard.fleet, 0), 1);
	tell_of(1, FACT_SPAWNED);
	end_of(1, 0, true);
	ck_assert_uint_eq(fleet_dependent(yard.fleet, 0), PROGRAM_NONE);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("depend");

	tcase_add_test(tests, ready_is_waited_for);
	tcase_add_test(tests, started_is_its_program_running);
	tcase_add_test(tests, started_is_not_stopping);
	tcase_add_test(tests, completed_is_every_instance);
	tcase_add_test(tests, completed_is_latched);
	tcase_add_test(tests, started_of_a_service_that_completed);
	tcase_add_test(tests, started_of_a_job_that_completed);
	tcase_add_loop_test(tests, nobody_is_whatever_is_wanted, 0, DEPEND_WHEN_COUNT);
	tcase_add_test(tests, ready_is_min_ready);
	tcase_add_test(tests, what_is_waited_for_is_told);
	tcase_add_test(tests, attempted_goes_up_the_chain);
	tcase_add_test(tests, attempted_when_stopped_by_hand);
	tcase_add_test(tests, who_waits_is_stopped_by_a_drain);
	tcase_add_test(tests, dependents_of_a_worker);
	tcase_add_test(tests, task_that_runs_is_a_dependent);
	return kit_run("policy/depend", tests);
}
