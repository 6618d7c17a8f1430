/* err, fd - words for failures with errno untouched; descriptors with one owner. */
#include "base/err.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/fd.h"
#include "unit/suite.h"

START_TEST(says_what_and_why)
{
	struct err err;

	ck_assert_int_eq(err_set(&err, ENOENT, "open %s", "/x"), -1);
	ck_assert_str_eq(err.text, "open /x: No such file or directory");
	ck_assert_int_eq(err.num, ENOENT);
	ck_assert_int_eq(err_wrap(&err, "worker %s", "web"), -1);
	ck_assert_str_eq(err.text, "worker web: open /x: No such file or directory");
	ck_assert_int_eq(err.num, ENOENT);
}
END_TEST

START_TEST(says_nothing_of_an_errno_that_is_none)
{
	struct err err;

	err_set(&err, 0, "no such user");
	ck_assert_str_eq(err.text, "no such user");
	ck_assert_int_eq(err.num, 0);
}
END_TEST

START_TEST(long_texts_are_cut)
{
	char text[2 * ERR_TEXT_MAX];
	struct err err;

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	err_set(&err, EPERM, "%s", text);
	ck_assert_uint_eq(strlen(err.text), ERR_TEXT_MAX - 1);
	err_wrap(&err, "outer");
	ck_assert_uint_eq(strlen(err.text), ERR_TEXT_MAX - 1);
	ck_assert_int_eq(strncmp(err.text, "outer: xxx", 10), 0);
	ck_assert_int_eq(err.num, EPERM);
}
END_TEST

START_TEST(close_forgets_and_keeps_errno)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int was = fd;

	ck_assert_int_ne(fd, -1);
	errno = E2BIG;
	fd_close(&fd);
	ck_assert_int_eq(fd, -1);
	ck_assert_int_eq(errno, E2BIG);
	ck_assert_int_eq(fcntl(was, F_GETFD), -1);
	errno = E2BIG;
	fd_close(&fd);
	ck_assert_int_eq(errno, E2BIG);
}
END_TEST

START_TEST(take_hands_over)
{
	int fd = 7;

	ck_assert_int_eq(fd_take(&fd), 7);
	ck_assert_int_eq(fd, -1);
	ck_assert_int_eq(fd_take(&fd), -1);
}
END_TEST

START_TEST(a_shortage_is_told_from_a_fault)
{
	static const int shortages[] = {EMFILE, ENFILE, ENOMEM, ENOBUFS}, faults[] = {0, EACCES, EAGAIN, ENOENT};

	ck_assert(err_is_shortage(shortages[_i]));
	ck_assert(!err_is_shortage(faults[_i]));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("err and fd");

	tcase_add_test(tests, says_what_and_why);
	tcase_add_test(tests, says_nothing_of_an_errno_that_is_none);
	tcase_add_test(tests, long_texts_are_cut);
	tcase_add_test(tests, close_forgets_and_keeps_errno);
	tcase_add_test(tests, take_hands_over);
	tcase_add_loop_test(tests, a_shortage_is_told_from_a_fault, 0, 4);
	return suite_run("base/err", tests);
}
