/* probe - what is said of probes and checks: what it comes to, and all that can be wrong with it. */
#include "conf/probe.h"

#include "unit/conf_kit.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define W(body)       "workers: {w: {command: [x], " body "}}\n"
#define C(body)       "checks: {c: {" body "}}\n" W("")

static const struct {
	const char *text, *why;
} bad[] = {
	/* which driver */
	{W("readiness: {}"), "f.yaml:1:40: error: `readiness` does not say how to ask"},
	{W("liveness: "), "`liveness` does not say how to ask"},
	{W("startup: {period: 1s}"), "f.yaml:1:39: error: `startup` does not say how to ask: one of http, tcp"},
	{C("critical: no"), "f.yaml:1:10: error: `c` does not say how to ask"},
	{C(""), "`c` does not say how to ask"},
	{W("readiness: {http: 'http://x/', tcp: 'x:1'}"),
	 "f.yaml:1:60: error: `readiness.http` and `readiness.tcp`: a probe asks in one way"},
	{C("redis: 'redis://x', postgres: 'a=b'"), "`redis` and `postgres`: a probe asks in one way"},
	{W("readiness: yes"), "`readiness` wants a map of keys and values: say `readiness: {http:"},
	{"checks: [x]\n" W(""), "`checks` wants a map"},
	{"checks: {c: x}\n" W(""), "`c` wants a map of keys and values: say `c: {tcp:"},
	{"checks: {a.b: {tcp: 'x:1'}}\n" W(""), "a check's name has 1 to 63 letters"},
	/* what belongs to another */
	{W("readiness: {tcp: 'x:1', status: 200}"), "`readiness.status` means nothing with `tcp`: it is for http"},
	{W("readiness: {tcp: 'x:1', headers: {}}"), "`readiness.headers` means nothing with `tcp`"},
	{W("liveness: {exec: x, body: ok}"), "`liveness.body` means nothing with `exec`"},
	{C("redis: 'redis://x', verify: yes"), "`verify` means nothing with `redis`: it is for http"},
	{W("liveness: {http: 'http://x', password_file: /x}"),
	 "`liveness.password_file` means nothing with `http`: it is for redis and postgres"},
	{W("readiness: {tcp: 'x:1', termination_grace: 1s}"), "unknown key `termination_grace` in readiness"},
	{C("tcp: 'x:1', termination_grace: 1s"), "unknown key `termination_grace`"},
	/* numbers */
	{W("liveness: {tcp: 'x:1', success_threshold: 2}"), "`liveness.success_threshold` must be 1, not 2"},
	{W("startup: {tcp: 'x:1', success_threshold: 0}"), "`startup.success_threshold` must be 1, not 0"},
	{W("readiness: {tcp: 'x:1', failure_threshold: 0}"), "from 1 to 1000000, not 0"},
	{W("readiness: {tcp: 'x:1', period: 49ms}"), "`readiness.period` is from 50ms to 1d, not 49ms"},
	{W("readiness: {tcp: 'x:1', timeout: 10ms}"), "`readiness.timeout` is from 50ms to 1h, not 10ms"},
	{C("tcp: 'x:1', period: 5"), "say 5s or 5ms"},
	/* http */
	{W("readiness: {http: ''}"), "wants 1 to 2048 bytes"},
	{W("readiness: {http: 'ftp://x/'}"), "did you mean \"http://x/\"?"},
	{W("readiness: {http: 'htp://x:80/y'}"), "did you mean \"http://x:80/y\"?"},
	{W("readiness: {http: 'htp://x:%{80+i}/'}, replicas: 2"), "did you mean \"http://x:%{80+i}/\"?"},
	{W("readiness: {http: 'localhost:80/x'}"), "did you mean \"http://localhost:80/x\"?"},
	{W("readiness: {http: 8080}"), "did you mean \"http://127.0.0.1:8080\"?"},
	{W("readiness: {http: ':8080/x'}"), "did you mean \"http://127.0.0.1:8080/x\"?"},
	{W("readiness: {http: 'unix:///x.sock'}"), "did you mean \"unix:/x.sock\"?"},
	{W("readiness: {http: 'unix:x.sock'}"), "absolute path"},
	{W("readiness: {http: 'unix:/x.sock:y'}"), "behind the socket comes :/PATH"},
	{W("readiness: {http: 'http://'}"), "the host is missing"},
	{W("readiness: {http: 'http:///x'}"), "the host is missing"},
	{W("readiness: {http: 'http://x:0/'}"), "\"0\" is not a port from 1 to 65535"},
	{W("readiness: {http: 'http://x:65536/'}"), "\"65536\" is not a port"},
	{W("readiness: {http: 'http://x:/'}"), "\"\" is not a port"},
	{W("readiness: {http: 'http://x:8a/'}"), "\"8a\" is not a port"},
	{W("readiness: {http: 'http://[::g]/'}"), "\"::g\" is not an IPv6 address"},
	{W("readiness: {http: 'http://[::1/'}"), "an IPv6 address is written [V6]:PORT"},
	{W("readiness: {http: 'http://[::1]80/'}"), "an IPv6 address is written [V6]:PORT"},
	{W("readiness: {http: 'http://a b/'}"), "\"a b\" is not a host"},
	{W("readiness: {http: 'http://x/a b'}"), "a URL has no blanks"},
	{W("readiness: {http: \"http://x/\\x01\"}"), "a control character"},
	{W("readiness: {http: 'http://u:p@x/'}"), "say `headers: {Authorization"},
	{W("readiness: {http: {path: /x, port: 80}}"), "say \"http://127.0.0.1:80/x\""},
	{W("readiness: {http: {path: /x}}"), "wants one value, not a map"},
	{W("readiness: {http: ['http://x/']}"), "wants one value, not a list"},
	{W("readiness: {http: 'http://x:%{65530+i}/'}, replicas: 7"), "\"65536\" is not a port from 1 to 65535"},
	{W("readiness: {http: 'http://x/%q'}"), "unknown specifier %q"},
	{C("http: 'http://x/%n'"), "has no meaning here"},
	{C("http: 'http://x:%{80+i}/'"), "has no meaning here"},
	{C("exec: [x, '%i']"), "has no meaning here"},
	{W("readiness: {http: 'http://x', status: []}"), "nothing would be a success"},
	{W("readiness: {http: 'http://x', status: [99]}"), "from 100 to 599, not 99"},
	{W("readiness: {http: 'http://x', status: 200-600}"), "from 100 to 599, not 600"},
	{W("readiness: {http: 'http://x', status: 300-200}"), "300-200 ends before it begins"},
	{W("readiness: {http: 'http://x', status: 200-}"), "is not a whole number"},
	{W("readiness: {http: 'http://x', status: '200, 201'}"), "wants a list: say [200, 201]"},
	{W("readiness: {http: 'http://x', headers: [a]}"), "`readiness.headers` wants a map"},
	{W("readiness: {http: 'http://x', headers: {'a b': c}}"), "not the name of a header field"},
	{W("readiness: {http: 'http://x', headers: {a: [b]}}"), "a header field wants one value"},
	{W("readiness: {http: 'http://x', headers: {a: \"b\\r\\nc: d\"}}"), "a control character"},
	{W("readiness: {http: 'http://x', headers: {a: '%q'}}"), "`readiness.headers`: unknown specifier %q"},
	/* tcp */
	{W("readiness: {tcp: 'x'}"), "the port is missing"},
	{W("readiness: {tcp: 80}"), "did you mean \"127.0.0.1:80\"?"},
	{W("readiness: {tcp: ':80'}"), "did you mean \"127.0.0.1:80\"?"},
	{W("readiness: {tcp: 'tcp://x:80/'}"), "did you mean \"x:80\"?"},
	{W("readiness: {tcp: '::1:80'}"), "did you mean \"[::1]:80\"?"},
	{W("readiness: {tcp: 'unix:x'}"), "absolute path"},
	{W("readiness: {tcp: {port: 80}}"), "say \"127.0.0.1:80\""},
	/* exec */
	{W("readiness: {exec: []}"), "`readiness.exec` is empty"},
	{W("readiness: {exec: ''}"), "`readiness.exec` is empty"},
	{W("liveness: {exec: [x, '%']}"), "lone %"},
	{W("liveness: {exec: {command: [x]}}"), "`liveness.exec` wants the command itself"},
	/* redis */
	{C("redis: 'rediss://x/'"), "rediss:// needs TLS"},
	{C("redis: 'localhost:6379'"), "did you mean \"redis://localhost:6379\"?"},
	{C("redis: 'redis+unix:///s'"), "did you mean \"unix:///s\"?"},
	{C("redis: 'unix:/s'"), "did you mean \"unix:///s\"?"},
	{C("redis: 'unix://s'"), "a socket wants an absolute path: unix:///PATH"},
	{C("redis: 'unix:///s?x=1'"), "?db=NUMBER"},
	{C("redis: 'redis://x/a'"), "behind the host comes /DB"},
	{C("redis: 'redis://x/0?y'"), "behind the host comes /DB"},
	{C("redis: 'redis://:p@/0'"), "the host is missing"},
	/* postgres */
	{C("postgres: db"), "did you mean \"dbname=db\"?"},
	{C("postgres: /run/postgresql"), "did you mean \"host=/run/postgresql\"?"},
	{C("postgres: 'postgresql+psycopg://x/y'"), "did you mean \"postgres://x/y\"?"},
	{C("postgres: 'mysql://x/y'"), "did you mean \"postgres://x/y\"?"},
	{C("postgres: \"host=x password='y\""), "a quote without its end"},
	{C("postgres: 'password=a password=b'"), "there are two passwords"},
	{C("postgres: 'host=x dbname'"), "a word without `=` in it"},
	{C("postgres: 'host=x password=***'"), "*** is what is shown for a password"},
	{C("redis: 'redis://:***@h'"), "*** is what is shown for a password"},
	{C("http: 'http://x', headers: {Authorization: '***'}"), "*** is what is shown for a secret"},
	{C("tcp: 'u:p@h:80'"), "this is none of HOST:PORT"},
	{C("postgres: 'postgres://u:a@h/d?password=b'"), "there are two passwords"},
	/* password files */
	{C("redis: 'redis://x', password_file: /nowhere/at/all"), "password file /nowhere/at/all: "},
	{C("redis: 'redis://:a@x', password_file: /dev/null"), "there is a password in `redis` already"},
	{C("redis: 'redis://x', password_file: pw"), "`password_file` wants an absolute path"},
	/* names */
	{"checks: {w: {tcp: 'x:1'}}\n" W(""), "f.yaml:1:10: error: a worker is called `w` too (f.yaml:2:11)"},
	{W("depends_on_checks: [c]"), "`depends_on_checks`: there is no check `c`"},
	{"checks: {database: {tcp: 'x:1'}}\n" W("depends_on_checks: databsae"), "did you mean \"database\"?"},
	{"checks: {c: {tcp: 'x:1'}}\n" W("depends_on_checks: [c, c]"), "`depends_on_checks` names `c` twice"},
	{"checks: {c: {tcp: 'x:1', user: nobdy}}\n" W(""), "there is no user \"nobdy\""},
	{"prober: {user: nobdy}\n" W(""), "there is no user \"nobdy\""},
	{"prober: {max_exec: 0}\n" W(""), "`prober.max_exec` is from 1"},
	/* together with the rest */
	{W("ready: {when: probe}"), "`ready.when: probe` wants a startup or a readiness probe, and the worker `w`"},
	{W("ready: {when: probe}, liveness: {exec: x}"), "`ready.when: probe` wants a startup or a readiness"},
};

