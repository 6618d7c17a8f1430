/* asked, and where it is shown - probes and checks in words, a row each, and in detail. */
#include "fosterctl/asked.h"

#include "fosterctl/details.h"
#include "fosterctl/document.h"
#include "fosterctl/overview.h"
#include "fosterctl/path.h"
#include "fosterctl/words.h"
#include "unit/fosterctl_kit.h"
#include "unit/suite.h"

#define FAILS "{'status': 'failure', 'last': 'failure', 'streak': 3, 'error': 'HTTP 503', 'age_ms': 1500, 'latency_ms': 2.5}"
#define WELL "{'status': 'success', 'last': 'success', 'streak': 9, 'error': null, 'age_ms': 3000, 'latency_ms': 1.84}"
#define NEW "{'status': 'unknown', 'last': 'unknown', 'streak': 0, 'error': null, 'age_ms': null, 'latency_ms': null}"
#define SLOWLY "{'status': 'failure', 'last': 'success', 'streak': 1, 'error': null, 'age_ms': 0, 'latency_ms': 250.4}"

static const struct {
	const char *probe, *words;
} probes[] = {
	{FAILS, "fails: HTTP 503 (3 in a row), 1s ago"},
	{WELL, "succeeds, 1.8 ms, 3s ago"},
	{NEW, "has no answer yet"},
	{SLOWLY, "has not succeeded often enough yet, 250 ms, 0s ago"},
	{"{'last': 'success', 'status': 'success', 'latency_ms': 0.047}", "succeeds, 0.05 ms"},
	{"{'last': 'failure', 'streak': 1, 'error': 'Traceback\\n  ValueError: \\u001b[2J\\n\\n'}", "fails: ValueError: \\x1b[2J"},
	{"{'last': 'failure', 'error': null}", "fails"},
	{"{'last': 7, 'error': {}}", "fails"},
};

START_TEST(a_probe_in_words)
{
	json_t *probe = document_of(probes[_i].probe);
	char buf[256];
	struct text text;

	text_init(&text, buf, sizeof buf);
	asked_probe(&text, probe);
	ck_assert_str_eq(buf, probes[_i].words);
	json_decref(probe);
}
END_TEST

static const struct {
	const char *instance, *words;
	unsigned rank;
} instances[] = {
	{"{'state': 'starting', 'cause': 'first start', 'deadline_ms': 57000, 'probes': {'startup': " NEW "}}",
	 "a is starting: its startup probe has no answer yet, due to be ready in 57s", 5},
	{"{'state': 'starting', 'probes': {'startup': " WELL ", 'readiness': " FAILS "}}",
	 "a is starting: its readiness probe fails: HTTP 503", 5},
	{"{'state': 'starting', 'cause': 'not ready in time', 'probes': {'readiness': " FAILS "}}",
	 "a is starting: its readiness probe fails: HTTP 503, not ready in time", 5},
	{"{'state': 'starting', 'probes': {'startup': " WELL ", 'readiness': " WELL "}}", "a is starting", 5},
	{"{'state': 'running', 'cause': 'the readiness probe fails', 'probes': {'readiness': " FAILS "}}",
	 "a is running: its readiness probe fails: HTTP 503", 7},
	{"{'state': 'running', 'cause': 'the readiness probe fails', 'probes': {'readiness': " SLOWLY "}}",
	 "a is running: its readiness probe has not succeeded often enough yet", 7},
	{"{'state': 'running', 'cause': 'the liveness probe failed', 'probes': {'liveness': " FAILS "}, 'held_by': 'data\\nbase'}",
	 "a is running: its liveness probe fails: HTTP 503, held by check data\\x0abase", 7},
	{"{'state': 'running', 'cause': 'restart', 'probes': {'startup': " NEW "}}", "a is running: was ready and is not now", 7},
	{"{'state': 'ready', 'held_by': 'database'}", "a is ready: held by check database", 7},
	{"{'state': 'backoff', 'cause': 'the liveness probe failed', 'deadline_ms': 100, 'probes': {'liveness': " WELL "}}",
	 "a is in backoff: the liveness probe failed, again in 1s", 8},
	{"{'state': 'backoff', 'held_by': 'database', 'deadline_ms': 29500, 'last_exit': {'code': 1}}",
	 "a is in backoff: exit 1, held by check database, again in 30s", 8},
	{"{'state': 'ready', 'probes': {'readiness': " WELL "}, 'held_by': null}", "a is ready", 0},
	{"{'state': 'starting', 'probes': [], 'held_by': 3}", "a is starting", 5},
};

