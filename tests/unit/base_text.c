/* text - cut at the buffer's end, near misses, durations as they are written. */
#include "base/text.h"

#include <check.h>
#include <signal.h>

#include "unit/suite.h"

START_TEST(cuts_what_does_not_fit)
{
	char buf[8];
	struct text text;

	text_init(&text, buf, sizeof buf);
	text_add(&text, "%s-%d", "ab", 1);
	ck_assert_str_eq(buf, "ab-1");
	ck_assert(!text.truncated);
	text_put(&text, "xyz", 3);
	ck_assert_str_eq(buf, "ab-1xyz");
	ck_assert(!text.truncated);
	text_put(&text, "!", 1);
	ck_assert_str_eq(buf, "ab-1xyz");
	ck_assert(text.truncated);
	text_add(&text, "%s", "more");
	ck_assert_str_eq(buf, "ab-1xyz");
	ck_assert_uint_eq(text.len, 7);
}
END_TEST

START_TEST(add_fills_to_the_last_byte)
{
	char buf[4];
	struct text text;

	text_init(&text, buf, sizeof buf);
	text_add(&text, "abcdef");
	ck_assert_str_eq(buf, "abc");
	ck_assert(text.truncated);
}
END_TEST

START_TEST(a_buffer_of_none_is_a_bug)
{
	char buf[1];
	struct text text;

	text_init(&text, buf, 0);
}
END_TEST

static const struct {
	const char *a, *b;
	unsigned distance;
} distances[] = {
	{"", "", 0},	       {"", "abc", 3},		{"abc", "abc", 0},
	{"abc", "abd", 1},     {"abc", "ab", 1},	{"ab", "abc", 1},
	{"replcias", "replicas", 1},			{"Restart", "restart", 1},
	{"kitten", "sitting", 3},			{"ca", "abc", 3},
};

START_TEST(distance)
{
	ck_assert_uint_eq(text_distance(distances[_i].a, distances[_i].b), distances[_i].distance);
	ck_assert_uint_eq(text_distance(distances[_i].b, distances[_i].a), distances[_i].distance);
}
END_TEST

START_TEST(distance_of_long_texts)
{
	char longest[64], longer[65];

	for (int i = 0; i < 64; i++)
		longest[i] = longer[i] = 'a';
	longest[63] = longer[64] = '\0';
	ck_assert_uint_eq(text_distance(longest, longest), 0);
	ck_assert_uint_eq(text_distance(longer, longer), 64);
	ck_assert_uint_eq(text_distance("a", longer), 64);
}
END_TEST

static const char *const words[] = {"command", "restart", "restart_delay", "ready", "user", "log", "FPE"};

static const struct {
	const char *word, *nearest;
} near_misses[] = {
	{"comand", "command"},	      {"restrat", "restart"}, {"restart-delay", "restart_delay"},
	{"raedy", "ready"},	      {"usr", "user"},	      {"command", "command"},
	{"zebra", NULL},	      {"x", NULL},	      {"working_directory", NULL},
	{"foo", NULL},		      {"NOPE", NULL},	      {"lgo", "log"},
	{"usre", "user"},	      {"usxy", NULL},	      {"redey", "ready"},
};

START_TEST(nearest)
{
	const char *found = text_nearest(near_misses[_i].word, words, sizeof words / sizeof words[0]);

	ck_assert_pstr_eq(found, near_misses[_i].nearest);
}
END_TEST

START_TEST(nearest_of_an_overlong_one)
{
	char word[300];

	memset(word, 'r', sizeof word);
	word[sizeof word - 1] = '\0';
	ck_assert_ptr_null(text_nearest(word, words, sizeof words / sizeof words[0]));
}
END_TEST

START_TEST(nearest_of_none)
{
	ck_assert_ptr_null(text_nearest("word", words, 0));
}
END_TEST

static const struct {
	span_ns span;
	const char *text;
} spans[] = {
	{0, "0s"},
	{1, "1ns"},
	{NS_US, "1us"},
	{250 * NS_MS, "250ms"},
	{1500 * NS_MS, "1s500ms"},
	{NS_S, "1s"},
	{60 * NS_S, "1m"},
	{90 * NS_S, "1m30s"},
	{3600 * NS_S, "1h"},
	{86400 * NS_S, "1d"},
	{90061 * NS_S + NS_MS, "1d1h1m1s1ms"},
	{INT64_MAX, "106751d23h47m16s854ms775us807ns"},
};

START_TEST(span)
{
	char buf[SPAN_TEXT_SIZE];

	ck_assert_str_eq(span_format(buf, spans[_i].span), spans[_i].text);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("text");

	tcase_add_test(tests, cuts_what_does_not_fit);
	tcase_add_test(tests, add_fills_to_the_last_byte);
	tcase_add_test_raise_signal(tests, a_buffer_of_none_is_a_bug, SIGABRT);
	tcase_add_loop_test(tests, distance, 0, sizeof distances / sizeof distances[0]);
	tcase_add_test(tests, distance_of_long_texts);
	tcase_add_loop_test(tests, nearest, 0, sizeof near_misses / sizeof near_misses[0]);
	tcase_add_test(tests, nearest_of_an_overlong_one);
	tcase_add_test(tests, nearest_of_none);
	tcase_add_loop_test(tests, span, 0, sizeof spans / sizeof spans[0]);
	return suite_run("base/text", tests);
}
