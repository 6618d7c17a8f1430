/* Signals and the tick: everything that happens becomes something to read. */
#include "sys/signals.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/tick.h"

static bool is_readable(int fd, int timeout_ms)
{
	struct pollfd readable = {.fd = fd, .events = POLLIN};

	return poll(&readable, 1, timeout_ms) == 1;
}

START_TEST(mask_of_before_is_given)
{
	sigset_t before, now;

	sigemptyset(&now);
	sigaddset(&now, SIGUSR2);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &now, NULL), 0);
	signals_block(&before);
	ck_assert(sigismember(&before, SIGUSR2) && !sigismember(&before, SIGTERM));
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &now), 0);
	ck_assert(sigismember(&now, SIGTERM) && sigismember(&now, SIGRTMAX));
	ck_assert(!sigismember(&now, SIGSEGV) && !sigismember(&now, SIGABRT));
}
END_TEST

START_TEST(ignored_children_are_not_lost)
{
	sigset_t before;
	int status;

	signal(SIGCHLD, SIG_IGN);
	signals_block(&before);
	pid_t pid = fork();
	if (pid == 0)
		_exit(3);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(WEXITSTATUS(status), 3);
}
END_TEST

START_TEST(signals_are_read)
{
	struct signal_news news;
	struct err err;
	sigset_t before;

	signals_block(&before);
	int fd = signals_open(&err);
	ck_assert_int_ne(fd, -1);
	ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_eq(signals_read(fd, &news), 0);
	ck_assert_int_eq(kill(getpid(), SIGTERM), 0);
	ck_assert_int_eq(kill(getpid(), SIGTERM), 0); /* merged by the kernel */
	ck_assert(is_readable(fd, 0));
	ck_assert_int_eq(signals_read(fd, &news), 1);
	ck_assert_int_eq(news.signo, SIGTERM);
	ck_assert_int_eq(news.pid, getpid());
	ck_assert_uint_eq(news.uid, getuid());
	ck_assert_int_eq(signals_read(fd, &news), 0);
	close(fd);
}
END_TEST

START_TEST(no_descriptor_left_is_an_error)
{
	struct rlimit before, none;
	struct err err;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){0, before.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	ck_assert_int_eq(signals_open(&err), -1);
	ck_assert_int_eq(err.num, EMFILE);
	ck_assert_int_eq(tick_open(&err), -1);
	ck_assert_int_eq(err.num, EMFILE);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
}
END_TEST

START_TEST(every_signal_has_a_name)
{
	ck_assert_str_eq(signals_name(SIGTERM), "SIGTERM");
	ck_assert_str_eq(signals_name(SIGHUP), "SIGHUP");
	ck_assert_str_eq(signals_name(SIGRTMIN), "SIGRTMIN");
	ck_assert_str_eq(signals_name(SIGRTMIN + 3), "SIGRTMIN+3");
	ck_assert_str_eq(signals_name(SIGRTMAX), "SIGRTMIN+30");
	for (int signo = 1; signo < 32; signo++)
		ck_assert_msg(strncmp(signals_name(signo), "SIG", 3) == 0, "%d", signo);
	for (int signo = SIGRTMIN; signo <= SIGRTMAX; signo++)
		ck_assert_int_eq(strncmp(signals_name(signo), "SIGRTMIN", 8), 0);
	ck_assert_str_eq(signals_name(0), "unknown signal");
	ck_assert_str_eq(signals_name(-1), "unknown signal");
	ck_assert_str_eq(signals_name(33), "unknown signal");
	ck_assert_str_eq(signals_name(SIGRTMAX + 1), "unknown signal");
}
END_TEST

START_TEST(tick_comes_at_its_moment)
{
	struct err err;
	int fd = tick_open(&err);

	ck_assert_int_ne(fd, -1);
	ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert(!is_readable(fd, 0));
	mono_ns at = mono_now() + 30 * NS_MS;
	tick_set(fd, at);
	ck_assert(!is_readable(fd, 0));
	ck_assert(is_readable(fd, 5000));
	ck_assert_int_ge(mono_now(), at);
	tick_clear(fd);
	ck_assert(!is_readable(fd, 60)); /* once, not again and again */
	tick_clear(fd);
	close(fd);
}
END_TEST

START_TEST(tick_in_the_past_comes_at_once)
{
	static const mono_ns past[] = {0, 1, NS_S};
	struct err err;
	int fd = tick_open(&err);

	tick_set(fd, past[_i]);
	ck_assert(is_readable(fd, 1000));
	close(fd);
}
END_TEST

START_TEST(tick_at_never_does_not_come)
{
	struct err err;
	int fd = tick_open(&err);

	tick_set(fd, mono_now() + 10 * NS_MS);
	tick_set(fd, MONO_NEVER);
	ck_assert(!is_readable(fd, 50));
	tick_set(fd, MONO_NEVER - 1);
	ck_assert(!is_readable(fd, 10));
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sys/signals");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 20);
	tcase_add_test(all, mask_of_before_is_given);
	tcase_add_test(all, ignored_children_are_not_lost);
	tcase_add_test(all, signals_are_read);
	tcase_add_test(all, no_descriptor_left_is_an_error);
	tcase_add_test(all, every_signal_has_a_name);
	tcase_add_test(all, tick_comes_at_its_moment);
	tcase_add_loop_test(all, tick_in_the_past_comes_at_once, 0, 3);
	tcase_add_test(all, tick_at_never_does_not_come);
	suite_add_tcase(suite, all);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
