/* /status: what it shows. */
#include "service/status.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>

#include "unit/fake_view.h"
#include "unit/suite.h"

static struct fake fake;

static json_t *get_status(void)
{
	json_error_t error;
	unsigned code;

	json_t *json = json_loads(fake_get(&fake, "/status", &code), JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(json != NULL, "%s at %d", error.text, error.position);
	ck_assert_uint_eq(code, 200);
	return json;
}

START_TEST(everything_is_shown)
{
	const char *name, *version, *state, *at, *worker, *command, *instance, *instance_state;
	int pid, ready, replicas, spawns, instance_pid, since;
	double uptime;

	fake_init(&fake, 2);
	fake.view.counts.spawns = 5;
	json_t *json = get_status();
	ck_assert_int_eq(
		json_unpack(json, "{s:s,s:s,s:s,s:f,s:i,s:s,s:n,s:{s:i},s:[{s:s,s:i,s:i,s:s,s:[{s:s,s:s,s:i,s:i,s:n,s:n}]}]}",
			    "name", &name, "version", &version, "state", &state, "uptime_s", &uptime,
			    "pid", &pid, "started_at", &at, "drain", "counts", "spawns", &spawns,
			    "workers", "name", &worker, "ready_instances", &ready, "replicas", &replicas,
			    "command", &command, "instances", "name", &instance, "state",
			    &instance_state, "pid", &instance_pid, "since_ms", &since, "deadline_ms",
			    "last_exit"),
		0);
	ck_assert_str_eq(name, "shop");
	ck_assert_str_eq(state, "running");
	ck_assert_double_eq_tol(uptime, 9.0, 1e-9);
	ck_assert_str_eq(at, "2026-11-22T17:59:51.123Z");
	ck_assert_int_eq(pid, 7);
	ck_assert_int_eq(spawns, 5);
	ck_assert_str_eq(worker, "web");
	ck_assert_str_eq(command, "/usr/bin/web");
	ck_assert_int_eq(ready, 3);
	ck_assert_int_eq(replicas, 3);
	ck_assert_str_eq(instance, "web.0");
	ck_assert_str_eq(instance_state, "ready");
	ck_assert_int_eq(instance_pid, 10);
	ck_assert_int_eq(since, 8000);
	json_decref(json);
}
END_TEST

/* Only who may command is told by which files. */
START_TEST(paths_are_for_who_may_command)
{
	fake_init(&fake, 1);
	json_t *json = get_status();
	ck_assert_ptr_null(json_object_get(json, "config"));
	ck_assert_ptr_null(json_object_get(json, "control"));
	json_decref(json);
	fake.view.config = "/etc/f.yaml";
	fake.spec.control.path = "/run/c";
	json = get_status();
	ck_assert_str_eq(json_string_value(json_object_get(json, "config")), "/etc/f.yaml");
	ck_assert_str_eq(json_string_value(json_object_get(json, "control")), "/run/c");
	json_decref(json);
}
END_TEST

/* The last_exit of the first instance. */
static json_t *last_exit(json_t *json)
{
	json_t *worker = json_array_get(json_object_get(json, "workers"), 0);
	json_t *instance = json_array_get(json_object_get(worker, "instances"), 0);

	return json_object_get(instance, "last_exit");
}

START_TEST(ends_are_told)
{
	fake_init(&fake, 1);
	fake.last_exit = (struct last_exit){.any = true, .spawned = true, .signaled = true, .core = true,
					    .code = SIGSEGV, .run = 1500 * NS_MS,
					    .rusage = {.ru_utime = {1, 500000}, .ru_maxrss = 42}};
	json_t *json = get_status();
	ck_assert_str_eq(json_string_value(json_object_get(last_exit(json), "signal")), "SIGSEGV");
	ck_assert(json_is_null(json_object_get(last_exit(json), "code")));
	ck_assert(json_is_true(json_object_get(last_exit(json), "core")));
	ck_assert_int_eq(json_integer_value(json_object_get(last_exit(json), "run_ms")), 1500);
	json_t *rusage = json_object_get(last_exit(json), "rusage");
	ck_assert_int_eq(json_integer_value(json_object_get(rusage, "utime_ms")), 1500);
	ck_assert_int_eq(json_integer_value(json_object_get(rusage, "maxrss_kb")), 42);
	json_decref(json);
	fake.last_exit = (struct last_exit){.any = true, .spawned = true, .code = 3};
	json = get_status();
	ck_assert_int_eq(json_integer_value(json_object_get(last_exit(json), "code")), 3);
	ck_assert(json_is_null(json_object_get(last_exit(json), "error")));
	json_decref(json);
	fake.last_exit = (struct last_exit){.any = true, .step = SPAWN_STEP_EXEC, .num = ENOENT};
	json = get_status();
	ck_assert_str_eq(json_string_value(json_object_get(last_exit(json), "error")),
			 "could not execute: No such file or directory");
	json_decref(json);
}
END_TEST

START_TEST(drain_names_who_it_waits_for)
{
	const char *phase, *first, *comm, *state;
	int elapsed, remaining, signals, deadline;

	fake_init(&fake, 1);
	fake.view.status.state = FLEET_STOPPING;
	fake.view.status.drain = (struct drain_status){
		9 * NS_S, 39 * NS_S, 2, DRAIN_PHASE_STOPPING};
	fake.instances[0].state = INSTANCE_STOPPED;
	fake.instances[1].state = INSTANCE_STOPPING;
	fake.instances[1].deadline = 15 * NS_S;
	fake.instances[2].state = INSTANCE_STOPPING;
	fake.instances[2].pid = 13;
	json_t *json = get_status();
	ck_assert_int_eq(json_unpack(json, "{s:{s:s,s:i,s:i,s:i,s:[{s:s,s:s,s:s,s:i},{s:n}]}}", "drain",
				     "phase", &phase, "elapsed_ms", &elapsed, "remaining_ms",
				     &remaining, "signals", &signals, "waiting_for", "name", &first,
				     "comm", &comm, "state", &state, "deadline_ms", &deadline, "comm"),
			 0);
	ck_assert_str_eq(phase, "stopping");
	ck_assert_int_eq(elapsed, 1000);
	ck_assert_int_eq(remaining, 29000);
	ck_assert_int_eq(signals, 2);
	ck_assert_str_eq(first, "web.1");
	ck_assert_str_eq(comm, "comm11\xef\xbf\xbd");
	ck_assert_int_eq(deadline, 5000);
	json_decref(json);
}
END_TEST

/* What the path leads to: a name, or the place in an array. */
static const json_t *at(const json_t *json, const char *path)
{
	char copy[100];

	snprintf(copy, sizeof copy, "%s", path);
	for (char *word = strtok(copy, "."); word != NULL; word = strtok(NULL, "."))
		json = json_is_array(json) ? json_array_get(json, (size_t)atoi(word)) : json_object_get(json, word);
	return json;
}

static void expect(const json_t *json, const char *path, const char *want)
{
	char *text = json_dumps(at(json, path), JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));

	ck_assert_msg(text != NULL && strcmp(text, want) == 0, "%s: %s", path, text);
	free(text);
}

