/* The four probes: verdicts, reasons, both forms of the body, what is withheld. */
#include "service/probes.h"

#include "unit/fake_view.h"
#include "unit/suite.h"

static struct fake fake;
static unsigned code;

static const char *get(const char *uri)
{
	return fake_get(&fake, uri, &code);
}

/* The whole answer to uri. */
static void expect(const char *uri, unsigned want_code, const char *want)
{
	ck_assert_str_eq(get(uri), want);
	ck_assert_uint_eq(code, want_code);
}

START_TEST(all_is_well)
{
	fake_init(&fake, 2);
	expect("/livez", 200, "{\"status\":\"healthy\",\"probe\":\"liveness\",\"state\":\"running\",\"reasons\":[]}\n");
	expect("/readyz", 200, "{\"status\":\"healthy\",\"probe\":\"readiness\",\"state\":\"running\",\"reasons\":[]}\n");
	expect("/startupz", 200, "{\"status\":\"healthy\",\"probe\":\"startup\",\"state\":\"running\",\"reasons\":[]}\n");
	ck_assert_uint_eq(fake.asked, 0);
	expect("/healthz", 200,
	       "{\"status\":\"healthy\",\"state\":\"running\",\"components\":["
	       "{\"name\":\"web\",\"kind\":\"worker\",\"status\":\"healthy\",\"latency_ms\":null,\"error\":null,"
	       "\"checked_at\":\"2026-11-22T18:00:00.123Z\",\"age_ms\":0,\"critical\":true},"
	       "{\"name\":\"db\",\"kind\":\"worker\",\"status\":\"healthy\",\"latency_ms\":null,\"error\":null,"
	       "\"checked_at\":\"2026-11-22T18:00:00.123Z\",\"age_ms\":0,\"critical\":false}]}\n");
	expect("/readyz?verbose", 200, "[+]fosterd ok\n[+]web ok\n[+]db ok\nreadyz check passed\n");
	ck_assert_uint_eq(fake.asked, 0);
}
END_TEST

START_TEST(not_ready_is_explained)
{
	fake_init(&fake, 2);
	fake_break(&fake, 0, 2, INSTANCE_STARTING, CAUSE_FIRST_START);
	expect("/readyz", 200, "{\"status\":\"degraded\",\"probe\":\"readiness\",\"state\":\"running\",\"reasons\":[]}\n");
	fake_break(&fake, 0, 0, INSTANCE_BACKOFF, CAUSE_EXITED);
	expect("/readyz", 503,
	       "{\"status\":\"unhealthy\",\"probe\":\"readiness\",\"state\":\"running\",\"reasons\":["
	       "\"web.0 is in backoff: the main process ended\",\"web.2 is starting\"]}\n");
	expect("/readyz?verbose", 503,
	       "[+]fosterd ok\n[-]web failed: web.0 is in backoff: the main process ended (and 1 more)\n"
	       "[+]db ok\nreadyz check failed\n");
	expect("/livez", 200, "{\"status\":\"healthy\",\"probe\":\"liveness\",\"state\":\"running\",\"reasons\":[]}\n");
	get("/healthz");
	ck_assert_uint_eq(code, 503);
}
END_TEST

START_TEST(exclude_leaves_out)
{
	fake_init(&fake, 2);
	fake_break(&fake, 0, 0, INSTANCE_BACKOFF, CAUSE_EXITED);
	fake_break(&fake, 0, 1, INSTANCE_BACKOFF, CAUSE_EXITED);
	expect("/readyz?exclude=web", 200, "{\"status\":\"healthy\",\"probe\":\"readiness\",\"state\":\"running\",\"reasons\":[]}\n");
	expect("/readyz?verbose&exclude=web&exclude=x&exclude=y", 200,
	       "[+]fosterd ok\n[+]web excluded: ok\n[+]db ok\n"
	       "warn: some health checks cannot be excluded: no matches for \"x\",\"y\"\n"
	       "readyz check passed\n");
	get("/readyz?exclude=db");
	ck_assert_uint_eq(code, 503);
	get("/healthz?exclude=web");
	ck_assert_uint_eq(code, 200);
	ck_assert_ptr_null(strstr(get("/healthz?exclude=web"), "\"name\":\"web\""));
}
END_TEST

