/* Restarting: how long it waits, what makes it forget, when it gives up. */
#include "policy/restart.h"

#include "policy_kit.h"

enum { STEPS_MAX = 10 };

#define MEANS(worker_, history_, chance_, now_)                                                    \
	((struct restart_means){                                                                   \
		.worker = (worker_), .history = (history_), .chance = (chance_), .now = (now_)})

/* A run that ended: how, how long it lived, how long of that it was ready. */
struct life {
	bool failed;
	span_ns run, ready;
};

/* A worker whose runs each fail after `run`; the wait before jitter that each restart must have. */
static const struct {
	const char *name;
	span_ns delay, ceiling, run, ready;
	span_ns waits[STEPS_MAX]; /* ms */
} ladders[] = {
	{"doubles to its ceiling",
	 100 * NS_MS,
	 1 * NS_S,
	 NS_S,
	 0,
	 {100, 200, 400, 800, 1000, 1000, 1000, 1000, 1000, 1000}},
	{"ceiling that is no power of two",
	 3 * NS_S,
	 20 * NS_S,
	 NS_S,
	 0,
	 {3000, 6000, 12000, 20000, 20000, 20000, 20000, 20000, 20000, 20000}},
	{"delay 0: at once, then from 100 ms",
	 0,
	 1 * NS_S,
	 NS_S,
	 0,
	 {0, 100, 200, 400, 800, 1000, 1000, 1000, 1000, 1000}},
	{"max 0: always at once", 100 * NS_MS, 0, 0, 0, {0}},
	{"both 0: always at once", 0, 0, NS_S, 0, {0}},
	{"delay above max: max",
	 5 * NS_S,
	 2 * NS_S,
	 NS_S,
	 0,
	 {2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000, 2000}},
	{"a long run forgets",
	 100 * NS_MS,
	 1 * NS_S,
	 600 * NS_S,
	 0,
	 {100, 100, 100, 100, 100, 100, 100, 100, 100, 100}},
	{"nearly long enough does not",
	 100 * NS_MS,
	 1 * NS_S,
	 600 * NS_S - 1,
	 0,
	 {100, 200, 400, 800, 1000, 1000, 1000, 1000, 1000, 1000}},
	{"ready for restart_delay_max forgets",
	 100 * NS_MS,
	 1 * NS_S,
	 2 * NS_S,
	 1 * NS_S,
	 {100, 100, 100, 100, 100, 100, 100, 100, 100, 100}},
	{"nearly ready so long does not",
	 100 * NS_MS,
	 1 * NS_S,
	 2 * NS_S,
	 1 * NS_S - 1,
	 {100, 200, 400, 800, 1000, 1000, 1000, 1000, 1000, 1000}},
};

static span_ns wait_of(struct restart *restart, const struct worker_spec *w,
		       const struct life *life, mono_ns now, uint64_t *chance)
{
	struct restart_run run = {.failed = life->failed,
				  .calm = restart_run_is_calm(w, life->run, life->ready)};
	mono_ns at = -1;

	ck_assert_int_eq(restart_decide(restart, &run, &MEANS(w, NULL, chance, now), &at),
			 RESTART_AT);
	ck_assert_int_ge(at, now);
	ck_assert_int_le(at - now, w->restart_delay_max);
	return at - now;
}

START_TEST(waits)
{
	struct worker_spec w = kit_worker("w");
	struct restart restart = {0};
	struct life life = {true, ladders[_i].run, ladders[_i].ready};
	uint64_t chance = 1;

	w.restart_delay = ladders[_i].delay;
	w.restart_delay_max = ladders[_i].ceiling;
	for (int n = 0; n < STEPS_MAX; n++) {
		span_ns want = ladders[_i].waits[n] * NS_MS;
		span_ns got = wait_of(&restart, &w, &life, T0, &chance);
		/* The jitter adds up to a tenth; at the ceiling it takes away instead. */
		bool fits = got >= want && got <= want + want / 10;
		fits = fits || (want + want / 10 > w.restart_delay_max && got >= want - want / 10 &&
				got <= want + want / 10);
		ck_assert_msg(fits, "%s: restart %d waits %ld ms, not %ld", ladders[_i].name, n,
			      (long)(got / NS_MS), (long)(want / NS_MS));
	}
}
END_TEST

