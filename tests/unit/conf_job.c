/* job - a worker that runs to its end: what it takes over from a service, and what not. */
#include "conf/job.h"

#include "unit/conf_kit.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define J(body) "workers: {j: {command: x, kind: job" body "}}\n"

START_TEST(its_own_defaults)
{
	struct spec *spec = kit_good_text(J(", replicas: 3"));
	const struct worker_spec *job = &spec->workers[0];

	ck_assert_int_eq(job->kind, PROGRAM_JOB);
	ck_assert_int_eq(job->restart, RESTART_ON_FAILURE);
	ck_assert(job->ready_timeout == 0 && job->run_timeout == 0 && !job->has_ready_timeout);
	ck_assert_uint_eq(job->min_ready, 3);
	ck_assert(job->critical);
	spec_free(&spec);
}
END_TEST

START_TEST(its_time)
{
	struct spec *spec = kit_good_text(J(", ready: {timeout: 3s}, restart: never, min_ready: 0, watchdog: 0, reload: {command: []}"));
	const struct worker_spec *job = &spec->workers[0];

	ck_assert(job->run_timeout == 3 * NS_S && job->ready_timeout == 0);
	ck_assert_int_eq(job->restart, RESTART_NEVER);
	ck_assert_uint_eq(job->min_ready, 0);
	spec_free(&spec);
}
END_TEST

/* What `defaults` say of services is nothing to it. */
START_TEST(defaults_of_services)
{
	struct spec *spec = kit_good_text(
		"defaults: {restart: always, ready: {when: fd, fd: 4, timeout: 3s}, watchdog: 4s, reload: {signal: HUP},\n"
		"  startup: {tcp: 'x:1', failure_threshold: 1, period: 1s}, readiness: {exec: y}, liveness: {http: 'http://x/'}, restart_delay: 2s}\n"
		"workers: {j: {command: x, kind: job}, s: {command: x}}\n");
	const struct worker_spec *job = &spec->workers[0], *service = &spec->workers[1];

	ck_assert_int_eq(job->restart, RESTART_ON_FAILURE);
	ck_assert_int_eq(job->restart_delay, 2 * NS_S);
	ck_assert(job->ready_when == READY_STARTED && job->ready_fd == 0 && job->ready_timeout == 0 && job->run_timeout == 0);
	ck_assert(job->watchdog == 0 && job->reload_signal == 0 && job->n_probes == 0 && job->probes[2] == NULL);
	ck_assert(service->restart == RESTART_ALWAYS && service->ready_fd == 4 && service->n_probes == 3);
	ck_assert(service->reload_signal == 1 && service->run_timeout == 0);
	spec_free(&spec);
}
END_TEST

/* And `kind: job` there makes jobs of all. */
START_TEST(defaults_of_jobs)
{
	struct spec *spec = kit_good_text("defaults: {kind: job, restart: never}\n"
					  "workers: {j: {command: x}, s: {command: x, kind: service, restart: always}}\n");

	ck_assert(spec->workers[0].kind == PROGRAM_JOB && spec->workers[0].restart == RESTART_NEVER);
	ck_assert(spec->workers[1].kind == PROGRAM_SERVICE && spec->workers[1].restart == RESTART_ALWAYS);
	spec_free(&spec);
}
END_TEST

static const struct {
	const char *text, *why;
} bad[] = {
	{J(", restart: always"), "f.yaml:1:47: error: `restart: always` is for a service, and `j` is a job, which runs until it "
				 "completes: say `on-failure` or `never`, or make a task of what is to run again and again"},
	{J(", restart: 'no'"), "did you mean \"never\"?"},
	{J(", ready: {when: started}"), "f.yaml:1:46: error: `ready.when` is for a service, and `j` is a job: it is never ready"},
	{J(", ready: {fd: 3}"), "`ready.fd` is for a service, and `j` is a job"},
	{J(", watchdog: 3s"), "`watchdog` is for a service, and `j` is a job: `ready.timeout` is for how long it may take"},
	{J(", startup: {tcp: 'x:1', period: 2s}"), "`startup.tcp` is for a service, and `j` is a job: it is asked nothing"},
	{J(", readiness: {period: 2s}"), "`readiness.period` is for a service, and `j` is a job"},
	{J(", liveness: {exec: x, termination_grace: 3s}"), "`liveness.exec` is for a service"},
	{J(", reload: {signal: HUP}"), "`reload.signal` is for a service, and `j` is a job: it is run again instead"},
	{J(", reload: {command: x}"), "`reload.command` is for a service"},
	{"workers: {j: {command: x, kind: oneshot}}\n", "did you mean \"job\"?"},
	{"workers: {j: {command: x, kind: simple}}\n", "did you mean \"service\"?"},
	{"workers: {j: {command: x, Type: oneshot}}\n", "did you mean \"kind\"?"},
	{"workers: {j: {command: x, reload: {signal: HUP, command: x}}}\n",
	 "f.yaml:1:58: error: `reload.signal` and `reload.command`: it is told to reload in one way"},
	{"workers: {j: {command: x, reload: HUP}}\n", "say `reload: {signal: HUP}`"},
	{"workers: {j: {command: x, reload: {signal: UHP}}}\n", "did you mean \"HUP\"?"},
	{"workers: {j: {command: x, reload: {command: [x, '%q']}}}\n", "unknown specifier %q"},
	{"workers: {j: {command: x, ExecReload: x}}\n", "did you mean \"reload: {command: x}\"?"},
	{"workers: {j: {command: x, ExecStop: x}}\n", "did you mean \"stop: {command: x}\"?"},
	{"workers: {j: {command: x, ExecStartPre: x}}\n",
	 "unknown key `ExecStartPre` in a worker: what is to be done before is a worker of `kind: job` that it depends on"},
	{"workers: {j: {command: x, before: [x]}}\n", "in a worker: it is the other worker that says `depends_on`"},
	{"workers: {j: {command: x, After: [x]}}\n", "did you mean \"depends_on\"?"},
	{"workers: {j: {command: x, requires: [x]}}\n", "did you mean \"depends_on\"?"},
	{"workers: {j: {command: x, priority: 7}}\n", "did you mean \"depends_on\"?"},
	{"workers: {j: {command: x, dependencies.d: 7}}\n", "did you mean \"depends_on\"?"},
};

START_TEST(refused)
{
	struct conf_context context = kit_root();

	kit_bad_text(bad[_i].text, &context, bad[_i].why);
}
END_TEST

/* The worker's own way counts. */
START_TEST(one_way_to_reload)
{
	struct spec *spec = kit_good_text("defaults: {reload: {signal: HUP}}\n"
					  "workers: {a: {command: x, reload: {command: y}}, b: {command: x}}\n");

	ck_assert(spec->workers[0].reload_signal == 0 && spec->workers[0].reload_command.argc == 1);
	ck_assert(spec->workers[1].reload_signal == 1 && spec->workers[1].reload_command.argc == 0);
	spec_free(&spec);
	spec = kit_good_text("defaults: {reload: {command: y}}\nworkers: {a: {command: x, reload: {signal: USR1}}}\n");
	ck_assert(spec->workers[0].reload_signal == 10 && spec->workers[0].reload_command.argc == 0);
	spec_free(&spec);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("job");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_test(tests, its_own_defaults);
	tcase_add_test(tests, its_time);
	tcase_add_test(tests, defaults_of_services);
	tcase_add_test(tests, defaults_of_jobs);
	tcase_add_test(tests, one_way_to_reload);
	tcase_add_loop_test(tests, refused, 0, LENGTH(bad));
	return suite_run("conf/job", tests);
}
