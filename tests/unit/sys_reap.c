/* Reaping and killing: what is told of an end, and when a group is empty. */
#include "sys/reap.h"

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/kill.h"

/* A child in a group of its own that waits to be killed. */
static pid_t start_waiting(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		for (;;)
			pause();
	}
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(setpgid(pid, pid), 0);
	return pid;
}

static void wait_for_zombie(pid_t pid)
{
	siginfo_t info;

	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
}

START_TEST(nothing_to_reap)
{
	struct reaped reaped;

	ck_assert_int_eq(reap_peek(&reaped), 0);
	ck_assert(reap_is_childless());
	pid_t pid = start_waiting();
	ck_assert_int_eq(reap_peek(&reaped), 0);
	ck_assert(!reap_is_childless());
	ck_assert_int_eq(kill_process(pid, SIGKILL), 0);
	wait_for_zombie(pid);
	ck_assert(!reap_is_childless());
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	reaped.pid = pid;
	ck_assert_int_eq(reap_take(&reaped), -1);
}
END_TEST

START_TEST(one_child_is_awaited)
{
	sigset_t child_only;

	sigemptyset(&child_only);
	sigaddset(&child_only, SIGCHLD);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &child_only, NULL), 0);
	pid_t pid = start_waiting();
	mono_ns began = mono_now();
	ck_assert(!reap_await(pid, mono_add(began, 50 * NS_MS)));
	ck_assert_int_ge(mono_now() - began, 50 * NS_MS);
	ck_assert_int_eq(kill_process(pid, SIGKILL), 0);
	ck_assert(reap_await(pid, mono_add(mono_now(), 10 * NS_S)));
	ck_assert(reap_is_childless());
	ck_assert(reap_await(pid, 0));
}
END_TEST

START_TEST(exit_is_told_before_it_is_reaped)
{
	struct reaped reaped;
	pid_t pid = fork();

	if (pid == 0) {
		for (volatile int i = 0; i < 3000000; i++)
			;
		_exit(42);
	}
	wait_for_zombie(pid);
	for (int i = 0; i < 2; i++) { /* a peek changes nothing */
		ck_assert_int_eq(reap_peek(&reaped), 1);
		ck_assert_int_eq(reaped.pid, pid);
		ck_assert_int_eq(reaped.pgid, getpgrp());
		ck_assert(!reaped.signaled && !reaped.core && reaped.code == 42);
	}
	ck_assert_int_eq(reap_take(&reaped), 0);
	ck_assert_int_gt(reaped.rusage.ru_utime.tv_usec + reaped.rusage.ru_stime.tv_usec, 0);
	ck_assert_int_eq(reaped.code, 42);
	ck_assert_int_eq(reap_peek(&reaped), 0);
}
END_TEST

START_TEST(signal_is_told)
{
	struct reaped reaped;
	pid_t pid = start_waiting();

	ck_assert_int_eq(kill_process(pid, SIGUSR1), 0);
	wait_for_zombie(pid);
	ck_assert_int_eq(reap_peek(&reaped), 1);
	ck_assert_int_eq(reaped.pgid, pid);
	ck_assert(reaped.signaled && !reaped.core && reaped.code == SIGUSR1);
	ck_assert_int_eq(reap_take(&reaped), 0);
	ck_assert_int_eq(kill_process(pid, SIGUSR1), -1);
	ck_assert_int_eq(errno, ESRCH);
}
END_TEST

START_TEST(stopped_child_has_not_ended)
{
	struct reaped reaped;
	pid_t pid = start_waiting();
	siginfo_t info;

	ck_assert_int_eq(kill_process(pid, SIGSTOP), 0);
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT), 0);
	ck_assert_int_eq(reap_peek(&reaped), 0);
	ck_assert_int_eq(kill_process(pid, SIGKILL), 0);
	wait_for_zombie(pid);
	ck_assert_int_eq(reap_peek(&reaped), 1);
	ck_assert_int_eq(reap_take(&reaped), 0);
}
END_TEST

START_TEST(group_is_empty_after_the_last_is_reaped)
{
	struct reaped reaped;
	pid_t leader = start_waiting(), other = start_waiting();

	ck_assert_int_eq(setpgid(other, leader), 0);
	ck_assert(!kill_group_is_empty(leader));
	ck_assert_int_eq(kill_process(leader, SIGKILL), 0);
	wait_for_zombie(leader);
	ck_assert_int_eq(reap_peek(&reaped), 1);
	ck_assert_int_eq(reap_take(&reaped), 0);
	ck_assert(!kill_group_is_empty(leader));
	ck_assert_int_eq(kill_group(leader, SIGKILL), 0);
	wait_for_zombie(other);
	ck_assert(!kill_group_is_empty(leader)); /* a zombie counts */
	ck_assert_int_eq(reap_peek(&reaped), 1);
	ck_assert_int_eq(reaped.pgid, leader);
	ck_assert_int_eq(reap_take(&reaped), 0);
	ck_assert(kill_group_is_empty(leader));
	ck_assert_int_eq(kill_group(leader, SIGKILL), -1);
	ck_assert_int_eq(errno, ESRCH);
}
END_TEST

START_TEST(orphans_come_to_us)
{
	struct reaped reaped;

	ck_assert_int_eq(reap_adopt_orphans(), 0);
	pid_t parent = fork();
	if (parent == 0) {
		if (fork() == 0)
			_exit(7);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(parent, NULL, 0), parent);
	siginfo_t info;
	ck_assert_int_eq(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT), 0);
	ck_assert_int_eq(reap_peek(&reaped), 1);
	ck_assert_int_eq(reaped.code, 7);
	ck_assert_int_eq(reap_take(&reaped), 0);
}
END_TEST

START_TEST(killing_all_is_a_bug)
{
	static const pid_t wrong[] = {1, 0, -1, -5};

	close(STDERR_FILENO);
	kill_process(wrong[_i], 0);
}
END_TEST

START_TEST(killing_our_own_group_is_a_bug)
{
	close(STDERR_FILENO);
	kill_group(getpgrp(), 0);
}
END_TEST

START_TEST(asking_for_group_one_is_a_bug)
{
	close(STDERR_FILENO);
	kill_group_is_empty(1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sys/reap");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 20);
	tcase_add_test(all, nothing_to_reap);
	tcase_add_test(all, one_child_is_awaited);
	tcase_add_test(all, exit_is_told_before_it_is_reaped);
	tcase_add_test(all, signal_is_told);
	tcase_add_test(all, stopped_child_has_not_ended);
	tcase_add_test(all, group_is_empty_after_the_last_is_reaped);
	tcase_add_test(all, orphans_come_to_us);
	tcase_add_loop_test_raise_signal(all, killing_all_is_a_bug, SIGABRT, 0, 4);
	tcase_add_test_raise_signal(all, killing_our_own_group_is_a_bug, SIGABRT);
	tcase_add_test_raise_signal(all, asking_for_group_one_is_a_bug, SIGABRT);
	suite_add_tcase(suite, all);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
