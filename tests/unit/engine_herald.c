/* herald - what the log says of probes and checks, and how little of it when they flap. */
#include "engine/herald.h"

#include "unit/engine_rig.h"

enum { WEB_0 = 0, WEB_1 = 1, DB_CHECK = 2 };

static const struct probe_spec plain = {.driver = DRIVER_TCP,
					.target = "127.0.0.1:1",
					.period = NS_S,
					.timeout = NS_S,
					.success_threshold = 1,
					.failure_threshold = 1};

/* web.0 and web.1 with a readiness probe each, and a check. */
static void begin(void)
{
	rig_begin(1, &plain);
	kit_worker(&kit_workers[KIT_WEB], "web", 0, 2);
	kit_workers[KIT_WEB].probes[PROBE_READINESS] = &plain;
	kit_workers[KIT_WEB].n_probes = 1;
	kit_workers[KIT_DB].first_instance = 2;
	kit_workers[KIT_DB].first_probe = 2;
	kit_spec.n_instances = 3;
	kit_spec.n_probes = 3;
	rig_open();
}

static void tell(uint32_t probe, enum probe_result verdict, enum health health)
{
	herald_order(&loop.inquiry.herald, &(struct order){.kind = ORDER_TELL_PROBE,
							   .probe = probe,
							   .verdict = verdict,
							   .health = health});
}

static void answer(uint32_t probe, enum probe_result result, const char *error)
{
	static struct question_list list;

	question_begin(&loop.inquiry.questions, probe, 0, &list);
	question_answer(&loop.inquiry.questions, probe, &list,
			&(struct answer){.result = result, .error = error});
}

START_TEST(a_probe_is_told_with_its_error)
{
	begin();
	tell(WEB_1, PROBE_SUCCESS, 0);
	ck_assert_uint_eq(
		rig_said("level=info msg=\"probe succeeds\" worker=web.1 probe=readiness\n"), 1);
	answer(WEB_1, PROBE_FAILURE, "HTTP 503");
	tell(WEB_1, PROBE_FAILURE, 0);
	ck_assert_uint_eq(
		rig_said("level=warning msg=\"probe failed\" worker=web.1 probe=readiness "
			 "error=\"HTTP 503\"\n"),
		1);
	answer(WEB_1, PROBE_SUCCESS, "");
	tell(WEB_1, PROBE_SUCCESS, 0);
	ck_assert_uint_eq(rig_said("msg=\"probe succeeds again\" worker=web.1 probe=readiness\n"),
			  1);
	rig_close();
}
END_TEST

START_TEST(a_check_is_told_when_its_health_is_new)
{
	begin();
	tell(DB_CHECK, PROBE_SUCCESS, HEALTH_HEALTHY);
	ck_assert_uint_eq(rig_said("level=info msg=\"check is healthy\" check=db\n"), 1);
	answer(DB_CHECK, PROBE_FAILURE, "connection refused");
	tell(DB_CHECK, PROBE_SUCCESS, HEALTH_DEGRADED);
	tell(DB_CHECK, PROBE_FAILURE, HEALTH_UNHEALTHY);
	tell(DB_CHECK, PROBE_SUCCESS, HEALTH_UNHEALTHY);
	ck_assert_uint_eq(rig_said("msg=\"check is degraded\" check=db"), 1);
	ck_assert_uint_eq(rig_said("level=warning msg=\"check is unhealthy\" check=db "), 1);
	rig_close();
}
END_TEST

/* 5 in full, and the rest of each 10 s in one line, until it is quiet; another's are told. */
START_TEST(a_storm_is_summed_up)
{
	begin();
	for (int i = 0; i < 20; i++) {
		tell(WEB_0, i % 2 == 0 ? PROBE_FAILURE : PROBE_SUCCESS, 0);
		tell(DB_CHECK, 0, i % 2 == 0 ? HEALTH_UNHEALTHY : HEALTH_HEALTHY);
	}
	ck_assert_uint_eq(rig_said("worker=web.0"), 5);
	ck_assert_uint_eq(rig_said("check=db"), 5);
	ck_assert_int_ne(loop.inquiry.herald.deadline, MONO_NEVER);
	loop.desk.now += 10 * NS_S;
	herald_time(&loop.inquiry.herald);
	ck_assert_uint_eq(rig_said("level=warning msg=\"probes changed more often than is told\" "
				   "worker=web times=15 "
				   "within=10s last=web.0 probe=readiness verdict=success\n"),
			  1);
	ck_assert_uint_eq(
		rig_said("msg=\"check changed more often than is told\" check=db times=15 "
			 "within=10s last=healthy\n"),
		1);
	loop.desk.now += 10 * NS_S;
	herald_time(&loop.inquiry.herald);
	ck_assert_uint_eq(rig_said("than is told"), 2);
	for (int i = 0; i < 9; i++)
		tell(WEB_1, PROBE_SUCCESS, 0);
	loop.desk.now += 10 * NS_S;
	herald_time(&loop.inquiry.herald);
	ck_assert_uint_eq(rig_said("level=info msg=\"probes changed"), 1);
	loop.desk.now += 10 * NS_S;
	herald_time(&loop.inquiry.herald);
	ck_assert_int_eq(loop.inquiry.herald.deadline, MONO_NEVER);
	tell(WEB_0, PROBE_FAILURE, 0);
	ck_assert_uint_eq(rig_said("msg=\"probe failed\" worker=web.0"), 4);
	rig_close();
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("herald");

	tcase_add_test(tests, a_probe_is_told_with_its_error);
	tcase_add_test(tests, a_check_is_told_when_its_health_is_new);
	tcase_add_test(tests, a_storm_is_summed_up);
	return suite_run("engine/herald", tests);
}
