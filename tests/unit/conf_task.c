/* task - what is run again and again, as it is read, and what is refused. */
#include "conf/task.h"

#include "unit/conf_kit.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define T(body) "tasks: {t: {" body "}}\n"

START_TEST(all_of_it)
{
	struct spec *spec = kit_good_text(
		"workers: {w: {command: x, replicas: 2}}\n"
		"defaults: {nice: 3, stop: {timeout: 1s}}\n"
		"tasks:\n"
		"  one: {command: 'a | b', every: 90s}\n"
		"  two: {command: [x, '%n'], every: 1h, jitter: 5m, timeout: 7s, overlap: replace, on_drain: cancel, run_at_start: yes,\n"
		"        persistent: on, critical: true, stop: {signal: INT, timeout: 3s, to: group}, success_exit_codes: [3]}\n");
	const struct task_spec *one = &spec->tasks[0], *two = &spec->tasks[1];
	const struct worker_spec *first = spec_worker_of(spec, spec_task_instance(spec, 0));
	const struct worker_spec *second = spec_worker_of(spec, spec_task_instance(spec, 1));

	ck_assert_uint_eq(spec->n_tasks, 2);
	ck_assert_uint_eq(spec->n_instances, 4);
	ck_assert(one->every == 90 * NS_S && one->jitter == 0 && one->overlap == OVERLAP_SKIP && !one->cancel);
	ck_assert(!one->run_at_start && !one->persistent);
	ck_assert(first->kind == PROGRAM_TASK && first->restart == RESTART_NEVER && !first->critical);
	ck_assert(first->run_timeout == 90 * NS_S && first->stop_timeout == 10 * NS_S && first->stop_signal == 15);
	ck_assert(first->stop_to == STOP_TO_GROUP && first->replicas == 1 && !first->has_nice && first->ready_timeout == 0);
	ck_assert_str_eq(first->name, "one");
	ck_assert(two->every == 3600 * NS_S && two->jitter == 300 * NS_S && two->overlap == OVERLAP_REPLACE && two->cancel);
	ck_assert(two->run_at_start && two->persistent && second->critical && second->run_timeout == 7 * NS_S);
	ck_assert(second->stop_signal == 2 && second->stop_timeout == 3 * NS_S && second->stop_to == STOP_TO_GROUP);
	ck_assert(worker_spec_is_success(second, 3) && !worker_spec_is_success(second, 0));
	ck_assert_str_eq(two->name, "two");
	spec_free(&spec);
}
END_TEST

