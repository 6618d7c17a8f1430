/* A check: its health by its answers, and by their absence. */
#include "policy/check.h"

#include "policy_kit.h"

/* Period 10 s, timeout 2 s, 3 failures, slow above 100 ms: stale at 12 s, lost at 42 s. */
static const struct check_spec spec = {.name = "db",
				       .probe = {.period = 10 * NS_S,
						 .timeout = 2 * NS_S,
						 .success_threshold = 1,
						 .failure_threshold = 3},
				       .degraded_above = 100 * NS_MS};

static struct check c;
static struct probe p;

static void begin(void)
{
	check_init(&c);
	probe_init(&p, PROBE_UNKNOWN);
	check_begin(&c, &spec, &p, T0);
}

/* Asked and answered at once, at so many seconds. */
static void answer(int at, enum probe_result result, span_ns latency)
{
	mono_ns now = T0 + at * NS_S;
	struct fact fact = {.kind = FACT_PROBED, .result = result, .span = latency};

	fact.serial = probe_ask(&p, &spec.probe, now);
	if (probe_answer(&p, &spec.probe, &fact, now))
		check_answer(&c, &spec, &p, now);
	check_wait(&c, &spec, &p);
}

/* "degraded ready stale slow". */
static const char *health(void)
{
	static char text[64];

	snprintf(text, sizeof text, "%s%s%s%s", health_name(c.health), c.ready ? " ready" : "",
		 c.stale ? " stale" : "", c.slow ? " slow" : "");
	return text;
}

/* s success, S slow success, f failure, - unknown; ten seconds apart. */
static const struct {
	const char *answers, *health;
} rows[] = {
	{"", "degraded"},
	{"-", "degraded"},
	{"f", "degraded"},
	{"ff", "degraded"},
	{"fff", "unhealthy"},
	{"s", "healthy ready"},
	{"S", "degraded ready slow"},
	{"Ss", "healthy ready"},
	{"sf", "degraded ready"},
	{"sfs", "healthy ready"},
	{"sff", "degraded ready"},
	{"sfff", "unhealthy"},
	{"sffff", "unhealthy"},
	{"sfffs", "healthy ready"},
	{"Sf", "degraded ready slow"},
	{"s-", "healthy ready"},
};

START_TEST(health_by_answers)
{
	begin();
	for (int n = 0; n < (int)strlen(rows[_i].answers); n++) {
		char a = rows[_i].answers[n];
		answer(10 * n,
		       a == '-'	  ? PROBE_UNKNOWN
		       : a == 'f' ? PROBE_FAILURE
				  : PROBE_SUCCESS,
		       a == 'S' ? 101 * NS_MS : 100 * NS_MS);
	}
	ck_assert_msg(strcmp(health(), rows[_i].health) == 0, "%s: %s", rows[_i].answers, health());
}
END_TEST

/* An answer that comes with its timeout is not late yet. */
#define GRACE (50 * NS_MS)

/* Nothing but time, with a question that is never answered under way. */
static void pass(span_ns at)
{
	ck_assert_int_eq(c.deadline, T0 + at);
	check_time(&c, &spec, &p, c.deadline);
	check_wait(&c, &spec, &p);
}

START_TEST(staleness)
{
	begin();
	answer(0, PROBE_SUCCESS, 0);
	pass(10 * NS_S);
	probe_ask(&p, &spec.probe, T0 + 10 * NS_S);
	check_wait(&c, &spec, &p);
	ck_assert_str_eq(health(), "healthy ready");
	pass(12 * NS_S + GRACE);
	ck_assert_str_eq(health(), "degraded ready stale");
	pass(42 * NS_S + GRACE);
	ck_assert_str_eq(health(), "unhealthy stale");
	ck_assert_int_eq(c.deadline, MONO_NEVER);
	struct fact fact = {.serial = p.serial, .result = PROBE_SUCCESS};
	ck_assert(probe_answer(&p, &spec.probe, &fact, T0 + 50 * NS_S));
	check_answer(&c, &spec, &p, T0 + 50 * NS_S);
	ck_assert_str_eq(health(), "healthy ready");
}
END_TEST

/* What was given up does not come back with a failure. */
START_TEST(lost_stays_down_until_it_succeeds)
{
	begin();
	answer(0, PROBE_SUCCESS, 0);
	pass(10 * NS_S);
	probe_ask(&p, &spec.probe, T0 + 10 * NS_S);
	check_wait(&c, &spec, &p);
	pass(12 * NS_S + GRACE);
	pass(42 * NS_S + GRACE);
	struct fact fact = {.serial = p.serial, .result = PROBE_FAILURE};
	ck_assert(probe_answer(&p, &spec.probe, &fact, T0 + 50 * NS_S));
	check_answer(&c, &spec, &p, T0 + 50 * NS_S);
	ck_assert_str_eq(health(), "unhealthy");
	answer(60, PROBE_SUCCESS, 0);
	ck_assert_str_eq(health(), "healthy ready");
}
END_TEST

START_TEST(failed_stays_failed_when_stale)
{
	begin();
	for (int n = 0; n < 3; n++)
		answer(0, PROBE_FAILURE, 0);
	probe_ask(&p, &spec.probe, T0 + 10 * NS_S);
	check_wait(&c, &spec, &p);
	pass(12 * NS_S + GRACE);
	ck_assert_str_eq(health(), "unhealthy stale");
	pass(42 * NS_S + GRACE);
	ck_assert_int_eq(c.deadline, MONO_NEVER);
}
END_TEST

START_TEST(never_asked)
{
	check_init(&c);
	ck_assert_str_eq(health(), "degraded");
	ck_assert_int_eq(c.deadline, MONO_NEVER);
}
END_TEST

/* Time in which fosterd did not run makes nobody stale. */
START_TEST(leap)
{
	begin();
	answer(0, PROBE_SUCCESS, 0);
	check_time(&c, &spec, &p, T0 + 3600 * NS_S);
	ck_assert_str_eq(health(), "healthy ready");
	probe_ask(&p, &spec.probe, T0 + 3600 * NS_S);
	check_wait(&c, &spec, &p);
	/* Ten seconds had gone by before the leap. */
	pass(3602 * NS_S + GRACE);
	ck_assert_str_eq(health(), "degraded ready stale");
}
END_TEST

START_TEST(time_too_early_aborts)
{
	begin();
	answer(0, PROBE_SUCCESS, 0);
	check_time(&c, &spec, &p, T0 + 9 * NS_S);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("check");

	tcase_add_loop_test(tests, health_by_answers, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(tests, staleness);
	tcase_add_test(tests, lost_stays_down_until_it_succeeds);
	tcase_add_test(tests, failed_stays_failed_when_stale);
	tcase_add_test(tests, never_asked);
	tcase_add_test(tests, leap);
	tcase_add_test_raise_signal(tests, time_too_early_aborts, SIGABRT);
	return kit_run("policy/check", tests);
}
