/* The child: what reaches the program beside descriptors, and that it ends with its parent. */
#include "unit/spawning.h"

/* ---- the rest of what it was given */

START_TEST(environment_is_the_given_one)
{
	launch.fork = _i;
	launch.envp = ARGV("A=1", "B=two words", "A=again");
	ck_assert_str_eq(output(ARGV("/usr/bin/env")), "A=1\nB=two words\nA=again\n");
}
END_TEST

START_TEST(directory_is_entered)
{
	launch.fork = _i;
	ck_assert_str_eq(output(ARGV("pwd")), "/\n");
	launch.directory = "/usr/lib";
	ck_assert_str_eq(output(ARGV("pwd")), "/usr/lib\n");
}
END_TEST

START_TEST(child_leads_a_session)
{
	launch.fork = _i;
	long pid = strtol(output(ARGV("cat", "/proc/self/stat")), NULL, 10);
	ck_assert_int_eq(stat_field(4), getpid());
	ck_assert_int_eq(stat_field(5), pid); /* process group */
	ck_assert_int_eq(stat_field(6), pid); /* session */
	ck_assert_int_eq(stat_field(7), 0);   /* terminal */
}
END_TEST

static void handler(int signo)
{
	(void)signo;
}

START_TEST(signals_are_as_inherited)
{
	const uint64_t caught = 1ull << (SIGUSR1 - 1) | 1ull << (SIGHUP - 1);

	signal(SIGUSR1, handler);
	signal(SIGHUP, handler);
	signal(SIGUSR2, SIG_IGN);
	heritage.caught = signals_caught();
	ck_assert_uint_eq(heritage.caught & caught, caught);
	ck_assert_uint_eq(heritage.caught & 1ull << (SIGUSR2 - 1), 0);
	sigaddset(&heritage.mask, SIGWINCH);
	launch.fork = _i;
	output(ARGV("cat", "/proc/self/status"));
	ck_assert_uint_eq(strtoull(field("\nSigBlk:"), NULL, 16), 1ull << (SIGWINCH - 1));
	/* 32 and 33 are libc's own; whoever was started by posix_spawn(3) may have them ignored. */
	ck_assert_uint_eq(strtoull(field("\nSigIgn:"), NULL, 16) & ~(3ull << 31), 1ull << (SIGUSR2 - 1));
	ck_assert_uint_eq(strtoull(field("\nSigCgt:"), NULL, 16), 0);
}
END_TEST

/* ---- the end of the parent */

/* A parent that spawns a sleeper, tells its pid and waits to be killed. */
static _Noreturn void live_as_parent(int out)
{
	struct spawn_report report;

	launch.argv = ARGV("sleep", "1000");
	pid_t sleeper = start(&report);
	ck_assert_int_gt(sleeper, 0);
	ck_assert_int_eq(write(out, &sleeper, sizeof sleeper), sizeof sleeper);
	for (;;)
		pause();
}

static void expect_child_dies_with_parent(void)
{
	pid_t sleeper;
	int ends[2], status;

	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	pid_t parent = fork();
	if (parent == 0)
		live_as_parent(ends[1]);
	ck_assert_int_eq(read(ends[0], &sleeper, sizeof sleeper), sizeof sleeper);
	ck_assert_int_eq(kill(parent, SIGKILL), 0);
	ck_assert_int_eq(waitpid(parent, NULL, 0), parent);
	ck_assert_int_eq(waitpid(sleeper, &status, 0), sleeper);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	close(ends[0]);
	close(ends[1]);
}

START_TEST(child_dies_with_parent)
{
	launch.fork = _i;
	expect_child_dies_with_parent();
}
END_TEST

START_TEST(child_of_another_user_dies_with_parent)
{
	identity = (struct identity){
		.has_user = true,
		.uid = NOBODY,
		.gid = NOBODY,
		.has_capabilities = _i,
		.capabilities = 1 << 10,
		.no_new_privileges = _i,
	};
	expect_child_dies_with_parent();
}
END_TEST

START_TEST(child_without_parent_gives_up)
{
	struct child_job job = {.launch = &launch, .parent = getpid() + 1};
	struct spawn_report report;
	int ends[2], status;

	launch.argv = ARGV("true");
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	job.report_fd = ends[1];
	pid_t pid = fork();
	if (pid == 0)
		_exit(child_run(&job));
	close(ends[1]);
	ck_assert_int_eq(spawn_report_read(ends[0], &report), -1);
	ck_assert(report.step == SPAWN_STEP_DEATH_SIGNAL && report.num == ESRCH);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == CHILD_EXIT_FAILED);
	close(ends[0]);
}
END_TEST

/* ---- the parent is out of the child's reach */

START_TEST(parent_stays_dumpable)
{
	identity = (struct identity){.has_user = true, .uid = NOBODY, .gid = NOBODY};
	ck_assert_int_eq(run(ARGV("true")), 0);
	ck_assert_int_eq(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 1);
}
END_TEST

/* A child that shared our memory would, stopped before its exec, hold us too. */
START_TEST(stopped_child_does_not_hold_the_parent)
{
	struct spawn_report report;
	int report_fd, status;

	identity = (struct identity){.has_user = true, .uid = NOBODY, .gid = NOBODY};
	launch.argv = ARGV("true");
	pid_t pid = spawn(&launch, &report_fd, &report);
	ck_assert_int_ne(report_fd, -1);
	ck_assert_int_eq(kill(pid, SIGSTOP), 0);
	ck_assert_int_eq(waitpid(pid, &status, WUNTRACED), pid);
	if (WIFSTOPPED(status)) {
		ck_assert_int_eq(kill(pid, SIGCONT), 0);
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	}
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(await_report(report_fd, &report), 1);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("sys/child");
	TCase *rest = tcase_create("rest");
	TCase *parent = tcase_create("parent");

	tcase_set_timeout(rest, 20);
	tcase_add_checked_fixture(rest, prepare_launch, finish_launch);
	tcase_add_loop_test(rest, environment_is_the_given_one, 0, 2);
	tcase_add_loop_test(rest, directory_is_entered, 0, 2);
	tcase_add_loop_test(rest, child_leads_a_session, 0, 2);
	tcase_add_loop_test(rest, signals_are_as_inherited, 0, 2);
	suite_add_tcase(suite, rest);

	tcase_set_timeout(parent, 20);
	tcase_add_checked_fixture(parent, prepare_launch, finish_launch);
	tcase_add_loop_test(parent, child_dies_with_parent, 0, 2);
	tcase_add_test(parent, child_without_parent_gives_up);
	ADD_ROOT_TEST(parent, child_of_another_user_dies_with_parent, 2);
	ADD_ROOT_TEST(parent, parent_stays_dumpable, 1);
	ADD_ROOT_TEST(parent, stopped_child_does_not_hold_the_parent, 1);
	suite_add_tcase(suite, parent);
	return suite;
}

int main(void)
{
	return run_suite(suite());
}
