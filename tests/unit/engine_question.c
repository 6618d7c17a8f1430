/* question - the lists in which they stand, against plain ones. */
#include "engine/question.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "unit/engine_kit.h"
#include "unit/suite.h"

enum { PROBES = 12, LISTS = 2, STEPS = 50000 };

static struct check_spec checks[PROBES];
static struct desk desk;
static struct carry carry = {.desk = &desk};
static struct questions questions = {.carry = &carry, .spec = &kit_spec};
static struct question_list lists[LISTS];

/* What must be in them. */
static struct {
	uint32_t list[PROBES], count;
} model[LISTS];

static void begin(void)
{
	struct err err;

	kit_begin(1);
	for (int i = 0; i < PROBES; i++)
		checks[i] = (struct check_spec){.name = "db",
						.probe = {.driver = DRIVER_TCP,
							  .period = NS_S,
							  .timeout = NS_S,
							  .success_threshold = 1,
							  .failure_threshold = 1}};
	kit_spec.checks = checks;
	kit_spec.n_checks = kit_spec.n_probes = PROBES;
	ck_assert_int_eq(desk_init(&desk, &kit_spec, 1, &err), 0);
	ck_assert_int_eq(questions_init(&questions, &err), 0);
}

static void finish(void)
{
	questions_fini(&questions);
	desk_fini(&desk);
}

static void model_add(int l, uint32_t probe)
{
	model[l].list[model[l].count++] = probe;
}

/* Returns whether it stood there. */
static bool model_remove(int l, uint32_t probe)
{
	for (uint32_t i = 0; i < model[l].count; i++) {
		if (model[l].list[i] != probe)
			continue;
		model[l].count--;
		memmove(&model[l].list[i], &model[l].list[i + 1],
			(model[l].count - i) * sizeof(uint32_t));
		return true;
	}
	return false;
}

static void compare(int l)
{
	uint32_t probe = lists[l].first;

	ck_assert_uint_eq(lists[l].count, model[l].count);
	for (uint32_t i = 0; i < model[l].count; i++) {
		const struct question *question = question_get(&questions, probe);
		ck_assert_uint_eq(probe, model[l].list[i]);
		ck_assert_ptr_eq(question->in, &lists[l]);
		if (i > 0)
			ck_assert_uint_eq(question->previous, model[l].list[i - 1]);
		if (i + 1 == model[l].count)
			ck_assert_uint_eq(probe, lists[l].last);
		probe = question->next;
	}
}

static void answer(uint32_t probe, int l)
{
	struct order order;

	question_answer(&questions, probe, &lists[l], &(struct answer){.error = ""});
	while (desk_next(&desk, &order))
		continue;
}

START_TEST(random_against_plain_lists)
{
	const char *wanted = getenv("TEST_SEED");
	unsigned seed = wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : (unsigned)time(NULL);

	printf("TEST_SEED=%u\n", seed);
	for (int step = 0; step < STEPS; step++) {
		uint32_t probe = (uint32_t)rand_r(&seed) % PROBES;
		int from = model_remove(0, probe) ? 0 : model_remove(1, probe) ? 1 : -1;
		int to = rand_r(&seed) % LISTS;
		desk.now++;
		if (from == -1)
			question_begin(&questions, probe, 7, &lists[to]);
		else if (rand_r(&seed) % 2 == 0)
			question_move(&questions, probe, &lists[from], &lists[to]);
		else
			to = -1;
		if (to == -1) {
			answer(probe, from);
		} else {
			model_add(to, probe);
			ck_assert_int_eq(question_get(&questions, probe)->since, desk.now);
		}
		compare(0);
		compare(1);
	}
}
END_TEST

START_TEST(all_are_given_up)
{
	for (uint32_t probe = 0; probe < PROBES; probe++)
		question_begin(&questions, probe, 7, &lists[0]);
	question_give_up(&questions, &lists[0], "nobody is there");
	ck_assert_uint_eq(lists[0].count, 0);
	for (uint32_t probe = 0; probe < PROBES; probe++) {
		ck_assert_ptr_null(question_get(&questions, probe)->in);
		ck_assert_str_eq(question_get(&questions, probe)->error, "nobody is there");
		ck_assert_int_eq(question_get(&questions, probe)->checked_at, 0);
	}
}
END_TEST

START_TEST(asked_twice_at_once_is_a_bug)
{
	question_begin(&questions, 0, 1, &lists[0]);
	question_begin(&questions, 0, 2, &lists[0]);
}
END_TEST

START_TEST(answered_unasked_is_a_bug)
{
	answer(0, 0);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("question");

	tcase_add_checked_fixture(tests, begin, finish);
	tcase_add_test(tests, random_against_plain_lists);
	tcase_add_test(tests, all_are_given_up);
	tcase_add_test_raise_signal(tests, asked_twice_at_once_is_a_bug, 6);
	tcase_add_test_raise_signal(tests, answered_unasked_is_a_bug, 6);
	return suite_run("engine/question", tests);
}
