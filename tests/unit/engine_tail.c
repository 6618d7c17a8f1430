/* tail - the end of what is said, whatever the pieces it comes in. */
#include "engine/tail.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "unit/suite.h"

enum { MUCH = 3 * TAIL_MAX };

static int ends[2];
static struct tail tail;
static char all[MUCH + 1];

static void begin(void)
{
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	for (int i = 0; i < MUCH; i++)
		all[i] = (char)('!' + i % 89);
}

static void finish(void)
{
	tail_fini(&tail);
	close(ends[0]);
	close(ends[1]);
}

static void say(const char *bytes, size_t len)
{
	ck_assert_int_eq(write(ends[1], bytes, len), (ssize_t)len);
	ck_assert(tail_read(&tail, ends[0]));
}

START_TEST(the_end_is_kept)
{
	static const size_t pieces[] = {1,   7, 100, 1000, TAIL_MAX - 1, TAIL_MAX, TAIL_MAX + 1,
					MUCH};
	const size_t piece = pieces[_i];

	ck_assert_str_eq(tail_text(&tail), "");
	for (size_t at = 0; at < MUCH; at += piece)
		say(all + at, at + piece < MUCH ? piece : MUCH - at);
	ck_assert_str_eq(tail_text(&tail), all + MUCH - TAIL_MAX);
}
END_TEST

START_TEST(what_does_not_show_is_left_out)
{
	say("a\0b \n\t\n", 7);
	ck_assert_str_eq(tail_text(&tail), "a?b");
	say("c", 1);
	ck_assert_str_eq(tail_text(&tail), "a?b\n\n\t\nc");
}
END_TEST

START_TEST(the_end_of_file_is_told)
{
	say("x", 1);
	close(ends[1]);
	ck_assert(!tail_read(&tail, ends[0]));
	ck_assert_str_eq(tail_text(&tail), "x");
	ends[1] = -1;
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("tail");

	tcase_add_checked_fixture(tests, begin, finish);
	tcase_add_loop_test(tests, the_end_is_kept, 0, 8);
	tcase_add_test(tests, what_does_not_show_is_left_out);
	tcase_add_test(tests, the_end_of_file_is_told);
	return suite_run("engine/tail", tests);
}
