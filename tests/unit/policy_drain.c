/* The moments of a shutdown, what each further signal does, and who has how much of the time. */
#include "policy/drain.h"

#include "policy_kit.h"

#define MS(n) (T0 + (n)*NS_MS)

/* Signals at these moments, in ms; what each is to do: b begin, h hurry, k kill, . nothing. */
static const struct {
	const char *name;
	int at[6];
	const char *calls;
} rows[] = {
	{"one begins", {0}, "b"},
	{"TERM and INT at once count once", {0, 0}, "b."},
	{"within 500 ms counts once", {0, 499}, "b."},
	{"at 500 ms it counts", {0, 500}, "bh"},
	{"the third kills", {0, 600, 1200}, "bhk"},
	{"so does every later one", {0, 600, 1200, 1800, 2400}, "bhkkk"},
	{"measured from the last that counted", {0, 400, 600, 900, 1100}, "b.h.k"},
};

START_TEST(calls)
{
	struct spec spec = {.drain_delay = 5 * NS_S, .drain_timeout = 30 * NS_S};
	struct drain drain = {0};

	for (size_t n = 0; rows[_i].calls[n] != '\0'; n++) {
		enum drain_call call = drain_signal(&drain, MS(rows[_i].at[n]));
		ck_assert_msg(".bhk"[call] == rows[_i].calls[n], "%s: signal %zu gives %c",
			      rows[_i].name, n, ".bhk"[call]);
		if (call == DRAIN_CALL_BEGIN)
			drain_begin(&drain, &spec, DRAIN_AT_REST, MS(rows[_i].at[n]));
	}
}
END_TEST

START_TEST(drain_that_a_failure_began)
{
	struct spec spec = {.drain_delay = 5 * NS_S, .drain_timeout = 30 * NS_S};
	struct drain drain = {0};

	drain_begin(&drain, &spec, DRAIN_AT_REST, T0);
	ck_assert_uint_eq(drain.signals, 0);
	ck_assert_int_eq(drain_signal(&drain, MS(0)), DRAIN_CALL_NONE);
	ck_assert_int_eq(drain_signal(&drain, MS(500)), DRAIN_CALL_HURRY);
	ck_assert_int_eq(drain_signal(&drain, MS(1000)), DRAIN_CALL_KILL);
}
END_TEST

/* delay, timeout and reserve in ms; when stopping and the last kill come, after the start. */
static const struct {
	enum drain_onset onset;
	int delay, timeout, reserve, stop_at, kill_by;
} moments[] = {
	{DRAIN_AT_REST, 0, 30000, 0, 0, 29500},
	{DRAIN_AT_REST, 5000, 30000, 0, 5000, 29500},
	{DRAIN_AT_REST, 0, 500, 0, 0, 0},
	{DRAIN_AT_REST, 0, 400, 0, 0, 0},
	{DRAIN_AT_REST, 9000, 9001, 0, 8501, 8501},
	{DRAIN_AT_REST, 600, 500, 0, 0, 0},
	{DRAIN_AT_REST, 0, 0, 0, 0, 0},
	/* Nothing is kept for steps that were not begun. */
	{DRAIN_AT_REST, 0, 30000, 5000, 0, 29500},
	{DRAIN_AFTER_START, 2000, 30000, 5000, 2000, 25000},
	{DRAIN_AFTER_START, 2000, 30000, 0, 2000, 29500},
	{DRAIN_AFTER_START, 2000, 30000, 499, 2000, 29500},
	{DRAIN_AFTER_START, 2000, 30000, 501, 2000, 29499},
	{DRAIN_AFTER_START, 2000, 3000, 9000, 0, 0},
	/* Nobody serves while the lifespan comes up. */
	{DRAIN_IN_START, 2000, 30000, 5000, 0, 25000},
};

START_TEST(moments_of_a_drain)
{
	struct spec spec = {.drain_delay = moments[_i].delay * NS_MS,
			    .drain_timeout = moments[_i].timeout * NS_MS,
			    .drain_reserve = moments[_i].reserve * NS_MS};
	struct drain drain = {0};

	ck_assert_int_eq(drain_kill_by(&drain), MONO_NEVER);
	drain_begin(&drain, &spec, moments[_i].onset, T0);
	ck_assert(drain.active);
	ck_assert_int_eq(drain.started, T0);
	ck_assert_int_eq(drain.deadline, MS(moments[_i].timeout));
	ck_assert_int_eq(drain.stop_at, MS(moments[_i].stop_at));
	ck_assert_int_eq(drain_kill_by(&drain), MS(moments[_i].kill_by));
}
END_TEST