START_TEST(draining_is_never_ready)
{
	static const char *const uris[] = {"/readyz", "/readyz?exclude=web&exclude=db", "/readyz/web",
					   "/readyz?verbose", "/readyz/web?verbose"};

	fake_init(&fake, 2);
	fake.view.status.state = FLEET_DRAINING;
	fake.view.status.ready = false;
	for (size_t i = 0; i < sizeof uris / sizeof uris[0]; i++) {
		ck_assert_ptr_nonnull(strstr(get(uris[i]), "draining"));
		ck_assert_uint_eq(code, 503);
	}
	expect("/readyz", 503, "{\"status\":\"unhealthy\",\"probe\":\"readiness\",\"state\":\"draining\",\"reasons\":[\"draining\"]}\n");
	get("/livez");
	ck_assert_uint_eq(code, 200);
	get("/startupz");
	ck_assert_uint_eq(code, 200);
}
END_TEST

START_TEST(starting_is_explained)
{
	fake_init(&fake, 2);
	fake_break(&fake, 0, 1, INSTANCE_STARTING, CAUSE_FIRST_START);
	fake_break(&fake, 0, 2, INSTANCE_WAITING, CAUSE_NONE);
	fake.view.status.state = FLEET_STARTING;
	fake.view.status.started = false;
	expect("/startupz", 503,
	       "{\"status\":\"unhealthy\",\"probe\":\"startup\",\"state\":\"starting\",\"reasons\":["
	       "\"fosterd is starting\",\"web.1 is starting\",\"web.2 is waiting\"]}\n");
	expect("/readyz?exclude=web", 503,
	       "{\"status\":\"unhealthy\",\"probe\":\"readiness\",\"state\":\"starting\",\"reasons\":[\"fosterd is starting\"]}\n");
	get("/readyz/db");
	ck_assert_uint_eq(code, 200);
	get("/startupz?exclude=web");
	ck_assert_uint_eq(code, 200);
}
END_TEST

START_TEST(liveness_follows_failed_workers)
{
	fake_init(&fake, 2);
	fake_break(&fake, 0, 1, INSTANCE_FAILED, CAUSE_RESTART_LIMIT);
	fake_break(&fake, 1, 0, INSTANCE_FAILED, CAUSE_NO_RESTART);
	fake.view.status.live = false;
	expect("/livez", 503,
	       "{\"status\":\"unhealthy\",\"probe\":\"liveness\",\"state\":\"running\",\"reasons\":["
	       "\"web.1 is failed: too many restarts\"]}\n");
	expect("/livez?verbose", 503,
	       "[+]fosterd ok\n[-]web failed: web.1 is failed: too many restarts\n[+]db ok\nlivez check failed\n");
	get("/livez?exclude=web");
	ck_assert_uint_eq(code, 200);
	get("/livez/db");
	ck_assert_uint_eq(code, 200);
	get("/livez/web");
	ck_assert_uint_eq(code, 503);
}
END_TEST

START_TEST(not_critical_is_told_and_forgiven)
{
	fake_init(&fake, 2);
	fake_break(&fake, 1, 0, INSTANCE_BACKOFF, CAUSE_SPAWN_FAILED);
	expect("/readyz?verbose", 200,
	       "[+]fosterd ok\n[+]web ok\n[+]db not critical: db is in backoff: could not be started\nreadyz check passed\n");
	expect("/readyz/db?verbose", 503,
	       "[-]db failed: db is in backoff: could not be started\nreadyz check failed\n");
	ck_assert_ptr_nonnull(strstr(get("/healthz"), "{\"status\":\"degraded\","));
	ck_assert_uint_eq(code, 200);
	ck_assert_ptr_nonnull(strstr(get("/healthz/db"), "\"error\":\"db is in backoff: could not be started\""));
	ck_assert_uint_eq(code, 503);
}
END_TEST

START_TEST(reasons_are_bounded)
{
	fake_init(&fake, 3);
	for (uint32_t i = 0; i < 100; i++)
		fake_break(&fake, 2, i, INSTANCE_BACKOFF, CAUSE_EXITED);
	const char *body = get("/readyz");
	ck_assert_ptr_nonnull(strstr(body, "\"big.49 is in backoff: the main process ended\",\"... and 50 more\"]"));
	ck_assert_ptr_null(strstr(body, "big.50"));
}
END_TEST

