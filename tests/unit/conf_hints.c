/* hints - what is written from habit, or half right, is told what to write. */
#include "conf/draft.h"

#include "unit/conf_kit.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define W(body) "workers: {w: {command: [x], " body "}}\n"
#define V "workers: {v: {command: [y]}}\n"

struct wrong {
	const char *text, *why;
};

static const struct wrong unknown[] = {
	{W("stop_timeout: 10s"), "unknown key `stop_timeout`"},
	{W("stop_timeout: 10s"), "did you mean \"stop: {timeout: 10s}\"?"},
	{W("stop_signal: TERM"), "did you mean \"stop: {signal: TERM}\"?"},
	{W("ready_when: [a]"), "did you mean \"ready: {when: ...}\"?"},
	{W("stop.timeout: 10s"), "did you mean \"stop: {timeout: 10s}\"?"},
	{"drain_delay: 1s\n" V, "did you mean \"drain: {delay: 1s}\"?"},
	{"drain.delay: 1s\n" V, "did you mean \"drain: {delay: 1s}\"?"},
	{"\"\": {delay: 1s}\n" V, "unknown key ``"},
	{": 1\n" V, "unknown key ``"},
	{W("\"\": {when: fd}"), "unknown key ``"},
	{W("stop: {\"\": {timeout: 1s}}"), "unknown key `` in stop"},
	{W("cmd: x"), "did you mean \"command\"?"},
	{W("exec: x"), "did you mean \"command\"?"},
	{W("env: {A: 1}"), "did you mean \"environment\"?"},
	{W("directory: /x"), "did you mean \"working_directory\"?"},
	{W("cwd: /x"), "did you mean \"working_directory\"?"},
	{W("numprocs: 2"), "did you mean \"replicas\"?"},
	{W("instances: 2"), "did you mean \"replicas\"?"},
	{W("autorestart: true"), "did you mean \"restart\"?"},
	{W("stopsignal: INT"), "did you mean \"stop: {signal: INT}\"?"},
	{"services: {w: {command: [x]}}", "did you mean \"workers\"?"},
	{W("drain: {delay: 1s}"), "unknown key `drain` in a worker: it belongs at the top of the file"},
	{W("listen: []"), "unknown key `listen` in a worker: it belongs at the top of the file"},
	{W("defaults: {}"), "unknown key `defaults` in a worker: it belongs at the top of the file"},
	{W("stop: {restart: never}"), "unknown key `restart` in stop: it belongs outside of `stop`"},
	{W("stop: {delay: 1s}"), "unknown key `delay` in stop\n"},
	{"defaults: {command: [x]}\n" V, "unknown key `command` in defaults: it belongs in a worker"},
	{"defaults: {stop_timeout: 1s}\n" V, "did you mean \"stop: {timeout: 1s}\"?"},
	{"command: [x]\n" V, "unknown key `command`: it belongs in a worker"},
	{"restart: never\n" V, "unknown key `restart`: it belongs in a worker or in `defaults`"},
	{"stop: {timeout: 1s}\n" V, "unknown key `stop`: it belongs in a worker or in `defaults`"},
	{"web: {command: [x]}\n" V, "unknown key `web`: a worker belongs in `workers`"},
	{W("stop: {singal: TERM}"), "did you mean \"signal\"?"},
};

START_TEST(unknown_keys)
{
	struct conf_context context = kit_root();

	kit_bad_text(unknown[_i].text, &context, unknown[_i].why);
}
END_TEST

/* Nothing is suggested that is as wrong. */
START_TEST(no_hint_is_better_than_a_bad_one)
{
	static const char *const texts[] = {W("foo: 1"), W("stop: {signal: NOPE}"), W("frobnicate: 1"), W("restart_delay: 10 x"),
					     W("restart_delay: 1.0000001s"), W("restart_delay: 's'"),
					     W("restart_delay: -1s"), W("restart_delay: 999999999w"),
					     W("limits: {as: 1.5G}"), W("limits: {as: 64XB}"), W("limits: {as: 1 KBs}")};
	struct conf_context context = kit_root();

	for (size_t i = 0; i < LENGTH(texts); i++) {
		struct conf_report *report = conf_report_new();
		kit_file("f.yaml", texts[i]);
		ck_assert_ptr_null(conf_load("f.yaml", &context, report));
		char *text = kit_printed(report);
		ck_assert_msg(strstr(text, "did you mean") == NULL, "%s", text);
		free(text);
		conf_report_free(&report);
	}
}
END_TEST

