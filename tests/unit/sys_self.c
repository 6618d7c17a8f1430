/* self - which programs were installed with this one. */
#include "sys/self.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "unit/suite.h"

START_TEST(what_is_beside_us_is_found)
{
	char own[PATH_MAX] = "", path[PATH_MAX];

	ck_assert_int_gt(readlink("/proc/self/exe", own, sizeof own - 1), 0);
	ck_assert_int_eq(self_find_beside(strrchr(own, '/') + 1, path, sizeof path), 0);
	ck_assert_str_eq(path, own);
}
END_TEST

START_TEST(what_is_not_there_is_not)
{
	char path[PATH_MAX];

	ck_assert_int_eq(self_find_beside("no such program", path, sizeof path), -1);
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(a_path_that_does_not_fit_is_none)
{
	char own[PATH_MAX] = "", path[8];

	ck_assert_int_gt(readlink("/proc/self/exe", own, sizeof own - 1), 0);
	ck_assert_int_eq(self_find_beside(strrchr(own, '/') + 1, path, sizeof path), -1);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("self");

	tcase_add_test(tests, what_is_beside_us_is_found);
	tcase_add_test(tests, what_is_not_there_is_not);
	tcase_add_test(tests, a_path_that_does_not_fit_is_none);
	return suite_run("sys/self", tests);
}
