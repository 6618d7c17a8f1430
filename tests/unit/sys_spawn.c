/* Spawning: one report by both ways, and a child that has what it was given and nothing else. */
#include "unit/spawning.h"

#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/must.h"

static char dir[] = "/tmp/fosterd-spawn-XXXXXX";

static char *in_dir(const char *name)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

static void make_file(const char *name, mode_t mode, const char *text)
{
	int fd = open(in_dir(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	MUST(fd != -1);
	MUST(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	MUST(fchmod(fd, mode) == 0);
	close(fd);
}

static void make_files(void)
{
	MUST(mkdtemp(dir) != NULL);
	MUST(chmod(dir, 0755) == 0);
	make_file("plain", 0644, "#!/bin/true\n");
	make_file("garbage", 0755, "no program\n");
	make_file("orphaned", 0755, "#!/no/interpreter\n");
	make_file("script", 0755, "#!/bin/sh\necho script $1\n");
	make_file("true", 0644, "not executable\n");
	MUST(mkdir(in_dir("sub"), 0755) == 0);
	MUST(symlink("loop", in_dir("loop")) == 0);
}

static void remove_files(void)
{
	static const char *const names[] = {"plain",  "garbage", "orphaned",
					    "script", "true",	 "loop"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		unlink(in_dir(names[i]));
	rmdir(in_dir("sub"));
	rmdir(dir);
}

/* ---- failures, each by both ways */

static const struct {
	const char *program; /* relative to dir when it begins with '.' */
	const char *path;    /* search_path; "." is dir */
	enum spawn_step step;
	int num;
} execs[] = {
	{"/nonexistent/program", NULL, SPAWN_STEP_EXEC, ENOENT},
	{"nonexistent", NULL, SPAWN_STEP_EXEC, ENOENT},
	{"nonexistent", "/nonexistent:/usr/bin", SPAWN_STEP_EXEC, ENOENT},
	{"", NULL, SPAWN_STEP_EXEC, ENOENT},
	{"./plain", NULL, SPAWN_STEP_EXEC, EACCES},
	{"./sub", NULL, SPAWN_STEP_EXEC, EACCES},
	{"./garbage", NULL, SPAWN_STEP_EXEC, ENOEXEC},
	{"./loop", NULL, SPAWN_STEP_EXEC, ELOOP},
	{"./plain/program", NULL, SPAWN_STEP_EXEC, ENOTDIR},
	{"plain", ".:/nonexistent", SPAWN_STEP_EXEC, EACCES},
	{"garbage", ".", SPAWN_STEP_EXEC, ENOEXEC},
	{"plain", "/dev/null", SPAWN_STEP_EXEC, ENOENT},
	{"plain", "", SPAWN_STEP_EXEC, EACCES}, /* an empty directory is the current one */
};

enum { N_EXECS = sizeof execs / sizeof execs[0] };

START_TEST(exec_failure_is_reported)
{
	static const char *argv[2];

	launch.fork = _i >= N_EXECS;
	argv[0] = execs[_i % N_EXECS].program;
	launch.argv = argv;
	launch.directory = dir;
	launch.search_path = execs[_i % N_EXECS].path;
	expect_failure(execs[_i % N_EXECS].step, execs[_i % N_EXECS].num);
}
END_TEST

static const struct identity plain_identity;
static const struct rlimit_spec crossed_limit = {RLIMIT_CORE, 2, 1};
static const struct rlimit_spec unknown_limit = {1000, 1, 1};
static const struct fd_pass bad_pass = {999, 3};
static const struct fd_pass far_pass = {0, 1 << 30};

static const struct {
	const char *name;
	struct launch change; /* descriptors 0 stand for the usual */
	enum spawn_step step;
	int num;
} settings[] = {
	{"no directory", {.directory = "/nonexistent"}, SPAWN_STEP_CHDIR, ENOENT},
	{"directory is a file", {.directory = "/dev/null"}, SPAWN_STEP_CHDIR, ENOTDIR},
	{"stdin is closed", {.null_fd = 999}, SPAWN_STEP_STDIO, EBADF},
	{"stdout is closed", {.stdout_fd = 999}, SPAWN_STEP_STDIO, EBADF},
	{"stderr is closed", {.stderr_fd = 999}, SPAWN_STEP_STDIO, EBADF},
	{"source is closed", {.passes = &bad_pass, .n_passes = 1}, SPAWN_STEP_FDS, EBADF},
	{"number too high", {.passes = &far_pass, .n_passes = 1}, SPAWN_STEP_STDIO, EINVAL},
	{"soft above hard", {.limits = &crossed_limit, .n_limits = 1}, SPAWN_STEP_LIMITS, EINVAL},
	{"no such limit", {.limits = &unknown_limit, .n_limits = 1}, SPAWN_STEP_LIMITS, EINVAL},
	{"oom beyond 1000",
	 {.has_oom_score_adj = true, .oom_score_adj = 1001},
	 SPAWN_STEP_OOM,
	 EINVAL},
};

enum { N_SETTINGS = sizeof settings / sizeof settings[0] };

START_TEST(setting_failure_is_reported)
{
	struct launch change = settings[_i % N_SETTINGS].change;

	change.fork = _i >= N_SETTINGS;
	change.argv = ARGV("true");
	change.envp = launch.envp;
	change.identity = &plain_identity;
	change.heritage = launch.heritage;
	if (change.null_fd == 0)
		change.null_fd = launch.null_fd;
	else
		close(launch.null_fd);
	change.stdout_fd = change.stdout_fd != 0 ? change.stdout_fd : -1;
	change.stderr_fd = change.stderr_fd != 0 ? change.stderr_fd : -1;
	launch = change;
	expect_failure(settings[_i % N_SETTINGS].step, settings[_i % N_SETTINGS].num);
}
END_TEST

START_TEST(missing_interpreter_is_reported)
{
	launch.fork = _i;
	launch.directory = dir;
	launch.argv = ARGV("./orphaned");
	expect_failure(SPAWN_STEP_EXEC, ENOENT);
}
END_TEST

START_TEST(argument_too_long_is_reported)
{
	static char huge[4 * 1024 * 1024];

	memset(huge, 'x', sizeof huge - 1);
	launch.argv = ARGV("/bin/true", huge);
	launch.fork = _i;
	expect_failure(SPAWN_STEP_EXEC, E2BIG);
}
END_TEST

/* With the soft limit at soft; put back afterwards, for the tools that watch a test. */
static void expect_failure_within(__rlimit_resource_t resource, rlim_t soft, enum spawn_step step,
				  int num)
{
	struct rlimit before, less;

	ck_assert_int_eq(getrlimit(resource, &before), 0);
	less = (struct rlimit){soft, before.rlim_max};
	ck_assert_int_eq(setrlimit(resource, &less), 0);
	expect_failure(step, num);
	ck_assert_int_eq(setrlimit(resource, &before), 0);
}

START_TEST(no_process_left_is_reported)
{
	become_nobody();
	launch.argv = ARGV("true");
	launch.fork = _i;
	expect_failure_within(RLIMIT_NPROC, 0, SPAWN_STEP_FORK, EAGAIN);
}
END_TEST

START_TEST(no_descriptor_left_is_reported)
{
	launch.argv = ARGV("true");
	launch.fork = _i;
	expect_failure_within(RLIMIT_NOFILE, (rlim_t)launch.null_fd + 1, SPAWN_STEP_PREPARE,
			      EMFILE);
}
END_TEST

START_TEST(report_is_pending_until_written_or_closed)
{
	const struct spawn_report sent = {SPAWN_STEP_CHDIR, ENOENT};
	struct spawn_report got;
	int ends[2];

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	ck_assert_int_eq(spawn_report_read(ends[0], &got), 0);
	ck_assert_int_eq(write(ends[1], &sent, sizeof sent), sizeof sent);
	ck_assert_int_eq(spawn_report_read(ends[0], &got), -1);
	ck_assert(got.step == SPAWN_STEP_CHDIR && got.num == ENOENT);
	close(ends[1]);
	ck_assert_int_eq(spawn_report_read(ends[0], &got), 1);
	ck_assert(got.step == SPAWN_STEP_NONE && got.num == 0);
	close(ends[0]);
}
END_TEST

START_TEST(forked_child_is_reported_through_a_descriptor)
{
	struct spawn_report report;
	int report_fd;

	launch.argv = ARGV("true");
	launch.fork = true;
	pid_t pid = spawn(&launch, &report_fd, &report);
	ck_assert_int_gt(pid, 0);
	ck_assert_int_ne(fcntl(report_fd, F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_ne(fcntl(report_fd, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_eq(await_report(report_fd, &report), 1);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}
END_TEST

START_TEST(too_many_passes_is_a_bug)
{
	struct spawn_report report;
	int report_fd;

	close(STDERR_FILENO); /* where it is told */
	close(launch.null_fd);
	launch.n_passes = 65;
	spawn(&launch, &report_fd, &report);
}
END_TEST

/* ---- what is found and run */

START_TEST(program_is_searched_for)
{
	launch.fork = _i;
	launch.directory = dir;
	/* A file of that name that may not be executed is passed over. */
	char path[128];
	snprintf(path, sizeof path, "/nonexistent:%s:/usr/bin:/bin", dir);
	launch.search_path = path;
	ck_assert_int_eq(run(ARGV("true")), 0);
	ck_assert_str_eq(output(ARGV("script", "found")), "script found\n");
	launch.search_path = ":/bin"; /* its first is the current directory */
	ck_assert_str_eq(output(ARGV("script", "here")), "script here\n");
	ck_assert_str_eq(output(ARGV("./script", "by path")), "script by path\n");
	launch.search_path = NULL;
	ck_assert_str_eq(output(ARGV("echo", "usual")), "usual\n");
}
END_TEST

START_TEST(search_survives_a_long_path)
{
	static char path[3 * 4096];

	memset(path, 'x', sizeof path - 1);
	path[0] = '/';
	path[sizeof path - 6] = ':';
	memcpy(path + sizeof path - 5, "/bin", 5);
	launch.search_path = path;
	launch.fork = _i;
	ck_assert_str_eq(output(ARGV("echo", "found")), "found\n");
	static char name[5000];
	memset(name, 'y', sizeof name - 1);
	launch.argv = ARGV(name);
	expect_failure(SPAWN_STEP_EXEC, ENOENT);
}
END_TEST

/* ---- the first shared child makes room for the stack of all */

#ifndef __SANITIZE_ADDRESS__
START_TEST(no_memory_for_a_stack_is_reported)
{
	struct rlimit none = {1, RLIM_INFINITY};

	launch.argv = ARGV("true");
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &none), 0);
	expect_failure(SPAWN_STEP_PREPARE, ENOMEM);
	none.rlim_cur = RLIM_INFINITY;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &none), 0);
	ck_assert_str_eq(output(ARGV("echo", "again")), "again\n");
	none.rlim_cur = 1;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &none), 0);
	struct spawn_report report;
	int report_fd;
	launch.argv = ARGV("/bin/true");
	pid_t pid = spawn(&launch, &report_fd, &report);
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}
END_TEST
#endif

/* ---- nothing left behind */

static unsigned count_descriptors(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) != -1;
	return count;
}

static unsigned count_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned lines = 0;

	for (int c; (c = fgetc(maps)) != EOF;)
		lines += c == '\n';
	fclose(maps);
	return lines;
}