static const struct wrong shapes[] = {
	{W("ready: notify"), "`ready` wants a map of keys and values: say `ready: {when: notify}`"},
	{W("stop: 10s"), "say `stop: {timeout: 10s}`"},
	{W("restart_limit: 5"), "say `restart_limit: {count: 5, within: 1m}`"},
	{W("environment: [A=1]"), "say `environment: {NAME: value}`"},
	{W("limits: 1024"), "say `limits: {nofile: 1024}`"},
	{W("log: inherit"), "say `log: {to: inherit}`"},
	{"drain: 30s\n" V, "say `drain: {timeout: 30s}`"},
	{"defaults: [a]\n" V, "say `defaults: {restart: on-failure}`"},
	{"workers: [{command: [x]}]", "say `workers: {web: {command: [/bin/web]}}`"},
	{"workers:\n- name: web\n", "say `workers: {web: {command: [/bin/web]}}`"},
	{"workers: {ready: /bin/x}", "`ready` wants a map of keys and values: say `ready: {command: /bin/x}`"},
	{"workers: {web: 'a, b'}", "`web` wants a map of keys and values: say `web: {command: [/bin/web]}`"},
	{"workers: {web: [a]}", "say `web: {command: [/bin/web]}`"},
	{"workers:\n  web: a {b}\n", "say `web: {command: [/bin/web]}`"},
	{"workers:\n  web:\n    command:x\n", "f.yaml:3:5: error: a blank is missing: say `command: x`"},
	{"workers:\n  web:\n    comand:x\n", "say `web: {command: [/bin/web]}`"},
	{"workers:\n  web: {command: x}\n  restart: never\n",
	 "f.yaml:3:3: error: `restart` stands where the workers' names do: indent it further"},
	{W("supplementary_groups: 'docker, adm'"), "`supplementary_groups` wants a list: say [docker, adm]"},
	{W("supplementary_groups: docker adm"), "say [docker, adm]"},
	{W("pass_environment: 'APP_*,HOME'"), "say [APP_*, HOME]"},
	{W("capabilities: 'CAP_KILL,CAP_CHOWN'"), "say [CAP_KILL, CAP_CHOWN]"},
	{W("success_exit_codes: '0, 3'"), "say [0, 3]"},
	{"listen: 127.0.0.1:80, [::1]:80\n" V, "say [127.0.0.1:80, [::1]:80]"},
};

START_TEST(wrong_shapes)
{
	struct conf_context context = kit_root();

	kit_bad_text(shapes[_i].text, &context, shapes[_i].why);
}
END_TEST

#define LOCAL(port) "say 127.0.0.1:" port ", or 0.0.0.0:" port " for all"

static const struct wrong addresses[] = {
	{"listen: tcp:127.0.0.1:80\n" V, "did you mean \"127.0.0.1:80\"?"},
	{"listen: tcp://127.0.0.1:80\n" V, "did you mean \"127.0.0.1:80\"?"},
	{"listen: http://127.0.0.1:80/\n" V, "did you mean \"127.0.0.1:80\"?"},
	{"listen: 9180\n" V, LOCAL("9180")},
	{"listen: :9180\n" V, LOCAL("9180")},
	{"listen: ['*:9180']\n" V, LOCAL("9180")},
	{"listen: http://:9180\n" V, LOCAL("9180")},
	{"listen: ['*:99999']\n" V, "\"*\" is not a numeric address"},
	{"listen: ['::1:80']\n" V, "an IPv6 address is [::1]:80"},
	{"listen: ['::1']\n" V, "\"::1\" has no port: an IPv6 address is [::1]:9180"},
	{"listen: localhost:9180\n" V, "say 127.0.0.1:9180"},
	{"listen: /run/x.sock\n" V, "did you mean \"unix:/run/x.sock\"?"},
	{"listen: nonsense\n" V, "\"nonsense\" is none of ADDRESS:PORT, [V6]:PORT, unix:/PATH, fd:NAME\n"},
};

