/* words, headline - how an instance is, and the whole, in a few words. */
#include "fosterctl/words.h"

#include "fosterctl/headline.h"
#include "unit/fosterctl_kit.h"
#include "unit/suite.h"

static const struct {
	span_ns span;
	const char *text;
} spans[] = {
	{0, "0s"}, {999 * NS_MS, "0s"}, {NS_S, "1s"}, {192 * NS_S + NS_MS, "3m12s"}, {3600 * NS_S - 1, "59m59s"},
	{3600 * NS_S, "1h"}, {7325 * NS_S, "2h2m"}, {86400 * NS_S + 59 * NS_S, "1d"}, {93784 * NS_S, "1d2h"},
};

START_TEST(spans_have_two_units)
{
	char buf[SPAN_TEXT_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	words_span(&text, spans[_i].span);
	ck_assert_str_eq(buf, spans[_i].text);
}
END_TEST

#define KILLED "'last_exit': {'code': null, 'signal': 'SIGKILL', 'core': false}"

static const struct {
	const char *instance, *words;
} cases[] = {
	{"{'state': 'ready', 'cause': 'restart', 'status_text': 'fine', " KILLED "}", "a is ready"},
	{"{'state': 'completed', 'cause': 'the main process ended', 'last_exit': {'code': 0}}", "a is completed"},
	{"{'state': 'backoff', 'cause': 'the main process ended', 'deadline_ms': 3001, 'last_exit': {'code': 3}}",
	 "a is in backoff: exit 3, again in 4s"},
	{"{'state': 'backoff', 'cause': 'the main process ended', " KILLED "}", "a is in backoff: signal KILL"},
	{"{'state': 'backoff', 'last_exit': {'signal': 'SIGSEGV', 'core': true}}", "a is in backoff: signal SEGV (core dumped)"},
	{"{'state': 'backoff', 'cause': 'could not be started', 'last_exit': {'error': 'could not fork: no'}}",
	 "a is in backoff: could not fork: no"},
	{"{'state': 'backoff', 'cause': 'not ready in time', 'last_exit': {'signal': 'SIGTERM'}}",
	 "a is in backoff: signal TERM, not ready in time"},
	{"{'state': 'backoff', 'cause': 'the main process ended'}", "a is in backoff: the main process ended"},
	{"{'state': 'failed', 'cause': 'too many restarts', 'last_exit': {'code': 1}, 'status_text': 'old'}",
	 "a has failed: exit 1, too many restarts"},
	{"{'state': 'starting', 'cause': 'first start', 'deadline_ms': 57000}", "a is starting: due to be ready in 57s"},
	{"{'state': 'starting', 'cause': 'restart', 'last_exit': {'code': 0}, 'status_text': '40 %'}",
	 "a is starting: exit 0, says \"40 %\""},
	{"{'state': 'starting', 'cause': 'started by hand', " KILLED "}", "a is starting: started by hand"},
	{"{'state': 'running', 'cause': 'restart'}", "a is running: was ready and is not now"},
	{"{'state': 'stopping', 'cause': 'stopped by hand', 'deadline_ms': 9000}", "a is stopping: stopped by hand, killed in 9s"},
	{"{'state': 'stopped', 'cause': 'stopped by hand', " KILLED "}", "a is stopped: stopped by hand"},
	{"{'state': 'running', 'cause': null}", "a is running"},
	{"{'state': 'running', 'cause': null, 'deadline_ms': 2500}", "a is running: stopped in 3s"},
	{"{'state': 'waiting'}", "a is waiting"},
	{"{'state': 'waiting', 'cause': 'a dependency is missing', 'waits_for': {'name': 'db', 'when': 'ready'}}",
	 "a waits for db to be ready"},
	{"{'state': 'waiting', 'waits_for': {'name': 'db', 'when': 'completed'}, " KILLED "}", "a waits for db to complete"},
	{"{'state': 'waiting', 'waits_for': {'name': 'd\\u001b', 'when': 'started'}}", "a waits for d\\x1b to be started"},
	{"{'state': 'waiting', 'waits_for': {}}", "a waits for ? to be ready"},
	{"{'state': 'ready', 'to_stop': true}", "a is ready: stops after what depends on it"},
	{"{'state': 'stopping', 'cause': 'a dependency was restarted'}", "a is stopping: a dependency was restarted"},
	{"{'state': 'novel\\u001b[2J', 'cause': 'x\\ny'}", "a is novel\\x1b[2J: x\\x0ay"},
	{"{'state': 'starting', 'status_text': '\\u001b]0;boo\\u0007'}", "a is starting: says \"\\x1b]0;boo\\x07\""},
	{"{}", "a is in an unknown state"},
	{"{'state': 7, 'cause': [], 'deadline_ms': 'x', 'last_exit': 5, 'status_text': {}}", "a is in an unknown state"},
	{"{'state': 'backoff', 'deadline_ms': 1e300, 'last_exit': {'code': 'x', 'signal': 9}}", "a is in backoff"},
};

START_TEST(an_instance_says_why)
{
	json_t *instance = document_of(cases[_i].instance);
	char buf[256];
	struct text text;

	json_object_set_new(instance, "name", json_string("a"));
	text_init(&text, buf, sizeof buf);
	words_instance(&text, instance);
	ck_assert_str_eq(buf, cases[_i].words);
	json_decref(instance);
}
END_TEST

START_TEST(the_worst_is_the_worst)
{
	static const char *const order[] = {"ready", "stopped", "waiting", "stopping", "starting", "novel", "running", "backoff", "failed"};

	for (unsigned i = 0; i + 1 < sizeof order / sizeof order[0]; i++) {
		json_t *better = json_pack("{ssss}", "state", order[i], "cause", "x");
		json_t *worse = json_pack("{ssss}", "state", order[i + 1], "cause", "x");
		ck_assert_uint_lt(words_rank(better), words_rank(worse));
		ck_assert_int_eq(words_paint(better) == PAINT_GOOD, i == 0);
		json_decref(better);
		json_decref(worse);
	}
}
END_TEST

/* A job at its work is no worse than one that starts. */
START_TEST(a_job_at_work_is_not_sick)
{
	json_t *job = document_of("{'state': 'running', 'cause': null}"), *starting = document_of("{'state': 'starting'}");

	ck_assert_uint_eq(words_rank(job), words_rank(starting));
	json_decref(starting);
	json_decref(job);
}
END_TEST

#define WORKERS "'workers': [{'name': 'w', 'instances': [{'name': 'w.0', 'state': 'ready'}, {'name': 'w.1', 'state': 'stopped'}, " \
		"{'name': 'w.2', 'state': 'failed', 'last_exit': {'code': 7}}]}]"
#define ONE(name) "{'name': '" name "', 'pid': 12, 'comm': 'py\\u0007'}"

static const struct {
	const char *document, *line;
	enum paint paint;
} heads[] = {
	{"{'name': 's', 'state': 'running', 'uptime_s': 11532, 'status': 'unhealthy', 'drain': null, " WORKERS "}",
	 "s is running, up 3h12m, unhealthy: w.2 has failed: exit 7; 2 of 3 are not well", PAINT_BAD},
	{"{'name': 's', 'state': 'running', 'uptime_s': 3.7, 'status': 'healthy', 'workers': [{'instances': [{'state': 'ready'}]}]}",
	 "s is running, up 3s, healthy: 1 of 1 well", PAINT_GOOD},
	{"{'name': 's', 'state': 'running', 'status': 'unhealthy', 'workers': [{'status': 'unhealthy', 'instances': [{'state': 'failed'}]}, "
	 "{'critical': true, 'status': 'degraded', 'instances': [{'state': 'backoff'}]}, "
	 "{'critical': true, 'status': 'unhealthy', 'instances': [{'name': 'db', 'state': 'stopped'}]}]}",
	 "s is running, up 0s, unhealthy: db is stopped; 3 of 3 are not well", PAINT_BAD},
	{"{'name': 's', 'state': 'starting', 'status': 'degraded', 'workers': [{'instances': [{'name': 'a', 'state': 'waiting'}]}]}",
	 "s is starting, up 0s, degraded: a is waiting", PAINT_ODD},
	{"{'name': 's', 'state': 'stopping', 'uptime_s': 1, 'drain': {'remaining_ms': 8000, 'waiting_for': [" ONE("a") "]}, " WORKERS "}",
	 "s is stopping, up 1s, at most 8s left, waits for a (pid 12, py\\x07)", PAINT_ODD},
	{"{'name': 's', 'state': 'stopping', 'drain': {'remaining_ms': 8000, 'waiting_for': [" ONE("a") ", {'name': 'b'}]}}",
	 "s is stopping, up 0s, at most 8s left, waits for a (pid 12, py\\x07) and b", PAINT_ODD},
	{"{'name': 's', 'state': 'stopping', 'drain': {'waiting_for': [{'name': 'a'},{'name': 'b'},{'name': 'c'},{'name': 'd'},{},{}]}}",
	 "s is stopping, up 0s, at most 0s left, waits for a, b, c, d and 2 more", PAINT_ODD},
	{"{'uptime_s': -5}", "fosterd is in an unknown state, up 0s, of unknown health: 0 of 0 well", PAINT_ODD},
	{"{'uptime_s': 1e17, 'state': 'running', 'status': 'healthy'}", "fosterd is running, up 0s, healthy: 0 of 0 well", PAINT_GOOD},
};

START_TEST(the_whole_in_a_line)
{
	json_t *document = document_of(heads[_i].document);
	struct arena arena = {0};
	struct census census;
	char buf[512];
	struct text text;

	text_init(&text, buf, sizeof buf);
	ck_assert_int_eq(census_take(&census, document, &arena), 0);
	headline_add(&text, document, &census);
	ck_assert_str_eq(buf, heads[_i].line);
	ck_assert_int_eq(headline_paint(document), heads[_i].paint);
	arena_fini(&arena);
	json_decref(document);
}
END_TEST

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))

int main(void)
{
	TCase *tests = tcase_create("words");

	tcase_add_loop_test(tests, spans_have_two_units, 0, LENGTH(spans));
	tcase_add_loop_test(tests, an_instance_says_why, 0, LENGTH(cases));
	tcase_add_test(tests, the_worst_is_the_worst);
	tcase_add_test(tests, a_job_at_work_is_not_sick);
	tcase_add_loop_test(tests, the_whole_in_a_line, 0, LENGTH(heads));
	return suite_run("fosterctl/words", tests);
}
