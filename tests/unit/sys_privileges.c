/* Every key that changes what a worker may do, read back from /proc, and how each is refused. */
#include "unit/spawning.h"

#include <sys/resource.h>
#include <sys/stat.h>

enum { UID = 54321, GID = 54322 };

/* Each test runs by spawn() and by child_run in shared memory. */
static void prepare(void)
{
	prepare_launch();
	launch.argv = ARGV("true");
}

static void read_status(void)
{
	output(ARGV("cat", "/proc/self/status"));
}

/* ---- without any right */

START_TEST(umask_is_set)
{
	direct = _i;
	umask(0002);
	read_status();
	ck_assert_str_eq(field("\nUmask:"), "0002");
	launch.has_umask = true;
	launch.umask = 0027;
	read_status();
	ck_assert_str_eq(field("\nUmask:"), "0027");
}
END_TEST

START_TEST(nice_is_set)
{
	direct = _i;
	launch.has_nice = true;
	launch.nice = 7;
	output(ARGV("cat", "/proc/self/stat"));
	ck_assert_int_eq(stat_field(19), 7);
}
END_TEST

START_TEST(nice_without_the_right_is_refused)
{
	direct = _i;
	become_nobody();
	launch.has_nice = true;
	launch.nice = -5;
	expect_failure(SPAWN_STEP_NICE, EACCES);
}
END_TEST

START_TEST(oom_score_adj_is_set)
{
	launch.fork = _i;
	heritage.oom_score_adj = 321;
	output(ARGV("cat", "/proc/self/oom_score_adj"));
	ck_assert_int_ne(atoi(said), 321); /* nobody asked: it is as it is */
	launch.has_oom_score_adj = true;
	launch.oom_score_adj = 1000;
	ck_assert_str_eq(output(ARGV("cat", "/proc/self/oom_score_adj")), "1000\n");
	limits_inherit(&heritage);
	ck_assert_int_ne(heritage.oom_score_adj, 1000); /* the parent's did not change */
}
END_TEST

START_TEST(oom_score_adj_without_the_right_is_refused)
{
	direct = _i;
	become_nobody();
	launch.has_oom_score_adj = true;
	launch.oom_score_adj = -900;
	expect_failure(SPAWN_STEP_OOM, EACCES);
}
END_TEST

static void expect_limit(const char *name, const char *soft, const char *hard)
{
	char got_soft[32], got_hard[32];

	ck_assert_int_eq(sscanf(field(name), "%31s %31s", got_soft, got_hard), 2);
	ck_assert_str_eq(got_soft, soft);
	ck_assert_str_eq(got_hard, hard);
}

START_TEST(limits_are_set)
{
	static const struct rlimit_spec limits[] = {
		{RLIMIT_CORE, 0, 0},
		{RLIMIT_NOFILE, 4, 64}, /* nothing that comes later may open anything */
		{RLIMIT_MEMLOCK, 8192, 16384},
		{RLIMIT_NICE, 0, 0},
	};

	direct = _i;
	launch.limits = limits;
	launch.n_limits = sizeof limits / sizeof limits[0];
	launch.has_oom_score_adj = true;
	launch.oom_score_adj = 100;
	output(ARGV("cat", "/proc/self/limits"));
	expect_limit("\nMax core file size", "0", "0");
	expect_limit("\nMax open files", "4", "64");
	expect_limit("\nMax locked memory", "8192", "16384");
	expect_limit("\nMax nice priority", "0", "0");
}
END_TEST

START_TEST(open_files_are_those_of_before)
{
	const struct rlimit before = {300, 400};

	direct = _i;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	limits_inherit(&heritage);
	struct rlimit raised;
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &raised), 0);
	ck_assert_uint_eq(raised.rlim_cur, 400);
	output(ARGV("cat", "/proc/self/limits"));
	expect_limit("\nMax open files", "300", "400");
}
END_TEST

START_TEST(limit_above_the_hard_one_is_clamped)
{
	static const struct rlimit_spec limits[] = {
		{RLIMIT_NOFILE, 1000, 2000},
		{RLIMIT_CORE, 100, RLIM_INFINITY},
		{RLIMIT_MSGQUEUE, RLIM_INFINITY, RLIM_INFINITY},
	};
	const struct rlimit hard = {300, 300};

	direct = _i;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &hard), 0);
	ck_assert_int_eq(setrlimit(RLIMIT_CORE, &hard), 0);
	ck_assert_int_eq(setrlimit(RLIMIT_MSGQUEUE, &hard), 0);
	become_nobody();
	launch.limits = limits;
	launch.n_limits = sizeof limits / sizeof limits[0];
	output(ARGV("cat", "/proc/self/limits"));
	expect_limit("\nMax open files", "300", "300");
	expect_limit("\nMax core file size", "100", "300");
	expect_limit("\nMax msgqueue size", "300", "300");
}
END_TEST

START_TEST(no_new_privileges_is_set)
{
	launch.fork = _i;
	read_status();
	ck_assert_str_eq(field("\nNoNewPrivs:"), "0");
	identity.no_new_privileges = true;
	read_status();
	ck_assert_str_eq(field("\nNoNewPrivs:"), "1");
}
END_TEST

START_TEST(change_of_identity_without_the_right_is_refused)
{
	direct = _i;
	become_nobody();
	identity = (struct identity){.has_user = true, .uid = UID, .gid = GID};
	expect_failure(SPAWN_STEP_GROUP, EPERM);
	identity = (struct identity){.has_gid = true, .gid = GID};
	expect_failure(SPAWN_STEP_GROUP, EPERM);
	identity = (struct identity){.has_groups = true};
	expect_failure(SPAWN_STEP_GROUP, EPERM);
	identity = (struct identity){.has_capabilities = true};
	expect_failure(SPAWN_STEP_CAPABILITIES, EPERM);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("sys/privileges");
	TCase *anyone = tcase_create("anyone");

	tcase_set_timeout(anyone, 20);
	tcase_add_checked_fixture(anyone, prepare, finish_launch);
	tcase_add_loop_test(anyone, umask_is_set, 0, 2);
	tcase_add_loop_test(anyone, nice_is_set, 0, 2);
	ADD_REAL_TEST(anyone, nice_without_the_right_is_refused, 2);
	tcase_add_loop_test(anyone, oom_score_adj_is_set, 0, 2);
	ADD_REAL_TEST(anyone, oom_score_adj_without_the_right_is_refused, 2);
	ADD_REAL_TEST(anyone, limits_are_set, 2);
	ADD_REAL_TEST(anyone, open_files_are_those_of_before, 2);
	ADD_REAL_TEST(anyone, limit_above_the_hard_one_is_clamped, 2);
	tcase_add_loop_test(anyone, no_new_privileges_is_set, 0, 2);
	ADD_REAL_TEST(anyone, change_of_identity_without_the_right_is_refused, 2);
	suite_add_tcase(suite, anyone);
	return suite;
}

int main(void)
{
	return run_suite(suite());
}
