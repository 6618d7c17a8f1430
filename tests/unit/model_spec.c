/* spec - which worker an instance belongs to, names, success codes. */
#include "model/spec.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "unit/suite.h"

/* web.0-3, none of idle, db, none of spare. */
static const struct worker_spec workers[] = {
	{.name = "nobody", .replicas = 0, .first_instance = 0},
	{.name = "web", .replicas = 4, .first_instance = 0},
	{.name = "idle", .replicas = 0, .first_instance = 4},
	{.name = "db", .replicas = 1, .first_instance = 4},
	{.name = "spare", .replicas = 0, .first_instance = 5},
};

static const struct spec fleet = {.workers = workers, .n_workers = 5, .n_instances = 5};

static const char *const owners[] = {"web", "web", "web", "web", "db"};

START_TEST(instances_find_their_worker)
{
	ck_assert_str_eq(spec_worker_of(&fleet, (uint32_t)_i)->name, owners[_i]);
}
END_TEST

START_TEST(an_instance_beyond_the_end_is_a_bug)
{
	spec_worker_of(&fleet, 5);
}
END_TEST

/* web.0-1, two steps, two tasks. */
static const struct worker_spec all[] = {
	{.name = "web", .replicas = 2},
	{.name = "a.start", .kind = PROGRAM_STEP_START, .replicas = 1, .first_instance = 2},
	{.name = "a.stop", .kind = PROGRAM_STEP_STOP, .replicas = 1, .first_instance = 3},
	{.name = "b.start", .kind = PROGRAM_STEP_START, .replicas = 1, .first_instance = 4},
	{.name = "b.stop", .kind = PROGRAM_STEP_STOP, .replicas = 1, .first_instance = 5},
	{.name = "t", .kind = PROGRAM_TASK, .replicas = 1, .first_instance = 6},
	{.name = "u", .kind = PROGRAM_TASK, .replicas = 1, .first_instance = 7},
};

static const struct spec whole = {.workers = all, .n_workers = 1, .n_instances = 8, .n_steps = 2, .n_tasks = 2};

START_TEST(steps_and_tasks_stand_behind_the_workers)
{
	ck_assert_uint_eq(spec_programs(&whole), 7);
	ck_assert_uint_eq(spec_worker_instances(&whole), 2);
	for (uint32_t n = 0; n < 2; n++) {
		ck_assert_uint_eq(spec_step_start(&whole, n), 2 + 2 * n);
		ck_assert_uint_eq(spec_step_stop(&whole, n), 3 + 2 * n);
		ck_assert_uint_eq(spec_task_instance(&whole, n), 6 + n);
		ck_assert_uint_eq(spec_step_of(&whole, 2 + 2 * n), n);
		ck_assert_uint_eq(spec_step_of(&whole, 3 + 2 * n), n);
		ck_assert_uint_eq(spec_task_of(&whole, 6 + n), n);
	}
	ck_assert_str_eq(spec_worker_of(&whole, spec_step_stop(&whole, 1))->name, "b.stop");
	ck_assert_str_eq(spec_worker_of(&whole, spec_task_instance(&whole, 1))->name, "u");
	ck_assert(!worker_spec_is_oneshot(&all[0]) && worker_spec_is_oneshot(&all[1]) && worker_spec_is_oneshot(&all[6]));
	ck_assert(worker_spec_is_oneshot(&(struct worker_spec){.kind = PROGRAM_JOB}));
}
END_TEST

START_TEST(others_are_bugs)
{
	switch (_i) {
	case 0:
		spec_step_start(&whole, 2);
		break;
	case 1:
		spec_task_instance(&whole, 2);
		break;
	case 2:
		spec_step_of(&whole, 1);
		break;
	case 3:
		spec_step_of(&whole, 6);
		break;
	case 4:
		spec_task_of(&whole, 5);
		break;
	case 5:
		spec_task_of(&whole, 8);
		break;
	case 6:
		spec_step_stop(&whole, 2);
		break;
	default:
		program_kind_name(PROGRAM_KIND_COUNT);
	}
}
END_TEST

START_TEST(words)
{
	ck_assert_str_eq(program_kind_name(PROGRAM_JOB), "job");
	ck_assert_str_eq(program_kind_name(PROGRAM_STEP_STOP), "lifespan stop");
	ck_assert_str_eq(depend_when_name(DEPEND_STARTED), "started");
	ck_assert_str_eq(depend_when_name(DEPEND_COMPLETED), "completed");
}
END_TEST

START_TEST(names)
{
	char buf[INSTANCE_NAME_SIZE];

	ck_assert_str_eq(instance_name(buf, &workers[1], 2), "web.2");
	ck_assert_str_eq(instance_name(buf, &workers[3], 0), "db");
}
END_TEST

START_TEST(success_codes)
{
	struct worker_spec worker = {.success_exit_codes = {[0] = 1, [7] = UINT32_C(1) << 31}};

	for (int code = 0; code <= 255; code++)
		ck_assert(worker_spec_is_success(&worker, code) == (code == 0 || code == 255));
}
END_TEST

START_TEST(a_code_beyond_255_is_a_bug)
{
	worker_spec_is_success(&workers[0], 256);
}
END_TEST

START_TEST(is_freed_once)
{
	struct spec *spec = calloc(1, sizeof *spec);

	ck_assert_ptr_nonnull(spec);
	spec->name = arena_strdup(&spec->arena, "shop");
	spec_free(&spec);
	ck_assert_ptr_null(spec);
	spec_free(&spec);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("spec");

	tcase_add_loop_test(tests, instances_find_their_worker, 0, 5);
	tcase_add_test_raise_signal(tests, an_instance_beyond_the_end_is_a_bug, SIGABRT);
	tcase_add_test(tests, steps_and_tasks_stand_behind_the_workers);
	tcase_add_loop_test_raise_signal(tests, others_are_bugs, SIGABRT, 0, 8);
	tcase_add_test(tests, words);
	tcase_add_test(tests, names);
	tcase_add_test(tests, success_codes);
	tcase_add_test_raise_signal(tests, a_code_beyond_255_is_a_bug, SIGABRT);
	tcase_add_test(tests, is_freed_once);
	return suite_run("model/spec", tests);
}
