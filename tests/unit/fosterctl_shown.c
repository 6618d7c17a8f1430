/* shown, screen - no control byte reaches a terminal, and lines are broken where they may be. */
#include "fosterctl/shown.h"

#include <locale.h>

#include "unit/fosterctl_kit.h"
#include "unit/suite.h"

static const char *shown(const char *raw)
{
	static char buf[256];
	struct text text;

	text_init(&text, buf, sizeof buf);
	shown_add(&text, raw);
	return buf;
}

START_TEST(what_is_printable_stays)
{
	ck_assert_str_eq(shown(NULL), "");
	ck_assert_str_eq(shown("plain words, 100 %"), "plain words, 100 %");
	ck_assert_str_eq(shown("ünï → 字"), "ünï → 字");
}
END_TEST

static const struct {
	const char *raw, *safe;
} dangers[] = {
	{"a\x1b[31mb", "a\\x1b[31mb"},
	{"\a\b\t\r\n\x7f", "\\x07\\x08\\x09\\x0d\\x0a\\x7f"},
	{"\xc2\x9b" "2J", "\\xc2\\x9b2J"},				/* the 8-bit CSI */
	{"\xe2\x80\xae" "txt", "\\xe2\\x80\\xaetxt"},		/* right-to-left override */
	{"\xe2\x80\x8b", "\\xe2\\x80\\x8b"},				/* zero width space */
	{"\xff\xfe", "\\xff\\xfe"}, {"\xc3", "\\xc3"}, {"\xc0\x9b", "\\xc0\\x9b"},
	{"\xed\xa0\x80", "\\xed\\xa0\\x80"},
};

START_TEST(all_else_is_escaped)
{
	ck_assert_str_eq(shown(dangers[_i].raw), dangers[_i].safe);
}
END_TEST

START_TEST(every_byte_alone_is_printable_or_escaped)
{
	for (int c = 1; c < 256; c++) {
		char raw[] = {(char)c, '\0'};
		const char *safe = shown(raw);
		ck_assert(c >= 0x20 && c < 0x7f ? strcmp(safe, raw) == 0 : strlen(safe) == 4);
	}
}
END_TEST

START_TEST(what_does_not_fit_is_cut_between_characters)
{
	for (size_t size = 1; size < 12; size++) {
		char buf[12];
		struct text text;
		text_init(&text, buf, size);
		shown_add(&text, "ü\x1b字ü");
		ck_assert(text.truncated);
		ck_assert_str_eq(buf, size < 3 ? "" : size < 7 ? "ü" : size < 10 ? "ü\\x1b" : "ü\\x1b字");
	}
}
END_TEST

START_TEST(width_is_in_columns)
{
	ck_assert_uint_eq(shown_width(""), 0);
	ck_assert_uint_eq(shown_width("über"), 4);
	ck_assert_uint_eq(shown_width("字字"), 4);
	ck_assert_uint_eq(shown_fit("字字", 3), 3);
	ck_assert_uint_eq(shown_fit("üb", 1), 2);
	ck_assert_uint_eq(shown_fit("ab", 9), 2);
}
END_TEST

static const struct {
	const char *name;
	size_t columns;
	const char *cut;
} cuts[] = {
	{"web.2", 5, "web.2"}, {"website.2", 8, "web..e.2"}, {"website.2", 4, "w...2"},
	{"abcdefghij.123", 10, "abcd...123"}, {"字字字字字", 6, "字..字"},
};

START_TEST(long_names_lose_their_middle)
{
	char buf[64];
	struct text text;

	text_init(&text, buf, sizeof buf);
	shown_cut(&text, cuts[_i].name, cuts[_i].columns);
	ck_assert_uint_le(shown_width(buf), cuts[_i].columns);
	if (_i != 2)
		ck_assert_str_eq(buf, cuts[_i].cut);
}
END_TEST

static const struct {
	const char *text, *lines;
	size_t used, indent;
} wraps[] = {
	{"short", "short\n", 0, 2},
	{"", "\n", 0, 2},
	{"it fits to the very last column of these", "it fits to the very last column of these\n", 0, 2},
	{"it fits to the very last column of these+", "it fits to the very last column of\n  these+\n", 0, 2},
	{"a word behind what stands there", "a word\n  behind what stands there\n", 33, 2},
	{"supercalifragilistic", "\n  supercalifragilistic\n", 30, 2},
	{"0123456789012345678901234567890123456789abc", "0123456789012345678901234567890123456789\n  abc\n", 0, 2},
};

START_TEST(lines_are_broken_between_words)
{
	struct paper paper;

	paper_open(&paper, 40);
	screen_wrap(&paper.screen, PAINT_BAD, wraps[_i].text, wraps[_i].used, wraps[_i].indent);
	char *printed = paper_close(&paper);
	ck_assert_str_eq(printed, wraps[_i].lines);
	free(printed);
}
END_TEST

START_TEST(colours_only_where_there_are_some)
{
	struct paper paper;

	paper_open(&paper, 40);
	screen_paint(&paper.screen, PAINT_BAD, "bad", 3);
	paper.screen.colour = true;
	screen_paint(&paper.screen, PAINT_NONE, "so", 2);
	screen_paint(&paper.screen, PAINT_GOOD, "good", 4);
	screen_progress(&paper.screen, "no terminal, no progress");
	char *printed = paper_close(&paper);
	ck_assert_str_eq(printed, "badso\033[32mgood\033[0m");
	free(printed);
}
END_TEST

START_TEST(without_utf8_the_locale_decides)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C"));
	ck_assert_str_eq(shown("ü"), "\\xc3\\xbc");
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
}
END_TEST

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))

int main(void)
{
	TCase *tests = tcase_create("shown");

	setlocale(LC_CTYPE, "C.UTF-8");
	tcase_add_test(tests, what_is_printable_stays);
	tcase_add_loop_test(tests, all_else_is_escaped, 0, LENGTH(dangers));
	tcase_add_test(tests, every_byte_alone_is_printable_or_escaped);
	tcase_add_test(tests, what_does_not_fit_is_cut_between_characters);
	tcase_add_test(tests, width_is_in_columns);
	tcase_add_loop_test(tests, long_names_lose_their_middle, 0, LENGTH(cuts));
	tcase_add_loop_test(tests, lines_are_broken_between_words, 0, LENGTH(wraps));
	tcase_add_test(tests, colours_only_where_there_are_some);
	tcase_add_test(tests, without_utf8_the_locale_decides);
	return suite_run("fosterctl/shown", tests);
}
