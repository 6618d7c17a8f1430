/* The child: what reaches the program and what does not, and that it ends with its parent. */
#include "unit/spawning.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>

/* A file at the number fd that says text; not CLOEXEC, as something that fosterd itself inherited.
 */
static void put_file(int fd, const char *text)
{
	int file = memfd_create("file", 0);

	ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
	if (file == fd)
		return;
	ck_assert_int_eq(dup2(file, fd), fd);
	close(file);
}

static void close_files(void)
{
	for (int fd = 20; fd <= 200; fd++)
		close(fd);
}

static void move_null_to(int fd)
{
	ck_assert_int_eq(dup3(launch.null_fd, fd, O_CLOEXEC), fd);
	close(launch.null_fd);
	launch.null_fd = fd;
}

START_TEST(nothing_leaks)
{
	launch.fork = _i;
	move_null_to(20);
	put_file(25, "a");
	put_file(26, "b");
	put_file(200, "c");
	ck_assert_str_eq(output(ARGV("ls", "/proc/self/fd")), "0\n1\n2\n3\n");
	const struct fd_pass pass = {25, 9};
	launch.passes = &pass;
	launch.n_passes = 1;
	ck_assert_str_eq(output(ARGV("ls", "/proc/self/fd")), "0\n1\n2\n3\n9\n");
}
END_TEST

START_TEST(stdin_is_null)
{
	launch.fork = _i;
	ck_assert_str_eq(output(ARGV("readlink", "/proc/self/fd/0")), "/dev/null\n");
}
END_TEST

START_TEST(sources_and_targets_may_collide)
{
	/* Two change places, one stays, one stands at a target, and so does /dev/null. */
	static const struct fd_pass passes[] = {{43, 44}, {44, 43}, {45, 45},
						{46, 47}, {47, 48}, {0, 49}};

	launch.fork = _i;
	put_file(0, "[0]");
	move_null_to(20);
	put_file(43, "[3]");
	put_file(44, "[4]");
	put_file(45, "[5]");
	put_file(46, "[6]");
	put_file(47, "[7]");
	move_null_to(49);
	launch.passes = passes;
	launch.n_passes = sizeof passes / sizeof passes[0];
	ck_assert_str_eq(output(ARGV("sh", "-c",
				     "for n in 43 44 45 47 48 49; do cat /proc/self/fd/$n; done; "
				     "readlink /proc/self/fd/0")),
			 "[4][3][5][6][7][0]/dev/null\n");
}
END_TEST

START_TEST(as_many_as_can_be_are_passed)
{
	struct fd_pass passes[64];

	launch.fork = _i;
	put_file(20, "!");
	for (int i = 0; i < 64; i++)
		passes[i] = (struct fd_pass){20, 3 + i};
	launch.passes = passes;
	launch.n_passes = 64;
	ck_assert_str_eq(output(ARGV("sh", "-c", "cat /proc/self/fd/3 /proc/self/fd/66")), "!!");
}
END_TEST

START_TEST(stderr_may_be_where_stdout_goes)
{
	int ends[2];

	launch.fork = _i;
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	launch.stderr_fd = ends[1];
	ck_assert_str_eq(output(ARGV("sh", "-c", "echo out; echo err >&2")), "out\n");
	close(ends[1]);
	collect_said(ends[0]);
	ck_assert_str_eq(said, "err\n");
}
END_TEST

static void expect_stdio(const char *const names[3])
{
	struct spawn_report report;
	char path[64], name[64];

	launch.argv = ARGV("sleep", "1000");
	pid_t pid = start(&report);
	ck_assert_int_gt(pid, 0);
	for (int fd = 0; fd < 3; fd++) {
		snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, fd);
		ssize_t len = readlink(path, name, sizeof name - 1);
		ck_assert_int_gt(len, 0);
		name[len] = '\0';
		ck_assert_str_eq(name, names[fd]);
	}
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

START_TEST(missing_stdio_becomes_null)
{
	launch.fork = _i;
	close(launch.null_fd);
	close(0);
	close(1);
	close(2);
	launch.null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	ck_assert_int_eq(launch.null_fd, 0);
	expect_stdio(ARGV("/dev/null", "/dev/null", "/dev/null"));
}
END_TEST

START_TEST(what_is_not_for_children_is_no_stdout)
{
	launch.fork = _i;
	put_file(30, "");
	ck_assert_int_eq(dup3(30, 1, O_CLOEXEC), 1);
	ck_assert_int_eq(dup3(30, 2, 0), 2);
	expect_stdio(ARGV("/dev/null", "/dev/null", "/memfd:file (deleted)"));
}
END_TEST

/* From now on the kernel does not know close_range. */
static void forget_close_range(void)
{
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close_range, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {sizeof program / sizeof program[0], program};

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ck_assert_int_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
	ck_assert_int_eq((int)syscall(SYS_close_range, 1000, 1001, 0), -1);
}

START_TEST(nothing_leaks_without_close_range)
{
	launch.fork = _i;
	for (int fd = 40; fd < 200; fd++)
		put_file(fd, "x");
	const struct fd_pass pass = {45, 9};
	launch.passes = &pass;
	launch.n_passes = 1;
	forget_close_range();
	ck_assert_str_eq(output(ARGV("ls", "/proc/self/fd")), "0\n1\n2\n3\n9\n");
}
END_TEST

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
	signal(SIGUSR1, handler);
	signal(SIGHUP, handler);
	signal(SIGUSR2, SIG_IGN);
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
	TCase *descriptors = tcase_create("descriptors");
	TCase *rest = tcase_create("rest");
	TCase *parent = tcase_create("parent");

	tcase_set_timeout(descriptors, 20);
	tcase_add_checked_fixture(descriptors, prepare_launch, finish_launch);
	tcase_add_checked_fixture(descriptors, NULL, close_files);
	tcase_add_loop_test(descriptors, nothing_leaks, 0, 2);
	tcase_add_loop_test(descriptors, stdin_is_null, 0, 2);
	tcase_add_loop_test(descriptors, sources_and_targets_may_collide, 0, 2);
	tcase_add_loop_test(descriptors, as_many_as_can_be_are_passed, 0, 2);
	tcase_add_loop_test(descriptors, stderr_may_be_where_stdout_goes, 0, 2);
	tcase_add_loop_test(descriptors, missing_stdio_becomes_null, 0, 2);
	tcase_add_loop_test(descriptors, what_is_not_for_children_is_no_stdout, 0, 2);
	tcase_add_loop_test(descriptors, nothing_leaks_without_close_range, 0, 2);
	suite_add_tcase(suite, descriptors);

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
