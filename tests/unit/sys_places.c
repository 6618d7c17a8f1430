/* places - where things are kept, for whom; and that only one is there. */
#include "sys/places.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/suite.h"

enum { NOBODY = 65534 };

static const char *const variables[] = {"RUNTIME_DIRECTORY", "STATE_DIRECTORY", "LOGS_DIRECTORY",
					"XDG_RUNTIME_DIR",   "XDG_STATE_HOME",	"HOME"};

static struct arena arena;
static char dir[64], claimed[96];

static void begin(void)
{
	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
		unsetenv(variables[i]);
	strcpy(dir, "/tmp/sys_places.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chmod(dir, 0777), 0);
	snprintf(claimed, sizeof claimed, "%s/run", dir);
}

static void finish(void)
{
	char command[128];

	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
	arena_fini(&arena);
	snprintf(command, sizeof command, "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static void become_nobody(void)
{
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(NOBODY), 0);
}

static void expect(const char *runtime, const char *state, const char *log)
{
	struct places places;
	struct err err;

	ck_assert_int_eq(places_find(&places, &arena, &err), 0);
	ck_assert_str_eq(places.runtime_dir, runtime);
	ck_assert_str_eq(places.state_dir, state);
	ck_assert_str_eq(places.log_dir, log);
}

START_TEST(what_the_service_manager_says_counts_first)
{
	setenv("XDG_RUNTIME_DIR", "/no", 1);
	setenv("RUNTIME_DIRECTORY", "/run/a", 1);
	setenv("STATE_DIRECTORY", "/var/lib/a:/var/lib/b", 1);
	setenv("LOGS_DIRECTORY", "/var/log/a:", 1);
	expect("/run/a", "/var/lib/a", "/var/log/a");
}
END_TEST

START_TEST(root_s_places)
{
	/* Nothing of a user's surroundings, and nothing that is no path. */
	setenv("XDG_RUNTIME_DIR", "/run/user/0", 1);
	setenv("HOME", "/root", 1);
	setenv("RUNTIME_DIRECTORY", "", 1);
	setenv("STATE_DIRECTORY", "relative", 1);
	expect("/run/fosterd", "/var/lib/fosterd", "/var/log/fosterd");
}
END_TEST

START_TEST(a_user_s_places)
{
	char nowhere[32];

	become_nobody();
	snprintf(nowhere, sizeof nowhere, "/tmp/fosterd-%u", (unsigned)geteuid());
	expect(nowhere, nowhere, nowhere);
	setenv("HOME", "/home/x", 1);
	expect(nowhere, "/home/x/.local/state/fosterd", "/home/x/.local/state/fosterd");
	setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
	setenv("XDG_STATE_HOME", "/home/x/state", 1);
	expect("/run/user/7/fosterd", "/home/x/state/fosterd", "/home/x/state/fosterd");
	/* The base directory specification: a relative path is to be ignored. */
	setenv("XDG_RUNTIME_DIR", "run", 1);
	setenv("XDG_STATE_HOME", "", 1);
	expect(nowhere, "/home/x/.local/state/fosterd", "/home/x/.local/state/fosterd");
}
END_TEST

static int claim(struct err *err)
{
	*err = (struct err){0};
	return places_claim(claimed, err);
}

static void expect_refusal(int num)
{
	struct err err;

	ck_assert_int_eq(claim(&err), -1);
	ck_assert_int_eq(err.num, num);
	ck_assert_msg(strstr(err.text, claimed) != NULL, "%s", err.text);
}

START_TEST(one_alone_may_claim)
{
	struct err err;
	int fd = claim(&err);

	ck_assert_msg(fd >= 0, "%s", err.text);
	ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
	expect_refusal(0); /* no error of a system call: the words say it all */
	close(fd);
	/* What is left of it hinders nobody. */
	fd = claim(&err);
	ck_assert_int_ge(fd, 0);
	close(fd);
}
END_TEST

/* A claim ends with the process that made it, however that ended. */
START_TEST(a_dead_one_claims_nothing)
{
	struct err err;
	int ends[2], status;
	char byte;

	ck_assert_int_eq(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		if (claim(&err) != -1 && write(ends[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	expect_refusal(0);
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	close(ends[0]);
	close(ends[1]);
	int fd = claim(&err);
	ck_assert_int_ge(fd, 0);
	close(fd);
}
END_TEST

START_TEST(what_stands_in_the_way)
{
	char path[128];

	snprintf(claimed, sizeof claimed, "%s/not/there", dir);
	expect_refusal(ENOENT);
	snprintf(claimed, sizeof claimed, "%s/file", dir);
	close(open(claimed, O_CREAT | O_WRONLY, 0600));
	expect_refusal(ENOTDIR);
	snprintf(claimed, sizeof claimed, "%s/link", dir);
	ck_assert_int_eq(symlink("/tmp", claimed), 0);
	expect_refusal(ENOTDIR);
	/* A lock that leads elsewhere is followed nowhere. */
	snprintf(claimed, sizeof claimed, "%s/run", dir);
	ck_assert_int_eq(mkdir(claimed, 0755), 0);
	snprintf(path, sizeof path, "%s/fosterd.lock", claimed);
	ck_assert_int_eq(symlink("/dev/null", path), 0);
	expect_refusal(ELOOP);
}
END_TEST

START_TEST(another_user_s_directory_is_refused)
{
	ck_assert_int_eq(mkdir(claimed, 0777), 0);
	ck_assert_int_eq(chmod(claimed, 0777), 0);
	if (_i == 0) {
		ck_assert_int_eq(chown(claimed, NOBODY, NOBODY), 0);
		expect_refusal(EACCES);
	} else {
		become_nobody();
		expect_refusal(EACCES);
	}
}
END_TEST

/* Whoever may write to it could put his own sockets in the place of ours. */
START_TEST(directory_that_others_may_write_to_is_refused)
{
	static const mode_t modes[] = {0775, 0757, 01777};
	struct err err;

	ck_assert_int_eq(mkdir(claimed, 0755), 0);
	ck_assert_int_eq(chmod(claimed, modes[_i]), 0);
	expect_refusal(EACCES);
	ck_assert_int_eq(chmod(claimed, 0755), 0);
	int fd = claim(&err);
	ck_assert_int_ge(fd, 0);
	close(fd);
}
END_TEST

START_TEST(directory_is_made_for_us_alone_whatever_the_umask)
{
	struct err err;

	umask(0);
	int fd = claim(&err);
	ck_assert_msg(fd >= 0, "%s", err.text);
	close(fd);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("places");

	tcase_add_checked_fixture(tests, begin, finish);
	tcase_add_test(tests, what_the_service_manager_says_counts_first);
	tcase_add_test(tests, one_alone_may_claim);
	tcase_add_test(tests, a_dead_one_claims_nothing);
	tcase_add_test(tests, what_stands_in_the_way);
	tcase_add_loop_test(tests, directory_that_others_may_write_to_is_refused, 0, 3);
	tcase_add_test(tests, directory_is_made_for_us_alone_whatever_the_umask);
	if (geteuid() == 0) {
		tcase_add_test(tests, root_s_places);
		tcase_add_loop_test(tests, another_user_s_directory_is_refused, 0, 2);
	}
	tcase_add_test(tests, a_user_s_places);
	return suite_run("sys/places", tests);
}