START_TEST(one_calm_run_in_between_starts_anew)
{
	struct worker_spec w = kit_worker("w");
	struct restart restart = {0};
	uint64_t chance = 1;

	for (int n = 0; n < 5; n++)
		wait_of(&restart, &w, &(struct life){true, NS_S, 0}, T0, &chance);
	ck_assert_int_le(wait_of(&restart, &w, &(struct life){false, 700 * NS_S, 0}, T0, &chance),
			 110 * NS_MS);
	ck_assert_int_ge(wait_of(&restart, &w, &(struct life){true, NS_S, 0}, T0, &chance),
			 200 * NS_MS);
}
END_TEST

START_TEST(never_ready_is_not_ready_for_a_max_of_zero)
{
	struct worker_spec w = kit_worker("w");

	w.restart_delay_max = 0;
	ck_assert(!restart_run_is_calm(&w, NS_S, 0));
	ck_assert(restart_run_is_calm(&w, NS_S, 1));
}
END_TEST

START_TEST(jitter_keeps_a_crowd_apart)
{
	struct worker_spec w = kit_worker("w");
	span_ns least = MONO_NEVER, most = 0;
	uint64_t chance = 42;

	for (int n = 0; n < 1000; n++) {
		struct restart restart = {0};
		span_ns wait = wait_of(&restart, &w, &(struct life){true, 0, 0}, T0, &chance);
		least = wait < least ? wait : least;
		most = wait > most ? wait : most;
	}
	ck_assert_int_ge(least, 100 * NS_MS);
	ck_assert_int_lt(least, 101 * NS_MS);
	ck_assert_int_gt(most, 109 * NS_MS);
	ck_assert_int_le(most, 110 * NS_MS);
}
END_TEST

START_TEST(jitter_at_the_ceiling_goes_down_not_up)
{
	struct worker_spec w = kit_worker("w");
	span_ns least = MONO_NEVER;
	uint64_t chance = 42;

	w.restart_delay = w.restart_delay_max = NS_S;
	for (int n = 0; n < 1000; n++) {
		struct restart restart = {0};
		span_ns wait = wait_of(&restart, &w, &(struct life){true, 0, 0}, T0, &chance);
		least = wait < least ? wait : least;
	}
	ck_assert_int_ge(least, 900 * NS_MS);
	ck_assert_int_lt(least, 910 * NS_MS);
}
END_TEST

START_TEST(no_delay_draws_no_chance)
{
	struct worker_spec w = kit_worker("w");
	struct restart restart = {0};
	uint64_t chance = 7;

	w.restart_delay = 0;
	ck_assert_int_eq(wait_of(&restart, &w, &(struct life){true, 0, 0}, T0, &chance), 0);
	ck_assert_uint_eq(chance, 7);
	wait_of(&restart, &w, &(struct life){true, 0, 0}, T0, &chance);
	ck_assert_uint_ne(chance, 7);
}
END_TEST

START_TEST(streak_does_not_wrap)
{
	struct worker_spec w = kit_worker("w");
	struct restart restart = {.streak = UINT32_MAX};
	uint64_t chance = 7;

	/* The wait must neither overflow nor begin again. */
	w.restart_delay_max = 86400 * NS_S;
	for (int n = 0; n < 2; n++)
		ck_assert_int_ge(wait_of(&restart, &w, &(struct life){true, 0, 0}, 0, &chance),
				 w.restart_delay_max / 10 * 9);
	ck_assert_uint_eq(restart.streak, UINT32_MAX);
}
END_TEST

static const struct {
	enum restart_mode mode;
	bool failed;
	enum restart_verdict verdict;
} modes[] = {
	{RESTART_ALWAYS, false, RESTART_AT},
	{RESTART_ALWAYS, true, RESTART_AT},
	{RESTART_ON_FAILURE, false, RESTART_DOWN_WELL},
	{RESTART_ON_FAILURE, true, RESTART_AT},
	{RESTART_NEVER, false, RESTART_DOWN_WELL},
	{RESTART_NEVER, true, RESTART_DOWN_FAILED},
};

START_TEST(mode_decides)
{
	struct worker_spec w = kit_worker("w");
	struct restart restart = {0};
	struct restart_run run = {.failed = modes[_i].failed};
	uint64_t chance = 1;
	mono_ns at;

	w.restart = modes[_i].mode;
	ck_assert_int_eq(restart_decide(&restart, &run, &MEANS(&w, NULL, &chance, T0), &at),
			 modes[_i].verdict);
	ck_assert_uint_eq(restart.streak, modes[_i].verdict == RESTART_AT);
}
END_TEST