START_TEST(what_is_wrong)
{
	struct conf_context context = kit_root();

	kit_bad_text(bad[_i].text, &context, bad[_i].why);
}
END_TEST

static const struct {
	const char *key, *hint;
} habits[] = {
	{"httpGet", "http"}, {"tcpSocket", "tcp"}, {"initialDelaySeconds", "initial_delay"},
	{"periodSeconds", "period"}, {"interval", "period"}, {"retries", "failure_threshold"},
	{"failureThreshold", "failure_threshold"}, {"start_period", "initial_delay"},
	{"timeoutSeconds", "timeout"}, {"perod", "period"}, {"postgresql", "postgres"},
};

START_TEST(what_others_call_it)
{
	struct conf_context context = kit_root();
	char text[256], hint[64];

	snprintf(hint, sizeof hint, "did you mean \"%s\"?", habits[_i].hint);
	snprintf(text, sizeof text, W("readiness: {tcp: 'x:1', %s: 3}"), habits[_i].key);
	kit_bad_text(text, &context, hint);
	snprintf(text, sizeof text, C("tcp: 'x:1', %s: 3"), habits[_i].key);
	kit_bad_text(text, &context, hint);
}
END_TEST

START_TEST(a_healthcheck_is_a_probe)
{
	struct conf_context context = kit_root();

	kit_bad_text(W("healthcheck: {test: x}"), &context, "did you mean \"liveness\"?");
	kit_bad_text(W("livenessProbe: {}"), &context, "did you mean \"liveness\"?");
	kit_bad_text("check: {a: {tcp: 'x:1'}}\n" W(""), &context, "did you mean \"checks\"?");
}
END_TEST

