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
	fake.view.status.drain = (struct drain_status){9 * NS_S, 39 * NS_S, 2};
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
	tcase_add_test(tests, summary_tells_four_things);
	return suite_run("service/status", tests);
}