START_TEST(listeners)
{
	struct conf_context context = kit_root();

	kit_bad_text(addresses[_i].text, &context, addresses[_i].why);
}
END_TEST

#define TIME "a duration like 10s or 1m30s, a number of "

static const struct wrong amounts[] = {
	{W("limits: {cpu: 10M}"), "`limits.cpu`: \"10M\" is not " TIME "seconds, or unlimited"},
	{W("limits: {rttime: 1K}"), "`limits.rttime`: \"1K\" is not " TIME "microseconds, or unlimited"},
	{W("limits: {cpu: {soft: 1s, hard: 1G}}"), "`limits.cpu`: \"1G\" is not"},
	{W("limits: {core: 1s}"), "`limits.core`: \"1s\" is not a number or a size like 64K, 10M or 2G, or unlimited"},
	{W("limits: {core: infinity}"), "did you mean \"unlimited\"?"},
	{W("limits: {core: none}"), "did you mean \"unlimited\"?"},
	{W("limits: {cpu: -1}"), "did you mean \"unlimited\"?"},
	{W("limits: {nofile: [1]}"), "`limits.nofile` wants one value, not a list"},
	{W("limits: {nofile: {soft: , hard: 1}}"), "`limits.nofile` has no value"},
};

START_TEST(limits)
{
	struct conf_context context = kit_root();

	kit_bad_text(amounts[_i].text, &context, amounts[_i].why);
}
END_TEST

static const struct wrong habits[] = {
	{W("working_directory: ~/x"), "wants an absolute path: ~ and variables are not filled in"},
	{W("working_directory: $HOME/x"), "wants an absolute path: ~ and variables are not filled in"},
	{W("working_directory: x"), "`working_directory` wants an absolute path\n"},
	{W("restart_delay: 10 s"), "did you mean \"10s\"?"},
	{W("restart_delay: 10S"), "did you mean \"10s\"?"},
	{W("restart_delay: 1.5s"), "did you mean \"1s500ms\"?"},
	{W("restart_delay: 0.25 sec"), "did you mean \"250ms\"?"},
	{W("restart_delay: 2min"), "did you mean \"2m\"?"},
	{W("restart_delay: 1 Hour 30 minutes"), "did you mean \"1h30m\"?"},
	/* More decimals than a number holds: no hint, and no overflow on the way. */
	{W("restart_delay: 1.11111111111111111111s"), "`restart_delay`: "},
	{W("restart_delay: 500msec"), "did you mean \"500ms\"?"},
	{W("restart_reset: 1 week"), "did you mean \"7d\"?"},
	{"drain: {timeout: 30sec}\n" V, "did you mean \"30s\"?"},
	{W("limits: {cpu: 10 sec}"), "did you mean \"10s\"?"},
	{W("limits: {memlock: 64KB}"), "did you mean \"64K\"?"},
	{W("limits: {memlock: 64kib}"), "did you mean \"64K\"?"},
	{W("limits: {memlock: 10 MB}"), "did you mean \"10M\"?"},
	{W("limits: {memlock: 100B}"), "did you mean \"100\"?"},
	{W("capabilities: [net_bind_service]"), "did you mean \"CAP_NET_BIND_SERVICE\"?"},
	{W("capabilities: [cap_kill]"), "did you mean \"CAP_KILL\"?"},
};

START_TEST(values_from_habit)
{
	struct conf_context context = kit_root();

	kit_bad_text(habits[_i].text, &context, habits[_i].why);
}
END_TEST

#define Y(line) "workers:\n  w:\n    " line "\n"