START_TEST(kubelets_defaults)
{
	struct spec *spec = kit_good_text(W("readiness: {http: 'http://x'}, liveness: {exec: a b}"));
	const struct worker_spec *w = &spec->workers[0];
	const struct probe_spec *r = w->probes[PROBE_READINESS], *l = w->probes[PROBE_LIVENESS];

	ck_assert_ptr_null(w->probes[PROBE_STARTUP]);
	ck_assert_uint_eq(w->n_probes, 2);
	ck_assert_int_eq(w->ready_when, READY_PROBE);
	ck_assert(!w->has_ready_timeout);
	ck_assert_int_eq(r->driver, DRIVER_HTTP);
	ck_assert_int_eq(r->initial_delay, 0);
	ck_assert_int_eq(r->period, 10 * NS_S);
	ck_assert_int_eq(r->timeout, NS_S);
	ck_assert_uint_eq(r->success_threshold, 1);
	ck_assert_uint_eq(r->failure_threshold, 3);
	ck_assert(!r->has_termination_grace && !r->verify && r->body == NULL);
	for (unsigned code = 0; code < 32 * STATUS_WORDS; code++)
		ck_assert_int_eq(r->statuses[code / 32] >> code % 32 & 1, code >= 200 && code <= 399);
	ck_assert_int_eq(l->driver, DRIVER_EXEC);
	ck_assert_ptr_null(l->target);
	ck_assert_uint_eq(l->command.argc, 2);
	ck_assert_uint_eq(spec->n_probes, 2);
	ck_assert_uint_eq(spec->n_probers, 1);
	ck_assert_uint_eq(spec->exec_probes, 4);
	spec_free(&spec);
}
END_TEST

