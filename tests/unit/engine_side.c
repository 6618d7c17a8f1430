/* side - the commands beside main: what they are given, how their ends are told, and who ends them. */
#include "engine/slot.h"
#include "unit/engine_plan.h"

static const char *commands[SIDE_COUNT][4] = {{"/bin/sh", "-c", ""}, {"/bin/sh", "-c", ""}};
static const char *nowhere[] = {"/nowhere/at/all", NULL};
static char note[64];
static bool asked;
static unsigned looks; /* since then */

static void begin_web(const char *stop, const char *reload)
{
	begin();
	kit_spec.n_steps = kit_spec.n_tasks = 0;
	kit_spec.n_instances = 1;
	commands[SIDE_STOP][2] = stop;
	commands[SIDE_RELOAD][2] = reload;
	if (stop != NULL)
		programs[WEB].stop_command = (struct command){.argv = commands[SIDE_STOP], .argc = 3};
	if (reload != NULL)
		programs[WEB].reload_command = (struct command){.argv = commands[SIDE_RELOAD], .argc = 3};
	snprintf(note, sizeof note, "/tmp/fosterd-note.%d", (int)getpid());
}

static struct instance_status web(void)
{
	struct instance_view view;

	supervisor_instance(supervisor, WEB, &view);
	return view.status;
}

static void wish(enum fact_kind kind)
{
	supervisor_wish(supervisor, kind, WEB, false);
	/* A wish comes within a turn: this is another. */
	raise(SIGCHLD);
}

/* What the command has noted; 0: nothing yet. */
static int noted(void)
{
	FILE *file = fopen(note, "re");
	int value = 0;

	if (file == NULL)
		return 0;
	if (fscanf(file, "%d", &value) != 1)
		value = 0;
	fclose(file);
	return value;
}

static bool asks_once(void)
{
	if (web().state != INSTANCE_READY)
		return false;
	if (!asked) {
		wish(FACT_RELOAD);
		wish(FACT_RELOAD);
		ck_assert(web().reloading);
	}
	asked = true;
	return !web().reloading;
}

START_TEST(a_reload_command_is_told_of_main)
{
	static char line[80];
	static struct env_entry variable;

	begin_web(NULL, "echo $MAINPID >>$NOTE; sleep 0.1");
	snprintf(line, sizeof line, "NOTE=%s", note);
	variable.line = line;
	programs[WEB].environment = &variable;
	programs[WEB].n_environment = 1;
	run(asks_once, 0);
	ck_assert_int_gt(noted(), 1);
	char main_told[64];
	snprintf(main_told, sizeof main_told, "msg=\"worker started\" worker=web pid=%d\n", noted());
	expect_said(main_told);
	ck_assert_uint_eq(said("reload command"), 0);
	unlink(note);
}
END_TEST

START_TEST(a_reload_command_that_fails_is_told)
{
	begin_web(NULL, "exit 3");
	run(asks_once, 0);
	expect_said("level=warning msg=\"reload command failed\" worker=web code=3\n");
	ck_assert_uint_eq(said("reload command"), 1);
	ck_assert_uint_eq(said("msg=\"worker started\""), 1);
}
END_TEST

START_TEST(a_reload_command_that_is_not_there_is_told)
{
	begin_web(NULL, "");
	programs[WEB].reload_command = (struct command){.argv = nowhere, .argc = 1};
	/* By a report that comes later, too. */
	programs[WEB].spawn = _i == 0 ? SPAWN_AUTO : SPAWN_FORK;
	run(asks_once, 0);
	expect_said(_i == 0 ? "msg=\"reload command could not be started\" worker=web error=\"No such file or directory\"\n"
			    : "msg=\"reload command failed\" worker=web code=127 error=\"No such file or directory\"\n");
}
END_TEST

static bool asks(void)
{
	if (web().state != INSTANCE_READY)
		return false;
	wish(FACT_RELOAD);
	/* It is in line, or runs. */
	return true;
}

static bool asks_and_sees_it_run(void)
{
	if (web().state == INSTANCE_READY && !asked) {
		wish(FACT_RELOAD);
		asked = true;
	}
	/* A few turns, so that it has been its turn. */
	raise(SIGCHLD);
	return asked && web().reloading && looks++ > 3;
}

START_TEST(a_reload_command_ends_with_its_worker)
{
	mono_ns began = mono_now();

	begin_web(_i == 1 ? "exit 0" : NULL, "trap '' TERM; sleep 600");
	run(_i == 2 ? asks : asks_and_sees_it_run, 0);
	ck_assert_int_lt(mono_now() - began, 2 * NS_S);
	/* Of what ends the one the other feels nothing. */
	expect_said("worker=web signal=SIGTERM");
}
END_TEST

static bool dies_while_reloading(void)
{
	if (asks_and_sees_it_run() && web().gen == 1 && web().pid > 0)
		kill(web().pid, SIGKILL);
	return web().gen == 2 && web().state == INSTANCE_READY;
}

START_TEST(a_next_run_has_none)
{
	begin_web(NULL, "sleep 600");
	programs[WEB].restart_delay = 0;
	run(dies_while_reloading, 0);
	ck_assert_uint_eq(said("msg=\"worker started\""), 2);
}
END_TEST

static bool is_up(void)
{
	return web().state == INSTANCE_READY;
}

/* Main has gone, and the command that saw to it goes on. */
START_TEST(a_stop_command_is_waited_for)
{
	begin_web("kill -KILL $MAINPID; exec sleep 1.3", NULL);
	run(is_up, 0);
	expect_said("msg=\"still waiting\" phase=stopping waiting_for=\"web (sleep, pid ");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("side");

	tcase_set_timeout(tests, 30);
	tcase_add_test(tests, a_reload_command_is_told_of_main);
	tcase_add_test(tests, a_reload_command_that_fails_is_told);
	tcase_add_loop_test(tests, a_reload_command_that_is_not_there_is_told, 0, 2);
	tcase_add_loop_test(tests, a_reload_command_ends_with_its_worker, 0, 3);
	tcase_add_test(tests, a_next_run_has_none);
	tcase_add_test(tests, a_stop_command_is_waited_for);
	return suite_run("engine/side", tests);
}
