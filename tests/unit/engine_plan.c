/* Tasks and the steps of a lifespan, run by the whole engine: what they write, how they are told, who is waited for. */
#include "unit/engine_plan.h"

static bool has_written(void)
{
	if (!has_run())
		return false;
	ck_assert_str_eq(task().instance.output, "one\n\ntwo\na?b\r\nwithout an end");
	ck_assert_str_eq(step().start.output, "up");
	return true;
}

START_TEST(what_they_write_is_in_the_log)
{
	begin();
	scripts[START][2] = "echo up";
	scripts[TASK][2] = "echo one; echo >&2; echo two >&2; printf 'a\\0b\\r\\nwithout an end'";
	scripts[STOP][2] = "echo down >&2";
	run(has_written, 0);
	expect_said("level=info msg=output step=schema half=start line=up\n");
	expect_said("level=info msg=output step=schema half=stop line=down\n");
	expect_said("level=info msg=output task=vacuum line=one\n");
	expect_said("level=info msg=output task=vacuum line=two\n");
	expect_said("level=info msg=output task=vacuum line=a?b\n");
	expect_said("level=info msg=output task=vacuum line=\"without an end\"\n");
	ck_assert_uint_eq(said("msg=output"), 6);
	expect_said("msg=\"step started\" step=schema half=start pid=");
	expect_said("level=info msg=\"step is up\" step=schema half=start code=0 ran=");
	expect_said("level=info msg=\"step is down\" step=schema half=stop code=0 ran=");
	expect_said("level=info msg=\"task run finished\" task=vacuum code=0 ran=");
	expect_said("msg=\"worker started\" worker=web");
}
END_TEST

START_TEST(a_failure_is_told_with_its_last_words)
{
	begin();
	scripts[TASK][2] = "echo first; echo 'no such table' >&2; exit 3";
	run(has_run, 0);
	expect_said("level=warning msg=\"task run failed\" task=vacuum code=3 ran=");
	expect_said("said=\"no such table\"\n");
}
END_TEST

static bool never(void)
{
	return false;
}

START_TEST(a_failed_start)
{
	begin();
	scripts[START][2] = "echo broken; exit 2";
	run(never, 12);
	expect_said("level=error msg=\"step failed\" step=schema half=start code=2 ran=");
	expect_said("said=broken\n");
	expect_said("msg=\"step is down\" step=schema half=stop");
	ck_assert_uint_eq(said("worker=web pid"), 0);
}
END_TEST

START_TEST(a_start_that_cannot_be_run)
{
	static const char *nowhere[] = {"/nowhere/at/all", NULL};

	begin();
	programs[START].command = (struct command){.argv = nowhere, .argc = 1};
	run(never, 12);
	expect_said("level=error msg=\"step failed\" step=schema half=start");
	expect_said("could_not=execute error=\"No such file or directory\"");
}
END_TEST

/* The pipe is held by one in a session of its own. */
START_TEST(who_holds_the_pipe_does_not_matter)
{
	mono_ns began = mono_now();

	begin();
	scripts[START][2] = "setsid sleep 600 & echo up";
	scripts[TASK][2] = "setsid sleep 600 & echo ran";
	scripts[STOP][2] = "setsid sleep 600 & echo down";
	run(has_run, 0);
	ck_assert_int_lt(mono_now() - began, 10 * NS_S);
	expect_said("line=up\n");
	expect_said("line=ran\n");
	expect_said("line=down\n");
}
END_TEST

static bool spews(void)
{
	static mono_ns began;
	static unsigned looks;

	if (task().instance.status.pid == 0)
		return false;
	if (began == 0)
		began = mono_now();
	looks++;
	if (mono_now() < began + NS_S)
		return false;
	/* It is not read all the time, and the loop turns. */
	ck_assert_uint_gt(looks, 20);
	return true;
}

