/* depend - who waits for whom: names found, what cannot be, and whose a word is. */
#include "conf/depend.h"

#include "unit/conf_kit.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static const struct dependency *wait_of(const struct spec *spec, const char *name, const char *other)
{
	for (uint32_t p = 0; p < spec_programs(spec); p++) {
		const struct worker_spec *program = &spec->workers[p];
		for (uint32_t i = 0; strcmp(program->name, name) == 0 && i < program->n_depends_on; i++)
			if (strcmp(spec->workers[program->depends_on[i].worker].name, other) == 0)
				return &program->depends_on[i];
	}
	return NULL;
}

static const char three[] = "drain: {timeout: 60s}\n"
			    "workers:\n"
			    "  web: {command: x, depends_on: {db: started, make: completed, cache: ready}}\n"
			    "  app: {command: x, depends_on: [db], on_dependency_restart: restart}\n"
			    "  one: {command: x, depends_on: app}\n"
			    "  none: {command: x, depends_on: []}\n"
			    "  make: {command: x, kind: job, depends_on: {db: started}}\n"
			    "  db: {command: x}\n"
			    "  cache: {command: x, replicas: 0}\n"
			    "tasks: {clean: {command: x, every: 1h, depends_on: {make: completed, db: ready}}}\n";

START_TEST(what_is_wanted)
{
	static const struct {
		const char *name, *other;
		enum depend_when when;
	} edges[] = {
		{"web", "db", DEPEND_STARTED},	  {"web", "make", DEPEND_COMPLETED}, {"web", "cache", DEPEND_READY},
		{"app", "db", DEPEND_READY},	  {"one", "app", DEPEND_READY},	     {"make", "db", DEPEND_STARTED},
		{"clean", "make", DEPEND_COMPLETED}, {"clean", "db", DEPEND_READY},
	};
	struct spec *spec = kit_good_text(three);
	uint32_t sum = 0;

	for (size_t i = 0; i < LENGTH(edges); i++) {
		const struct dependency *edge = wait_of(spec, edges[i].name, edges[i].other);
		ck_assert_msg(edge != NULL && edge->when == edges[i].when, "%s on %s", edges[i].name, edges[i].other);
	}
	for (uint32_t p = 0; p < spec_programs(spec); p++)
		sum += spec->workers[p].n_depends_on;
	ck_assert_uint_eq(sum, LENGTH(edges));
	ck_assert(!spec->workers[0].restart_with_dependency && spec->workers[1].restart_with_dependency);
	spec_free(&spec);
}
END_TEST

START_TEST(levels_and_dependents)
{
	static const uint32_t levels[] = {2, 1, 2, 0, 1, 0, 0, 2};
	static const uint32_t of_db[] = {0, 1, 4, 7};
	struct spec *spec = kit_good_text(three);

	for (uint32_t p = 0; p < LENGTH(levels); p++)
		ck_assert_msg(spec->workers[p].level == levels[p], "%s", spec->workers[p].name);
	ck_assert_uint_eq(spec->n_levels, 3);
	ck_assert_uint_eq(spec->workers[5].n_dependents, LENGTH(of_db));
	for (size_t i = 0; i < LENGTH(of_db); i++)
		ck_assert_uint_eq(spec->workers[5].dependents[i], of_db[i]);
	ck_assert_uint_eq(spec->workers[0].n_dependents, 0);
	spec_free(&spec);
}
END_TEST

#define DB "workers:\n  db: {command: x}\n  make: {command: x, kind: job}\n"

