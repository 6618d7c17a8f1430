/* What servers say, made fit to be shown. */
#include "prober/said.h"

#include "unit/suite.h"

static const struct {
	const char *text, *secret, *line;
} cases[] = {
	{"", NULL, ""},
	{"one line", NULL, "one line"},
	{"one line\n", "", "one line"},
	{"first\n\tIs the server running?\n", NULL, "first"},
	{"twice\ntwice\nmore\n", NULL, "twice; more"},
	{"\ta hint", NULL, ""},
	{"\t", NULL, ""},
	{" \t \na \t\n\t\r\n", NULL, "a"},
	{"a\n\thint\na\nb", NULL, "a; a; b"},
	{"a\r\n\r\nb", NULL, "a; b"},
	{"bell\a, escape\033[31m, \x7f", NULL, "bell?, escape?[31m, ?"},
	{"in\tbetween", NULL, "in between"},
	{"\xc3\xa4 \xff \xc0\xaf \xc2\x9b", NULL, "\xc3\xa4 ? ?? ??"},
	{"password secret, secretsecret", "secret", "password ***, ******"},
	{"secre", "secret", "secre"},
	{"a\nb\nc", "a\nb", "***; c"},
};

START_TEST(a_line)
{
	char out[SAID_SIZE];
	ck_assert_ptr_eq(said_tidy(out, cases[_i].text, cases[_i].secret), out);
	ck_assert_str_eq(out, cases[_i].line);
}
END_TEST

START_TEST(what_is_long_is_cut_between_characters)
{
	char text[2 * SAID_SIZE], out[SAID_SIZE];
	for (size_t i = 0; i + 1 < sizeof(text); i++)
		text[i] = i % 2 == 0 ? '\xc3' : '\xa4';
	text[sizeof(text) - 1] = '\0';
	said_tidy(out, text, NULL);
	ck_assert_uint_eq(strlen(out), SAID_SIZE - 2);
	said_tidy(out, text + 2 * (SAID_SIZE / 2) - 2, NULL);
	ck_assert_uint_eq(strlen(out) % 2, 0);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("said");
	tcase_add_loop_test(tests, a_line, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tests, what_is_long_is_cut_between_characters);
	return suite_run("said", tests);
}