/* In ms: what is left, what the level wants, what those after it want; its share. */
static const struct {
	const char *name;
	int left, want, later, share;
} levels[] = {
	{"the only one may take all", 29500, 10000, 0, 29500},
	{"the only one has all of too little", 4000, 10000, 0, 4000},
	{"what the others do not want", 29500, 10000, 10000, 19500},
	{"just enough", 20000, 10000, 10000, 10000},
	{"half of each", 10000, 10000, 10000, 5000},
	{"in proportion", 8000, 3000, 9000, 2000},
	{"nothing wanted", 8000, 0, 9000, 0},
	{"nothing left", 0, 3000, 9000, 0},
};

START_TEST(shares_of_levels)
{
	span_ns share = drain_level_share(levels[_i].left * NS_MS, levels[_i].want * NS_MS,
					  levels[_i].later * NS_MS);

	if (levels[_i].want == 0)
		ck_assert_int_le(share, 1);
	else
		ck_assert_msg(share / NS_MS == levels[_i].share, "%s: %lld", levels[_i].name,
			      (long long)share);
}
END_TEST

/* In ms: what is left, what the tasks want, what n levels want; the tasks' share. */
static const struct {
	const char *name;
	int left, want, levels, n, share;
} tasks[] = {
	{"all they want", 20000, 5000, 10000, 1, 5000},
	{"what the levels leave", 20000, 50000, 5000, 1, 15000},
	{"an equal share in any case", 20000, 50000, 19000, 3, 5000},
	{"the same when the levels want too much", 20000, 50000, 60000, 3, 5000},
	{"no levels", 20000, 50000, 0, 0, 20000},
	{"no time", 0, 50000, 1000, 1, 0},
};

START_TEST(shares_of_tasks)
{
	span_ns share = drain_tasks_share(tasks[_i].left * NS_MS, tasks[_i].want * NS_MS,
					  tasks[_i].levels * NS_MS, (uint32_t)tasks[_i].n);

	ck_assert_msg(share == tasks[_i].share * NS_MS, "%s: %lld", tasks[_i].name,
		      (long long)share);
}
END_TEST

START_TEST(margin_of_tasks)
{
	ck_assert_int_eq(drain_tasks_margin(10 * NS_S, 10 * NS_S), 2 * NS_S);
	ck_assert_int_eq(drain_tasks_margin(10 * NS_S, NS_S), NS_S);
	ck_assert_int_eq(drain_tasks_margin(0, NS_S), 0);
}
END_TEST

static uint64_t seed;

static span_ns any(span_ns max)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (span_ns)((seed >> 16) % (uint64_t)max);
}

/* Levels that use all that they want, or less; the moments at which they begin and end. */
static void play(uint32_t n, const span_ns *wants, const bool *stubborn, span_ns left)
{
	span_ns sum = 0, spent = 0, all = left;

	for (uint32_t k = 0; k < n; k++)
		sum += wants[k];
	for (uint32_t k = 0; k < n; k++) {
		span_ns nominal = sum <= left ? wants[k]
					      : (span_ns)((double)left * (double)wants[k] /
							  (double)sum);
		sum -= wants[k];
		span_ns share = drain_level_share(left, wants[k], sum);
		ck_assert_int_gt(share, 0);
		ck_assert_int_le(share, left);
		/* Never less than in proportion, and with enough for all, all that it wants. */
		ck_assert_int_ge(share + 2, nominal);
		span_ns used = share < wants[k] ? share : wants[k];
		used = stubborn[k] ? used : any(used) + 1;
		/* The others are left what is theirs. */
		if (sum > 0)
			ck_assert_int_gt(left - used, 0);
		left -= used;
		spent += used;
	}
	ck_assert_int_le(spent, all);
}

START_TEST(levels_share_what_there_is)
{
	seed = (uint64_t)_i + 1;
	for (int round = 0; round < 200; round++) {
		span_ns wants[20];
		bool stubborn[20];
		uint32_t n = 1 + (uint32_t)any(20);
		for (uint32_t k = 0; k < n; k++) {
			wants[k] = NS_MS + any(20 * NS_S);
			stubborn[k] = any(2) == 0;
		}
		play(n, wants, stubborn, NS_S + any(60 * NS_S));
	}
}
END_TEST

