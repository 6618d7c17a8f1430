/* chronicle - what the log says of tasks, steps and jobs, and how little of what happens often. */
#include "engine/chronicle.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/teller.h"
#include "unit/engine_kit.h"
#include "unit/suite.h"

enum { DB, IMPORT, START, STOP, NIGHTLY, OFTEN, PROGRAMS };

static const struct {
	const char *name;
	enum program_kind kind;
} kinds[PROGRAMS] = {
	{"db", PROGRAM_SERVICE},	      {"import", PROGRAM_JOB},	 {"schema.start", PROGRAM_STEP_START},
	{"schema.stop", PROGRAM_STEP_STOP}, {"nightly", PROGRAM_TASK}, {"often", PROGRAM_TASK},
};
static const struct step_spec steps[] = {{.name = "schema"}};
static const struct task_spec tasks[] = {{.name = "nightly", .every = 60 * NS_S}, {.name = "often", .every = 60 * NS_S - 1}};
static struct worker_spec programs[PROGRAMS];
static int log_file;
static struct log *lines;
static struct slots slots;
static struct teller teller;

static void begin(void)
{
	struct err err;

	kit_begin(1);
	for (uint32_t i = 0; i < PROGRAMS; i++) {
		kit_worker(&programs[i], kinds[i].name, i, 1);
		programs[i].kind = kinds[i].kind;
	}
	kit_spec.workers = programs;
	kit_spec.n_workers = 2;
	kit_spec.steps = steps;
	kit_spec.n_steps = 1;
	kit_spec.tasks = tasks;
	kit_spec.n_tasks = 2;
	kit_spec.n_instances = PROGRAMS;
	log_file = memfd_create("log", MFD_CLOEXEC);
	lines = log_new(log_file, LOG_DEBUG, LOG_FORMAT_LOGFMT);
	ck_assert_ptr_nonnull(lines);
	ck_assert_int_eq(slots_init(&slots, &kit_spec, &err), 0);
	ck_assert_int_eq(teller_init(&teller, lines, &slots, &err), 0);
}

static void finish(void)
{
	teller_fini(&teller);
	slots_fini(&slots);
	log_free(&lines);
	close(log_file);
}

/* All that was said since the last call, without the times. */
static const char *said(void)
{
	static char all[64 * 1024], text[64 * 1024];
	ssize_t len = pread(log_file, all, sizeof all - 1, 0);

	ck_assert_int_ge(len, 0);
	all[len] = text[0] = '\0';
	for (char *line = strtok(all, "\n"); line != NULL; line = strtok(NULL, "\n"))
		strcat(strcat(text, strchr(line, ' ') + 1), "\n");
	ck_assert_int_eq(ftruncate(log_file, 0), 0);
	ck_assert_int_eq(lseek(log_file, 0, SEEK_SET), 0);
	return text;
}

static const struct last_exit ended = {.any = true, .spawned = true, .run = 1500 * NS_MS};
static const struct last_exit failed = {.any = true, .spawned = true, .code = 3, .run = 1500 * NS_MS};
static const struct last_exit killed = {.any = true, .spawned = true, .signaled = true, .code = SIGKILL, .run = 9};
static const struct last_exit not_run = {.any = true, .step = SPAWN_STEP_EXEC, .num = ENOENT};

