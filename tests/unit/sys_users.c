/* Users and groups by name and number, and the process in which they are looked up. */
#include "sys/users.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/aside.h"

static struct arena arena;
static struct err err;

static void free_arena(void)
{
	arena_fini(&arena);
}

/* ---- users */

START_TEST(user_is_found_by_name)
{
	struct user_entry user;

	ck_assert_int_eq(users_find("root", &arena, &user, &err), 0);
	ck_assert_str_eq(user.name, "root");
	ck_assert_str_eq(user.home, "/root");
	ck_assert_int_eq(user.shell[0], '/');
	ck_assert(user.uid == 0 && user.gid == 0);
	bool has_own = false;
	for (size_t i = 0; i < user.n_groups; i++)
		has_own = has_own || user.groups[i] == user.gid;
	ck_assert(has_own);
}
END_TEST

START_TEST(user_is_found_by_number)
{
	struct user_entry user;

	ck_assert_int_eq(users_find("0", &arena, &user, &err), 0);
	ck_assert_str_eq(user.name, "root");
	ck_assert_uint_ge(user.n_groups, 1);
}
END_TEST

START_TEST(number_without_an_entry_is_a_user)
{
	struct user_entry user;

	ck_assert_int_eq(users_find("3987654321", &arena, &user, &err), 0);
	ck_assert_str_eq(user.name, "3987654321");
	ck_assert_str_eq(user.home, "/");
	ck_assert_str_eq(user.shell, "/bin/sh");
	ck_assert(user.uid == 3987654321u && user.gid == 3987654321u);
	ck_assert_uint_eq(user.n_groups, 0);
}
END_TEST

static const char *const strangers[] = {
	"no-such-user-here", "", "root ", "-1", "4294967295", "4294967296", "99999999999999999999",
};

START_TEST(unknown_user_is_an_error)
{
	struct user_entry user;

	ck_assert_int_eq(users_find(strangers[_i], &arena, &user, &err), -1);
	ck_assert_int_eq(err.num, 0);
	ck_assert_ptr_nonnull(strstr(err.text, "no such user"));
}
END_TEST

START_TEST(group_is_found)
{
	gid_t gid = 99;

	ck_assert_int_eq(users_find_group("root", &gid, &err), 0);
	ck_assert_uint_eq(gid, 0);
	ck_assert_int_eq(users_find_group("12345", &gid, &err), 0);
	ck_assert_uint_eq(gid, 12345);
}
END_TEST

START_TEST(unknown_group_is_an_error)
{
	gid_t gid;

	ck_assert_int_eq(users_find_group(strangers[_i], &gid, &err), -1);
	ck_assert_int_eq(err.num, 0);
	ck_assert_ptr_nonnull(strstr(err.text, "no such group"));
}
END_TEST

START_TEST(look_up_without_descriptors_is_an_error)
{
	struct rlimit before, none;
	struct user_entry user;
	gid_t gid;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){0, before.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	ck_assert_int_eq(users_find("root", &arena, &user, &err), -1);
	ck_assert_int_eq(err.num, EMFILE);
	ck_assert_ptr_nonnull(strstr(err.text, "look up \"root\""));
	ck_assert_int_eq(users_find_group("root", &gid, &err), -1);
	ck_assert_int_eq(err.num, EMFILE);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
}
END_TEST

/* ---- aside */

