/* value - durations, sizes, numbers, signals: what is read and what is refused. */
#include "conf/value.h"

#include "model/signo.h"

#include <signal.h>
#include <string.h>

#include <check.h>

#include "unit/suite.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static const struct {
	const char *text;
	span_ns span; /* -1: refused */
} spans[] = {
	{"0", 0}, {"0s", 0}, {"250ms", 250 * NS_MS}, {"10s", 10 * NS_S}, {"5m", 300 * NS_S},
	{"2h", 7200 * NS_S}, {"1d", 86400 * NS_S}, {"1m30s", 90 * NS_S}, {"7us", 7 * NS_US},
	{"1d2h3m4s5ms6us", 93784 * NS_S + 5 * NS_MS + 6 * NS_US},
	{"", -1}, {"10", -1}, {"00", -1}, {"s", -1}, {"10x", -1}, {"10 s", -1}, {"-1s", -1}, {"+1s", -1},
	{"1.5s", -1}, {"30s1m", -1}, {"1s1s", -1}, {"1s2", -1}, {"10S", -1}, {"1sm", -1}, {"1ss", -1},
	{"999999999d", -1}, {"99999999999999999999s", -1}, {"106751d9000000s", -1},
};

START_TEST(durations)
{
	struct err err;
	span_ns span;
	int result = value_span(spans[_i].text, &span, &err);

	ck_assert_msg((result == -1) == (spans[_i].span == -1), "%s", spans[_i].text);
	if (result == 0)
		ck_assert_int_eq(span, spans[_i].span);
}
END_TEST

START_TEST(a_bare_number_is_told_what_to_say)
{
	struct err err;
	span_ns span;

	ck_assert_int_eq(value_span("10", &span, &err), -1);
	ck_assert_str_eq(err.text, "a bare number is no duration: say 10s or 10ms");
}
END_TEST

START_TEST(units_are_named)
{
	static const char *const texts[] = {"1.5s", "1min", "10sec", "1m 30s"};
	struct err err;
	span_ns span;

	for (size_t i = 0; i < LENGTH(texts); i++) {
		ck_assert_int_eq(value_span(texts[i], &span, &err), -1);
		ck_assert_msg(strstr(err.text, "is not a duration like 250ms, 10s or 1m30s (whole "
					       "numbers of d h m s ms us)") != NULL, "%s", err.text);
	}
}
END_TEST

static const struct {
	const char *text;
	int64_t size;
} sizes[] = {
	{"0", 0}, {"4096", 4096}, {"64K", 65536}, {"10M", 10485760}, {"2G", INT64_C(2) << 30},
	{"1T", INT64_C(1) << 40}, {"", -1}, {"K", -1}, {"64k", -1}, {"64KB", -1}, {"-1", -1}, {"1P", -1},
	{"99999999T", -1}, {"99999999999999999999", -1}, {"1 K", -1},
};

START_TEST(sizes_of_bytes)
{
	struct err err;
	uint64_t size;
	int result = value_size(sizes[_i].text, &size, &err);

	ck_assert_msg((result == -1) == (sizes[_i].size == -1), "%s", sizes[_i].text);
	if (result == 0)
		ck_assert_uint_eq(size, (uint64_t)sizes[_i].size);
}
END_TEST

static const struct {
	const char *text;
	int64_t decimal, octal; /* -999: refused */
} numbers[] = {
	{"0", 0, 0}, {"27", 27, 027}, {"0027", 27, 027}, {"0o27", -999, 027}, {"-20", -20, -999},
	{"+5", 5, -999}, {"8", 8, -999}, {"", -999, -999}, {"-", -999, -999}, {"--1", -999, -999},
	{"1x", -999, -999}, {" 1", -999, -999}, {"0x10", -999, -999}, {"0o", -999, -999},
	{"99999999999999999999", -999, -999}, {"1.0", -999, -999},
};

START_TEST(whole_numbers)
{
	struct err err;
	int64_t number;

	if (value_integer(numbers[_i].text, &number, &err) == -1)
		number = -999;
	ck_assert_int_eq(number, numbers[_i].decimal);
	if (value_octal(numbers[_i].text, &number, &err) == -1)
		number = -999;
	ck_assert_int_eq(number, numbers[_i].octal);
}
END_TEST

START_TEST(booleans)
{
	static const char *const yes[] = {"true", "yes", "on", "True", "YES", "On"};
	static const char *const no[] = {"false", "no", "off", "FALSE", "No", "oFf"};
	static const char *const neither[] = {"", "1", "0", "y", "n", "truee"};
	struct err err;
	bool value;

	for (size_t i = 0; i < LENGTH(yes); i++) {
		ck_assert(value_bool(yes[i], &value, &err) == 0 && value);
		ck_assert(value_bool(no[i], &value, &err) == 0 && !value);
		ck_assert_int_eq(value_bool(neither[i], &value, &err), -1);
	}
}
END_TEST

START_TEST(signals)
{
	const struct {
		const char *text;
		int number;
		const char *hint;
	} cases[] = {
		{"TERM", SIGTERM, NULL}, {"SIGTERM", SIGTERM, NULL}, {"KILL", SIGKILL, NULL},
		{"15", 15, NULL}, {"1", 1, NULL}, {"64", 64, NULL}, {"RTMIN", SIGRTMIN, NULL},
		{"SIGRTMIN+3", SIGRTMIN + 3, NULL}, {"RTMAX", SIGRTMAX, NULL}, {"RTMAX-1", SIGRTMAX - 1, NULL},
		{"TREM", -1, "TERM"}, {"term", -1, NULL}, {"0", -1, NULL}, {"65", -1, NULL}, {"", -1, NULL},
		{"RTMIN+99", -1, NULL}, {"RTMIN-1", -1, NULL}, {"RTMAX+1", -1, NULL}, {"RTMINx", -1, NULL},
		{"RTMIN+", -1, NULL}, {"-1", -1, NULL},
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct err err;
		const char *hint;
		int number = -1;
		int result = signo_find(cases[i].text, &number, &hint, &err);
		ck_assert_msg((result == -1) == (cases[i].number == -1), "%s", cases[i].text);
		if (result == 0)
			ck_assert_int_eq(number, cases[i].number);
		if (cases[i].hint != NULL)
			ck_assert_str_eq(hint, cases[i].hint);
	}
}
END_TEST

START_TEST(capabilities)
{
	struct err err;
	const char *hint;
	unsigned n = 0, number;

	for (; value_capability_name(n) != NULL; n++) {
		ck_assert_int_eq(value_capability(value_capability_name(n), &number, &hint, &err), 0);
		ck_assert_uint_eq(number, n);
	}
	ck_assert_uint_eq(n, 41);
	ck_assert_int_eq(value_capability("CAP_NET_BIND_SERVIC", &number, &hint, &err), -1);
	ck_assert_str_eq(hint, "CAP_NET_BIND_SERVICE");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("value");

	tcase_add_loop_test(tests, durations, 0, LENGTH(spans));
	tcase_add_test(tests, a_bare_number_is_told_what_to_say);
	tcase_add_test(tests, units_are_named);
	tcase_add_loop_test(tests, sizes_of_bytes, 0, LENGTH(sizes));
	tcase_add_loop_test(tests, whole_numbers, 0, LENGTH(numbers));
	tcase_add_test(tests, booleans);
	tcase_add_test(tests, signals);
	tcase_add_test(tests, capabilities);
	return suite_run("conf/value", tests);
}