START_TEST(who_spews_waits)
{
	begin();
	scripts[TASK][2] = "exec yes";
	tasks[0].cancel = true;
	run(spews, 0);
	unsigned told = said("msg=output task=vacuum line=y\n");
	ck_assert_uint_gt(told, 1000);
	ck_assert_uint_lt(told, 30000);
	/* What the pipe held at the end. */
	const char *left_out = strstr(said_all(), "msg=\"lines of output were left out\" task=vacuum lines=");
	ck_assert_ptr_nonnull(left_out);
	ck_assert_int_le(atoi(strstr(left_out, "lines=") + 6), 64 * 1024 / 2);
}
END_TEST

/* What is not in lines would be read in next to no time; it still runs after a second. */
START_TEST(who_spews_without_lines_waits)
{
	begin();
	scripts[TASK][2] = "exec head -c 20000000 /dev/zero";
	tasks[0].cancel = true;
	run(spews, 0);
}
END_TEST

START_TEST(a_long_line_is_cut)
{
	begin();
	scripts[TASK][2] = "head -c 5000 /dev/zero | tr '\\0' x; echo; echo next";
	run(has_run, 0);
	expect_said("xxx cut=yes\n");
	expect_said("task=vacuum line=next\n");
	ck_assert_uint_eq(said("msg=output"), 2);
}
END_TEST

/* All of it stands in the pipe before anybody reads. */
static bool waits_for_its_end(void)
{
	siginfo_t info;
	pid_t pid = task().instance.status.pid;

	if (pid != 0)
		ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	return has_run();
}

START_TEST(the_last_words_are_heard)
{
	begin();
	scripts[TASK][2] = "head -c 30000 /dev/zero | tr '\\0' x; echo; echo the last; exit 1";
	run(waits_for_its_end, 0);
	expect_said("said=\"the last\"\n");
}
END_TEST

static bool runs_twice(void)
{
	static bool asked;

	if (has_run() && !asked) {
		asked = true;
		supervisor_wish(supervisor, FACT_RUN, TASK, false);
		/* A wish comes within a turn: this is another. */
		raise(SIGCHLD);
	}
	if (task().status.runs < 2 || task().instance.status.state != INSTANCE_COMPLETED)
		return false;
	ck_assert_str_eq(task().instance.output, "once");
	return true;
}

START_TEST(what_an_earlier_run_wrote_is_forgotten)
{
	begin();
	scripts[TASK][2] = "echo once";
	run(runs_twice, 0);
}
END_TEST

/* What main has left in its group is found. */
static bool is_left(void)
{
	struct instance_view view;

	supervisor_instance(supervisor, spec_task_instance(&kit_spec, 0), &view);
	if (view.status.state != INSTANCE_STOPPING || view.status.pid != 0)
		return false;
	ck_assert_int_gt(view.awaited, 0);
	return true;
}

START_TEST(who_is_waited_for)
{
	begin();
	scripts[TASK][2] = "trap '' TERM; sleep 600 & exit 0";
	scripts[STOP][2] = "sleep 1.3";
	run(is_left, 11);
	expect_said("msg=\"still waiting\" phase=stopping waiting_for=\"vacuum (sleep, pid ");
	expect_said("s)\" more=1 left=");
	expect_said("msg=\"still waiting\" phase=lifespan waiting_for=\"schema.stop (");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("plan");

	tcase_set_timeout(tests, 30);
	tcase_add_test(tests, what_they_write_is_in_the_log);
	tcase_add_test(tests, a_failure_is_told_with_its_last_words);
	tcase_add_test(tests, a_failed_start);
	tcase_add_test(tests, a_start_that_cannot_be_run);
	tcase_add_test(tests, who_holds_the_pipe_does_not_matter);
	tcase_add_test(tests, who_spews_waits);
	tcase_add_test(tests, who_spews_without_lines_waits);
	tcase_add_test(tests, a_long_line_is_cut);
	tcase_add_test(tests, the_last_words_are_heard);
	tcase_add_test(tests, what_an_earlier_run_wrote_is_forgotten);
	tcase_add_test(tests, who_is_waited_for);
	return suite_run("engine/plan", tests);
}