START_TEST(an_instance_says_what_it_waits_for)
{
	json_t *instance = document_of(instances[_i].instance);
	char buf[256];
	struct text text;

	json_object_set_new(instance, "name", json_string("a"));
	text_init(&text, buf, sizeof buf);
	words_instance(&text, instance);
	ck_assert_str_eq(buf, instances[_i].words);
	ck_assert_uint_eq(words_rank(instance), instances[_i].rank);
	json_decref(instance);
}
END_TEST

#define CHECK(name, status, critical, rest)                                                        \
	"{'name': '" name "', 'driver': 'redis', 'status': '" status "', 'critical': " critical ", " rest "}"
#define DATABASE CHECK("database", "unhealthy", "true", "'reason': 'timeout: no answer within 1s', 'error': 'timeout: no answer within 1s', " \
		       "'latency_ms': 1000.2, 'age_ms': 3200, 'period_ms': 10000, 'timeout_ms': 1000, 'next_ms': 6800, "                      \
		       "'degraded_above_ms': 200, 'checked_at': '2026-11-22T21:00:00.000Z', 'last_success': '2026-11-22T20:00:00.000Z'")
#define CACHE CHECK("cache", "healthy", "false", "'latency_ms': 1.84, 'age_ms': 900, 'period_ms': 500, 'timeout_ms': 250")
#define OLD CHECK("old", "degraded", "true", "'reason': 'no answer yet', 'latency_ms': null, 'age_ms': null")

START_TEST(a_check_in_words)
{
	static const char *const checks[][2] = {
		{DATABASE, "database is unhealthy: timeout: no answer within 1s"},
		{CACHE, "cache is healthy, 1.8 ms"},
		{OLD, "old is degraded: no answer yet"},
		{"{'name': 'a\\u001b', 'reason': 7}", "a\\x1b is of unknown health"},
	};
	static const unsigned ranks[] = {10, 0, 1, 1};
	char buf[256];
	struct text text;

	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
		json_t *check = document_of(checks[i][0]);
		text_init(&text, buf, sizeof buf);
		asked_check(&text, check);
		ck_assert_str_eq(buf, checks[i][1]);
		ck_assert_uint_eq(asked_check_rank(check), ranks[i]);
		json_decref(check);
	}
}
END_TEST

#define SHOP                                                                                                        \
	"{'name': 'shop', 'state': 'running', 'status': 'unhealthy', 'workers': [{'name': 'db', 'critical': true, " \
	"'status': 'unhealthy', 'instances': [{'name': 'db', 'state': 'failed', 'since_ms': 1000}]}], 'checks': [" CACHE "," OLD "," DATABASE "]"

static char *print(const char *document, size_t width)
{
	json_t *whole = document_of(document);
	struct paper paper;

	paper_open(&paper, width);
	ck_assert_int_eq(overview_print(whole, &paper.screen), 0);
	json_decref(whole);
	return paper_close(&paper);
}

START_TEST(checks_have_a_table_the_worst_first)
{
	char *printed = print(SHOP ", 'probers': [{'user': 'nobody', 'error': null}]}", 80);

	ck_assert_str_eq(printed, "shop is running, up 0s, unhealthy: database is unhealthy: timeout: no answer\n"
				  "  within 1s; 3 of 4 are not well\n\n"
				  "NAME  STATE   RESTARTS  SINCE  PID\n"
				  "db    failed         0     1s    -\n\n"
				  "CHECK     STATUS     DRIVER  LATENCY    AGE  WHY\n"
				  "database  unhealthy  redis   1000 ms     3s  timeout: no answer within 1s\n"
				  "old       degraded   redis                   no answer yet\n"
				  "cache     healthy    redis    1.8 ms  900ms\n");
	free(printed);
}
END_TEST

START_TEST(a_prober_that_does_not_run_is_told)
{
	char *printed = print(SHOP ", 'probers': [{'user': 'nobody', 'error': 'could not fork\\n'}, {'error': 'x'}]}", 80);

	ck_assert_ptr_nonnull(strstr(printed, "\n\nthe prober of user nobody does not run: could not fork\\x0a\n\nthe prober does not run: x\n"));
	free(printed);
}
END_TEST