START_TEST(checks_are_components)
{
	fake_init(&fake, 1);
	fake_checks(&fake);
	expect("/readyz?verbose", 200, "[+]fosterd ok\n[+]web ok\n[+]database ok\n[+]cache ok\nreadyz check passed\n");
	expect("/healthz/database", 200,
	       "{\"status\":\"healthy\",\"state\":\"running\",\"components\":["
	       "{\"name\":\"database\",\"kind\":\"check\",\"status\":\"healthy\",\"latency_ms\":1.84,\"error\":null,"
	       "\"checked_at\":\"2026-11-22T17:59:59.711Z\",\"age_ms\":412,\"critical\":true}]}\n");
	fake_check_is(&fake, 0, HEALTH_UNHEALTHY, PROBE_FAILURE, "timeout: no answer within 1s");
	expect("/readyz", 503,
	       "{\"status\":\"unhealthy\",\"probe\":\"readiness\",\"state\":\"running\",\"reasons\":["
	       "\"database is unhealthy: timeout: no answer within 1s\"]}\n");
	expect("/readyz?verbose", 503,
	       "[+]fosterd ok\n[+]web ok\n[-]database failed: database is unhealthy: timeout: no answer within 1s\n"
	       "[+]cache ok\nreadyz check failed\n");
	ck_assert_ptr_nonnull(strstr(get("/healthz"), "\"status\":\"unhealthy\",\"latency_ms\":1.84,"
						      "\"error\":\"timeout: no answer within 1s\","));
	ck_assert_uint_eq(code, 503);
	get("/readyz?exclude=database");
	ck_assert_uint_eq(code, 200);
	ck_assert_ptr_null(strstr(get("/readyz?verbose&exclude=database"), "warn"));
	get("/readyz/database");
	ck_assert_uint_eq(code, 503);
	get("/readyz/cache");
	ck_assert_uint_eq(code, 200);
	ck_assert_ptr_nonnull(strstr(get("/readyz/databaes"), "\"did_you_mean\":\"database\""));
}
END_TEST

START_TEST(a_check_that_is_not_critical_only_degrades)
{
	fake_init(&fake, 1);
	fake_checks(&fake);
	fake_check_is(&fake, 1, HEALTH_UNHEALTHY, PROBE_FAILURE, "connection refused");
	expect("/readyz?verbose", 200,
	       "[+]fosterd ok\n[+]web ok\n[+]database ok\n"
	       "[+]cache not critical: cache is unhealthy: connection refused\nreadyz check passed\n");
	ck_assert_ptr_nonnull(strstr(get("/healthz"), "{\"status\":\"degraded\","));
	ck_assert_uint_eq(code, 200);
	get("/readyz/cache");
	ck_assert_uint_eq(code, 503);
	ck_assert_ptr_nonnull(strstr(get("/healthz?exclude=cache"), "{\"status\":\"healthy\","));
}
END_TEST

/* fosterd lives and has started, whoever else is down. */
START_TEST(checks_are_not_asked_for_liveness)
{
	fake_init(&fake, 1);
	fake_checks(&fake);
	fake_check_is(&fake, 0, HEALTH_UNHEALTHY, PROBE_FAILURE, "connection refused");
	expect("/livez?verbose", 200, "[+]fosterd ok\n[+]web ok\nlivez check passed\n");
	expect("/livez/database?verbose", 200, "[+]database ok\nlivez check passed\n");
	expect("/startupz/database", 200, "{\"status\":\"healthy\",\"probe\":\"startup\",\"state\":\"running\",\"reasons\":[]}\n");
	expect("/startupz?exclude=database&verbose", 200, "[+]fosterd ok\n[+]web ok\nstartupz check passed\n");
	fake.view.status.started = false;
	get("/startupz?exclude=x");
	ck_assert_uint_eq(code, 200);
	fake.check_status[0].ready = false;
	get("/startupz/database");
	ck_assert_uint_eq(code, 200);
	fake_break(&fake, 0, 0, INSTANCE_FAILED, CAUSE_RESTART_LIMIT);
	fake.view.status.live = false;
	get("/livez/database");
	ck_assert_uint_eq(code, 200);
	get("/livez/web");
	ck_assert_uint_eq(code, 503);
}
END_TEST

START_TEST(checks_come_before_those_who_need_them)
{
	fake_init(&fake, 3);
	fake_checks(&fake);
	fake_check_is(&fake, 0, HEALTH_UNHEALTHY, PROBE_FAILURE, "x");
	fake_check_is(&fake, 1, HEALTH_UNHEALTHY, PROBE_FAILURE, "y");
	for (uint32_t i = 0; i < 100; i++)
		fake_break(&fake, 2, i, INSTANCE_BACKOFF, CAUSE_EXITED);
	fake.view.status.state = FLEET_STARTING;
	const char *body = get("/readyz");
	ck_assert_ptr_nonnull(strstr(body, "[\"fosterd is starting\",\"database is unhealthy: x\",\"big.0 is in backoff: "));
	/* Fifty with that of fosterd itself. */
	ck_assert_ptr_nonnull(strstr(body, "\"big.47 is in backoff: the main process ended\",\"... and 52 more\"]"));
}
END_TEST

