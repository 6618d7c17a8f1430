/* What is the matter with instances and checks, as the pages tell it. */
#include "service/plight.h"

#include "unit/fake_view.h"
#include "unit/suite.h"

static struct fake fake;
static unsigned code;

static const char *get(const char *uri)
{
	return fake_get(&fake, uri, &code);
}

static const struct {
	struct check_status status; /* health and marks; its probe is filled in */
	enum probe_result last;
	const char *error;
	bool answered;
	const char *reason;
} plights[] = {
	{{.health = HEALTH_DEGRADED}, PROBE_UNKNOWN, NULL, false, "no answer yet"},
	{{.health = HEALTH_DEGRADED, .stale = true}, PROBE_SUCCESS, NULL, true, "no answer for 7s"},
	{{.health = HEALTH_DEGRADED, .slow = true}, PROBE_SUCCESS, NULL, true, "slow: 1.8 ms, more than 200ms"},
	{{.health = HEALTH_DEGRADED}, PROBE_FAILURE, "a\nTraceback\n  ValueError: x\n\n", true, "ValueError: x"},
	{{.health = HEALTH_UNHEALTHY}, PROBE_FAILURE, "ta\tb\x1b[1m\xff", true, "ta b?[1m?"},
	{{.health = HEALTH_UNHEALTHY}, PROBE_FAILURE, NULL, true, "it fails"},
	{{.health = HEALTH_UNHEALTHY}, PROBE_FAILURE, " \n ", true, "it fails"},
	{{.health = HEALTH_UNHEALTHY}, PROBE_SUCCESS, NULL, true, "it has not succeeded often enough yet"},
};

START_TEST(why_a_check_is_not_well)
{
	char want[200];

	fake_init(&fake, 1);
	fake_checks(&fake);
	struct probe_view *view = &fake.probes[0];
	*view = fake_answer(plights[_i].last, plights[_i].error);
	view->status.answered = plights[_i].answered ? 2500 * NS_MS : 0;
	fake.check_status[0] = plights[_i].status;
	fake.check_status[0].probe = view->status;
	snprintf(want, sizeof want, "\"error\":\"%s\"", plights[_i].reason);
	ck_assert_msg(strstr(get("/healthz/database"), want) != NULL, "%s: %s", want, get("/healthz/database"));
	ck_assert_msg(strstr(get("/healthz/database"), plights[_i].answered ? "\"age_ms\":7500" : "\"age_ms\":null") != NULL,
		      "%s", get("/healthz/database"));
}
END_TEST

/* A program may write anything, without end. */
START_TEST(long_errors_are_cut_between_letters)
{
	char error[3000];

	for (size_t i = 0; i + 2 < sizeof error; i += 2)
		memcpy(error + i, "\xc3\xa9", 3);
	fake_init(&fake, 1);
	fake_checks(&fake);
	fake_check_is(&fake, 0, HEALTH_UNHEALTHY, PROBE_FAILURE, error);
	const char *body = get("/readyz");
	ck_assert_ptr_nonnull(strstr(body, "\xc3\xa9...\"]"));
	ck_assert_uint_lt(strlen(body), 600);
}
END_TEST

static struct instance_status *web(uint32_t ordinal)
{
	return &fake.instances[ordinal];
}

START_TEST(what_an_instance_waits_for)
{
	static const char *const reasons[] = {
		"web.0 is starting: its startup probe has no answer yet",
		"web.1 is starting: its readiness probe fails: HTTP 503",
		"web.2 is running: the readiness probe fails: connection refused",
	};

	fake_init(&fake, 1);
	fake_probes(&fake);
	fake_break(&fake, 0, 0, INSTANCE_STARTING, CAUSE_FIRST_START);
	fake.probes[fake_number(&fake, 0, PROBE_STARTUP)] = fake_answer(PROBE_UNKNOWN, NULL);
	fake_break(&fake, 0, 1, INSTANCE_STARTING, CAUSE_RESTART);
	fake.probes[fake_number(&fake, 1, PROBE_READINESS)] = fake_answer(PROBE_FAILURE, "HTTP 503");
	fake_break(&fake, 0, 2, INSTANCE_RUNNING, CAUSE_READINESS);
	fake.probes[fake_number(&fake, 2, PROBE_READINESS)] = fake_answer(PROBE_FAILURE, "connection refused");
	const char *body = get("/readyz");
	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		ck_assert_msg(strstr(body, reasons[i]) != NULL, "%s", body);
	web(1)->cause = CAUSE_READY_TIMEOUT;
	ck_assert_ptr_nonnull(strstr(get("/readyz"), "web.1 is starting: not ready in time, its readiness probe fails: HTTP 503"));
	fake.probes[fake_number(&fake, 1, PROBE_READINESS)].status.last = PROBE_SUCCESS;
	ck_assert_ptr_nonnull(strstr(get("/readyz"), "its readiness probe has not succeeded often enough yet"));
	fake.view.details = false;
	ck_assert_ptr_null(strstr(get("/readyz?verbose"), "HTTP 503"));
	ck_assert_ptr_null(strstr(get("/readyz"), "refused"));
}
END_TEST

START_TEST(held_by_a_check)
{
	fake_init(&fake, 1);
	fake_checks(&fake);
	fake_check_is(&fake, 0, HEALTH_UNHEALTHY, PROBE_FAILURE, "x");
	web(0)->held_by = 0;
	fake_break(&fake, 0, 1, INSTANCE_BACKOFF, CAUSE_EXITED);
	web(1)->held_by = 0;
	fake.status[0] = (struct worker_status){HEALTH_UNHEALTHY, false, 1};
	const char *body = get("/readyz?exclude=database");
	ck_assert_ptr_nonnull(strstr(body, "[\"web.0 is held: check database is unhealthy\","
					   "\"web.1 is in backoff: the main process ended, held: check database is unhealthy\"]"));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("plight");

	tcase_add_loop_test(tests, why_a_check_is_not_well, 0, sizeof plights / sizeof plights[0]);
	tcase_add_test(tests, long_errors_are_cut_between_letters);
	tcase_add_test(tests, what_an_instance_waits_for);
	tcase_add_test(tests, held_by_a_check);
	return suite_run("service/plight", tests);
}