static const struct {
	uint32_t instance;
	enum instance_state state;
	enum instance_cause cause;
	const struct last_exit *last;
	const char *line;
} told[] = {
	{NIGHTLY, INSTANCE_COMPLETED, CAUSE_EXITED, &ended,
	 "level=info msg=\"task run finished\" task=nightly code=0 ran=1s500ms\n"},
	{OFTEN, INSTANCE_COMPLETED, CAUSE_ENDED_WELL, &ended,
	 "level=debug msg=\"task run finished\" task=often code=0 ran=1s500ms\n"},
	{OFTEN, INSTANCE_FAILED, CAUSE_EXITED, &failed, "level=warning msg=\"task run failed\" task=often code=3 ran=1s500ms\n"},
	{OFTEN, INSTANCE_FAILED, CAUSE_RUN_TIMEOUT, &killed,
	 "level=warning msg=\"task run failed\" task=often why=\"took too long\" signal=SIGKILL ran=0s\n"},
	{OFTEN, INSTANCE_FAILED, CAUSE_SPAWN_FAILED, &not_run,
	 "level=warning msg=\"task run failed\" task=often could_not=execute error=\"No such file or directory\"\n"},
	{OFTEN, INSTANCE_FAILED, CAUSE_SPAWN_FAILED, NULL, "level=warning msg=\"task run failed\" task=often\n"},
	{OFTEN, INSTANCE_WAITING, CAUSE_DEPENDENCY, &ended,
	 "level=info msg=\"task waits\" task=often why=\"a dependency is missing\" for=import\n"},
	{OFTEN, INSTANCE_WAITING, CAUSE_NONE, NULL, "level=debug msg=\"task waits\" task=often\n"},
	{OFTEN, INSTANCE_STARTING, CAUSE_DUE, NULL,
	 "level=debug msg=\"task run is being started\" task=often why=\"its time has come\"\n"},
	{OFTEN, INSTANCE_RUNNING, CAUSE_NONE, NULL, ""},
	{OFTEN, INSTANCE_STOPPING, CAUSE_RUN_TIMEOUT, NULL,
	 "level=info msg=\"task run is being ended\" task=often why=\"took too long\" within=3s\n"},
	{OFTEN, INSTANCE_STOPPING, CAUSE_EXITED, NULL, "level=debug msg=\"task run is being ended\" task=often within=3s\n"},
	{OFTEN, INSTANCE_STOPPED, CAUSE_DRAIN, &ended,
	 "level=debug msg=\"task is not run any more\" task=often why=\"fosterd is stopping\"\n"},
	{START, INSTANCE_COMPLETED, CAUSE_EXITED, &ended, "level=info msg=\"step is up\" step=schema half=start code=0 ran=1s500ms\n"},
	{STOP, INSTANCE_COMPLETED, CAUSE_EXITED, &ended, "level=info msg=\"step is down\" step=schema half=stop code=0 ran=1s500ms\n"},
	{START, INSTANCE_FAILED, CAUSE_EXITED, &failed, "level=error msg=\"step failed\" step=schema half=start code=3 ran=1s500ms\n"},
	{STOP, INSTANCE_FAILED, CAUSE_RUN_TIMEOUT, &killed,
	 "level=error msg=\"step failed\" step=schema half=stop why=\"took too long\" signal=SIGKILL ran=0s\n"},
	{START, INSTANCE_STOPPING, CAUSE_DRAIN, NULL,
	 "level=info msg=\"step is being ended\" step=schema half=start why=\"fosterd is stopping\" within=3s\n"},
	{START, INSTANCE_STOPPED, CAUSE_DRAIN, &killed,
	 "level=info msg=\"step was interrupted\" step=schema half=start why=\"fosterd is stopping\" signal=SIGKILL ran=0s\n"},
	{STOP, INSTANCE_STARTING, CAUSE_LIFESPAN, NULL,
	 "level=debug msg=\"step is being started\" step=schema half=stop why=\"its turn in the lifespan\"\n"},
	{START, INSTANCE_STOPPED, CAUSE_DRAIN, NULL,
	 "level=debug msg=\"step was interrupted\" step=schema half=start why=\"fosterd is stopping\"\n"},
	{IMPORT, INSTANCE_RUNNING, CAUSE_NONE, NULL, ""},
	{IMPORT, INSTANCE_COMPLETED, CAUSE_ENDED_WELL, &ended,
	 "level=info msg=\"worker completed\" worker=import why=\"ended well\"\n"},
	{DB, INSTANCE_WAITING, CAUSE_DEPENDENCY, NULL,
	 "level=info msg=\"worker waits\" worker=db why=\"a dependency is missing\" for=import\n"},
	{DB, INSTANCE_WAITING, CAUSE_NONE, NULL, "level=debug msg=\"worker waits\" worker=db\n"},
};

START_TEST(what_becomes_of_them_is_told)
{
	struct order order = {.kind = ORDER_TELL,
			      .instance = told[_i].instance,
			      .state = told[_i].state,
			      .cause = told[_i].cause,
			      .until = told[_i].state == INSTANCE_STOPPING ? 5 * NS_S : MONO_NEVER,
			      .waits_for = told[_i].state == INSTANCE_WAITING ? IMPORT : PROGRAM_NONE,
			      .probe = PROBE_NONE};

	if (told[_i].last != NULL)
		slots_get(&slots, order.instance)->last_exit = *told[_i].last;
	teller_order(&teller, &order, 2 * NS_S);
	ck_assert_str_eq(said(), told[_i].line);
}
END_TEST

START_TEST(starts_and_kills)
{
	slots_get(&slots, START)->pid = 12;
	teller_started(&teller, START);
	ck_assert_str_eq(said(), "level=info msg=\"step started\" step=schema half=start pid=12\n");
	slots_get(&slots, OFTEN)->pid = 13;
	teller_started(&teller, OFTEN);
	ck_assert_str_eq(said(), "level=debug msg=\"task run started\" task=often pid=13\n");
	teller_killed(&teller, OFTEN);
	ck_assert_str_eq(said(), "level=warning msg=\"task run killed\" task=often signal=SIGKILL\n");
	teller_killed(&teller, STOP);
	ck_assert_str_eq(said(), "level=warning msg=\"step killed\" step=schema half=stop signal=SIGKILL\n");
	teller_unprepared(&teller, NIGHTLY, "why");
	ck_assert_str_eq(said(), "level=warning msg=\"a start could not be prepared\" task=nightly error=why\n");
	/* What that means is told with the state that follows. */
	slots_get(&slots, NIGHTLY)->last_exit = ended;
	teller_ended(&teller, NIGHTLY, 1);
	ck_assert_str_eq(said(), "");
}
END_TEST

START_TEST(failures_are_summed_up)
{
	const struct order order = {.kind = ORDER_TELL, .instance = OFTEN, .state = INSTANCE_FAILED,
				    .cause = CAUSE_EXITED, .until = MONO_NEVER};

	slots_get(&slots, OFTEN)->last_exit = failed;
	for (int i = 0; i < 5; i++) {
		teller_order(&teller, &order, NS_S + i);
		ck_assert_ptr_nonnull(strstr(said(), "task run failed"));
	}
	for (int i = 0; i < 7; i++)
		teller_order(&teller, &order, 2 * NS_S + i);
	ck_assert_str_eq(said(), "");
	teller_time(&teller, teller.deadline);
	ck_assert_str_eq(said(), "level=warning msg=\"task runs failed more often than is told\" task=often times=7 "
				 "within=10s last=\"code 3\"\n");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("chronicle");

	tcase_add_checked_fixture(tests, begin, finish);
	tcase_add_loop_test(tests, what_becomes_of_them_is_told, 0, sizeof told / sizeof told[0]);
	tcase_add_test(tests, starts_and_kills);
	tcase_add_test(tests, failures_are_summed_up);
	return suite_run("engine/chronicle", tests);
}