START_TEST(summary_withholds)
{
	fake_init(&fake, 2);
	fake.view.details = false;
	fake_break(&fake, 0, 0, INSTANCE_BACKOFF, CAUSE_EXITED);
	fake_break(&fake, 0, 1, INSTANCE_BACKOFF, CAUSE_EXITED);
	expect("/readyz", 503, "{\"status\":\"unhealthy\",\"probe\":\"readiness\",\"state\":\"running\",\"reasons\":[]}\n");
	expect("/healthz", 503, "{\"status\":\"unhealthy\",\"state\":\"running\",\"components\":[]}\n");
	expect("/readyz?verbose", 503, "[+]fosterd ok\n[-]web failed: reason withheld\n[+]db ok\nreadyz check failed\n");
	expect("/readyz/wep", 404, "{\"error\":{\"code\":\"not_found\",\"message\":\"no worker, check or task has that name\"}}\n");
	fake.view.status.state = FLEET_STOPPING;
	ck_assert_ptr_nonnull(strstr(get("/readyz?verbose"), "[-]fosterd failed: reason withheld\n"));
	ck_assert_uint_eq(fake.asked, 0);
}
END_TEST

START_TEST(tasks_are_of_health_alone)
{
	fake_init(&fake, 1);
	fake_plan(&fake);
	ck_assert_ptr_nonnull(strstr(get("/healthz"), "{\"name\":\"vacuum\",\"kind\":\"task\",\"status\":\"healthy\",\"latency_ms\":null,"
						       "\"error\":null,\"checked_at\":\"2026-11-22T17:59:57.900Z\",\"age_ms\":2223,"
						       "\"critical\":false}"));
	fake.task_status.health = HEALTH_UNHEALTHY;
	fake.instances[spec_task_instance(&fake.spec, 0)].state = INSTANCE_FAILED;
	fake.last_exit.code = 3;
	fake.output = "a\nno space left\n";
	fake.view.status.health = HEALTH_DEGRADED;
	ck_assert_ptr_nonnull(strstr(get("/healthz"), "\"error\":\"its last run failed: exit code 3: no space left\""));
	ck_assert_uint_eq(code, 200);
	expect("/healthz?verbose", 200,
	       "[+]fosterd ok\n[+]web ok\n[+]vacuum not critical: vacuum is unhealthy: its last run failed: exit code 3: no space left\n"
	       "healthz check passed\n");
	expect("/readyz?verbose", 200, "[+]fosterd ok\n[+]web ok\nreadyz check passed\n");
	get("/healthz/vacuum");
	ck_assert_uint_eq(code, 503);
	expect("/readyz/vacuum?verbose", 200, "[+]vacuum ok\nreadyz check passed\n");
	get("/livez/vacuum");
	ck_assert_uint_eq(code, 200);
	fake.instances[spec_task_instance(&fake.spec, 0)].cause = CAUSE_RUN_TIMEOUT;
	fake.last_exit.signaled = true;
	fake.last_exit.code = 15;
	ck_assert_ptr_nonnull(strstr(get("/healthz"), "\"its last run failed: took too long, signal SIGTERM: no space left\""));
	fake.workers[3].critical = true;
	fake.view.status.health = HEALTH_UNHEALTHY;
	get("/healthz");
	ck_assert_uint_eq(code, 503);
	get("/readyz");
	ck_assert_uint_eq(code, 200);
	get("/healthz?exclude=vacuum");
	ck_assert_uint_eq(code, 200);
	fake.instances[spec_task_instance(&fake.spec, 0)].state = INSTANCE_READY;
	ck_assert_ptr_nonnull(strstr(get("/healthz"), "\"error\":\"its last run failed\""));
	ck_assert_ptr_nonnull(strstr(get("/healthz/vacum"), "\"did_you_mean\":\"vacuum\""));
}
END_TEST