START_TEST(no_share_is_nothing)
{
	ck_assert_int_eq(drain_level_share(1, 1, 100 * NS_S), 1);
	ck_assert_int_eq(drain_level_share(2, NS_S, 100 * NS_S), 1);
}
END_TEST

/* A quick level's time is handed on: each after it gets more than it would have. */
START_TEST(quick_levels_hand_on)
{
	span_ns slow = drain_level_share(10 * NS_S, 10 * NS_S, 20 * NS_S);
	span_ns second_after_slow = drain_level_share(10 * NS_S - slow, 10 * NS_S, 10 * NS_S);
	span_ns second_after_quick = drain_level_share(10 * NS_S, 10 * NS_S, 10 * NS_S);

	ck_assert_int_eq(slow / NS_MS, 3333);
	ck_assert_int_eq(second_after_slow / NS_MS, 3333);
	ck_assert_int_eq(second_after_quick, 5 * NS_S);
}
END_TEST

START_TEST(killed_have_a_moment)
{
	struct drain drain = {.active = true, .deadline = MS(10000)};

	ck_assert_int_eq(drain_settle(&drain, MS(0)), MS(500));
	ck_assert_int_eq(drain_settle(&drain, MS(8000)), MS(8500));
	ck_assert_int_eq(drain_settle(&drain, MS(9600)), MS(9700));
	ck_assert_int_eq(drain_settle(&drain, MS(11000)), MS(11000));
}
END_TEST

START_TEST(end_of_a_drain)
{
	struct spec spec = {.drain_reserve = 5 * NS_S};
	struct drain drain = {.active = true, .deadline = MS(10000)};

	ck_assert(!drain_is_over(&drain, MS(9999)));
	ck_assert_int_eq(drain.deadline, MS(10000));
	/* Once more, if nobody was killed yet. */
	ck_assert(!drain_is_over(&drain, MS(60000)));
	ck_assert_int_eq(drain.deadline, MS(60500));
	drain.killed = true;
	ck_assert(drain_is_over(&drain, MS(60500)));
	drain_prolong(&drain, &spec, MS(70000));
	ck_assert_int_eq(drain.deadline, MS(75000));
	spec.drain_reserve = 0;
	drain_prolong(&drain, &spec, MS(70000));
	ck_assert_int_eq(drain.deadline, MS(70500));
}
END_TEST

/* All that can have gone wrong: bit 0 a start, 1 a worker, 2 a stop, 3 a kill. */
static const int codes[16] = {0, 12, 10, 12, 13, 12, 10, 12, 11, 12, 10, 12, 13, 12, 10, 12};

START_TEST(exit_codes)
{
	struct drain_faults faults = {.start_failed = _i & 1,
				      .gave_up = _i & 2,
				      .stop_failed = _i & 4,
				      .killed = _i & 8};

	ck_assert_int_eq(drain_exit_code(&faults), codes[_i]);
}
END_TEST

START_TEST(begun_twice_aborts)
{
	struct spec spec = {0};
	struct drain drain = {0};

	drain_begin(&drain, &spec, DRAIN_AT_REST, T0);
	drain_begin(&drain, &spec, DRAIN_AT_REST, T0);
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("drain");

	tcase_add_loop_test(cases, calls, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(cases, drain_that_a_failure_began);
	tcase_add_loop_test(cases, moments_of_a_drain, 0, sizeof moments / sizeof moments[0]);
	tcase_add_loop_test(cases, shares_of_levels, 0, sizeof levels / sizeof levels[0]);
	tcase_add_loop_test(cases, shares_of_tasks, 0, sizeof tasks / sizeof tasks[0]);
	tcase_add_test(cases, margin_of_tasks);
	tcase_add_loop_test(cases, levels_share_what_there_is, 0, 10);
	tcase_add_test(cases, no_share_is_nothing);
	tcase_add_test(cases, quick_levels_hand_on);
	tcase_add_test(cases, killed_have_a_moment);
	tcase_add_test(cases, end_of_a_drain);
	tcase_add_loop_test(cases, exit_codes, 0, 16);
	tcase_add_test_raise_signal(cases, begun_twice_aborts, SIGABRT);
	return kit_run("policy/drain", cases);
}
