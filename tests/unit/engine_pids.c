/* pids - against a plain list: whatever is set and removed, each pid is found, and no other. */
#include "engine/pids.h"

#include <stdio.h>
#include <time.h>

#include "unit/suite.h"

enum { ROOM = 40, PID_MAX = 300, STEPS = 200000 };

static struct pids pids;

static void open_pids(void)
{
	struct err err;

	ck_assert_int_eq(pids_init(&pids, ROOM, &err), 0);
	ck_assert_uint_ge(pids.mask + 1, 2 * ROOM);
}

static void close_pids(void)
{
	pids_fini(&pids);
	ck_assert_ptr_null(pids.places);
}

static void expect(pid_t pid, uint32_t instance, enum pid_role role)
{
	const struct pid_owner *owner = pids_find(&pids, pid);

	ck_assert_ptr_nonnull(owner);
	ck_assert_int_eq(owner->pid, pid);
	ck_assert_uint_eq(owner->instance, instance);
	ck_assert_int_eq(owner->role, role);
}

START_TEST(the_last_owner_counts)
{
	pids_set(&pids, 7, 1, PID_MAIN);
	pids_set(&pids, 7, 2, PID_STOP);
	expect(7, 2, PID_STOP);
	pids_remove(&pids, 7);
	ck_assert_ptr_null(pids_find(&pids, 7));
	pids_remove(&pids, 7);
}
END_TEST

START_TEST(no_pid_is_nobodys)
{
	ck_assert_ptr_null(pids_find(&pids, 0));
	ck_assert_ptr_null(pids_find(&pids, -1));
}
END_TEST

START_TEST(setting_no_pid_is_a_bug)
{
	pids_set(&pids, 0, 1, PID_MAIN);
}
END_TEST

/* All want the last place; those behind the edge stand at the front. */
START_TEST(a_row_over_the_edge_closes_up)
{
	const pid_t size = (pid_t)pids.mask + 1;

	for (uint32_t n = 0; n < 5; n++)
		pids_set(&pids, size - 1 + (pid_t)n * size, n, PID_MAIN);
	pids_set(&pids, size * 9, 9, PID_MAIN); /* at home in place 0, pushed on by them */
	pids_remove(&pids, size - 1 + (pid_t)_i * size);
	for (uint32_t n = 0; n < 5; n++) {
		if (n == (uint32_t)_i)
			ck_assert_ptr_null(pids_find(&pids, size - 1 + (pid_t)n * size));
		else
			expect(size - 1 + (pid_t)n * size, n, PID_MAIN);
	}
	expect(size * 9, 9, PID_MAIN);
}
END_TEST

START_TEST(random_against_a_list)
{
	static struct pid_owner model[PID_MAX]; /* by pid; pid 0: not there */
	const char *wanted = getenv("TEST_SEED");
	unsigned seed = wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : (unsigned)time(NULL);
	uint32_t in_use = 0;

	printf("TEST_SEED=%u\n", seed);
	for (int step = 0; step < STEPS; step++) {
		pid_t pid = 1 + rand_r(&seed) % (PID_MAX - 1);
		bool known = model[pid].pid != 0;
		if (rand_r(&seed) % 2 == 0 && (known || in_use < ROOM)) {
			enum pid_role role = rand_r(&seed) % 2 == 0 ? PID_MAIN : PID_STOP;
			model[pid] = (struct pid_owner){pid, (uint32_t)step, role};
			pids_set(&pids, pid, (uint32_t)step, role);
			in_use += !known;
		} else {
			model[pid].pid = 0;
			pids_remove(&pids, pid);
			in_use -= known;
		}
		pid_t asked = 1 + rand_r(&seed) % (PID_MAX - 1);
		if (model[asked].pid != 0)
			expect(asked, model[asked].instance, model[asked].role);
		else
			ck_assert_ptr_null(pids_find(&pids, asked));
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("pids");

	tcase_add_checked_fixture(tests, open_pids, close_pids);
	tcase_add_test(tests, the_last_owner_counts);
	tcase_add_test(tests, no_pid_is_nobodys);
	tcase_add_test_raise_signal(tests, setting_no_pid_is_a_bug, 6);
	tcase_add_loop_test(tests, a_row_over_the_edge_closes_up, 0, 5);
	tcase_add_test(tests, random_against_a_list);
	return suite_run("engine/pids", tests);
}
