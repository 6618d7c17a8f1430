/* clock - sums that cannot overflow, stamps as people read them. */
#include "base/clock.h"

#include <check.h>
#include <signal.h>

#include "unit/suite.h"

START_TEST(time_goes_forward)
{
	mono_ns before = mono_now();

	ck_assert_int_gt(before, 0);
	ck_assert_int_ge(mono_now(), before);
	ck_assert_int_gt(wall_now(), INT64_C(1700000000) * NS_S);
}
END_TEST

static const struct {
	mono_ns at;
	span_ns span;
	mono_ns sum;
} sums[] = {
	{0, 0, 0},
	{5, 7, 12},
	{MONO_NEVER, 0, MONO_NEVER},
	{MONO_NEVER, 1, MONO_NEVER},
	{MONO_NEVER - 1, 1, MONO_NEVER},
	{MONO_NEVER - 2, 1, MONO_NEVER - 1},
	{1, INT64_MAX, MONO_NEVER},
};

START_TEST(add)
{
	ck_assert_int_eq(mono_add(sums[_i].at, sums[_i].span), sums[_i].sum);
}
END_TEST

START_TEST(a_negative_span_is_a_bug)
{
	mono_add(1, -1);
}
END_TEST

START_TEST(a_negative_moment_is_a_bug)
{
	mono_add(-1, 1);
}
END_TEST

START_TEST(min_and_max)
{
	ck_assert_int_eq(mono_min(3, MONO_NEVER), 3);
	ck_assert_int_eq(mono_min(MONO_NEVER, 3), 3);
	ck_assert_int_eq(mono_max(3, 4), 4);
	ck_assert_int_eq(mono_max(4, 3), 4);
}
END_TEST

static const struct {
	wall_ns at;
	const char *text;
} stamps[] = {
	{0, "1970-01-01T00:00:00.000Z"},
	{INT64_C(1767323045678999999), "2026-01-02T03:04:05.678Z"},
	{INT64_C(951782400) * NS_S, "2000-02-29T00:00:00.000Z"},
	{INT64_MAX, "2262-04-11T23:47:16.854Z"},
};

START_TEST(stamp)
{
	char buf[WALL_TEXT_SIZE];

	ck_assert_str_eq(wall_format(buf, stamps[_i].at), stamps[_i].text);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("clock");

	tcase_add_test(tests, time_goes_forward);
	tcase_add_loop_test(tests, add, 0, sizeof sums / sizeof sums[0]);
	tcase_add_test_raise_signal(tests, a_negative_span_is_a_bug, SIGABRT);
	tcase_add_test_raise_signal(tests, a_negative_moment_is_a_bug, SIGABRT);
	tcase_add_test(tests, min_and_max);
	tcase_add_loop_test(tests, stamp, 0, sizeof stamps / sizeof stamps[0]);
	return suite_run("base/clock", tests);
}
