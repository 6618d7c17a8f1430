/* Users, groups and capabilities of a child, read back from /proc: for which one must be root. */
#include "unit/spawning.h"

#include <inttypes.h>
#include <linux/capability.h>
#include <sys/syscall.h>

enum { UID = 54321, GID = 54322, EXTRA = 54323 };

#define CAP(cap) (UINT64_C(1) << (cap))

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

static uint64_t capability_field(const char *name)
{
	return strtoull(field(name), NULL, 16);
}

static void expect_capabilities(uint64_t set)
{
	ck_assert_uint_eq(capability_field("\nCapPrm:"), set);
	ck_assert_uint_eq(capability_field("\nCapEff:"), set);
	ck_assert_uint_eq(capability_field("\nCapInh:"), set);
	ck_assert_uint_eq(capability_field("\nCapAmb:"), set);
}

/* Give ourselves exactly these as permitted, effective and inheritable. */
static void keep_capabilities(uint64_t set)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	uint32_t low = (uint32_t)set, high = (uint32_t)(set >> 32);
	struct __user_cap_data_struct data[2] = {{low, low, low}, {high, high, high}};

	ck_assert_int_eq((int)syscall(SYS_capset, &header, data), 0);
}

START_TEST(user_is_set)
{
	static const gid_t groups[] = {EXTRA, 7};
	const uint64_t bounding = (read_status(), capability_field("\nCapBnd:"));

	direct = _i;
	identity = (struct identity){
		.has_user = true, .uid = UID, .gid = GID, .groups = groups, .n_groups = 2};
	read_status();
	ck_assert_str_eq(field("\nUid:"), "54321\t54321\t54321\t54321");
	ck_assert_str_eq(field("\nGid:"), "54322\t54322\t54322\t54322");
	ck_assert_str_eq(field("\nGroups:"), "7 54323 ");
	expect_capabilities(0);
	ck_assert_uint_eq(capability_field("\nCapBnd:"), bounding);
}
END_TEST

START_TEST(user_without_groups_has_none)
{
	const gid_t ours = EXTRA;

	direct = _i;
	ck_assert_int_eq((int)syscall(SYS_setgroups, 1, &ours), 0);
	identity = (struct identity){.has_user = true, .uid = UID, .gid = GID};
	read_status();
	ck_assert_str_eq(field("\nGroups:"), "");
}
END_TEST

START_TEST(group_alone_is_set)
{
	direct = _i;
	identity = (struct identity){.has_gid = true, .gid = GID};
	read_status();
	ck_assert_str_eq(field("\nUid:"), "0\t0\t0\t0");
	ck_assert_str_eq(field("\nGid:"), "54322\t54322\t54322\t54322");
	ck_assert_uint_ne(capability_field("\nCapEff:"), 0);
}
END_TEST

START_TEST(supplementary_groups_alone_are_set)
{
	static const gid_t groups[] = {EXTRA};

	direct = _i;
	identity = (struct identity){.has_groups = true, .groups = groups, .n_groups = 1};
	read_status();
	ck_assert_str_eq(field("\nGid:"), "0\t0\t0\t0");
	ck_assert_str_eq(field("\nGroups:"), "54323 ");
}
END_TEST

START_TEST(user_without_the_right_is_refused)
{
	direct = _i;
	keep_capabilities(CAP(CAP_SETGID));
	identity = (struct identity){.has_user = true, .uid = UID, .gid = GID};
	expect_failure(SPAWN_STEP_USER, EPERM);
}
END_TEST

START_TEST(capabilities_are_kept_over_a_change_of_user)
{
	const uint64_t set = CAP(CAP_NET_BIND_SERVICE) | CAP(CAP_SYSLOG);

	direct = _i;
	identity = (struct identity){
		.has_user = true,
		.uid = UID,
		.gid = GID,
		.has_capabilities = true,
		.capabilities = set,
		.no_new_privileges = true,
	};
	read_status();
	ck_assert_str_eq(field("\nUid:"), "54321\t54321\t54321\t54321");
	expect_capabilities(set);
	ck_assert_uint_eq(capability_field("\nCapBnd:"), set);
}
END_TEST

