/* compare - every option that can differ is told when it does, with both values where they are fit to be shown. */
#include "conf/compare.h"

#include "unit/conf_kit.h"

struct told {
	char text[4096];
	size_t len;
};

static void note(void *data, const char *worker, const char *option, const char *was, const char *is)
{
	struct told *told = data;

	told->len += (size_t)snprintf(told->text + told->len, sizeof told->text - told->len,
				      "%s.%s: %s -> %s\n", worker == NULL ? "" : worker, option,
				      was == NULL ? "?" : was, is == NULL ? "?" : is);
}

static struct spec *load(const char *name, const char *text, size_t warnings)
{
	struct conf_context context = kit_root();

	kit_file(name, text);
	return kit_good(name, &context, warnings);
}

/* was and is: the worker's options; told: what must be said of them. */
static const struct {
	const char *was, *is, *told;
} options[] = {
	{"", "", ""},
	{"nice: 3", "nice: 3", ""},
	{"restart_delay: 1s", "restart_delay: 1000ms", ""},
	{"replicas: 1", "replicas: 3", "w.replicas: 1 -> 3\nw.min_ready: 1 -> 2\n"},
	{"restart: always", "restart: never", "w.restart: always -> never\n"},
	{"restart_delay: 1s", "restart_delay: 90s, restart_delay_max: 2m",
	 "w.restart_delay: 1s -> 1m30s\nw.restart_delay_max: 30s -> 2m\n"},
	{"nice: 3", "nice: 4", "w.nice: 3 -> 4\n"},
	{"umask: 0022", "umask: 0077", "w.umask: 0022 -> 0077\n"},
	{"critical: true", "critical: no", "w.critical: true -> false\n"},
	{"stop: {signal: TERM}", "stop: {signal: INT}", "w.stop.signal: 15 -> 2\n"},
	{"stop: {command: [a, b]}", "stop: {command: [a, c]}", "w.stop.command: a b -> a c\n"},
	{"working_directory: /a", "working_directory: /b", "w.working_directory: /a -> /b\n"},
	{"success_exit_codes: [0]", "success_exit_codes: [0, 255]",
	 "w.success_exit_codes: 0 -> 0, 255\n"},
	{"capabilities: [CAP_CHOWN]", "capabilities: [CAP_KILL]", "w.capabilities: 0x1 -> 0x20\n"},
	{"nice: 0", "nice: 0, capabilities: []", "w.capabilities: ? -> ?\n"},
	{"nice: 0", "umask: 0, nice: 0", "w.umask: ? -> ?\n"},
	{"environment: {A: b}", "environment: {A: c}", "w.environment: ? -> ?\n"},
	{"environment: {A: b}", "environment: {A: b, B: c}", "w.environment: ? -> ?\n"},
	{"limits: {core: 0}", "limits: {core: 1}", "w.limits: ? -> ?\n"},
	{"limits: {core: 0}", "limits: {core: 0, nofile: 7}", "w.limits: ? -> ?\n"},
	{"supplementary_groups: [adm]", "supplementary_groups: [staff]",
	 "w.supplementary_groups: ? -> ?\n"},
	{"group: adm", "group: staff", "w.group: ? -> ?\n"},
	{"nice: 1", "nice: 1, liveness: {exec: x}", "w.liveness: absent -> present\n"},
	{"nice: 1, startup: {exec: x}", "nice: 1, ready: {when: started}",
	 "w.ready.when: probe -> started\nw.startup: present -> absent\n"},
	{"liveness: {exec: x}", "liveness: {tcp: 'x:1'}", "w.liveness: exec -> tcp\n"},
	{"liveness: {exec: x y}", "liveness: {exec: x z}", "w.liveness.exec: x y -> x z\n"},
	{"liveness: {tcp: 'x:1'}", "liveness: {tcp: 'x:2'}", "w.liveness.tcp: x:1 -> x:2\n"},
	{"readiness: {http: 'http://x'}", "readiness: {http: 'http://y', headers: {a: b}, status: 200, body: c, verify: on}",
	 "w.readiness.http: http://x -> http://y\nw.readiness.headers: ? -> ?\nw.readiness.status: ? -> ?\n"
	 "w.readiness.body:  -> c\nw.readiness.verify: false -> true\n"},
	{"readiness: {http: 'http://x', headers: {a: b}}", "readiness: {http: 'http://x', headers: {a: c}}",
	 "w.readiness.headers: ? -> ?\n"},
	{"readiness: {tcp: 'x:1'}", "readiness: {tcp: 'x:1', initial_delay: 1s, period: 2s, timeout: 900ms, "
	 "success_threshold: 2, failure_threshold: 4}",
	 "w.readiness.initial_delay: 0s -> 1s\nw.readiness.period: 10s -> 2s\nw.readiness.timeout: 1s -> 900ms\n"
	 "w.readiness.success_threshold: 1 -> 2\nw.readiness.failure_threshold: 3 -> 4\n"},
	{"liveness: {exec: x}", "liveness: {exec: x, termination_grace: 0s}", "w.liveness.termination_grace: ? -> ?\n"},
	{"liveness: {exec: x, termination_grace: 1s}", "liveness: {exec: x, termination_grace: 2s}",
	 "w.liveness.termination_grace: 1s -> 2s\n"},
	{"kind: job", "kind: service, restart: on-failure", "w.kind: job -> service\nw.ready.timeout: 0s -> 1m\n"},
	{"kind: job, ready: {timeout: 3s}", "kind: job, ready: {timeout: 4s}", "w.ready.timeout: 3s -> 4s\n"},
	{"on_dependency_restart: keep", "on_dependency_restart: restart", "w.on_dependency_restart: keep -> restart\n"},
	{"reload: {signal: HUP}", "reload: {signal: USR1}", "w.reload.signal: 1 -> 10\n"},
	{"reload: {command: a}", "reload: {command: b c}", "w.reload.command: a -> b c\n"},
	{"liveness: {redis: 'redis://:a@x'}", "liveness: {redis: 'redis://:b@x'}", "w.liveness.redis: ? -> ?\n"},
	{"liveness: {redis: 'redis://:a@x'}", "liveness: {redis: 'redis://:a@y'}",
	 "w.liveness.redis: redis://x -> redis://y\n"},
};

