/* engine_plan - a whole engine with one worker, a step of the lifespan and a task. */
#ifndef UNIT_ENGINE_PLAN_H
#define UNIT_ENGINE_PLAN_H

#include "engine/supervisor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "sys/limits.h"
#include "sys/reap.h"
#include "sys/signals.h"
#include "sys/stamp.h"
#include "unit/engine_kit.h"
#include "unit/suite.h"

enum { WEB, START, STOP, TASK, PROGRAMS };

static struct worker_spec programs[PROGRAMS];
static const char *scripts[PROGRAMS][4];
static const struct step_spec steps[] = {{.name = "schema"}};
static struct task_spec tasks[] = {{.name = "vacuum"}};
static struct heritage heritage;
static struct log *lines;
static struct supervisor *supervisor;
static int signal_fd, log_file;
static char runtime_dir[] = "/tmp/fosterd-unit.XXXXXX";
static bool (*look)(void);

static inline mono_ns on_turn(void *data, const struct turn *turn)
{
	(void)data;
	(void)turn;
	return MONO_NEVER;
}

static inline void make_program(uint32_t at, const char *name, enum program_kind kind,
				const char *script)
{
	scripts[at][0] = "/bin/sh";
	scripts[at][1] = "-c";
	scripts[at][2] = script;
	kit_worker(&programs[at], name, at, 1);
	programs[at].kind = kind;
	programs[at].command = (struct command){.argv = scripts[at], .argc = 3, .shell = true};
	programs[at].restart = kind == PROGRAM_SERVICE ? RESTART_ALWAYS : RESTART_NEVER;
	programs[at].success_exit_codes[0] = 1;
	programs[at].stop_to = STOP_TO_GROUP;
	programs[at].stop_timeout = 2 * NS_S;
	programs[at].run_timeout = kind == PROGRAM_SERVICE ? 0 : 20 * NS_S;
}

/* web that sleeps, a step and a task; a test changes what it needs before run(). */
static inline void begin(void)
{
	kit_begin(1);
	make_program(WEB, "web", PROGRAM_SERVICE, "exec sleep 600");
	make_program(START, "schema.start", PROGRAM_STEP_START, "exit 0");
	make_program(STOP, "schema.stop", PROGRAM_STEP_STOP, "exit 0");
	make_program(TASK, "vacuum", PROGRAM_TASK, "exit 0");
	tasks[0] = (struct task_spec){.name = "vacuum", .every = 3600 * NS_S, .run_at_start = true};
	kit_spec.workers = programs;
	kit_spec.n_workers = 1;
	kit_spec.n_levels = 1;
	kit_spec.n_instances = PROGRAMS;
	kit_spec.steps = steps;
	kit_spec.n_steps = 1;
	kit_spec.tasks = tasks;
	kit_spec.n_tasks = 1;
	kit_spec.drain_reserve = 5 * NS_S;
	kit_spec.runtime_dir = runtime_dir;
	kit_spec.state_dir = runtime_dir;
}

static inline void on_look(struct ev_loop *loop, ev_prepare *prepare, int events)
{
	(void)events;
	if (!look())
		return;
	ev_prepare_stop(loop, prepare);
	raise(SIGTERM);
}

static inline void make_supervisor(void)
{
	struct err err = {0};

	signals_block(&heritage.mask);
	sigemptyset(&heritage.mask);
	ck_assert_int_eq(reap_adopt_orphans(), 0);
	limits_inherit(&heritage);
	log_file = memfd_create("log", MFD_CLOEXEC);
	lines = log_new(log_file, LOG_DEBUG, LOG_FORMAT_LOGFMT);
	signal_fd = signals_open(&err);
	ck_assert_int_ne(signal_fd, -1);
	ck_assert_ptr_nonnull(mkdtemp(runtime_dir));
	supervisor = supervisor_new(&(struct supervisor_config){.spec = &kit_spec,
								.log = lines,
								.heritage = &heritage,
								.signal_fd = signal_fd,
								.seed = 1,
								.turn = on_turn},
				    &err);
	ck_assert_msg(supervisor != NULL, "%s", err.text);
}

/* All of the log. */
static inline const char *said_all(void)
{
	static char text[4 * 1024 * 1024];
	ssize_t len = pread(log_file, text, sizeof text - 1, 0);

	ck_assert_int_ge(len, 0);
	text[len] = '\0';
	return text;
}

/* Run until the look has seen all it wants, and to the end of the drain that follows. */
static inline void run(bool (*each_turn)(void), int code)
{
	ev_prepare prepare;

	make_supervisor();
	look = each_turn;
	ev_prepare_init(&prepare, on_look);
	ev_set_priority(&prepare, EV_MINPRI);
	ev_prepare_start(supervisor_loop(supervisor), &prepare);
	int ended = supervisor_run(supervisor);
	ck_assert_msg(ended == code, "code %d\n%s", ended, said_all());
	supervisor_free(&supervisor);
	/* Who wrote a stamp has just ended. */
	while (waitpid(-1, NULL, 0) != -1)
		continue;
	log_free(&lines);
	fd_close(&signal_fd);
	/* Only what was to be kept is left behind. */
	ck_assert_int_eq(rmdir(runtime_dir), 0);
}

/* How often the log says it. */
static inline unsigned said(const char *what)
{
	unsigned count = 0;

	for (const char *at = said_all(); (at = strstr(at, what)) != NULL; at++)
		count++;
	return count;
}

static inline void expect_said(const char *what)
{
	ck_assert_msg(said(what) > 0, "not said: %s\nbut:\n%s", what, said_all());
}

static inline struct task_view task(void)
{
	struct task_view view;

	supervisor_task(supervisor, 0, &view);
	return view;
}

static inline struct step_view step(void)
{
	struct step_view view;

	supervisor_step(supervisor, 0, &view);
	return view;
}

static inline bool has_run(void)
{
	return task().status.ran;
}

#endif