static void spawn_many(unsigned count)
{
	struct spawn_report report;

	for (unsigned i = 0; i < count; i++) {
		launch.fork = i % 2;
		launch.argv = i % 8 < 2 ? ARGV("/nonexistent") : ARGV("/bin/true");
		pid_t pid = start(&report);
		ck_assert_int_eq(pid == -1, i % 8 < 2);
		if (pid != -1)
			ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	}
}

START_TEST(a_thousand_spawns_leave_nothing)
{
	spawn_many(16);
	unsigned descriptors = count_descriptors(), mappings = count_mappings();
	spawn_many(1000);
	ck_assert_uint_eq(count_descriptors(), descriptors);
	/* The tools that watch a test may take some memory of their own. */
	ck_assert_uint_le(count_mappings(), mappings + 8);
	ck_assert(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}
END_TEST

START_TEST(every_step_has_a_text)
{
	ck_assert_str_eq(spawn_step_text(SPAWN_STEP_NONE), "");
	for (enum spawn_step step = SPAWN_STEP_PREPARE; step < SPAWN_STEP_COUNT; step++)
		ck_assert_ptr_nonnull(spawn_step_text(step));
	ck_assert_str_eq(spawn_step_text(SPAWN_STEP_EXEC), "execute");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("sys/spawn");
	TCase *failures = tcase_create("failures");
	TCase *successes = tcase_create("successes");

	tcase_set_timeout(failures, 20);
	tcase_add_checked_fixture(failures, prepare_launch, finish_launch);
	tcase_add_loop_test(failures, exec_failure_is_reported, 0, 2 * N_EXECS);
	tcase_add_loop_test(failures, setting_failure_is_reported, 0, 2 * N_SETTINGS);
	ADD_REAL_TEST(failures, missing_interpreter_is_reported, 2);
	ADD_REAL_TEST(failures, argument_too_long_is_reported, 2);
	tcase_add_loop_test(failures, no_process_left_is_reported, 0, 2);
	tcase_add_loop_test(failures, no_descriptor_left_is_reported, 0, 2);
	tcase_add_test(failures, report_is_pending_until_written_or_closed);
	tcase_add_test(failures, forked_child_is_reported_through_a_descriptor);
	tcase_add_test_raise_signal(failures, too_many_passes_is_a_bug, SIGABRT);
	suite_add_tcase(suite, failures);

	tcase_set_timeout(successes, 60);
	tcase_add_checked_fixture(successes, prepare_launch, finish_launch);
	tcase_add_loop_test(successes, program_is_searched_for, 0, 2);
	tcase_add_loop_test(successes, search_survives_a_long_path, 0, 2);
	tcase_add_test(successes, a_thousand_spawns_leave_nothing);
	tcase_add_test(successes, every_step_has_a_text);
#ifndef __SANITIZE_ADDRESS__
	ADD_REAL_TEST(successes, no_memory_for_a_stack_is_reported, 1);
#endif
	suite_add_tcase(suite, successes);
	return suite;
}

int main(void)
{
	make_files();
	int failed = run_suite(suite());
	remove_files();
	return failed;
}