static const struct wrong syntax[] = {
	{Y("command: %n"), "cannot start with '%': put the value into quotes"},
	{"listen: [::1]:80\n" V, "put a value that only begins with [ or { into quotes"},
	{Y("command: a: b"), "on the same line: put a value with a colon into quotes"},
	{Y("command: \"a\" b"), "put the whole value into quotes, or into a list"},
	{"[a]\nb=c\n", "missing document start: what stands before this line is no map of keys"},
	{Y("command: 'x\nfoo: bar"), "is its last quote missing?"},
	{Y("command: \"x\nfoo: bar"), "is its last quote missing?"},
	{"workers:\n  web\n    command: x\n", "is a colon missing here, or the next line indented too far?"},
	{Y("environment: {A: 1\n    restart: always"), "is a quote or a closing bracket missing before?"},
	{Y("command: [a, {b]"), "a bracket is closed that was not the last opened"},
	{Y("command: x\n   restart: never"), "keys of one map begin in the same column"},
	{Y("- command: x\n    restart: always"), "a list and keys do not mix"},
};

START_TEST(syntax_errors_say_what_to_do)
{
	struct conf_context context = kit_root();

	kit_bad_text(syntax[_i].text, &context, syntax[_i].why);
}
END_TEST

static const struct {
	const char *value;
	bool warns;
} references[] = {
	{"$PATH:/opt/bin", true}, {"/a:${PATH}", true}, {"/a:$PATH", true}, {"$PATHS", false},
	{"$$", false}, {"a$", false}, {"PATH", false}, {"$HOME", false}, {"${PATH", true},
};

START_TEST(a_shells_variable_is_warned_of)
{
	struct conf_context context = kit_root();
	char text[256];

	snprintf(text, sizeof text, W("environment: {PATH: '%s'}"), references[_i].value);
	kit_file("f.yaml", text);
	spec_free(&(struct spec *){kit_good("f.yaml", &context, references[_i].warns)});
}
END_TEST

static const struct wrong specifiers[] = {
	{W("working_directory: '/a/%n/%{i/2}'"), "`%{i/2}`: %{ } wants integers"},
	{W("environment: {A: '%i %{i-1}'}"), "`%{i-1}`: %{ } gives -1 for i = 0"},
	{W("environment: {A: 'x %{(i} y'}"), "`%{(i}`: a ) is missing"},
	{W("environment: {A: 'x %{i'}"), "error: a %{ without its }"},
	{"listen: 'unix:/%{1}'\n" V, "`%{1}`: %{ has no meaning here"},
	{W("environment: {A: 'x %q'}"), "error: unknown specifier %q"},
};

START_TEST(bad_specifiers)
{
	struct conf_context context = kit_root();

	kit_bad_text(specifiers[_i].text, &context, specifiers[_i].why);
}
END_TEST

START_TEST(blocks_are_pointed_at_by_their_key)
{
	struct conf_context context = kit_root();

	kit_bad_text("workers:\n  w:\n    command: |\n      a %q\n", &context, "f.yaml:3:5: error: unknown");
	kit_bad_text("workers:\n  w:\n    command: [x]\n    environment:\n      A: >\n        %q\n", &context,
		     "f.yaml:5:7: error: unknown");
	kit_bad_text("workers:\n  w:\n    command: [x]\n    environment_file:\n    - |\n      a\n", &context,
		     "f.yaml:6:7: error: `environment_file` wants absolute paths");
}
END_TEST

static const struct wrong comparisons[] = {
	{W("restart_delay: 1m"), "`restart_delay` is 1m, more than `restart_delay_max` of 30s (default)"},
	{W("restart_delay_max: 1ms"), "`restart_delay` is 100ms (default), more than `restart_delay_max` of 1ms"},
	{W("restart_delay: 2s, restart_delay_max: 1s"), "is 2s, more than `restart_delay_max` of 1s\n"},
	{W("replicas: -1, min_ready: 2"), "`replicas` is from 0"},
	{W("replicas: 2, min_ready: x"), "\"x\" is not a whole number"},
	{W("restart_delay: 1m, restart_delay_max: x"), "\"x\" is not a duration"},
	{W("ready: {when: fdd, fd: 3}"), "did you mean \"fd\"?"},
	{W("replicas: 2, min_ready: 3"), "f.yaml:1:53: error: `min_ready` is 3, more than the 2 replicas of the worker `w`"},
	{W("min_ready: 2"), "is 2, more than the 1 replica (default) of the worker `w`"},
	{"defaults: {min_ready: 3}\n" W("replicas: 2"),
	 "f.yaml:2:39: error: `min_ready` is 3, more than the 2 replicas of the worker `w`"},
	{"defaults: {replicas: -1}\n" W("min_ready: 3"), "`replicas` is from 0"},
	{"drain: {timeout: x, delay: 40s}\n" V, "\"x\" is not a duration"},
	{"drain: {timeout: 5s, delay: 5s}\n" V, "`drain.timeout` of 5s - `drain.delay` of 5s - 500ms for SIGKILL leaves nothing"},
	{"drain: {timeout: 1s, delay: 900ms}\n" V,
	 "f.yaml:1:29: error: `drain.timeout` of 1s - `drain.delay` of 900ms - 500ms for SIGKILL leaves nothing for stopping the "
	 "workers"},
	{"drain: {timeout: 1s, delay: 500ms}\n" V, "of 1s - `drain.delay` of 500ms - 500ms for SIGKILL leaves nothing"},
	{"drain: {delay: 30s}\n" V, "`drain.timeout` of 30s (default) - `drain.delay` of 30s - 500ms for SIGKILL leaves nothing"},
};