static void expect_no_child(void)
{
	ck_assert(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

static void answer_twice(const void *input, int out)
{
	const char *text = input;

	ck_assert_int_eq(write(out, text, strlen(text)), (ssize_t)strlen(text));
	usleep(20000);
	ck_assert_int_eq(write(out, text, strlen(text)), (ssize_t)strlen(text));
}

START_TEST(answer_comes_back)
{
	const struct aside aside = {answer_twice, "text", 10 * NS_S};
	char answer[16] = "";

	ck_assert_int_eq(aside_run(&aside, answer, sizeof answer, &err), 8);
	ck_assert_str_eq(answer, "texttext");
	expect_no_child();
}
END_TEST

START_TEST(answer_longer_than_its_room_is_cut)
{
	const struct aside aside = {answer_twice, "text", 10 * NS_S};
	char answer[6];

	ck_assert_int_eq(aside_run(&aside, answer, sizeof answer, &err), 6);
	ck_assert_mem_eq(answer, "textte", 6);
	expect_no_child();
}
END_TEST

static void say_nothing(const void *input, int out)
{
	(void)input;
	(void)out;
}

static void die(const void *input, int out)
{
	ck_assert_int_eq(write(out, input, 1), 1);
	close(out);
	kill(getpid(), SIGKILL);
}

START_TEST(early_end_is_a_short_answer)
{
	const struct aside silent = {say_nothing, NULL, 10 * NS_S};
	const struct aside killed = {die, "x", 10 * NS_S};
	char answer[16];

	ck_assert_int_eq(aside_run(&silent, answer, sizeof answer, &err), 0);
	ck_assert_int_eq(aside_run(&killed, answer, sizeof answer, &err), 1);
	expect_no_child();
}
END_TEST

static void hang(const void *input, int out)
{
	(void)input;
	(void)out;
	for (;;)
		pause();
}

START_TEST(hanging_process_is_killed)
{
	const struct aside aside = {hang, NULL, 50 * NS_MS};
	char answer[16];
	mono_ns began = mono_now();

	ck_assert_int_eq(aside_run(&aside, answer, sizeof answer, &err), -1);
	ck_assert_int_eq(err.num, ETIMEDOUT);
	ck_assert_int_ge(mono_now() - began, 50 * NS_MS);
	ck_assert_int_lt(mono_now() - began, 10 * NS_S);
	expect_no_child();
}
END_TEST

START_TEST(process_that_is_not_waited_for_ends_in_time)
{
	const struct aside silent = {say_nothing, NULL, NS_S};
	const struct aside hanging = {hang, NULL, NS_S};
	sigset_t all;
	int status;

	sigfillset(&all);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &all, NULL), 0);
	signal(SIGALRM, SIG_IGN);
	ck_assert_int_ge(aside_start(&silent), 0);
	ck_assert_int_gt(wait(&status), 0);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	ck_assert_int_ge(aside_start(&hanging), 0);
	ck_assert_int_gt(wait(&status), 0);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM);
}
END_TEST

START_TEST(process_that_is_not_waited_for_holds_nothing)
{
	const struct aside hanging = {hang, NULL, NS_S};
	char path[] = "/tmp/sys_aside.XXXXXX";
	int lock = mkostemp(path, O_CLOEXEC), again = open(path, O_RDWR | O_CLOEXEC);
	int ends[2], status;

	ck_assert(lock != -1 && again != -1);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	ck_assert_int_eq(flock(lock, LOCK_EX), 0);
	ck_assert_int_ge(aside_start(&hanging), 0);
	close(ends[1]);
	close(lock);
	struct pollfd other = {.fd = ends[0]};
	ck_assert_int_eq(poll(&other, 1, 500), 1);
	ck_assert_int_eq(flock(again, LOCK_EX), 0); /* the order in which they go is the kernel's */
	ck_assert_int_eq(waitpid(-1, &status, WNOHANG), 0);
	ck_assert_int_gt(wait(&status), 0);
	close(ends[0]);
	close(again);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sys/users");
	TCase *users = tcase_create("users");
	TCase *aside = tcase_create("aside");

	tcase_set_timeout(users, 20);
	tcase_add_checked_fixture(users, NULL, free_arena);
	tcase_add_test(users, user_is_found_by_name);
	tcase_add_test(users, user_is_found_by_number);
	tcase_add_test(users, number_without_an_entry_is_a_user);
	tcase_add_loop_test(users, unknown_user_is_an_error, 0, 7);
	tcase_add_test(users, group_is_found);
	tcase_add_loop_test(users, unknown_group_is_an_error, 0, 7);
	tcase_add_test(users, look_up_without_descriptors_is_an_error);
	suite_add_tcase(suite, users);

	tcase_set_timeout(aside, 20);
	tcase_add_test(aside, answer_comes_back);
	tcase_add_test(aside, answer_longer_than_its_room_is_cut);
	tcase_add_test(aside, early_end_is_a_short_answer);
	tcase_add_test(aside, hanging_process_is_killed);
	tcase_add_test(aside, process_that_is_not_waited_for_ends_in_time);
	tcase_add_test(aside, process_that_is_not_waited_for_holds_nothing);
	suite_add_tcase(suite, aside);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