START_TEST(probes_of_instances_are_shown)
{
	fake_init(&fake, 2);
	fake_probes(&fake);
	fake_checks(&fake);
	fake.probes[fake_number(&fake, 1, PROBE_READINESS)] = fake_answer(PROBE_FAILURE, "HTTP 503");
	fake.probes[fake_number(&fake, 2, PROBE_STARTUP)] = (struct probe_view){.status.next = MONO_NEVER};
	fake.instances[2].held_by = 1;
	json_t *json = get_status();
	expect(json, "workers.0.instances.0.probes.startup",
	       "{\"status\":\"success\",\"last\":\"success\",\"streak\":2,\"latency_ms\":1.84,\"error\":null,"
	       "\"checked_at\":\"2026-11-22T17:59:59.711Z\",\"age_ms\":412,\"last_success\":\"2026-11-22T17:59:59.711Z\","
	       "\"next_ms\":5000}");
	expect(json, "workers.0.instances.1.probes.readiness.status", "\"failure\"");
	expect(json, "workers.0.instances.1.probes.readiness.error", "\"HTTP 503\"");
	expect(json, "workers.0.instances.2.probes.startup",
	       "{\"status\":\"unknown\",\"last\":\"unknown\",\"streak\":0,\"latency_ms\":null,\"error\":null,"
	       "\"checked_at\":null,\"age_ms\":null,\"last_success\":null,\"next_ms\":null}");
	ck_assert_ptr_null(at(json, "workers.0.instances.0.probes.liveness"));
	expect(json, "workers.1.instances.0.probes", "{}");
	expect(json, "workers.0.instances.0.held_by", "null");
	expect(json, "workers.0.instances.2.held_by", "\"cache\"");
	json_decref(json);
}
END_TEST

