/* exec - programs as probes: how they end, what they leave behind, and who waits for whom. */
#include "engine/exec.h"

#include <sys/resource.h>

#include "unit/engine_rig.h"

enum { LIMIT = 2, CROWD = 12 };

static const char *words[] = {"/bin/sh", "-c", "exit 0", NULL};

/* So many checks that run the script, at most two at once. */
static void begin(const char *script, uint32_t checks, span_ns timeout)
{
	words[2] = script;
	rig_begin(checks, &(struct probe_spec){.driver = DRIVER_EXEC,
					       .command = {.argv = words, .argc = 3},
					       .period = NS_S,
					       .timeout = timeout,
					       .success_threshold = 1,
					       .failure_threshold = 1});
	kit_spec.exec_probes = LIMIT;
}

static uint32_t running(void)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < loop.inquiry.exec.n_jobs; i++)
		count += loop.inquiry.exec.jobs[i].pid != 0;
	return count;
}

/* Ask the first once and wait for its answer. */
static void ask(void)
{
	rig_order(ORDER_PROBE, 0, 7);
	rig_await(rig_answered() + 1);
}

/* The process that the script has named: its pid, from the probe's output. */
static pid_t named(void)
{
	return (pid_t)strtol(rig_question(0)->error, NULL, 10);
}

static void await_gone(pid_t pid)
{
	mono_ns until = mono_add(mono_now(), 10 * NS_S);

	ck_assert_int_gt(pid, 1);
	while (kill(pid, 0) == 0) {
		ck_assert(mono_now() < until);
		rig_turn();
	}
}

static const struct {
	const char *script;
	const char *error; /* NULL: success */
} ends[] = {
	{"exit 0", NULL},
	{"echo fine; exit 0", NULL},
	{"exit 3", "exit code 3"},
	{"echo out; echo err >&2; exit 1", "out\nerr"},
	{"printf '  \\n\\n'; exit 1", "exit code 1"},
	{"printf 'a\\033[1mb\\377c\\n'; exit 1", "a?[1mb?c"},
	{"printf 'a\\000b'; exit 1", "a?b"},
	{"printf 'a\\302\\2331mb'; exit 1", "a??1mb"},
	{"kill -9 $$", "signal KILL"},
	{"echo dying; kill -9 $$", "dying"},
	{"exec /bin/does-not-exist", NULL},
	{"cat; exit 1", "exit code 1"},
};

START_TEST(the_end_is_the_answer)
{
	begin(ends[_i].script, 1, 10 * NS_S);
	rig_open();
	ask();
	if (strstr(ends[_i].script, "does-not-exist") != NULL)
		ck_assert_ptr_nonnull(strstr(rig_question(0)->error, "not found"));
	else if (ends[_i].error == NULL)
		expect_success(0);
	else
		expect_failure(0, ends[_i].error);
	ck_assert_uint_eq(running(), 0);
	ck_assert_int_eq(inquiry_deadline(&loop.inquiry), MONO_NEVER);
	rig_close();
}
END_TEST

START_TEST(what_another_said_is_not_its_own)
{
	begin("echo mine; exit 1", 1, 10 * NS_S);
	rig_open();
	ask();
	expect_failure(0, "mine");
	words[2] = "exit 3";
	ask();
	expect_failure(0, "exit code 3");
	words[2] = "exit 0";
	ask();
	expect_success(0);
	rig_close();
}
END_TEST

START_TEST(the_last_of_much_output_is_kept)
{
	begin("i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done; exit 1", 1, 20 * NS_S);
	rig_open();
	ask();
	size_t len = strlen(rig_question(0)->error);
	ck_assert_uint_le(len, TAIL_MAX);
	ck_assert_uint_ge(len, TAIL_MAX - 8);
	ck_assert_str_eq(rig_question(0)->error + len - 5, "19999");
	ck_assert_ptr_nonnull(strstr(rig_question(0)->error, "\n19400\n19401\n19402\n"));
	rig_close();
}
END_TEST

START_TEST(what_cannot_be_executed_fails)
{
	begin("", 1, NS_S);
	words[0] = "/nonexistent/probe";
	kit_workers[KIT_DB].spawn = _i == 0 ? SPAWN_AUTO : SPAWN_FORK;
	rig_open();
	ask();
	expect_failure(0, "could not execute: No such file or directory");
	rig_close();
}
END_TEST

START_TEST(a_shortage_is_nobodys_failure)
{
	struct rlimit limit;

	begin("exit 0", 1, NS_S);
	rig_open();
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	rlim_t before = limit.rlim_cur;
	limit.rlim_cur = 3;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ask();
	expect_unknown(0);
	limit.rlim_cur = before;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ask();
	expect_success(0);
	rig_close();
}
END_TEST