START_TEST(all_that_can_be_said)
{
	struct spec *spec = kit_good_text(
		W("ready: {when: started, timeout: 5s}, depends_on_checks: [b, a], liveness: {http: "
		  "'https://x:%{80+i}/%%20', headers: {Host: '%I', X: ''}, status: [204, 500-502], body: fine, verify: on, "
		  "initial_delay: 1s, period: 2s, timeout: 500ms, failure_threshold: 7, termination_grace: 0s}, "
		  "readiness: {tcp: '[::1]:1', success_threshold: 4}, replicas: 2")
		"checks: {a: {tcp: 'unix:%t/s', degraded_above: 9ms}, b: {exec: 'a | b', critical: no}}\n");
	const struct worker_spec *w = &spec->workers[0];
	const struct probe_spec *l = w->probes[PROBE_LIVENESS];

	ck_assert_int_eq(w->ready_when, READY_STARTED);
	ck_assert(w->has_ready_timeout);
	ck_assert_uint_eq(w->n_gates, 2);
	ck_assert(w->gates[0] == 1 && w->gates[1] == 0);
	ck_assert_str_eq(l->target, "https://x:%{80+i}/%%20");
	ck_assert_uint_eq(l->n_headers, 2);
	ck_assert_str_eq(l->headers[0], "Host: %I");
	ck_assert_str_eq(l->headers[1], "X: ");
	ck_assert(l->statuses[204 / 32] >> 204 % 32 & 1 && l->statuses[501 / 32] >> 501 % 32 & 1);
	ck_assert(!(l->statuses[200 / 32] >> 200 % 32 & 1));
	ck_assert_str_eq(l->body, "fine");
	ck_assert(l->verify && l->has_termination_grace && l->termination_grace == 0);
	ck_assert(l->initial_delay == NS_S && l->period == 2 * NS_S && l->timeout == 500 * NS_MS);
	ck_assert_uint_eq(l->failure_threshold, 7);
	ck_assert_uint_eq(w->probes[PROBE_READINESS]->success_threshold, 4);
	ck_assert_uint_eq(spec->n_probes, 2 * 2 + 2);
	ck_assert_str_eq(spec->checks[0].name, "a");
	ck_assert(spec->checks[0].critical && spec->checks[0].degraded_above == 9 * NS_MS);
	ck_assert_ptr_null(spec->checks[0].runner);
	ck_assert(!spec->checks[1].critical);
	ck_assert_str_eq(spec->checks[1].runner->name, "b");
	ck_assert_str_eq(spec->checks[1].runner->working_directory, "/");
	ck_assert_uint_gt(spec->checks[1].runner->n_environment, 0);
	ck_assert(spec->checks[1].probe.command.shell);
	spec_free(&spec);
}
END_TEST