START_TEST(a_check_alone_is_a_table)
{
	char *printed = print("{'name': 'shop', 'status': 'healthy', 'workers': [], 'checks': [" CACHE "]}", 80);

	ck_assert_ptr_nonnull(strstr(printed, "1 of 1 well\n\nCHECK  STATUS   DRIVER  LATENCY    AGE\ncache  healthy  redis    1.8 ms  900ms\n"));
	free(printed);
}
END_TEST

static char *details(const char *check)
{
	json_t *one = document_of(check);
	struct paper paper;

	paper_open(&paper, 80);
	details_check(one, &paper.screen);
	json_decref(one);
	return paper_close(&paper);
}

START_TEST(a_check_in_detail)
{
	char *printed = details(DATABASE);
	ck_assert_str_eq(printed, "check database is unhealthy: timeout: no answer within 1s\n"
				  "  is asked    by redis every 10s, within 1s, again in 6s\n"
				  "  answered    3s ago, at 2026-11-22T21:00:00.000Z\n"
				  "  latency     1000 ms (degraded above 200ms)\n"
				  "  succeeded   2026-11-22T20:00:00.000Z\n");
	free(printed);
	printed = details(CACHE);
	ck_assert_ptr_nonnull(strstr(printed, "check cache is healthy, 1.8 ms (not critical)\n"));
	free(printed);
	printed = details(CHECK("x", "unhealthy", "true", "'reason': 'end', 'error': 'begin\\n\\n\\tmiddle\\nend\\n'"));
	ck_assert_ptr_nonnull(strstr(printed, "\n  error       begin\n              \\x09middle\n              end\n"));
	ck_assert_ptr_nonnull(strstr(printed, "\n  answered    never\n"));
	free(printed);
}
END_TEST

START_TEST(an_instance_in_detail)
{
	json_t *instance = document_of("{'name': 'web', 'pid': 5, 'state': 'ready', 'since_ms': 61000, 'restarts': 4, 'held_by': 'database', "
				       "'probes': {'readiness': " WELL ", 'liveness': " FAILS "}}");
	json_t *worker = document_of("{'name': 'web', 'instances': []}");
	struct paper paper;

	paper_open(&paper, 80);
	details_instance(worker, instance, &paper.screen);
	char *printed = paper_close(&paper);
	ck_assert_ptr_nonnull(strstr(printed, "  restarts    4\n"
					      "  readiness   succeeds, 1.8 ms, 3s ago\n"
					      "  liveness    fails: HTTP 503 (3 in a row), 1s ago\n"
					      "  held        by check database\n"));
	free(printed);
	json_decref(instance);
	json_decref(worker);
}
END_TEST

START_TEST(names_of_checks_are_known)
{
	json_t *document = document_of(SHOP "}");

	ck_assert_ptr_nonnull(document_check(document, "cache"));
	ck_assert_ptr_null(document_check(document, "db"));
	ck_assert_str_eq(document_nearest(document, "databaes"), "database");
	ck_assert_str_eq(document_nearest(document, "dbb"), "db");
	json_decref(document);
}
END_TEST

START_TEST(names_stand_in_paths)
{
	char buf[64];
	struct text text;

	text_init(&text, buf, sizeof buf);
	path_add_name(&text, "a-Z.9_~/?%\xc3\xa9 ");
	ck_assert_str_eq(buf, "a-Z.9_~%2F%3F%25%C3%A9%20");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("asked");

	tcase_add_loop_test(tests, a_probe_in_words, 0, sizeof probes / sizeof probes[0]);
	tcase_add_loop_test(tests, an_instance_says_what_it_waits_for, 0, sizeof instances / sizeof instances[0]);
	tcase_add_test(tests, a_check_in_words);
	tcase_add_test(tests, checks_have_a_table_the_worst_first);
	tcase_add_test(tests, a_prober_that_does_not_run_is_told);
	tcase_add_test(tests, a_check_alone_is_a_table);
	tcase_add_test(tests, a_check_in_detail);
	tcase_add_test(tests, an_instance_in_detail);
	tcase_add_test(tests, names_of_checks_are_known);
	tcase_add_test(tests, names_stand_in_paths);
	return suite_run("fosterctl/asked", tests);
}