START_TEST(at_the_timeout_all_of_it_is_killed)
{
	begin("sleep 600 & echo $!; sleep 600", 1, 300 * NS_MS);
	rig_open();
	mono_ns asked = mono_now();
	ask();
	ck_assert_int_ge(mono_now() - asked, 300 * NS_MS);
	expect_failure(0, "timeout: no answer within 300ms");
	while (running() > 0)
		rig_turn();
	/* The second sleep would be a child of the shell: nobody but us is left to be its parent.
	 */
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	rig_close();
}
END_TEST

START_TEST(what_it_leaves_in_its_group_is_killed)
{
	begin("sleep 600 & echo $!; exit 1", 1, 10 * NS_S);
	rig_open();
	mono_ns asked = mono_now();
	ask();
	ck_assert_int_lt(mono_now() - asked, 5 * NS_S);
	await_gone(named());
	rig_close();
}
END_TEST

/* Who still holds the pipe keeps nobody waiting. */
START_TEST(its_end_is_not_the_end_of_its_output)
{
	begin("setsid sleep 3 & echo $!; exit 1", 1, 10 * NS_S);
	rig_open();
	mono_ns asked = mono_now();
	ask();
	ck_assert_int_lt(mono_now() - asked, 2 * NS_S);
	kill(named(), SIGKILL);
	rig_close();
}
END_TEST

START_TEST(two_at_once_first_come_first_served)
{
	uint32_t next = 0, most = 0;

	begin("sleep 0.05", CROWD, 10 * NS_S);
	rig_open();
	for (uint32_t i = 0; i < CROWD; i++)
		rig_order(ORDER_PROBE, i, i);
	while (rig_answered() < CROWD) {
		rig_turn();
		ck_assert_uint_le(running(), LIMIT);
		most = running() > most ? running() : most;
		for (uint32_t i = 0; i < LIMIT; i++) {
			uint32_t probe = loop.inquiry.exec.jobs[i].probe;
			if (probe == PROBE_NONE)
				continue;
			ck_assert_uint_le(probe, next + 1);
			next = probe > next ? probe : next;
		}
	}
	ck_assert_uint_eq(most, LIMIT);
	for (uint32_t i = 0; i < CROWD; i++)
		expect_success(i);
	rig_close();
}
END_TEST

START_TEST(waiting_is_not_its_time)
{
	begin("sleep 0.3", 3 * LIMIT, 600 * NS_MS);
	rig_open();
	for (uint32_t i = 0; i < 3 * LIMIT; i++)
		rig_order(ORDER_PROBE, i, i);
	rig_await(3 * LIMIT);
	for (uint32_t i = 0; i < 3 * LIMIT; i++)
		expect_success(i);
	rig_close();
}
END_TEST

START_TEST(stopped_in_line_it_is_never_run)
{
	begin("sleep 0.2", LIMIT + 2, 10 * NS_S);
	rig_open();
	for (uint32_t i = 0; i < LIMIT + 2; i++)
		rig_order(ORDER_PROBE, i, i);
	rig_turn();
	rig_order(ORDER_PROBE_STOP, LIMIT, LIMIT);
	ck_assert_uint_eq(rig_answered(), 1);
	expect_unknown(LIMIT);
	rig_await(LIMIT + 2);
	expect_success(LIMIT + 1);
	rig_pass(100 * NS_MS);
	ck_assert_uint_eq(rig_answered(), LIMIT + 2);
	rig_close();
}
END_TEST

/* Its place is free when it has gone, and the next question is another process's. */
START_TEST(stopped_it_is_killed)
{
	begin("sleep 600", 1, 1000 * NS_S);
	rig_open();
	rig_order(ORDER_PROBE, 0, 1);
	rig_turn();
	ck_assert_uint_eq(running(), 1);
	rig_order(ORDER_PROBE_STOP, 0, 2); /* of no question that is under way */
	ck_assert_uint_eq(rig_answered(), 0);
	rig_order(ORDER_PROBE_STOP, 0, 1);
	ck_assert_uint_eq(rig_answered(), 1);
	expect_unknown(0);
	rig_order(ORDER_PROBE, 0, 3);
	rig_turn();
	while (running() > 1)
		rig_turn();
	ck_assert_uint_eq(rig_answered(), 1);
	rig_close();
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("exec");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, the_end_is_the_answer, 0, sizeof ends / sizeof ends[0]);
	tcase_add_test(tests, what_another_said_is_not_its_own);
	tcase_add_test(tests, the_last_of_much_output_is_kept);
	tcase_add_loop_test(tests, what_cannot_be_executed_fails, 0, 2);
	tcase_add_test(tests, a_shortage_is_nobodys_failure);
	tcase_add_test(tests, at_the_timeout_all_of_it_is_killed);
	tcase_add_test(tests, what_it_leaves_in_its_group_is_killed);
	tcase_add_test(tests, its_end_is_not_the_end_of_its_output);
	tcase_add_test(tests, two_at_once_first_come_first_served);
	tcase_add_test(tests, waiting_is_not_its_time);
	tcase_add_test(tests, stopped_in_line_it_is_never_run);
	tcase_add_test(tests, stopped_it_is_killed);
	return suite_run("engine/exec", tests);
}