START_TEST(the_lifespan_is_why_nothing_starts)
{
	fake_init(&fake, 1);
	fake_plan(&fake);
	fake_break(&fake, 0, 0, INSTANCE_WAITING, CAUSE_NONE);
	fake_break(&fake, 0, 1, INSTANCE_WAITING, CAUSE_NONE);
	fake.view.status.state = FLEET_STARTING;
	fake.view.status.lifespan_up = fake.view.status.started = false;
	fake.step_status.state = STEP_STARTING;
	ck_assert_ptr_nonnull(strstr(get("/startupz"), "[\"lifespan step schema is starting\",\"web.0 is waiting\""));
	ck_assert_ptr_nonnull(strstr(get("/readyz?verbose"), "[-]fosterd failed: lifespan step schema is starting\n"));
	fake.view.status.state = FLEET_DRAINING;
	fake.step_status.start_failed = true;
	fake.last_exit.code = 1;
	ck_assert_ptr_nonnull(strstr(get("/readyz"), "[\"draining: the start of lifespan step schema failed: exit code 1\"]"));
	fake.view.status.lifespan_up = true;
	ck_assert_ptr_nonnull(strstr(get("/readyz"), "[\"draining\"]"));
}
END_TEST

START_TEST(who_waits_for_whom_is_told)
{
	fake_init(&fake, 2);
	for (uint32_t i = 0; i < 3; i++) {
		fake_break(&fake, 0, i, INSTANCE_WAITING, CAUSE_DEPENDENCY);
		fake.instances[i].waits_for = 1;
		fake.instances[i].waits_when = (enum depend_when)i;
	}
	ck_assert_ptr_nonnull(strstr(get("/readyz"), "[\"web.0 waits for db to be started\",\"web.1 waits for db to be ready\","
						     "\"web.2 waits for db to complete\"]"));
}
END_TEST

/* What has done its work is no reason. */
START_TEST(a_job_is_ready_when_it_has_completed)
{
	fake_init(&fake, 2);
	fake.workers[0].kind = PROGRAM_JOB;
	fake.workers[0].min_ready = 3;
	fake.instances[0].state = fake.instances[1].state = INSTANCE_COMPLETED;
	fake_break(&fake, 0, 2, INSTANCE_BACKOFF, CAUSE_EXITED);
	ck_assert_ptr_nonnull(strstr(get("/readyz"), "[\"web.2 is in backoff: the main process ended\"]"));
	ck_assert_ptr_nonnull(strstr(get("/status"), "\"state\":\"completed\",\"cause\":null,\"ready\":true"));
	fake.workers[0].kind = PROGRAM_SERVICE;
	ck_assert_ptr_nonnull(strstr(get("/readyz"), "\"web.0 is completed\""));
	ck_assert_ptr_nonnull(strstr(get("/status"), "\"state\":\"completed\",\"cause\":null,\"ready\":false"));
}
END_TEST

START_TEST(paths)
{
	static const char *const missing[] = {"/", "/live", "/livezz", "/metrics", "/status/", "/livez/",
					      "/readyz/web/x", "//livez", "/readyz/nothing-like-it"};

	fake_init(&fake, 2);
	for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
		ck_assert_ptr_nonnull(strstr(get(missing[i]), "{\"error\":{\"code\":\"not_found\""));
		ck_assert_msg(code == 404, "%s: %u", missing[i], code);
	}
	ck_assert_ptr_nonnull(strstr(get("/readyz/wep"), "\"did_you_mean\":\"web\""));
	fake_init(&fake, 0);
	get("/readyz");
	ck_assert_uint_eq(code, 200);
	get("/readyz/web");
	ck_assert_uint_eq(code, 404);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("probes");

	tcase_add_test(tests, all_is_well);
	tcase_add_test(tests, not_ready_is_explained);
	tcase_add_test(tests, exclude_leaves_out);
	tcase_add_test(tests, draining_is_never_ready);
	tcase_add_test(tests, starting_is_explained);
	tcase_add_test(tests, liveness_follows_failed_workers);
	tcase_add_test(tests, not_critical_is_told_and_forgiven);
	tcase_add_test(tests, reasons_are_bounded);
	tcase_add_test(tests, checks_are_components);
	tcase_add_test(tests, a_check_that_is_not_critical_only_degrades);
	tcase_add_test(tests, checks_are_not_asked_for_liveness);
	tcase_add_test(tests, checks_come_before_those_who_need_them);
	tcase_add_test(tests, summary_withholds);
	tcase_add_test(tests, tasks_are_of_health_alone);
	tcase_add_test(tests, the_lifespan_is_why_nothing_starts);
	tcase_add_test(tests, who_waits_for_whom_is_told);
	tcase_add_test(tests, a_job_is_ready_when_it_has_completed);
	tcase_add_test(tests, paths);
	return suite_run("service/probes", tests);
}