START_TEST(checks_and_probers_are_shown)
{
	unsigned code;

	fake_init(&fake, 1);
	fake_checks(&fake);
	fake_check_is(&fake, 0, HEALTH_UNHEALTHY, PROBE_FAILURE, "timeout: no answer within 1s");
	json_t *json = get_status();
	expect(json, "checks.0",
	       "{\"name\":\"database\",\"kind\":\"check\",\"driver\":\"postgres\",\"status\":\"unhealthy\","
	       "\"reason\":\"timeout: no answer within 1s\",\"ready\":false,\"critical\":true,\"stale\":false,"
	       "\"slow\":false,\"streak\":2,\"latency_ms\":1.84,\"error\":\"timeout: no answer within 1s\","
	       "\"checked_at\":\"2026-11-22T17:59:59.711Z\",\"age_ms\":412,\"last_success\":\"2026-11-22T17:59:56.711Z\","
	       "\"next_ms\":5000,\"period_ms\":10000,\"timeout_ms\":1000,\"degraded_above_ms\":200}");
	expect(json, "checks.1.status", "\"healthy\"");
	expect(json, "checks.1.reason", "null");
	expect(json, "checks.1.degraded_above_ms", "null");
	expect(json, "probers",
	       "[{\"user\":\"fosterd-prober\",\"pid\":77,\"restarts\":1,\"waiting\":2,\"error\":null},"
	       "{\"user\":null,\"pid\":77,\"restarts\":1,\"waiting\":2,\"error\":null}]");
	json_decref(json);
	/* Neither what is asked nor with which password. */
	ck_assert_ptr_null(strstr(fake_get(&fake, "/status", &code), "secret"));
	ck_assert_ptr_null(strstr(fake_get(&fake, "/status", &code), "host=db"));
}
END_TEST

START_TEST(tasks_and_the_lifespan_are_shown)
{
	fake_init(&fake, 2);
	fake_plan(&fake);
	json_t *json = get_status();
	expect(json, "lifespan.0.name", "\"schema\"");
	expect(json, "lifespan.0.state", "\"up\"");
	expect(json, "lifespan.0.failed", "null");
	expect(json, "lifespan.0.since_ms", "7000");
	expect(json, "lifespan.0.start.state", "\"completed\"");
	expect(json, "lifespan.0.start.last_exit.code", "0");
	expect(json, "lifespan.0.stop.state", "\"waiting\"");
	expect(json, "tasks.0.name", "\"vacuum\"");
	expect(json, "tasks.0.state", "\"idle\"");
	expect(json, "tasks.0.status", "\"healthy\"");
	expect(json, "tasks.0.every_ms", "300000");
	expect(json, "tasks.0.next_run", "\"2026-11-22T18:02:00.123Z\"");
	expect(json, "tasks.0.next_in_ms", "120000");
	expect(json, "tasks.0.runs", "4");
	expect(json, "tasks.0.failures", "1");
	expect(json, "tasks.0.skipped", "2");
	expect(json, "tasks.0.pid", "null");
	expect(json, "tasks.0.running_ms", "null");
	expect(json, "tasks.0.last_run.started_at", "\"2026-11-22T17:59:56.400Z\"");
	expect(json, "tasks.0.last_run.duration_ms", "1500");
	expect(json, "tasks.0.last_run.failed", "false");
	expect(json, "tasks.0.last_run.cause", "null");
	/* Workers alone are counted as such. */
	ck_assert_uint_eq(json_array_size(at(json, "workers")), 2);
	json_decref(json);
}
END_TEST

START_TEST(tasks_have_their_states)
{
	fake_init(&fake, 1);
	fake_plan(&fake);
	struct instance_status *task = &fake.instances[spec_task_instance(&fake.spec, 0)];
	task->state = INSTANCE_READY;
	task->pid = 99;
	json_t *json = get_status();
	expect(json, "tasks.0.state", "\"running\"");
	expect(json, "tasks.0.pid", "99");
	expect(json, "tasks.0.running_ms", "4000");
	json_decref(json);
	task->state = INSTANCE_STOPPING;
	json = get_status();
	expect(json, "tasks.0.state", "\"stopping\"");
	json_decref(json);
	task->state = INSTANCE_FAILED;
	task->cause = CAUSE_RUN_TIMEOUT;
	fake.task_status.pending = fake.task_status.failed = true;
	task->waits_for = 0;
	fake.task_status.next = MONO_NEVER;
	json = get_status();
	expect(json, "tasks.0.state", "\"waiting\"");
	expect(json, "tasks.0.waits_for", "\"web\"");
	expect(json, "tasks.0.next_run", "null");
	expect(json, "tasks.0.last_run.cause", "\"took too long\"");
	json_decref(json);
	fake.task_status.ran = false;
	json = get_status();
	expect(json, "tasks.0.last_run", "null");
	json_decref(json);
}
END_TEST