#define D(body) "defaults: {readiness: {" body "}, liveness: {period: 7s}}\n"

START_TEST(defaults_are_merged)
{
	struct spec *spec = kit_good_text(
		D("http: 'http://x', status: 201, period: 5s, failure_threshold: 9")
		"workers: {a: {command: [x]}, b: {command: [x], readiness: {period: 3s}, liveness: {exec: x}}, "
		"c: {command: [x], readiness: {tcp: 'x:1', timeout: 2s}}}");
	const struct probe_spec *a = spec->workers[0].probes[PROBE_READINESS],
				*b = spec->workers[1].probes[PROBE_READINESS],
				*c = spec->workers[2].probes[PROBE_READINESS];

	ck_assert(a->driver == DRIVER_HTTP && a->period == 5 * NS_S && a->failure_threshold == 9);
	ck_assert_ptr_null(spec->workers[0].probes[PROBE_LIVENESS]);
	ck_assert(b->driver == DRIVER_HTTP && b->period == 3 * NS_S && b->failure_threshold == 9);
	ck_assert_int_eq(spec->workers[1].probes[PROBE_LIVENESS]->period, 7 * NS_S);
	ck_assert(c->driver == DRIVER_TCP && c->period == 5 * NS_S && c->timeout == 2 * NS_S);
	ck_assert_str_eq(c->target, "x:1");
	ck_assert(!(c->statuses[201 / 32] >> 201 % 32 & 1) || c->statuses[200 / 32] >> 200 % 32 & 1);
	spec_free(&spec);
}
END_TEST

START_TEST(defaults_say_one_way)
{
	struct conf_context context = kit_root();

	kit_bad_text(D("http: 'http://x', tcp: 'x:1'") "workers: {a: {command: [x]}, b: {command: [x]}}", &context,
		     "f.yaml:1:42: error: `readiness.http` and `readiness.tcp`: a probe asks in one way");
}
END_TEST

START_TEST(a_timeout_beyond_the_period)
{
	struct conf_context context = kit_root();

	kit_file("f.yaml", W("readiness: {tcp: 'x:1', period: 1s, timeout: 2s}"));
	spec_free(&(struct spec *){kit_good("f.yaml", &context, 1)});
	kit_file("f.yaml", W("readiness: {tcp: 'x:1', period: 100ms}"));
	spec_free(&(struct spec *){kit_good("f.yaml", &context, 0)});
}
END_TEST

