/* How the lifespan's stops share what is left of the time. */
#include "policy/share.h"

#include <stdlib.h>

#include "policy_kit.h"

#define S(x) ((span_ns)((x)*1e3) * NS_MS)

static const struct {
	const char *name;
	double left;
	uint32_t n;
	double others, term, kill;
} shares[] = {
	{"all of it", 29, 1, 0, 27, 29},
	{"what the others leave", 60, 3, 20, 38, 40},
	{"a fifth of a small share", 4.5, 1, 0, 3.6, 4.5},
	{"the half of it", 4, 2, 10, 1.6, 2},
	{"others need little", 10, 2, 1, 7.2, 9},
	{"others need nothing", 10, 3, 0, 8, 10},
	{"others want more than there is", 9, 3, 100, 2.4, 3},
	{"others want all there is", 9, 3, 9, 2.4, 3},
};

START_TEST(share)
{
	struct share got = share_of_stops(S(shares[_i].left), shares[_i].n, S(shares[_i].others));

	ck_assert_msg(got.term == S(shares[_i].term) && got.kill == S(shares[_i].kill),
		      "%s: %g, %g", shares[_i].name, (double)got.term / NS_S,
		      (double)got.kill / NS_S);
}
END_TEST

static span_ns random_span(span_ns max)
{
	return 1 + (span_ns)((double)rand() / RAND_MAX * (double)max);
}

/* However stubborn all of them are, there is time for each, and all end in time. */
START_TEST(shares_fit)
{
	srand((unsigned)_i);
	span_ns left = random_span(_i % 2 == 0 ? S(30) : S(0.01));
	uint32_t n = 1 + (uint32_t)rand() % 8;
	span_ns timeouts[8];

	for (uint32_t k = 0; k < n; k++)
		timeouts[k] = random_span(rand() % 2 == 0 ? S(1) : S(20));
	for (uint32_t k = n; k > 0; k--) {
		span_ns others = 0;
		for (uint32_t other = 0; other + 1 < k; other++)
			others += timeouts[other];
		struct share got = share_of_stops(left, k, others);
		ck_assert_int_le(got.term, got.kill);
		ck_assert_int_gt(got.kill, 0);
		ck_assert_int_le(got.kill, left);
		ck_assert_int_ge(got.kill, left / k);
		ck_assert_int_ge(got.kill, left - others);
		/* It takes its timeout and the 2 s of its end, or all of its share. */
		left -= mono_min(got.kill, timeouts[k - 1] + S(2));
		ck_assert(left > 0 || k == 1);
	}
}
END_TEST

START_TEST(next_to_nothing)
{
	ck_assert_int_eq(share_of_stops(1, 3, S(20)).kill, 1);
}
END_TEST

START_TEST(nothing_left_to_share_aborts)
{
	share_of_stops(0, 1, 0);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("shares");

	tcase_add_loop_test(tests, share, 0, sizeof shares / sizeof shares[0]);
	tcase_add_loop_test(tests, shares_fit, 0, 200);
	tcase_add_test(tests, next_to_nothing);
	tcase_add_test_raise_signal(tests, nothing_left_to_share_aborts, SIGABRT);
	return kit_run("policy/share", tests);
}
