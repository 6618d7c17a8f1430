/* One probe: what its answers amount to, when it is asked, and what does not count. */
#include "policy/probe.h"

#include "policy_kit.h"

static struct probe_spec spec_of(uint32_t successes, uint32_t failures)
{
	return (struct probe_spec){.period = 10 * NS_S,
				   .timeout = NS_S,
				   .success_threshold = successes,
				   .failure_threshold = failures};
}

static bool answer(struct probe *p, const struct probe_spec *spec, enum probe_result result,
		   mono_ns now)
{
	struct fact fact = {
		.kind = FACT_PROBED, .serial = p->serial, .result = result, .span = 5 * NS_MS};
	bool counts = probe_answer(p, spec, &fact, now);

	probe_check(p);
	return counts;
}

static char letter_of(enum probe_result result)
{
	return result == PROBE_SUCCESS ? 's' : result == PROBE_FAILURE ? 'f' : '-';
}

/* Answers (- unknown), and the verdict after each. */
static const struct {
	const char *name;
	enum probe_result first;
	uint32_t successes, failures;
	const char *answers, *verdicts;
} rows[] = {
	{"one success is enough", PROBE_FAILURE, 1, 3, "s", "s"},
	{"three failures in a row", PROBE_SUCCESS, 1, 3, "fff", "ssf"},
	{"a success between them", PROBE_SUCCESS, 1, 3, "ffsffsff", "ssssssss"},
	{"failed and well again", PROBE_SUCCESS, 1, 3, "fffs", "ssfs"},
	{"failed and failing on", PROBE_SUCCESS, 1, 2, "fffff", "sffff"},
	{"back only after three", PROBE_SUCCESS, 3, 1, "fsssfss", "fffsfff"},
	{"first verdict by threshold", PROBE_UNKNOWN, 2, 2, "sfssff", "---ssf"},
	{"unknown ends no row", PROBE_SUCCESS, 1, 2, "f-f", "ssf"},
	{"unknown begins none", PROBE_UNKNOWN, 1, 1, "----", "----"},
	{"unknown is no failure", PROBE_SUCCESS, 1, 1, "---s", "ssss"},
};

START_TEST(verdicts)
{
	struct probe_spec spec = spec_of(rows[_i].successes, rows[_i].failures);
	struct probe p;

	probe_init(&p, rows[_i].first);
	for (size_t n = 0; n < strlen(rows[_i].answers); n++) {
		char c = rows[_i].answers[n];
		enum probe_result result = c == 's'   ? PROBE_SUCCESS
					   : c == 'f' ? PROBE_FAILURE
						      : PROBE_UNKNOWN;
		p.due = T0;
		probe_ask(&p, &spec, T0);
		ck_assert_int_eq(answer(&p, &spec, result, T0 + 1), c != '-');
		ck_assert_msg(letter_of(p.verdict) == rows[_i].verdicts[n], "%s: answer %zu: %c",
			      rows[_i].name, n, letter_of(p.verdict));
	}
}
END_TEST

START_TEST(periods_count_from_the_turn)
{
	struct probe_spec spec = spec_of(1, 3);
	struct probe p;

	probe_init(&p, PROBE_UNKNOWN);
	ck_assert_int_eq(probe_deadline(&p), MONO_NEVER);
	p.due = T0;
	ck_assert_int_eq(probe_deadline(&p), T0);
	ck_assert_uint_eq(probe_ask(&p, &spec, T0), 1);
	ck_assert_int_eq(probe_deadline(&p), MONO_NEVER);
	answer(&p, &spec, PROBE_SUCCESS, T0 + NS_S);
	ck_assert_int_eq(probe_deadline(&p), T0 + 10 * NS_S);
	ck_assert_uint_eq(probe_ask(&p, &spec, T0 + 10 * NS_S), 2);
	/* So late that two turns have come meanwhile: one question follows, at once. */
	answer(&p, &spec, PROBE_SUCCESS, T0 + 35 * NS_S);
	ck_assert_int_eq(probe_deadline(&p), T0 + 35 * NS_S);
}
END_TEST

