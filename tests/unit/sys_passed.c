/* Sockets that the service manager passed: what the variables say, and what is taken for a
 * listener. */
#include "sys/listen.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct err err;

static void pass(const char *pid, const char *count, const char *names)
{
	char own[16];

	snprintf(own, sizeof own, "%d", (int)getpid());
	setenv("LISTEN_PID", strcmp(pid, "own") == 0 ? own : pid, 1);
	setenv("LISTEN_FDS", count, 1);
	if (names != NULL)
		setenv("LISTEN_FDNAMES", names, 1);
}

static bool is_filled[64]; /* by us: what stands at 3 and above otherwise is not ours to close */

static void fill_descriptors(int up_to)
{
	for (int fd = 3; fd < up_to; fd++) {
		is_filled[fd] = fcntl(fd, F_GETFD) == -1;
		if (is_filled[fd])
			ck_assert_int_eq(dup2(STDERR_FILENO, fd), fd);
	}
}

static void close_filled(void)
{
	for (int fd = 3; fd < 64; fd++)
		if (is_filled[fd])
			close(fd);
}

START_TEST(passed_sockets_are_read)
{
	struct listen_passed passed;

	fill_descriptors(8);
	pass("own", "4", "web::admin");
	listen_passed_read(&passed);
	ck_assert(passed.first == 3 && passed.count == 4);
	ck_assert_str_eq(passed.names[0], "web");
	ck_assert_str_eq(passed.names[1], "unknown");
	ck_assert_str_eq(passed.names[2], "admin");
	ck_assert_str_eq(passed.names[3], "unknown");
	for (int fd = 3; fd < 7; fd++)
		ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_ptr_null(getenv("LISTEN_PID"));
	ck_assert_ptr_null(getenv("LISTEN_FDS"));
	ck_assert_ptr_null(getenv("LISTEN_FDNAMES"));
}
END_TEST

START_TEST(passed_without_names_are_unknown)
{
	struct listen_passed passed;

	fill_descriptors(5);
	pass("own", "2", NULL);
	listen_passed_read(&passed);
	ck_assert_int_eq(passed.count, 2);
	ck_assert_str_eq(passed.names[1], "unknown");
}
END_TEST

START_TEST(more_than_32_are_ignored)
{
	struct listen_passed passed;

	fill_descriptors(43);
	pass("own", "40", NULL);
	listen_passed_read(&passed);
	ck_assert_int_eq(passed.count, 32);
	ck_assert_int_ne(fcntl(42, F_GETFD) & FD_CLOEXEC, 0);
}
END_TEST

static const struct {
	const char *pid, *count;
} not_passed[] = {
	{"1", "1"},   {"", "1"},   {"own", "0"},  {"own", "-1"},
	{"own", "x"}, {"own", ""}, {"own", "1x"},
};

START_TEST(nothing_is_passed)
{
	struct listen_passed passed;

	pass(not_passed[_i].pid, not_passed[_i].count, "web");
	listen_passed_read(&passed);
	ck_assert_int_eq(passed.count, 0);
	ck_assert_ptr_null(getenv("LISTEN_FDS"));
	listen_passed_read(&passed);
	ck_assert_int_eq(passed.count, 0);
}
END_TEST

START_TEST(count_beyond_what_is_open_is_cut)
{
	struct listen_passed passed;

	pass("own", "1000000000", NULL);
	listen_passed_read(&passed);
	ck_assert_int_le(passed.count, 32);
}
END_TEST

START_TEST(passed_socket_is_found_by_name)
{
	struct listen_passed passed = {.count = 2, .names = {"other", "web"}};
	struct listen_spec spec = {.kind = LISTEN_FD, .text = "fd:web", .fd_name = "web"};
	const struct listen_spec port = {.kind = LISTEN_TCP, .text = "TEXT", .host = "127.0.0.1"};
	int fd = listen_open(&port, &passed, &err);

	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(fcntl(fd, F_SETFL, 0), 0);
	passed.first = fd - 1;
	ck_assert_int_eq(listen_open(&spec, &passed, &err), fd);
	ck_assert_int_ne(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
	listen_remove(&spec);
	spec.fd_name = "we";
	ck_assert_int_eq(listen_open(&spec, &passed, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "no socket called we"));
	close(fd);
}
END_TEST

START_TEST(passed_descriptor_must_be_a_listener)
{
	struct listen_passed passed = {.count = 1, .names = {"web"}};
	struct listen_spec spec = {.kind = LISTEN_FD, .text = "fd:web", .fd_name = "web"};

	passed.first = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(listen_open(&spec, &passed, &err), -1);
	ck_assert_int_eq(err.num, EINVAL);
	close(passed.first);
	passed.first = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(listen_open(&spec, &passed, &err), -1);
	ck_assert_int_eq(err.num, EINVAL);
	close(passed.first);
	passed.first = open("/dev/null", O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(listen_open(&spec, &passed, &err), -1);
	ck_assert_int_eq(err.num, ENOTSOCK);
	close(passed.first);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sys/passed");
	TCase *passed = tcase_create("all");

	tcase_set_timeout(passed, 20);
	tcase_add_checked_fixture(passed, NULL, close_filled);
	tcase_add_test(passed, passed_sockets_are_read);
	tcase_add_test(passed, passed_without_names_are_unknown);
	tcase_add_test(passed, more_than_32_are_ignored);
	tcase_add_loop_test(passed, nothing_is_passed, 0, sizeof not_passed / sizeof not_passed[0]);
	tcase_add_test(passed, count_beyond_what_is_open_is_cut);
	tcase_add_test(passed, passed_socket_is_found_by_name);
	tcase_add_test(passed, passed_descriptor_must_be_a_listener);
	suite_add_tcase(suite, passed);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
