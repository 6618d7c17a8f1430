/* probe - which probe has which number, there and back. */
#include "model/probe.h"

#include <check.h>
#include <signal.h>

#include "unit/suite.h"

static const struct probe_spec startup, readiness, liveness;

/* Of each worker: replicas, and which probes it has. */
static const struct {
	uint32_t replicas;
	bool has[PROBE_ROLE_COUNT];
} shapes[] = {
	{0, {true, true, true}},    {2, {false, true, false}}, {3, {false, false, false}},
	{0, {false, false, true}},  {1, {true, false, true}},  {0, {false, true, false}},
	{4, {true, true, true}},    {1, {false, false, false}}, {0, {true, false, false}},
};
enum { WORKERS = sizeof shapes / sizeof shapes[0], CHECKS = 3, OF_WORKERS = 2 + 2 + 12 };

static struct worker_spec workers[WORKERS];
static struct check_spec checks[CHECKS];
static struct spec spec;

static void setup(void)
{
	const struct probe_spec *const all[] = {&startup, &readiness, &liveness};

	spec = (struct spec){.workers = workers, .n_workers = WORKERS, .checks = checks, .n_checks = CHECKS};
	for (uint32_t w = 0; w < WORKERS; w++) {
		struct worker_spec *worker = &workers[w];
		*worker = (struct worker_spec){.name = "w", .replicas = shapes[w].replicas};
		worker->first_instance = spec.n_instances;
		worker->first_probe = spec.n_probes;
		for (enum probe_role role = 0; role < PROBE_ROLE_COUNT; role++) {
			worker->probes[role] = shapes[w].has[role] ? all[role] : NULL;
			worker->n_probes += shapes[w].has[role];
		}
		spec.n_instances += worker->replicas;
		spec.n_probes += worker->replicas * worker->n_probes;
	}
	spec.n_probes += CHECKS;
}

START_TEST(there_and_back)
{
	uint32_t next = 0;

	ck_assert_uint_eq(spec.n_probes, OF_WORKERS + CHECKS);
	for (uint32_t w = 0; w < WORKERS; w++) {
		for (uint32_t i = 0; i < workers[w].replicas; i++) {
			for (enum probe_role role = 0; role < PROBE_ROLE_COUNT; role++) {
				uint32_t probe = probe_of_instance(&workers[w], i, role);
				if (workers[w].probes[role] == NULL) {
					ck_assert_uint_eq(probe, PROBE_NONE);
					continue;
				}
				ck_assert_uint_eq(probe, next++);
				struct probe_owner owner = probe_owner_of(&spec, probe);
				ck_assert_ptr_eq(owner.worker, &workers[w]);
				ck_assert_ptr_eq(owner.spec, workers[w].probes[role]);
				ck_assert_ptr_null(owner.check);
				ck_assert_uint_eq(owner.ordinal, i);
				ck_assert_uint_eq(owner.instance, workers[w].first_instance + i);
				ck_assert_int_eq(owner.role, role);
			}
		}
	}
	ck_assert_uint_eq(next, OF_WORKERS);
}
END_TEST

START_TEST(checks_come_last)
{
	for (uint32_t i = 0; i < CHECKS; i++) {
		uint32_t probe = probe_of_check(&spec, i);
		struct probe_owner owner = probe_owner_of(&spec, probe);
		ck_assert_uint_eq(probe, OF_WORKERS + i);
		ck_assert_ptr_eq(owner.check, &checks[i]);
		ck_assert_ptr_eq(owner.spec, &checks[i].probe);
		ck_assert_ptr_null(owner.worker);
	}
}
END_TEST

START_TEST(checks_alone)
{
	struct spec alone = {.checks = checks, .n_checks = 1, .n_probes = 1};

	ck_assert_uint_eq(probe_of_check(&alone, 0), 0);
	ck_assert_ptr_eq(probe_owner_of(&alone, 0).check, &checks[0]);
}
END_TEST

START_TEST(beyond_the_last)
{
	probe_owner_of(&spec, spec.n_probes);
}
END_TEST

START_TEST(no_such_check)
{
	probe_of_check(&spec, CHECKS);
}
END_TEST

START_TEST(no_such_instance)
{
	probe_of_instance(&workers[1], 2, PROBE_READINESS);
}
END_TEST

START_TEST(words)
{
	ck_assert_str_eq(probe_role_name(PROBE_STARTUP), "startup");
	ck_assert_str_eq(driver_name(DRIVER_POSTGRES), "postgres");
	ck_assert_str_eq(probe_result_name(PROBE_UNKNOWN), "unknown");
	ck_assert_str_eq(probe_result_name(PROBE_FAILURE), "failure");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("probe");

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_test(tests, there_and_back);
	tcase_add_test(tests, checks_come_last);
	tcase_add_test(tests, checks_alone);
	tcase_add_test(tests, words);
	tcase_add_test_raise_signal(tests, beyond_the_last, SIGABRT);
	tcase_add_test_raise_signal(tests, no_such_check, SIGABRT);
	tcase_add_test_raise_signal(tests, no_such_instance, SIGABRT);
	return suite_run("model/probe", tests);
}