START_TEST(what_is_known_of_the_last_answer)
{
	struct probe_spec spec = spec_of(1, 3);
	struct probe_status status;
	struct probe p;

	probe_init(&p, PROBE_FAILURE);
	p.due = T0;
	probe_ask(&p, &spec, T0);
	answer(&p, &spec, PROBE_SUCCESS, T0 + 1);
	probe_ask(&p, &spec, T0 + 2);
	answer(&p, &spec, PROBE_FAILURE, T0 + 3);
	probe_ask(&p, &spec, T0 + 4);
	probe_show(&p, &status);
	ck_assert(status.asking);
	answer(&p, &spec, PROBE_FAILURE, T0 + 5);
	probe_show(&p, &status);
	ck_assert_int_eq(status.verdict, PROBE_SUCCESS);
	ck_assert_int_eq(status.last, PROBE_FAILURE);
	ck_assert_uint_eq(status.streak, 2);
	ck_assert(!status.asking);
	ck_assert_int_eq(status.next, T0 + 4 + 10 * NS_S);
	ck_assert_int_eq(status.answered, T0 + 5);
	ck_assert_int_eq(status.last_success, T0 + 1);
	ck_assert_int_eq(status.latency, 5 * NS_MS);
	probe_clear(&p, PROBE_FAILURE);
	probe_show(&p, &status);
	ck_assert_int_eq(status.verdict, PROBE_FAILURE);
	ck_assert_int_eq(status.last, PROBE_UNKNOWN);
	ck_assert(status.streak == 0 && status.answered == 0 && status.last_success == 0);
	probe_check(&p);
}
END_TEST

/* Nothing changes by an answer to another question, or to none. */
START_TEST(other_answers_change_nothing)
{
	struct probe_spec spec = spec_of(1, 1);
	struct probe p, before;

	probe_init(&p, PROBE_SUCCESS);
	p.due = T0;
	before = p;
	ck_assert(!answer(&p, &spec, PROBE_FAILURE, T0));
	ck_assert(memcmp(&before, &p, sizeof p) == 0);
	probe_ask(&p, &spec, T0);
	before = p;
	for (uint32_t serial = 0; serial <= 2; serial += 2) {
		struct fact fact = {.kind = FACT_PROBED, .serial = serial, .result = PROBE_FAILURE};
		ck_assert(!probe_answer(&p, &spec, &fact, T0 + 1));
		ck_assert(memcmp(&before, &p, sizeof p) == 0);
	}
}
END_TEST

START_TEST(dropped_question_does_not_count)
{
	struct probe_spec spec = spec_of(1, 1);
	struct probe p;

	probe_init(&p, PROBE_SUCCESS);
	ck_assert(!probe_drop(&p));
	p.due = T0;
	ck_assert(!probe_drop(&p));
	ck_assert_int_eq(probe_deadline(&p), MONO_NEVER);
	p.due = T0;
	probe_ask(&p, &spec, T0);
	ck_assert(probe_drop(&p));
	ck_assert(!probe_drop(&p));
	probe_check(&p);
	/* The next run wants to ask, and waits for the old answer. */
	p.due = T0 + 1;
	ck_assert_int_eq(probe_deadline(&p), MONO_NEVER);
	ck_assert(!answer(&p, &spec, PROBE_FAILURE, T0 + 2));
	ck_assert_int_eq(p.verdict, PROBE_SUCCESS);
	ck_assert_int_eq(probe_deadline(&p), T0 + 2);
}
END_TEST

START_TEST(hurried)
{
	struct probe_spec spec = spec_of(1, 1);
	struct probe p;

	probe_init(&p, PROBE_SUCCESS);
	probe_hurry(&p, T0);
	ck_assert_int_eq(p.due, MONO_NEVER);
	p.due = T0 + NS_S;
	probe_hurry(&p, T0);
	ck_assert_int_eq(p.due, T0);
	probe_ask(&p, &spec, T0);
	probe_hurry(&p, T0 + 1);
	ck_assert_int_eq(p.due, T0 + 10 * NS_S);
}
END_TEST

START_TEST(second_question_aborts)
{
	struct probe_spec spec = spec_of(1, 1);
	struct probe p;

	probe_init(&p, PROBE_SUCCESS);
	probe_ask(&p, &spec, T0);
	probe_ask(&p, &spec, T0);
}
END_TEST

static const struct probe spoilt[] = {
	{.dropped = true},
	{.streak = 1},
	{.last = PROBE_SUCCESS, .answered = 1, .succeeded = 1},
	{.last = PROBE_SUCCESS, .streak = 1},
	{.last = PROBE_FAILURE, .streak = 1, .answered = 1, .succeeded = 2},
	{.last = PROBE_SUCCESS, .streak = 1, .answered = 2, .succeeded = 1},
};

START_TEST(broken_promise_aborts)
{
	probe_check(&spoilt[_i]);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("probe");

	tcase_add_loop_test(tests, verdicts, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(tests, periods_count_from_the_turn);
	tcase_add_test(tests, what_is_known_of_the_last_answer);
	tcase_add_test(tests, other_answers_change_nothing);
	tcase_add_test(tests, dropped_question_does_not_count);
	tcase_add_test(tests, hurried);
	tcase_add_test_raise_signal(tests, second_question_aborts, SIGABRT);
	tcase_add_loop_test_raise_signal(tests, broken_promise_aborts, SIGABRT, 0,
					 sizeof spoilt / sizeof spoilt[0]);
	return kit_run("policy/probe", tests);
}