static const struct {
	const char *text, *why;
} bad[] = {
	{T("command: x"), "f.yaml:1:9: error: the task `t` has no `every`: say how often it is run"},
	{T("every: 3s"), "f.yaml:1:9: error: the task `t` has no `command`"},
	{T("command: x, every: 99ms"), "`every` is from 100ms to 365d, not 99ms"},
	{T("command: x, every: 5"), "`every`"},
	{T("command: x, every: '*/5 * * * *'"), "did you mean \"5m\"?"},
	{T("command: x, every: '0 * * * *'"), "did you mean \"1h\"?"},
	{T("command: x, every: '@daily'"), "did you mean \"1d\"?"},
	{T("command: x, every: hourly"), "did you mean \"1h\"?"},
	{T("command: x, every: 5s, jitter: 5s"), "f.yaml:1:44: error: `jitter` is 5s, and must be less than `every`, which is 5s"},
	{T("command: x, every: 5s, timeout: 0"), "`timeout` is from 1ms to 365d, not 0"},
	{T("command: x, every: 5s, overlap: Forbid"), "did you mean \"skip\"?"},
	{T("command: x, every: 5s, overlap: wait"), "did you mean \"queue\"?"},
	{T("command: x, every: 5s, on_drain: wait"), "did you mean \"finish\"?"},
	{T("command: x, every: 5s, on_drain: kill"), "did you mean \"cancel\"?"},
	{T("command: [x, '%q'], every: 5s"), "unknown specifier %q"},
	{T("command: x, every: 5s, working_directory: '/%q'"), "unknown specifier %q"},
	{T("command: x, every: 5s, restart: no"), "unknown key `restart` in a task: it is for workers, a task is run again by its `every`"},
	{T("command: x, every: 5s, replicas: 2"), "unknown key `replicas` in a task: it belongs in a worker"},
	{T("command: x, every: 5s, readiness: {tcp: 'x:1'}"), "unknown key `readiness` in a task: it belongs in a worker"},
	{T("command: x, every: 5s, depends_on_checks: [c]"), "unknown key `depends_on_checks` in a task: it belongs in a worker"},
	{T("command: x, every: 5s, start: {command: x}"), "`start` in a task: it belongs in a step of the `lifespan`"},
	{T("command: x, every: 5s, drain: {}"), "unknown key `drain` in a task: it belongs at the top of the file"},
	{T("command: x, every: 5s, stop: {command: x}"), "unknown key `command` in stop in a task: it is for workers\n"},
	{T("command: x, every: 5s, schedule: 5s"), "did you mean \"every\"?"},
	{T("command: x, every: 5s, OnUnitActiveSec: 5s"), "did you mean \"every\"?"},
	{T("command: x, every: 5s, RandomizedDelaySec: 5s"), "did you mean \"jitter\"?"},
	{T("command: x, every: 5s, Persistent: yes"), "did you mean \"persistent\"?"},
	{T("command: x, every: 5s, RuntimeMaxSec: 5s"), "did you mean \"timeout\"?"},
	{T("command: x, every: 5s, stop_timeout: 5s"), "did you mean \"stop: {timeout: 5s}\"?"},
	{T("command: x, every: 5s, jiter: 5s"), "did you mean \"jitter\"?"},
	{"tasks: {t: [x]}\n", "`t` wants a map of keys and values: say `t: {command: [/bin/clean], every: 5m}`"},
	{"tasks: [x]\n", "`tasks` wants a map"},
	{"tasks: {a.b: {command: x, every: 5s}}\n", "a task's name has"},
	{"tasks: {w: {command: x, every: 5s}}\nworkers: {w: {command: x}}\n",
	 "f.yaml:1:9: error: a worker is called `w` too (f.yaml:2:11): a name is one component's"},
	{"tasks: {c: {command: x, every: 5s}}\nchecks: {c: {tcp: 'x:1'}}\n",
	 "f.yaml:1:9: error: a check is called `c` too (f.yaml:2:10): a name is one component's"},
	{"task: {t: {command: x, every: 5s}}\n", "did you mean \"tasks\"?"},
	{"timers: {t: {command: x, every: 5s}}\n", "did you mean \"tasks\"?"},
	{"cron: []\n", "did you mean \"tasks\"?"},
	{"clean: {command: x, every: 5s}\n", "unknown key `clean`: a task belongs in `tasks`"},
	{"every: 5s\n", "unknown key `every`: it belongs in a task"},
	{"workers: {w: {command: x, every: 5s}}\n", "unknown key `every` in a worker: it belongs in a task"},
	{"workers: {w: {command: x, schedule: 5s}}\n",
	 "unknown key `schedule` in a worker: what is done again and again belongs in `tasks`, with `every`"},
};

START_TEST(refused)
{
	struct conf_context context = kit_root();

	kit_bad_text(bad[_i].text, &context, bad[_i].why);
}
END_TEST

START_TEST(without_workers)
{
	struct spec *spec = kit_good_text(T("command: x, every: 5s"));

	ck_assert_uint_eq(spec->n_workers, 0);
	ck_assert_uint_eq(spec->n_levels, 0);
	ck_assert_uint_eq(spec->workers[0].first_instance, 0);
	spec_free(&spec);
}
END_TEST

START_TEST(too_many)
{
	struct conf_context context = kit_root();
	static char text[65536];
	int len = sprintf(text, "tasks:\n");

	for (int i = 0; i < 1000; i++)
		len += sprintf(text + len, "  t%d: {command: x, every: 5s}\n", i);
	spec_free(&(struct spec *){kit_good_text(text)});
	sprintf(text + len, "  t1000: {command: x, every: 5s}\n");
	kit_bad_text(text, &context, "there are 1001 tasks, 1000 are the most");
}
END_TEST

START_TEST(in_two_files)
{
	struct conf_context context = kit_root();

	kit_file("more.yaml", "tasks: {b: {command: x, every: 5s}}\n");
	spec_free(&(struct spec *){kit_good_text("include: more.yaml\ntasks: {a: {command: x, every: 5s}}\n")});
	kit_bad_text("include: more.yaml\ntasks: {b: {command: x, every: 1s}}\n", &context,
		     "more.yaml:1:9: error: the task `b` is described twice: it is also at f.yaml:2:9");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("task");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_test(tests, all_of_it);
	tcase_add_test(tests, without_workers);
	tcase_add_test(tests, too_many);
	tcase_add_test(tests, in_two_files);
	tcase_add_loop_test(tests, refused, 0, LENGTH(bad));
	return suite_run("conf/task", tests);
}