START_TEST(unknown_mode_aborts)
{
	struct worker_spec w = kit_worker("w");
	struct restart restart = {0};
	struct restart_run run = {0};
	uint64_t chance = 1;
	mono_ns at;

	w.restart = (enum restart_mode)99;
	restart_decide(&restart, &run, &MEANS(&w, NULL, &chance, T0), &at);
}
END_TEST

START_TEST(ready_longer_than_it_ran_aborts)
{
	struct worker_spec w = kit_worker("w");

	restart_run_is_calm(&w, 1, 2);
}
END_TEST

START_TEST(clock_that_went_back_aborts)
{
	struct worker_spec w = kit_worker("w");

	restart_run_is_calm(&w, -1, 0);
}
END_TEST

/* restart_limit 3 within 10 s: runs that end at these seconds, and whether the last is refused. */
static const struct {
	const char *name;
	int ends[8]; /* s after T0; -1: no more */
	bool gives_up;
} limits[] = {
	{"three in ten seconds are allowed", {0, 1, 2, -1}, false},
	{"a fourth is not", {0, 1, 2, 3, -1}, true},
	{"just within", {0, 1, 2, 9, -1}, true},
	{"just beyond", {0, 1, 2, 10, -1}, false},
	{"the window moves on", {0, 5, 9, 10, 15, 19, -1}, false},
	{"and is held while it moves", {0, 5, 9, 10, 14, -1}, true},
	{"one at a time for ever", {0, 4, 8, 12, 16, 20, 24, -1}, false},
};

START_TEST(limit_within)
{
	struct worker_spec w = kit_worker("w");
	struct restart restart = {0};
	struct restart_run run = {.failed = true};
	mono_ns history[4] = {0, 0, 0, 77}, at;
	uint64_t chance = 1;

	w.restart_limit_count = 3;
	w.restart_limit_within = 10 * NS_S;
	for (int n = 0; limits[_i].ends[n] >= 0; n++) {
		bool last = limits[_i].ends[n + 1] < 0;
		mono_ns now = T0 + limits[_i].ends[n] * NS_S;
		enum restart_verdict got =
			restart_decide(&restart, &run, &MEANS(&w, history, &chance, now), &at);
		ck_assert_msg(
			got == (last && limits[_i].gives_up ? RESTART_DOWN_LIMIT : RESTART_AT),
			"%s: run %d", limits[_i].name, n);
		ck_assert_uint_lt(restart.oldest, 3);
		ck_assert_uint_le(restart.known, 3);
	}
	ck_assert_int_eq(history[3], 77);
}
END_TEST

START_TEST(limit_counts_only_wanted_restarts)
{
	struct worker_spec w = kit_worker("w");
	struct restart restart = {0};
	struct restart_run run = {.failed = false};
	mono_ns history[1], at;
	uint64_t chance = 1;

	w.restart = RESTART_ON_FAILURE;
	w.restart_limit_count = 1;
	w.restart_limit_within = 10 * NS_S;
	ck_assert_int_eq(restart_decide(&restart, &run, &MEANS(&w, history, &chance, T0), &at),
			 RESTART_DOWN_WELL);
	run.failed = true;
	ck_assert_int_eq(restart_decide(&restart, &run, &MEANS(&w, history, &chance, T0), &at),
			 RESTART_AT);
	ck_assert_int_eq(restart_decide(&restart, &run, &MEANS(&w, history, &chance, T0), &at),
			 RESTART_DOWN_LIMIT);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("restart");

	tcase_add_loop_test(tests, waits, 0, sizeof ladders / sizeof ladders[0]);
	tcase_add_test(tests, one_calm_run_in_between_starts_anew);
	tcase_add_test(tests, never_ready_is_not_ready_for_a_max_of_zero);
	tcase_add_test(tests, jitter_keeps_a_crowd_apart);
	tcase_add_test(tests, jitter_at_the_ceiling_goes_down_not_up);
	tcase_add_test(tests, no_delay_draws_no_chance);
	tcase_add_test(tests, streak_does_not_wrap);
	tcase_add_loop_test(tests, mode_decides, 0, sizeof modes / sizeof modes[0]);
	tcase_add_test_raise_signal(tests, unknown_mode_aborts, SIGABRT);
	tcase_add_test_raise_signal(tests, ready_longer_than_it_ran_aborts, SIGABRT);
	tcase_add_test_raise_signal(tests, clock_that_went_back_aborts, SIGABRT);
	tcase_add_loop_test(tests, limit_within, 0, sizeof limits / sizeof limits[0]);
	tcase_add_test(tests, limit_counts_only_wanted_restarts);
	return kit_run("policy/restart", tests);
}
