/* spawning - a launch with every default, carried out to its end, and what its program said. */
#ifndef UNIT_SPAWNING_H
#define UNIT_SPAWNING_H

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/child.h"
#include "sys/limits.h"
#include "sys/signals.h"
#include "sys/spawn.h"

enum { NOBODY = 65534, SAID_SIZE = 64 * 1024 };

#define ARGV(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct heritage heritage;
static struct identity identity;
static struct launch launch; /* what a test begins with, and changes */
static char said[SAID_SIZE]; /* standard output of the last program that was run */
/* Call child_run ourselves, in shared memory even for a change of user: only there coverage counts.
 */
static bool direct;

static const char *const usual_env[] = {"PATH=/usr/bin:/bin", NULL};

/* Before each test, in its own process. */
static void prepare_launch(void)
{
	signals_block(&heritage.mask);
	sigemptyset(&heritage.mask);
	limits_inherit(&heritage);
	identity = (struct identity){0};
	launch = (struct launch){
		.envp = usual_env,
		.identity = &identity,
		.null_fd = open("/dev/null", O_RDWR | O_CLOEXEC),
		.stdout_fd = -1,
		.stderr_fd = -1,
		.heritage = &heritage,
	};
	ck_assert_int_ne(launch.null_fd, -1);
}

static void finish_launch(void)
{
	close(launch.null_fd);
}

/* Wait for the report of a forked child and close its descriptor. Returns spawn_report_read's. */
static int await_report(int report_fd, struct spawn_report *report)
{
	struct pollfd readable = {.fd = report_fd, .events = POLLIN};

	ck_assert_int_eq(poll(&readable, 1, -1), 1);
	int state = spawn_report_read(report_fd, report);
	close(report_fd);
	return state;
}

static pid_t spawn_direct(int *report_fd)
{
	static _Alignas(16) char stack[64 * 1024];
	struct child_job job = {.launch = &launch, .parent = getpid()};
	int ends[2];

	if (launch.has_oom_score_adj)
		snprintf(job.oom_text, sizeof job.oom_text, "%d", launch.oom_score_adj);
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	job.report_fd = ends[1];
	pid_t pid = clone(child_run, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, &job);
	close(ends[1]);
	*report_fd = ends[0];
	return pid;
}

/* Start it, by any way. Returns the pid; -1 when report tells of a failure: no child is left. */
static pid_t start(struct spawn_report *report)
{
	int report_fd, status;
	pid_t pid = direct ? spawn_direct(&report_fd) : spawn(&launch, &report_fd, report);

	if (report_fd == -1 || await_report(report_fd, report) == 1)
		return pid;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 127);
	return -1;
}

/* The launch must fail: at step, with num, and leave no child. */
static inline void expect_failure(enum spawn_step step, int num)
{
	struct spawn_report report;

	ck_assert_int_eq(start(&report), -1);
	ck_assert_str_eq(spawn_step_text(report.step), spawn_step_text(step));
	ck_assert_int_eq(report.num, num);
	ck_assert(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

static void collect_said(int fd)
{
	size_t len = 0;
	ssize_t got;

	while ((got = read(fd, said + len, sizeof said - 1 - len)) > 0)
		len += (size_t)got;
	said[len] = '\0';
	close(fd);
}

/* Run argv to its end with its output in `said`. Returns its wait status. */
static int run(const char *const *argv)
{
	struct spawn_report report;
	int ends[2], status;

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	launch.argv = argv;
	launch.stdout_fd = ends[1];
	pid_t pid = start(&report);
	ck_assert_msg(pid > 0, "could not %s: %s", spawn_step_text(report.step),
		      strerror(report.num));
	close(ends[1]);
	launch.stdout_fd = -1;
	collect_said(ends[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

/* Run argv, which must end with status 0. */
static inline const char *output(const char *const *argv)
{
	ck_assert_int_eq(run(argv), 0);
	return said;
}

/* The text after name in its line of what was said, without blanks before it; "": none. */
static inline const char *field(const char *name)
{
	static char value[512];
	const char *line = strstr(said, name);

	if (line == NULL)
		return "";
	line += strlen(name);
	line += strspn(line, " \t");
	snprintf(value, sizeof value, "%.*s", (int)strcspn(line, "\n"), line);
	return value;
}

/* The number of the field `number` of what `cat /proc/self/stat` said; 1 is the pid. */
static inline long stat_field(int number)
{
	const char *at = strrchr(said, ')') + 2;

	for (int i = 3; i < number; i++)
		at = strchr(at, ' ') + 1;
	return strtol(at, NULL, 10);
}

/* Go on in a process without rights. Always the last that a test does as root. */
static inline void become_nobody(void)
{
	if (geteuid() != 0)
		return;
	ck_assert_int_eq(setresgid(NOBODY, NOBODY, NOBODY), 0);
	ck_assert_int_eq(setresuid(NOBODY, NOBODY, NOBODY), 0);
	ck_assert_int_eq(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), 0);
}

/* valgrind runs a program in its own way: it has its own limits, its own exec, its own log. */
static inline bool in_valgrind(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return preload != NULL && strstr(preload, "vgpreload") != NULL;
}

/* A test run once for each _i in 0 ... times - 1; named when it cannot be run here. */
#define ADD_TEST_IF(possible, why, tcase, test, times)                                             \
	do {                                                                                       \
		if (possible)                                                                      \
			tcase_add_loop_test(tcase, test, 0, times);                                \
		else                                                                               \
			puts("skip: " #test ": " why);                                             \
	} while (0)

#define ADD_ROOT_TEST(tcase, test, times)                                                          \
	ADD_TEST_IF(geteuid() == 0, "needs root", tcase, test, times)
#define ADD_REAL_TEST(tcase, test, times)                                                          \
	ADD_TEST_IF(!in_valgrind(), "not under valgrind", tcase, test, times)

static inline int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);

	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}

#endif