START_TEST(capabilities_of_root_are_bounded)
{
	const uint64_t set = CAP(CAP_KILL);

	direct = _i;
	identity = (struct identity){.has_capabilities = true, .capabilities = set};
	read_status();
	expect_capabilities(set);
	ck_assert_uint_eq(capability_field("\nCapBnd:"), set);
	identity.capabilities = 0;
	read_status();
	expect_capabilities(0);
	ck_assert_uint_eq(capability_field("\nCapBnd:"), 0);
}
END_TEST

START_TEST(capability_that_is_not_ours_is_refused)
{
	direct = _i;
	identity = (struct identity){.has_capabilities = true, .capabilities = CAP(63)};
	expect_failure(SPAWN_STEP_CAPABILITIES, EINVAL);
	identity.capabilities = CAP(CAP_SYS_CHROOT);
	keep_capabilities(CAP(CAP_SETPCAP));
	expect_failure(SPAWN_STEP_CAPABILITIES, EPERM);
}
END_TEST

/* fosterd need not be root: with CAP_SETUID and CAP_SETGID it changes user, and keeps them to
 * itself. */
START_TEST(ambient_capabilities_of_ours_are_not_passed_on)
{
	const uint64_t set = CAP(CAP_SETUID) | CAP(CAP_SETGID);

	direct = _i;
	ck_assert_int_eq(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), 0);
	become_nobody();
	keep_capabilities(set);
	ck_assert_int_eq(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SETUID, 0, 0), 0);
	ck_assert_int_eq(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SETGID, 0, 0), 0);
	read_status();
	expect_capabilities(set); /* the same user: the same capabilities */
	identity = (struct identity){.has_user = true, .uid = UID, .gid = GID};
	read_status();
	ck_assert_str_eq(field("\nUid:"), "54321\t54321\t54321\t54321");
	expect_capabilities(0);
}
END_TEST

START_TEST(directory_and_program_are_looked_up_as_the_user)
{
	char dir[] = "/tmp/fosterd-private-XXXXXX", file[64];

	direct = _i;
	ck_assert_ptr_nonnull(mkdtemp(dir));
	launch.directory = dir;
	ck_assert_int_eq(run(ARGV("true")), 0);
	identity = (struct identity){.has_user = true, .uid = UID, .gid = GID};
	expect_failure(SPAWN_STEP_CHDIR, EACCES);
	launch.directory = NULL;
	snprintf(file, sizeof file, "%s/program", dir);
	launch.argv = ARGV(file);
	expect_failure(SPAWN_STEP_EXEC, EACCES);
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

START_TEST(rights_are_used_before_they_are_given_up)
{
	direct = _i;
	identity = (struct identity){.has_user = true, .uid = UID, .gid = GID};
	launch.has_nice = true;
	launch.nice = -3;
	launch.has_oom_score_adj = true;
	launch.oom_score_adj = 200;
	output(ARGV("cat", "/proc/self/stat", "/proc/self/oom_score_adj"));
	ck_assert_int_eq(stat_field(19), -3);
	ck_assert_ptr_nonnull(strstr(said, "\n200\n"));
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("sys/identity");
	TCase *root = tcase_create("root");

	tcase_set_timeout(root, 20);
	tcase_add_checked_fixture(root, prepare, finish_launch);
	ADD_ROOT_TEST(root, user_is_set, 2);
	ADD_ROOT_TEST(root, user_without_groups_has_none, 2);
	ADD_ROOT_TEST(root, group_alone_is_set, 2);
	ADD_ROOT_TEST(root, supplementary_groups_alone_are_set, 2);
	ADD_ROOT_TEST(root, user_without_the_right_is_refused, 2);
	ADD_ROOT_TEST(root, capabilities_are_kept_over_a_change_of_user, 2);
	ADD_ROOT_TEST(root, capabilities_of_root_are_bounded, 2);
	ADD_ROOT_TEST(root, capability_that_is_not_ours_is_refused, 2);
	ADD_TEST_IF(geteuid() == 0 && !in_valgrind(), "needs root, and no valgrind", root,
		    ambient_capabilities_of_ours_are_not_passed_on, 2);
	ADD_ROOT_TEST(root, directory_and_program_are_looked_up_as_the_user, 2);
	ADD_ROOT_TEST(root, rights_are_used_before_they_are_given_up, 2);
	suite_add_tcase(suite, root);
	return suite;
}

int main(void)
{
	return run_suite(suite());
}