START_TEST(what_nobody_wrote_is_named)
{
	struct conf_context context = kit_root();

	kit_bad_text(comparisons[_i].text, &context, comparisons[_i].why);
}
END_TEST

static const struct {
	const char *text, *warning; /* NULL: none */
} fits[] = {
	{"drain: {timeout: 1s, delay: 499ms}\n" W("stop: {timeout: 1ms}"), NULL},
	{V, NULL},
	{"drain: {delay: 19500ms}\n" V, NULL},
	{"drain: {delay: 20s}\n" V,
	 "f.yaml:2:11: warning: `v` may take 10s (default) to stop, but has 9s500ms: `drain.timeout` of 30s (default) "
	 "- `drain.delay` of 20s - 500ms for SIGKILL"},
	{W("stop: {timeout: 29500ms}"), NULL},
	{W("stop: {timeout: 30s}"),
	 "f.yaml:1:45: warning: `w` may take 30s to stop, but has 29s500ms: `drain.timeout` of 30s (default) - "
	 "`drain.delay` of 0s (default) - 500ms for SIGKILL"},
	{"defaults: {stop: {timeout: 1m}}\n" V,
	 "f.yaml:1:28: warning: `v` may take 1m to stop, but has 29s500ms: `drain.timeout` of 30s (default) - "
	 "`drain.delay` of 0s (default) - 500ms for SIGKILL"},
};

START_TEST(stop_timeouts_fit_into_the_drain)
{
	struct conf_context context = kit_root();
	struct conf_report *report = conf_report_new();

	kit_file("f.yaml", fits[_i].text);
	struct spec *spec = conf_load("f.yaml", &context, report);
	ck_assert_ptr_nonnull(spec);
	ck_assert_pstr_eq(conf_report_line(report, 0), fits[_i].warning);
	ck_assert_ptr_null(conf_report_line(report, 1));
	spec_free(&spec);
	conf_report_free(&report);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("hints");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_loop_test(tests, unknown_keys, 0, LENGTH(unknown));
	tcase_add_test(tests, no_hint_is_better_than_a_bad_one);
	tcase_add_loop_test(tests, wrong_shapes, 0, LENGTH(shapes));
	tcase_add_loop_test(tests, listeners, 0, LENGTH(addresses));
	tcase_add_loop_test(tests, limits, 0, LENGTH(amounts));
	tcase_add_loop_test(tests, values_from_habit, 0, LENGTH(habits));
	tcase_add_loop_test(tests, syntax_errors_say_what_to_do, 0, LENGTH(syntax));
	tcase_add_loop_test(tests, a_shells_variable_is_warned_of, 0, LENGTH(references));
	tcase_add_loop_test(tests, bad_specifiers, 0, LENGTH(specifiers));
	tcase_add_test(tests, blocks_are_pointed_at_by_their_key);
	tcase_add_loop_test(tests, what_nobody_wrote_is_named, 0, LENGTH(comparisons));
	tcase_add_loop_test(tests, stop_timeouts_fit_into_the_drain, 0, LENGTH(fits));
	return suite_run("conf/hints", tests);
}
