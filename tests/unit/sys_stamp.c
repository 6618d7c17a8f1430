/* stamp - moments that survive: written, read, and whatever else may stand in their place. */
#include "sys/stamp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/suite.h"

static char base[] = "/tmp/fosterd-stamp.XXXXXX";
static char dir[64], path[80], new[80];

static void begin(void)
{
	ck_assert_ptr_nonnull(mkdtemp(base));
	snprintf(dir, sizeof dir, "%s/state/tasks", base);
	snprintf(path, sizeof path, "%s/vacuum", dir);
	snprintf(new, sizeof new, "%s/.vacuum", dir);
}

static void finish(void)
{
	char state[64];

	snprintf(state, sizeof state, "%s/state", base);
	unlink(path);
	unlink(new);
	rmdir(path);
	rmdir(dir);
	rmdir(state);
	unlink(state);
	rmdir(base);
}

/* A stamp that says something else. */
static void put(const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void expect_error(int num)
{
	wall_ns at;

	ck_assert_int_eq(stamp_read(dir, "vacuum", &at), -1);
	ck_assert_int_eq(errno, num);
}

START_TEST(what_is_written_is_read)
{
	wall_ns at = 0;

	expect_error(ENOENT);
	ck_assert_int_eq(stamp_write(dir, "vacuum", INT64_C(1795643990123456789)), 0);
	ck_assert_int_eq(stamp_read(dir, "vacuum", &at), 0);
	ck_assert_int_eq(at, INT64_C(1795643990123456789));
	ck_assert_int_eq(stamp_write(dir, "vacuum", 7), 0);
	ck_assert_int_eq(stamp_read(dir, "vacuum", &at), 0);
	ck_assert_int_eq(at, 7);
	ck_assert_int_eq(access(new, F_OK), -1);
}
END_TEST

static const char *const wrong[] = {"", "\n", "12", "12 \n", "-12\n", " 12\n", "12\n\n", "x\n", "0x12\n", "99999999999999999999\n",
				    "1234567890123456789012345678901234567890\n"};

START_TEST(what_is_no_stamp_is_refused)
{
	ck_assert_int_eq(stamp_write(dir, "vacuum", 7), 0);
	put(wrong[_i]);
	expect_error(EINVAL);
}
END_TEST

START_TEST(nothing_is_waited_for)
{
	ck_assert_int_eq(stamp_write(dir, "other", 7), 0);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	expect_error(EINVAL);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(symlink("other", path), 0);
	expect_error(ELOOP);
	ck_assert_int_eq(stamp_write(dir, "vacuum", 8), 0);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	expect_error(EISDIR);
	ck_assert_int_eq(stamp_write(dir, "vacuum", 8), -1);
	ck_assert_int_eq(errno, EISDIR);
	ck_assert_int_eq(access(new, F_OK), -1);
	snprintf(new, sizeof new, "%s/other", dir);
}
END_TEST

START_TEST(no_place_to_write_to)
{
	char state[64];

	snprintf(state, sizeof state, "%s/state", base);
	ck_assert_int_eq(close(open(state, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), 0);
	ck_assert_int_eq(stamp_write(dir, "vacuum", 7), -1);
	ck_assert_int_eq(errno, ENOTDIR);
	expect_error(ENOTDIR);
	ck_assert_int_eq(stamp_write("/nowhere/at/all", "vacuum", 7), -1);
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("stamp");

	tcase_add_checked_fixture(tests, begin, finish);
	tcase_add_test(tests, what_is_written_is_read);
	tcase_add_loop_test(tests, what_is_no_stamp_is_refused, 0, (int)(sizeof wrong / sizeof wrong[0]));
	tcase_add_test(tests, nothing_is_waited_for);
	tcase_add_test(tests, no_place_to_write_to);
	return suite_run("sys/stamp", tests);
}
