/* lifespan - steps as they are read: two programs each, in their places, and what is refused. */
#include "conf/lifespan.h"

#include "unit/conf_kit.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define L(body) "lifespan:\n  - " body "\nworkers: {w: {command: [x]}}\n"

START_TEST(two_programs_each)
{
	struct spec *spec = kit_good_text("lifespan:\n"
					  "  - {name: schema, start: {command: [up, '%n'], timeout: 3s}, stop: {command: 'a | b', timeout: 4s}}\n"
					  "  - {name: mount, stop: {command: umount}, user: worker, umask: 7, environment: {A: '%n'}}\n"
					  "  - {name: last, start: {command: 'c | d'}}\n"
					  "defaults: {nice: 3, critical: false, restart: never}\n"
					  "workers: {w: {command: [x], replicas: 3}}\n"
					  "tasks: {t: {command: [y], every: 1s}}\n");
	static const char *const names[] = {"w",	  "schema.start", "schema.stop", "mount.start",
					    "mount.stop", "last.start",	  "last.stop",	 "t"};
	static const span_ns limits[] = {0, 3 * NS_S, 4 * NS_S, 60 * NS_S, 10 * NS_S, 60 * NS_S, 10 * NS_S, NS_S};
	static const unsigned argc[] = {1, 2, 3, 0, 1, 3, 0, 1};

	ck_assert_uint_eq(spec->n_steps, 3);
	ck_assert_uint_eq(spec->n_instances, 10);
	ck_assert_uint_eq(spec_worker_instances(spec), 3);
	ck_assert_uint_eq(spec_programs(spec), LENGTH(names));
	ck_assert_int_eq(spec->drain_reserve, 5 * NS_S);
	for (uint32_t p = 0; p < LENGTH(names); p++) {
		const struct worker_spec *program = &spec->workers[p];
		ck_assert_str_eq(program->name, names[p]);
		ck_assert_int_eq(program->run_timeout, limits[p]);
		ck_assert_uint_eq(program->command.argc, argc[p]);
		ck_assert_uint_eq(program->first_instance, p == 0 ? 0 : p + 2);
		ck_assert(worker_spec_is_oneshot(program) == (p > 0));
		if (p == 0 || p == 7)
			continue;
		ck_assert_int_eq(program->kind, p % 2 == 1 ? PROGRAM_STEP_START : PROGRAM_STEP_STOP);
		ck_assert_int_eq(program->restart, RESTART_NEVER);
		ck_assert_int_eq(program->stop_timeout, 2 * NS_S);
		ck_assert_int_eq(program->stop_to, argc[p] == 3 ? STOP_TO_GROUP : STOP_TO_MAIN);
		ck_assert_int_eq(program->ready_timeout, 0);
		ck_assert(program->replicas == 1 && program->min_ready == 1 && !program->has_nice && !program->critical);
		ck_assert(worker_spec_is_success(program, 0) && !worker_spec_is_success(program, 1));
		ck_assert(program->has_umask == (p == 3 || p == 4));
		ck_assert(program->identity.has_user == (p == 3 || p == 4));
		ck_assert_uint_eq(program->stop_command.argc, 0);
	}
	ck_assert_str_eq(spec->steps[1].name, "mount");
	ck_assert_uint_eq(spec_step_start(spec, 1), 5);
	ck_assert_ptr_eq(spec_worker_of(spec, spec_step_stop(spec, 2)), &spec->workers[6]);
	spec_free(&spec);
}
END_TEST