START_TEST(a_failed_step_is_told)
{
	fake_init(&fake, 1);
	fake_plan(&fake);
	fake.step_status.start_failed = true;
	fake.instances[spec_step_start(&fake.spec, 0)].state = INSTANCE_FAILED;
	fake.instances[spec_step_start(&fake.spec, 0)].cause = CAUSE_RUN_TIMEOUT;
	fake.output = "no table";
	fake.workers[2].command.argc = 0; /* schema.stop */
	json_t *json = get_status();
	expect(json, "lifespan.0.failed", "\"start\"");
	expect(json, "lifespan.0.start.cause", "\"took too long\"");
	expect(json, "lifespan.0.start.output", "\"no table\"");
	expect(json, "lifespan.0.stop", "null");
	json_decref(json);
}
END_TEST

START_TEST(who_waits_for_whom)
{
	static const struct dependency on[] = {{1, DEPEND_READY}, {0, DEPEND_COMPLETED}};

	fake_init(&fake, 3);
	fake.workers[0].kind = PROGRAM_JOB;
	fake.workers[2].depends_on = on;
	fake.workers[2].n_depends_on = 2;
	fake.instances[4].state = INSTANCE_WAITING;
	fake.instances[4].waits_for = 1;
	fake.instances[4].waits_when = DEPEND_READY;
	fake.instances[3].to_stop = true;
	/* What it waited for once is no news of one that runs. */
	fake.instances[5].waits_for = 1;
	json_t *json = get_status();
	expect(json, "workers.0.kind", "\"job\"");
	expect(json, "workers.2.kind", "\"service\"");
	expect(json, "workers.0.depends_on", "[]");
	expect(json, "workers.2.depends_on",
	       "[{\"name\":\"db\",\"when\":\"ready\"},{\"name\":\"web\",\"when\":\"completed\"}]");
	expect(json, "workers.2.instances.0.waits_for", "{\"name\":\"db\",\"when\":\"ready\"}");
	expect(json, "workers.2.instances.1.waits_for", "null");
	expect(json, "workers.1.instances.0.to_stop", "true");
	json_decref(json);
}
END_TEST

/* First those whose end is awaited, tasks and steps among them; then those whose turn comes later. */
START_TEST(a_drain_waits_for_all_kinds)
{
	fake_init(&fake, 2);
	fake_plan(&fake);
	fake.view.status.state = FLEET_STOPPING;
	fake.view.status.drain.phase = DRAIN_PHASE_LIFESPAN;
	fake.instances[2].state = INSTANCE_STOPPING;
	fake.instances[spec_step_stop(&fake.spec, 0)].state = INSTANCE_READY;
	fake.instances[spec_task_instance(&fake.spec, 0)].state = INSTANCE_READY;
	json_t *json = get_status();
	expect(json, "drain.phase", "\"lifespan\"");
	ck_assert_uint_eq(json_array_size(at(json, "drain.waiting_for")), 6);
	expect(json, "drain.waiting_for.0.name", "\"web.2\"");
	expect(json, "drain.waiting_for.0.kind", "\"service\"");
	expect(json, "drain.waiting_for.1.name", "\"schema.stop\"");
	expect(json, "drain.waiting_for.1.kind", "\"lifespan stop\"");
	expect(json, "drain.waiting_for.2.name", "\"vacuum\"");
	expect(json, "drain.waiting_for.3.name", "\"web.0\"");
	json_decref(json);
}
END_TEST

START_TEST(summary_tells_four_things)
{
	unsigned code;

	fake_init(&fake, 2);
	fake.view.details = false;
	ck_assert_str_eq(fake_get(&fake, "/status", &code),
			 "{\"name\":\"shop\",\"version\":\"" FOSTERD_VERSION
			 "\",\"state\":\"running\",\"uptime_s\":9.0}\n");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("status");

	tcase_add_test(tests, everything_is_shown);
	tcase_add_test(tests, paths_are_for_who_may_command);
	tcase_add_test(tests, ends_are_told);
	tcase_add_test(tests, drain_names_who_it_waits_for);
	tcase_add_test(tests, probes_of_instances_are_shown);
	tcase_add_test(tests, checks_and_probers_are_shown);
	tcase_add_test(tests, tasks_and_the_lifespan_are_shown);
	tcase_add_test(tests, tasks_have_their_states);
	tcase_add_test(tests, a_failed_step_is_told);
	tcase_add_test(tests, who_waits_for_whom);
	tcase_add_test(tests, a_drain_waits_for_all_kinds);
	tcase_add_test(tests, summary_tells_four_things);
	return suite_run("service/status", tests);
}
