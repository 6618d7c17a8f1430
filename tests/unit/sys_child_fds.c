/* The child's descriptors: those that are passed, in their places, and no others. */
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

/* From now on chdir(2) waits until the descriptor returned is closed. */
static int hold_chdir(void)
{
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_chdir, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {sizeof program / sizeof program[0], program};

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			    SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
}

START_TEST(child_that_hangs_holds_nothing)
{
	struct spawn_report report;
	int ends[2], report_fd;

	put_file(40, "x");
	const struct fd_pass pass = {40, 9};
	launch.passes = &pass;
	launch.n_passes = 1;
	launch.fork = true;
	launch.argv = ARGV("true");
	if (_i == 1)
		forget_close_range();
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	int holder = hold_chdir();
	ck_assert_int_ne(holder, -1);
	pid_t pid = spawn(&launch, &report_fd, &report);
	ck_assert_int_gt(pid, 0);
	struct pollfd held = {.fd = holder, .events = POLLIN};
	ck_assert_int_eq(poll(&held, 1, 10000), 1);
	close(ends[1]);
	struct pollfd other = {.fd = ends[0]};
	ck_assert_int_eq(poll(&other, 1, 0), 1);
	close(holder);
	ck_assert_int_eq(await_report(report_fd, &report), -1);
	ck_assert_int_eq(report.step, SPAWN_STEP_CHDIR);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	close(ends[0]);
}
END_TEST

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

static Suite *suite(void)
{
	Suite *suite = suite_create("sys/child_fds");
	TCase *descriptors = tcase_create("descriptors");

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
	ADD_REAL_TEST(descriptors, child_that_hangs_holds_nothing, 2);
	suite_add_tcase(suite, descriptors);
	return suite;
}

int main(void)
{
	return run_suite(suite());
}