static const struct {
	const char *text, *why;
} bad[] = {
	{L("{start: {command: x}}"), "f.yaml:2:5: error: this step of the `lifespan` has no `name`"},
	{L("{name: s}"), "f.yaml:2:12: error: the step `s` does nothing: it wants a `start` or a `stop` with a `command`"},
	{L("{name: s, start: {timeout: 3s}}"), "f.yaml:2:22: error: `start` of the step `s` has no `command`"},
	{L("{name: s, start: {command: x}, stop: {}}"), "`stop` of the step `s` has no `command`"},
	{L("{name: s, start: {command: x}, stop: }"), "`stop` of the step `s` has no `command`"},
	{L("{name: s, start: x}"), "`start` wants a map of keys and values: say `start: {command: "},
	{L("{name: s, start: [x]}"), "`start` wants a map"},
	{L("{name: s, stop: x}"), "`stop` wants a map of keys and values: say `stop: {command: "},
	{L("{name: s, start: {command: []}}"), "`start.command` is empty"},
	{L("{name: s, start: {command: x, timeout: 0}}"), "`start.timeout` is from 1ms to 1d, not 0"},
	{L("{name: s, stop: {command: x, timeout: 0s}}"), "`stop.timeout` is from 1ms to 1d, not 0s"},
	{L("{name: s, stop: {command: [x, '%q']}}"), "unknown specifier %q"},
	{L("{name: s, start: {command: [x, '%']}}"), "f.yaml:2:32: error: a lone %"},
	{L("{name: a b, start: {command: x}}"), "a step's name has"},
	{L("{name: '', start: {command: x}}"), "`name` wants 1 to 63 bytes"},
	{L("{name: [x], start: {command: x}}"), "`name` wants one value"},
	{L("{name: s, start: {command: x}, restart: no}"), "unknown key `restart` in a step of the lifespan: it belongs in a worker"},
	{L("{name: s, start: {command: x}, every: 3s}"), "unknown key `every` in a step of the lifespan: it belongs in a task"},
	{L("{name: s, start: {command: x}, command: x}"), "`command` in a step of the lifespan: it belongs in its `start` or its"},
	{L("{name: s, start: {command: x}, timeout: 1s}"), "`timeout` in a step of the lifespan: it belongs in its `start` or its"},
	{L("{name: s, start: {command: x}, listen: []}"), "in a step of the lifespan: it belongs at the top of the file"},
	{L("{name: s, start: {command: x}, stop: {command: x, signal: INT}}"),
	 "unknown key `signal` in stop in a step of the lifespan: it is for workers and tasks"},
	{L("{name: s, start: {command: x, comand: y}}"), "did you mean \"command\"?"},
	{L("{name: s, start: {command: x, user: y}}"), "unknown key `user` in start: it belongs outside of `start`"},
	{L("{name: s, start: {command: x}, usr: y}"), "did you mean \"user\"?"},
	{L("{name: s, up: {command: x}, stop: {command: x}}"), "did you mean \"start\"?"},
	{L("{name: s, start: {command: x}, user: nobdy}"), "there is no user \"nobdy\""},
	{L("{name: s, start: {command: x}}\n  - {name: s, start: {command: y}}"),
	 "f.yaml:3:12: error: a step called `s` stands here twice: it is also at f.yaml:2:12"},
	{L("x"), "a step of the `lifespan` wants a map: say `- {name: "},
	{"lifespan: {s: {start: {command: x}}}\n", "`lifespan` wants a list of steps: say `- {name: "},
	{"lifespan: x\n", "`lifespan` wants a list of steps"},
	{"lifspan: []\n", "did you mean \"lifespan\"?"},
	{"steps: []\n", "did you mean \"lifespan\"?"},
	{"start: {command: x}\n", "unknown key `start`: it belongs in a step of the `lifespan`"},
};

START_TEST(refused)
{
	struct conf_context context = kit_root();

	kit_bad_text(bad[_i].text, &context, bad[_i].why);
}
END_TEST

START_TEST(none)
{
	static const char *const texts[] = {"lifespan:\n", "lifespan: []\n", ""};

	for (size_t i = 0; i < LENGTH(texts); i++) {
		char text[128];
		snprintf(text, sizeof text, "%sworkers: {w: {command: x}}\n", texts[i]);
		struct spec *spec = kit_good_text(text);
		ck_assert_uint_eq(spec->n_steps, 0);
		ck_assert_int_eq(spec->drain_reserve, 0);
		spec_free(&spec);
	}
}
END_TEST

START_TEST(too_many)
{
	struct conf_context context = kit_root();
	static char text[65536];
	int len = sprintf(text, "workers: {w: {command: x}}\nlifespan:\n");

	for (int i = 0; i < 1000; i++)
		len += sprintf(text + len, "- {name: s%d, stop: {command: x}}\n", i);
	spec_free(&(struct spec *){kit_good_text(text)});
	sprintf(text + len, "- {name: s1000, stop: {command: x}}\n");
	kit_bad_text(text, &context, "the `lifespan` has 1001 steps, 1000 are the most");
}
END_TEST

START_TEST(in_two_files)
{
	struct conf_context context = kit_root();

	kit_file("more.yaml", "lifespan: [{name: s, stop: {command: x}}]\n");
	kit_bad_text("include: more.yaml\nlifespan: [{name: r, stop: {command: x}}]\n", &context,
		     "more.yaml:1:1: error: `lifespan` is set twice: it is also at f.yaml:2:1");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("lifespan");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_test(tests, two_programs_each);
	tcase_add_test(tests, none);
	tcase_add_test(tests, too_many);
	tcase_add_test(tests, in_two_files);
	tcase_add_loop_test(tests, refused, 0, LENGTH(bad));
	return suite_run("conf/lifespan", tests);
}