static const struct {
	const char *text, *why;
} bad[] = {
	{DB "  w: {command: x, depends_on: [dv]}\n",
	 "f.yaml:4:32: error: `depends_on`: there is no worker `dv`\n"
	 "      w: {command: x, depends_on: [dv]}\n"
	 "                                   ^\n"
	 "    did you mean \"db\"?"},
	{DB "  w: {command: x, depends_on: {dv: started}}\n", "f.yaml:4:32: error: `depends_on`: there is no worker `dv`"},
	{DB "  w: {command: x, depends_on: [w]}\n", "f.yaml:4:32: error: `depends_on`: the worker `w` would wait for itself\n"},
	{DB "  w: {command: x, depends_on: [db, db]}\n", "f.yaml:4:36: error: `depends_on` names `db` twice"},
	{DB "  w: {command: x, depends_on: {db: ready, db: started}}\n", "`db` stands here twice"},
	{DB "  w: {command: x, depends_on: [make]}\n",
	 "`make` is a job, which is never ready, as a list wants it: say `depends_on: {make: completed}`"},
	{DB "  w: {command: x, depends_on: {make: ready}}\n",
	 "f.yaml:4:32: error: `depends_on`: `make` is a job, which is never ready: say `depends_on: {make: completed}`"},
	{DB "  w: {command: x, depends_on: {db: completed}}\n",
	 "`db` is a service, which never completes: say `db: ready`, or `kind: job` in `db`"},
	{DB "  w: {command: x, depends_on: [c]}\nchecks: {c: {tcp: \"x:1\"}}\n",
	 "`c` is a check, and it is workers that are waited for: say `depends_on_checks`"},
	{DB "tasks: {t: {command: x, every: 1s, depends_on: [c]}}\nchecks: {c: {tcp: \"x:1\"}}\n",
	 "`c` is a check, and it is workers that are waited for\n"},
	{DB "  w: {command: x, depends_on: [t]}\ntasks: {t: {command: x, every: 1s}}\n", "`t` is a task, and it is workers"},
	{DB "tasks: {t: {command: x, every: 1s, depends_on: [t]}}\n", "`t` is a task, and it is workers"},
	{DB "  w: {command: x, depends_on: [s]}\nlifespan: [{name: s, stop: {command: x}}]\n",
	 "`s` is a step of the lifespan, which is over before any worker is started"},
	{DB "  w: {command: x, depends_on: 'db, make'}\n", "`depends_on` wants a list: say [db, make]"},
	{DB "  w: {command: x, depends_on: }\n", "`depends_on` has no value"},
	{DB "  w: {command: x, depends_on: [[db]]}\n", "`depends_on` wants one value, not a list"},
	{DB "  w: {command: x, depends_on: {db: }}\n", "`depends_on` has no value"},
	{DB "  w: {command: x, depends_on: {db: [ready]}}\n", "wants one word for each worker: say `db: ready`"},
	{DB "  w: {command: x, depends_on: {db: redy}}\n",
	 "f.yaml:4:36: error: `depends_on` cannot want `db` to be \"redy\": the choice is started, ready, completed\n"
	 "      w: {command: x, depends_on: {db: redy}}\n"
	 "                                       ^\n"
	 "    did you mean \"ready\"?"},
	{DB "  w: {command: x, depends_on: {db: service_healthy}}\n", "did you mean \"ready\"?"},
	{DB "  w: {command: x, depends_on: {db: process_started}}\n", "did you mean \"started\"?"},
	{DB "  w: {command: x, depends_on: {make: {condition: service_completed_successfully}}}\n", "say `make: completed`"},
	{DB "  w: {command: x, depends_on: {make: {condition: process_log_ready}}}\n", "say `make: ready`"},
	{DB "  w: {command: x, depends_on: {make: {condition: nonsense}}}\n", "say `make: ready`"},
	{DB "  w: {command: x, depends_on: {make: {condition: [x]}}}\n", "say `make: ready`"},
	{DB "  w: {command: x, depends_on_restart: keep}\n", "did you mean \"on_dependency_restart\"?"},
	{DB "  w: {command: x, on_dependency_restart: yes}\n", "did you mean \"restart\"?"},
	{DB "  w: {command: x, on_dependency_restart: no}\n", "did you mean \"keep\"?"},
	{"defaults: {depends_on: [db]}\n" DB, "f.yaml:1:25: error: `depends_on`: the worker `db` would wait for itself: say "
					      "`depends_on: []` there"},
};

START_TEST(refused)
{
	struct conf_context context = kit_root();

	kit_bad_text(bad[_i].text, &context, bad[_i].why);
}
END_TEST

START_TEST(defaults_are_for_the_others)
{
	struct spec *spec = kit_good_text("defaults: {depends_on: [db], on_dependency_restart: restart}\n"
					  "workers: {db: {command: x, depends_on: []}, a: {command: x}, b: {command: x}}\n"
					  "tasks: {t: {command: x, every: 1s}}\n");

	ck_assert_uint_eq(spec->workers[0].n_depends_on, 0);
	ck_assert_uint_eq(spec->workers[0].n_dependents, 2);
	ck_assert_uint_eq(spec->workers[2].n_depends_on, 1);
	ck_assert(spec->workers[2].restart_with_dependency);
	ck_assert_uint_eq(spec->workers[3].n_depends_on, 0);
	spec_free(&spec);
}
END_TEST

/* Some hundred workers that all wait for 300. */
START_TEST(too_many)
{
	struct conf_context context = kit_root();
	static char text[65536];
	int len = sprintf(text, "drain: {timeout: 60s}\ndefaults: {depends_on: [d0");

	for (int i = 1; i < 300; i++)
		len += sprintf(text + len, ", d%d", i);
	len += sprintf(text + len, "]}\nworkers:\n");
	for (int i = 0; i < 300; i++)
		len += sprintf(text + len, "  d%d: {command: x, depends_on: []}\n", i);
	for (int i = 0; i < 333; i++)
		len += sprintf(text + len, "  w%d: {command: x}\n", i);
	spec_free(&(struct spec *){kit_good_text(text)});
	sprintf(text + len, "  w333: {command: x}\n  w334: {command: x}\n");
	kit_bad_text(text, &context, "with `w333` there are more than 100000 dependencies");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("depend");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_test(tests, what_is_wanted);
	tcase_add_test(tests, levels_and_dependents);
	tcase_add_test(tests, defaults_are_for_the_others);
	tcase_add_test(tests, too_many);
	tcase_add_loop_test(tests, refused, 0, LENGTH(bad));
	return suite_run("conf/depend", tests);
}