START_TEST(who_asks)
{
	struct conf_context context = kit_root(), ordinary = kit_ordinary();

	kit_file("f.yaml", "checks: {a: {tcp: 'x:1', user: worker}, b: {tcp: 'x:2'}, c: {tcp: 'x:3', user: worker}, "
			   "d: {exec: x, user: worker}}\nprober: {max_exec: 7}\n" W("liveness: {exec: x}"));
	struct spec *spec = kit_good("f.yaml", &context, 0);
	ck_assert_uint_eq(spec->n_probers, 2);
	ck_assert_uint_eq(spec->exec_probes, 7);
	ck_assert_uint_eq(spec->checks[0].probe.prober, 1);
	ck_assert_uint_eq(spec->checks[1].probe.prober, 0);
	ck_assert_uint_eq(spec->checks[2].probe.prober, 1);
	ck_assert_uint_eq(spec->probers[0].identity.uid, 65534); /* there is no nobody */
	ck_assert_uint_eq(spec->probers[1].identity.uid, 500);
	ck_assert_str_eq(spec->probers[1].home, "/home/w");
	ck_assert(spec->probers[1].identity.has_user);
	ck_assert_uint_eq(spec->checks[3].runner->identity.uid, 500);
	ck_assert(spec->checks[3].runner->identity.has_user);
	spec_free(&spec);
	kit_bad_text("checks: {a: {tcp: 'x:1', user: worker}}\n" W(""), &ordinary, "`user` needs root");
	kit_bad_text("prober: {user: worker}\n" W(""), &ordinary, "`prober.user` needs root");
	kit_file("f.yaml", "checks: {a: {tcp: 'x:1', user: me}}\nprober: {user: me}\n" W("readiness: {tcp: 'x:1'}"));
	spec = kit_good("f.yaml", &ordinary, 0);
	ck_assert_uint_eq(spec->n_probers, 1);
	ck_assert(!spec->probers[0].identity.has_user);
	spec_free(&spec);
}
END_TEST

START_TEST(probes_are_numbered)
{
	struct spec *spec = kit_good_text(
		"defaults: {liveness: {exec: x}}\nchecks: {y: {tcp: 'x:1'}, z: {tcp: 'x:1'}}\n"
		"workers: {a: {command: [x], replicas: 2}, b: {command: [x], replicas: 0}, "
		"c: {command: [x], replicas: 3, readiness: {tcp: 'x:1'}}, d: {command: [x]}}");
	static const uint32_t first[] = {0, 2, 2, 8};

	for (uint32_t i = 0; i < spec->n_workers; i++)
		ck_assert_uint_eq(spec->workers[i].first_probe, first[i]);
	ck_assert_uint_eq(spec->n_probes, 11);
	ck_assert_uint_eq(probe_of_check(spec, 1), 10);
	ck_assert_ptr_eq(probe_owner_of(spec, 7).worker, &spec->workers[2]);
	ck_assert_int_eq(probe_owner_of(spec, 7).role, PROBE_LIVENESS);
	ck_assert_uint_eq(probe_owner_of(spec, 7).instance, 4);
	spec_free(&spec);
}
END_TEST

START_TEST(nobody_asks_when_nothing_is_asked)
{
	struct spec *spec = kit_good_text("checks: {a: {exec: x}}\n" W("liveness: {exec: x}"));

	ck_assert_uint_eq(spec->n_probers, 0);
	spec_free(&spec);
	spec = kit_good_text("prober: {user: worker}\n" W("readiness: {tcp: 'x:1'}, replicas: 0"));
	ck_assert_uint_eq(spec->n_probers, 1);
	ck_assert_uint_eq(spec->probers[0].identity.uid, 500);
	ck_assert_uint_eq(spec->n_probes, 0);
	spec_free(&spec);
}
END_TEST

START_TEST(a_question_has_an_end)
{
	static char text[40000];
	struct conf_context context = kit_root();
	size_t len = (size_t)snprintf(text, sizeof text, "%s", "workers: {w: {command: [x], readiness: {http: 'http://x', "
								  "headers: {");

	for (int i = 0; i < 20; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "h%d: %0900d, ", i, 0);
	snprintf(text + len, sizeof text - len, "}}}}");
	kit_bad_text(text, &context, "15872 are the most");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("probe");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_loop_test(tests, what_is_wrong, 0, LENGTH(bad));
	tcase_add_loop_test(tests, what_others_call_it, 0, LENGTH(habits));
	tcase_add_test(tests, a_healthcheck_is_a_probe);
	tcase_add_test(tests, kubelets_defaults);
	tcase_add_test(tests, all_that_can_be_said);
	tcase_add_test(tests, defaults_are_merged);
	tcase_add_test(tests, defaults_say_one_way);
	tcase_add_test(tests, a_timeout_beyond_the_period);
	tcase_add_test(tests, who_asks);
	tcase_add_test(tests, probes_are_numbered);
	tcase_add_test(tests, nobody_asks_when_nothing_is_asked);
	tcase_add_test(tests, a_question_has_an_end);
	return suite_run("conf/probe", tests);
}