START_TEST(an_option_that_differs_is_told)
{
	struct told told = {.len = 0};
	char text[512];

	snprintf(text, sizeof text, "workers: {w: {command: [x], %s}}", options[_i].was);
	struct spec *was = load("was.yaml", text, 0);
	snprintf(text, sizeof text, "workers: {w: {command: [x], %s}}", options[_i].is);
	struct spec *is = load("is.yaml", text, 0);
	size_t count = conf_compare(was, is, note, &told);
	ck_assert_str_eq(told.text, options[_i].told);
	size_t lines = 0;
	for (const char *at = told.text; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	ck_assert_uint_eq(count, lines);
	spec_free(&was);
	spec_free(&is);
}
END_TEST

START_TEST(users_and_commands_differ)
{
	struct told told = {.len = 0};
	struct spec *was = load("was.yaml", "workers: {w: {command: [x]}}", 0);
	struct spec *is = load("is.yaml", "workers: {w: {command: [x, y], user: worker}}", 0);

	conf_compare(was, is, note, &told);
	ck_assert_ptr_nonnull(strstr(told.text, "w.command: x -> x y\n"));
	ck_assert_ptr_nonnull(strstr(told.text, "w.user: ? -> worker\n"));
	ck_assert_ptr_nonnull(strstr(told.text, "w.environment: ? -> ?\n"));
	spec_free(&was);
	spec_free(&is);
}
END_TEST

START_TEST(workers_come_and_go_and_the_top_changes)
{
	struct told told = {.len = 0};
	struct spec *was = load("was.yaml",
				"name: a\nlisten: ['127.0.0.1:1']\ndrain: {delay: 1s}\n"
				"control: {path: /a}\n"
				"workers: {a: {command: [x]}, b: {command: [x]}}", 0);
	struct spec *is = load("is.yaml",
			       "name: b\nlisten: ['127.0.0.1:2']\nexpose: full\n"
			       "control: {path: /b, mode: 0660, group: staff}\n"
			       "workers: {b: {command: [x]}, c: {command: [x]}}", 0);

	ck_assert_uint_eq(conf_compare(was, is, note, &told), 9);
	ck_assert_str_eq(told.text, ".name: a -> b\n.expose: auto -> full\n.control.path: /a -> /b\n"
				    ".control.mode: 0600 -> 0660\n.drain.delay: 1s -> 0s\n.control.group: ? -> ?\n"
				    ".listen: ? -> ?\nc.worker: absent -> new\na.worker: present -> gone\n");
	spec_free(&was);
	spec_free(&is);
}
END_TEST

START_TEST(checks_differ)
{
	struct told told = {.len = 0};
	struct spec *was = load("was.yaml",
				"checks: {a: {tcp: 'x:1'}, b: {exec: x, user: worker}, c: {redis: 'redis://x'}, d: {tcp: 'x:1'}}\n"
				"prober: {max_exec: 3}\n"
				"workers: {w: {command: [x], depends_on_checks: [a, b]}}", 0);
	struct spec *is = load("is.yaml",
			       "checks: {c: {redis: 'redis://x', degraded_above: 1s}, b: {exec: x}, a: {tcp: 'x:1', user: me, "
			       "critical: no}, e: {exec: x}}\nprober: {max_exec: 4, user: worker}\n"
			       "workers: {w: {command: [x], depends_on_checks: [a, c]}}", 0);

	conf_compare(was, is, note, &told);
	ck_assert_str_eq(told.text, ".prober.max_exec: 3 -> 4\n.prober.user: 65534 -> worker\n"
				    "c.degraded_above: 0s -> 1s\nc.user: 65534 -> worker\n"
				    "b.user: worker -> ?\n"
				    "a.critical: true -> false\na.user: 65534 -> me\n"
				    "e.check: absent -> new\nd.check: present -> gone\n"
				    "w.depends_on_checks: ? -> ?\n");
	spec_free(&was);
	spec_free(&is);
}
END_TEST

START_TEST(dependencies_differ)
{
	struct told told = {.len = 0};
	struct spec *was = load("was.yaml",
				"workers: {a: {command: x}, b: {command: x, kind: job}, c: {command: x, depends_on: [a]},\n"
				"  d: {command: x, depends_on: {a: started, b: completed}}, e: {command: x, depends_on: [a]}}",
				0);
	struct spec *is = load("is.yaml",
			       "workers: {b: {command: x, kind: job}, a: {command: x}, c: {command: x, depends_on: {a: started}},\n"
			       "  d: {command: x, depends_on: {a: started, b: completed}}, e: {command: x}}",
			       0);

	conf_compare(was, is, note, &told);
	ck_assert_str_eq(told.text, "c.depends_on: a: ready -> a: started\ne.depends_on: a: ready -> \n");
	spec_free(&was);
	spec_free(&is);
}
END_TEST

START_TEST(steps_differ)
{
	struct told told = {.len = 0};
	struct spec *was = load("was.yaml",
				"lifespan:\n"
				"- {name: a, start: {command: x}, stop: {command: y}}\n"
				"- {name: b, start: {command: x, timeout: 3s}, nice: 3}\n"
				"- {name: c, stop: {command: x}}\n"
				"workers: {w: {command: x}}",
				0);
	struct spec *is = load("is.yaml",
			       "lifespan:\n"
			       "- {name: a, start: {command: x}, stop: {command: z, timeout: 7s}, user: worker}\n"
			       "- {name: d, stop: {command: x}}\n"
			       "- {name: b, start: {command: y, timeout: 4s}, nice: 4}\n"
			       "drain: {reserve: 6s}\n"
			       "workers: {w: {command: x}}",
			       0);

	conf_compare(was, is, note, &told);
	ck_assert_str_eq(told.text, ".drain.reserve: 5s -> 6s\n"
				    "a.user: ? -> worker\na.group: ? -> ?\na.supplementary_groups: ? -> ?\n"
				    "a.environment: ? -> ?\na.stop.command: y -> z\n"
				    "a.stop.timeout: 10s -> 7s\n"
				    "d.step: absent -> new\nb.start.command: x -> y\nb.start.timeout: 3s -> 4s\nb.nice: 3 -> 4\n"
				    "c.step: present -> gone\n.lifespan: ? -> ?\n");
	told = (struct told){.len = 0};
	ck_assert_uint_eq(conf_compare(is, is, note, &told), 0);
	spec_free(&was);
	spec_free(&is);
}
END_TEST

START_TEST(tasks_differ)
{
	struct told told = {.len = 0};
	struct spec *was = load("was.yaml",
				"tasks: {a: {command: x, every: 1h}, b: {command: x, every: 1h}, c: {command: x, every: 1h}}\n"
				"workers: {w: {command: x}}",
				0);
	struct spec *is = load("is.yaml",
			       "tasks: {b: {command: y, every: 2h, jitter: 1s, timeout: 3s, overlap: queue, on_drain: cancel, umask: 7,\n"
			       "            run_at_start: on, persistent: on, critical: on, stop: {timeout: 1s}, depends_on: [w]},\n"
			       "        a: {command: x, every: 1h}, d: {command: x, every: 1h}}\n"
			       "workers: {w: {command: x}}",
			       0);

	conf_compare(was, is, note, &told);
	ck_assert_str_eq(told.text, "b.command: x -> y\nb.timeout: 1h -> 3s\nb.critical: false -> true\nb.umask: ? -> ?\n"
				    "b.stop.timeout: 10s -> 1s\nb.depends_on:  -> w: ready\n"
				    "b.every: 1h -> 2h\nb.jitter: 0s -> 1s\nb.overlap: skip -> queue\nb.run_at_start: false -> true\n"
				    "b.persistent: false -> true\nb.on_drain: finish -> cancel\n"
				    "d.task: absent -> new\nc.task: present -> gone\n");
	spec_free(&was);
	spec_free(&is);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("compare");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_loop_test(tests, an_option_that_differs_is_told, 0,
			    sizeof options / sizeof options[0]);
	tcase_add_test(tests, users_and_commands_differ);
	tcase_add_test(tests, checks_differ);
	tcase_add_test(tests, dependencies_differ);
	tcase_add_test(tests, steps_differ);
	tcase_add_test(tests, tasks_differ);
	tcase_add_test(tests, workers_come_and_go_and_the_top_changes);
	return suite_run("conf/compare", tests);
}
