/* The fleet in one line. */
#include "service/summary.h"

#include "unit/fake_view.h"
#include "unit/suite.h"

static struct fake fake;
static char line[SUMMARY_SIZE];

static const char *summary(void)
{
	return summary_of(&fake.view, line);
}

START_TEST(all_is_well)
{
	fake_init(&fake, 2);
	ck_assert_str_eq(summary(), "running: 4 of 4 instances ready");
	fake.view.status.state = FLEET_STOPPED;
	ck_assert_str_eq(summary(), "stopped");
	fake_init(&fake, 0);
	ck_assert_str_eq(summary(), "running: no workers");
}
END_TEST

START_TEST(the_one_that_matters_is_named)
{
	fake_init(&fake, 3);
	fake_break(&fake, 0, 2, INSTANCE_BACKOFF, CAUSE_EXITED);
	ck_assert_str_eq(summary(), "running: 103 of 104 instances ready; web.2 is in backoff: the main process ended");
	fake_break(&fake, 1, 0, INSTANCE_FAILED, CAUSE_RESTART_LIMIT);
	ck_assert_str_eq(summary(), "running: 102 of 104 instances ready; web.2 is in backoff: the main process ended");
	/* big is critical and has too few; web is well with two, and db does not matter. */
	fake_break(&fake, 2, 7, INSTANCE_STARTING, CAUSE_FIRST_START);
	fake_break(&fake, 2, 9, INSTANCE_STARTING, CAUSE_FIRST_START);
	ck_assert_str_eq(summary(), "running: 100 of 104 instances ready; big.7 is starting (and 1 more)");
}
END_TEST

START_TEST(failing_checks_are_named)
{
	fake_init(&fake, 1);
	fake_checks(&fake);
	ck_assert_str_eq(summary(), "running: 3 of 3 instances ready");
	fake_check_is(&fake, 1, HEALTH_UNHEALTHY, PROBE_FAILURE, "connection refused");
	ck_assert_str_eq(summary(), "running: 3 of 3 instances ready; cache is unhealthy: connection refused");
	fake_check_is(&fake, 0, HEALTH_DEGRADED, PROBE_FAILURE, "timeout");
	ck_assert_str_eq(summary(), "running: 3 of 3 instances ready; cache is unhealthy: connection refused");
	fake_check_is(&fake, 0, HEALTH_UNHEALTHY, PROBE_FAILURE, "timeout");
	fake_break(&fake, 0, 2, INSTANCE_BACKOFF, CAUSE_EXITED);
	ck_assert_str_eq(summary(), "running: 2 of 3 instances ready; web.2 is in backoff: the main process ended; "
				    "database is unhealthy: timeout (and 1 more check)");
	fake.spec.n_workers = fake.spec.n_instances = 0;
	ck_assert_str_eq(summary(), "running: no workers; database is unhealthy: timeout (and 1 more check)");
	fake.checks[0].critical = false;
	fake.checks[1].critical = true;
	ck_assert_str_eq(summary(), "running: no workers; cache is unhealthy: connection refused (and 1 more check)");
}
END_TEST

/* The service manager takes whole letters alone. */
START_TEST(long_reasons_are_cut)
{
	char error[300];

	for (size_t i = 0; i + 2 < sizeof error; i += 2)
		memcpy(error + i, "\xc3\xa9", 3);
	fake_init(&fake, 1);
	fake_checks(&fake);
	fake_check_is(&fake, 0, HEALTH_UNHEALTHY, PROBE_FAILURE, error);
	const char *end = strstr(summary(), "\xc3\xa9...");
	ck_assert_ptr_nonnull(end);
	ck_assert_str_eq(end, "\xc3\xa9...");
}
END_TEST

START_TEST(a_drain_tells_who_is_left)
{
	fake_init(&fake, 2);
	fake.view.status.state = FLEET_DRAINING;
	fake.view.status.drain.deadline = 39 * NS_S + NS_MS;
	ck_assert_str_eq(summary(), "draining: 4 of 4 instances left, at most 30s");
	fake.view.status.state = FLEET_STOPPING;
	fake.instances[0] = (struct instance_status){.state = INSTANCE_STOPPED};
	fake.instances[1] = (struct instance_status){.state = INSTANCE_STOPPING};
	ck_assert_str_eq(summary(), "stopping: 3 of 4 instances left, at most 30s; waits for web.1");
	fake.instances[1].killing = true;
	fake.instances[3].state = INSTANCE_STOPPING;
	fake.instances[3].killing = true;
	ck_assert_str_eq(summary(),
			 "stopping: 3 of 4 instances left, at most 30s; waits for web.1 (killed), db (pid 13, killed)");
	for (int i = 0; i < 4; i++)
		fake.instances[i] = (struct instance_status){.state = INSTANCE_STOPPED};
	ck_assert_str_eq(summary(), "stopping: 0 of 4 instances left, at most 30s");
	fake_init(&fake, 3);
	fake.view.status.state = FLEET_STOPPING;
	for (int i = 0; i < 104; i++)
		fake.instances[i].state = INSTANCE_STOPPING;
	ck_assert_str_eq(summary(), "stopping: 104 of 104 instances left, at most 0s; waits for web.0 (pid 10), "
				    "web.1 (pid 11), web.2 (pid 12) and 101 more");
}
END_TEST

START_TEST(the_lifespan_is_told)
{
	fake_init(&fake, 1);
	fake_plan(&fake);
	fake.view.status.state = FLEET_STARTING;
	fake.view.status.lifespan_up = false;
	fake.step_status.state = STEP_STARTING;
	ck_assert_str_eq(summary(), "starting: lifespan step schema is starting, 7s");
	fake.view.status.lifespan_up = true;
	ck_assert_str_eq(summary(), "starting: 3 of 3 instances ready");
	fake.view.status.state = FLEET_STOPPING;
	fake.view.status.drain.deadline = 11 * NS_S;
	for (uint32_t i = 0; i < 3; i++)
		fake.instances[i].state = INSTANCE_STOPPED;
	fake.instances[spec_step_stop(&fake.spec, 0)].state = INSTANCE_READY;
	ck_assert_str_eq(summary(), "stopping: 0 of 3 instances left, at most 1s; waits for schema.stop (pid 14)");
	fake.view.status.lifespan_up = false;
	fake.step_status.start_failed = true;
	fake.last_exit.code = 1;
	fake.instances[spec_step_stop(&fake.spec, 0)].state = INSTANCE_WAITING;
	ck_assert_str_eq(summary(), "stopping: 0 of 3 instances left, at most 1s; the start of lifespan step schema failed: exit code 1");
	fake.view.status.state = FLEET_STOPPED;
	ck_assert_str_eq(summary(), "stopped: the start of lifespan step schema failed: exit code 1");
	/* It was told to end: that it did explains itself. */
	fake.view.status.drain.signals = 1;
	ck_assert_str_eq(summary(), "stopped");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("summary");

	tcase_add_test(tests, all_is_well);
	tcase_add_test(tests, the_one_that_matters_is_named);
	tcase_add_test(tests, failing_checks_are_named);
	tcase_add_test(tests, long_reasons_are_cut);
	tcase_add_test(tests, a_drain_tells_who_is_left);
	tcase_add_test(tests, the_lifespan_is_told);
	return suite_run("service/summary", tests);
}
