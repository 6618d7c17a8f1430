/* heap - the earliest deadline is always on top, against a plain search. */
#include "base/heap.h"

#include <check.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit/suite.h"

enum { COUNT_MAX = 64, ROUNDS = 20000 };

static uint64_t seed;

static uint64_t random_next(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

START_TEST(starts_with_nothing_due)
{
	struct heap_slot slots[COUNT_MAX];

	heap_init(slots, COUNT_MAX);
	heap_check(slots, COUNT_MAX);
	ck_assert_int_eq(slots[0].at, MONO_NEVER);
	for (uint32_t id = 0; id < COUNT_MAX; id++)
		ck_assert_int_eq(heap_get(slots, id), MONO_NEVER);
}
END_TEST

static mono_ns earliest(const mono_ns *deadlines, uint32_t count)
{
	mono_ns first = MONO_NEVER;

	for (uint32_t id = 0; id < count; id++)
		first = mono_min(first, deadlines[id]);
	return first;
}

START_TEST(agrees_with_a_search)
{
	uint32_t count = (uint32_t)_i;
	struct heap_slot slots[COUNT_MAX];
	mono_ns deadlines[COUNT_MAX];

	heap_init(slots, count);
	for (uint32_t id = 0; id < count; id++)
		deadlines[id] = MONO_NEVER;
	for (int round = 0; round < ROUNDS / COUNT_MAX; round++) {
		uint32_t id = (uint32_t)(random_next() % count);
		uint64_t pick = random_next() % 100;
		deadlines[id] = pick == 0 ? MONO_NEVER : (mono_ns)pick;
		heap_set(slots, count, id, deadlines[id]);
		heap_check(slots, count);
		ck_assert_int_eq(slots[0].at, earliest(deadlines, count));
		ck_assert_int_eq(deadlines[slots[0].id], slots[0].at);
		ck_assert_int_eq(heap_get(slots, id), deadlines[id]);
	}
}
END_TEST

START_TEST(may_be_copied_as_bytes)
{
	struct heap_slot slots[5], copy[5];

	heap_init(slots, 5);
	for (uint32_t id = 0; id < 5; id++)
		heap_set(slots, 5, id, 100 - (mono_ns)id);
	memcpy(copy, slots, sizeof copy);
	memset(slots, 0xff, sizeof slots);
	heap_set(copy, 5, 0, 1);
	heap_check(copy, 5);
	ck_assert_uint_eq(copy[0].id, 0);
}
END_TEST

START_TEST(an_id_beyond_the_end_is_a_bug)
{
	struct heap_slot slots[4];

	heap_init(slots, 3);
	heap_set(slots, 3, 3, 1);
}
END_TEST

START_TEST(check_finds_a_broken_order)
{
	struct heap_slot slots[3];

	heap_init(slots, 3);
	slots[0].at = 5;
	slots[1].at = 4;
	heap_check(slots, 3);
}
END_TEST

START_TEST(check_finds_a_broken_place)
{
	struct heap_slot slots[3];

	heap_init(slots, 3);
	slots[1].place_of_id = 2;
	heap_check(slots, 3);
}
END_TEST

int main(int argc, char **argv)
{
	TCase *tests = tcase_create("heap");

	seed = argc > 1 ? strtoull(argv[1], NULL, 10) : (uint64_t)time(NULL);
	printf("seed %" PRIu64 "\n", seed);
	tcase_add_test(tests, starts_with_nothing_due);
	tcase_add_loop_test(tests, agrees_with_a_search, 1, COUNT_MAX + 1);
	tcase_add_test(tests, may_be_copied_as_bytes);
	tcase_add_test_raise_signal(tests, an_id_beyond_the_end_is_a_bug, SIGABRT);
	tcase_add_test_raise_signal(tests, check_finds_a_broken_order, SIGABRT);
	tcase_add_test_raise_signal(tests, check_finds_a_broken_place, SIGABRT);
	return suite_run("base/heap", tests);
}
