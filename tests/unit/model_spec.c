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
	tcase_add_test(tests, names);
	tcase_add_test(tests, success_codes);
	tcase_add_test_raise_signal(tests, a_code_beyond_255_is_a_bug, SIGABRT);
	tcase_add_test(tests, is_freed_once);
	return suite_run("model/spec", tests);
}
