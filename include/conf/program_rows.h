/*
 * program_rows - rows of the option table: what waits for what, reloads, the lifespan, tasks.
 *
 * Nothing but table.c includes this.
 */
#ifndef CONF_PROGRAM_ROWS_H
#define CONF_PROGRAM_ROWS_H

#include "conf/draft.h"
#include "conf/option.h"

#define PROGRAM_DAY (86400 * NS_S)

#define PROGRAM_AT(scopes_, member) .scopes = (scopes_), .offset = offsetof(struct draft, member)
#define PROGRAM_WORDS(...)	    .words = (const char *const[]){__VA_ARGS__, NULL}, .unit = ""
#define PROGRAM_BOUNDS(min_, max_)  .min = (min_), .max = (max_), .unit = "duration"

/* What it waits for. */
#define DEPEND_ROWS                                                                                \
	[OPTION_DEPENDS_ON] = {                                                                    \
		"depends_on",                                                                      \
		PROGRAM_AT(SCOPE_DEFAULTS | SCOPE_WORKER | SCOPE_TASK, depends_on),                \
		.kind = KIND_DEPENDS, .unit = "", .fallback = "[]",                                \
		.help = "Workers without which it is not started, the first time and each "        \
			"further: a list of those that must be ready, or a map of what each "      \
			"must be. `started`: its program runs. `ready`: the worker is ready. "     \
			"`completed`: it is a job, and all of it has completed. When fosterd "     \
			"stops, it is stopped before them.",                                       \
		.example = "{db: ready, migrate: completed}",                                      \
	},                                                                                         \
	[OPTION_ON_DEPENDENCY_RESTART] = {                                                         \
		"on_dependency_restart",                                                           \
		PROGRAM_AT(SCOPE_DEFAULTS | SCOPE_WORKER, on_dependency_restart),                  \
		.kind = KIND_WORD, PROGRAM_WORDS("keep", "restart"), .fallback = "keep",           \
		.help = "What follows when something that it depends on is started again. "        \
			"`keep`: nothing. `restart`: it is stopped, and started again as soon "    \
			"as `depends_on` allows.",                                                 \
	}

/* How it is told to read its configuration. */
#define RELOAD_ROWS                                                                                \
	[OPTION_RELOAD_SIGNAL] = {                                                                 \
		"reload.signal", PROGRAM_AT(SCOPE_DEFAULTS | SCOPE_WORKER, spec.reload_signal),    \
		.kind = KIND_SIGNAL, .min = 1, .max = 64, .unit = "", .unset = "none",             \
		.help = "The signal by which it reads its configuration anew, sent to its main "   \
			"process when somebody asks for a reload of it.",                          \
		.example = "HUP",                                                                  \
	},                                                                                         \
	[OPTION_RELOAD_COMMAND] = {                                                                \
		"reload.command", PROGRAM_AT(SCOPE_DEFAULTS | SCOPE_WORKER, spec.reload_command),  \
		.kind = KIND_COMMAND, .unit = "", .fallback = "[]",                                \
		.help = "A program that is run for that instead of a signal, with MAINPID in "     \
			"its environment. Specifiers are filled in.",                              \
		.example = "[/usr/sbin/nginx, -s, reload]",                                        \
	}

#define STEP_ROWS                                                                                  \
	[OPTION_STEP_NAME] = {                                                                     \
		"name", PROGRAM_AT(SCOPE_STEP, spec.name), .kind = KIND_TEXT,                      \
		.min = 1, .max = 63, .unit = "", .unset = "required",                              \
		.help = "What the step is called; no two steps have the same name.",               \
		.example = "schema",                                                               \
	},                                                                                         \
	[OPTION_STEP_START_COMMAND] = {                                                            \
		"start.command", PROGRAM_AT(SCOPE_STEP, spec.command), .kind = KIND_COMMAND,       \
		.unit = "", .unset = "none",                                                       \
		.help = "A program that is run to its end before the next step and the workers "   \
			"are begun. When it fails nothing further is started: the stops of "       \
			"all steps that were begun are run, its own as well, and fosterd "         \
			"exits with 12. A step has this or `stop.command`, or both.",              \
		.example = "[/srv/shop/migrate, up]",                                              \
	},                                                                                         \
	[OPTION_STEP_START_TIMEOUT] = {                                                            \
		"start.timeout", PROGRAM_AT(SCOPE_STEP, spec.run_timeout), .kind = KIND_SPAN,      \
		PROGRAM_BOUNDS(NS_MS, PROGRAM_DAY), .fallback = "60s",                             \
		.help = "How long that may take. Then it gets SIGTERM, 2s later SIGKILL, and "     \
			"has failed.",                                                             \
	},                                                                                         \
	[OPTION_STEP_STOP_COMMAND] = {                                                             \
		"stop.command", PROGRAM_AT(SCOPE_STEP, spec.stop_command), .kind = KIND_COMMAND,   \
		.unit = "", .unset = "none",                                                       \
		.help = "A program that is run when all workers and tasks have gone, the last "    \
			"step's first: once for each step that was begun, however fosterd "        \
			"ends. When it fails, fosterd exits with 13.",                             \
		.example = "[/srv/shop/migrate, close]",                                           \
	},                                                                                         \
	[OPTION_STEP_STOP_TIMEOUT] = {                                                             \
		"stop.timeout", PROGRAM_AT(SCOPE_STEP, step_stop_timeout), .kind = KIND_SPAN,      \
		PROGRAM_BOUNDS(NS_MS, PROGRAM_DAY), .fallback = "10s",                             \
		.help = "How long that may take, if so much is left of `drain.timeout`; see "      \
			"`drain.reserve`.",                                                        \
	}

#define TASK_ROWS                                                                                  \
	[OPTION_TASK_EVERY] = {                                                                    \
		"every", PROGRAM_AT(SCOPE_TASK, task.every), .kind = KIND_SPAN,                    \
		PROGRAM_BOUNDS(100 * NS_MS, 365 * PROGRAM_DAY), .unset = "required",               \
		.help = "The time from one run to the next, counted from the moment at which "     \
			"workers may start. Runs that were missed are not made up for.",           \
		.example = "5m",                                                                   \
	},                                                                                         \
	[OPTION_TASK_JITTER] = {                                                                   \
		"jitter", PROGRAM_AT(SCOPE_TASK, task.jitter), .kind = KIND_SPAN,                  \
		PROGRAM_BOUNDS(0, 364 * PROGRAM_DAY), .fallback = "0s",                            \
		.help = "Each run is later than its time by a random part of this; less than "     \
			"`every`.",                                                                \
	},                                                                                         \
	[OPTION_TASK_TIMEOUT] = {                                                                  \
		"timeout", PROGRAM_AT(SCOPE_TASK, spec.run_timeout), .kind = KIND_SPAN,            \
		PROGRAM_BOUNDS(NS_MS, 365 * PROGRAM_DAY), .unset = "as long as `every`",           \
		.help = "How long a run may take. Then all of it is stopped as `stop` says, "      \
			"and the run has failed.",                                                 \
		.example = "1m",                                                                   \
	},                                                                                         \
	[OPTION_TASK_OVERLAP] = {                                                                  \
		"overlap", PROGRAM_AT(SCOPE_TASK, task.overlap), .kind = KIND_WORD,                \
		PROGRAM_WORDS("skip", "queue", "replace"), .fallback = "skip",                     \
		.help = "What becomes of a run whose time comes while another goes on. "           \
			"`skip`: it is left out. `queue`: one follows at once. `replace`: the "    \
			"one that goes on is stopped for it.",                                     \
	},                                                                                         \
	[OPTION_TASK_ON_DRAIN] = {                                                                 \
		"on_drain", PROGRAM_AT(SCOPE_TASK, on_drain), .kind = KIND_WORD,                   \
		PROGRAM_WORDS("finish", "cancel"), .fallback = "finish",                           \
		.help = "What becomes of a run that goes on when fosterd stops. `finish`: it "     \
			"goes on for its share of `drain.timeout`. `cancel`: it is stopped at "    \
			"once.",                                                                   \
	},                                                                                         \
	[OPTION_TASK_RUN_AT_START] = {                                                             \
		"run_at_start", PROGRAM_AT(SCOPE_TASK, task.run_at_start), .kind = KIND_BOOL,      \
		.unit = "", .fallback = "false",                                                   \
		.help = "Whether there is a run at the moment at which workers may start, too.",   \
	},                                                                                         \
	[OPTION_TASK_PERSISTENT] = {                                                               \
		"persistent", PROGRAM_AT(SCOPE_TASK, task.persistent), .kind = KIND_BOOL,          \
		.unit = "", .fallback = "false",                                                   \
		.help = "Whether the time of the last run is kept when fosterd is started "        \
			"anew: then `every` counts from there, and what is overdue runs at "       \
			"once.",                                                                   \
	},                                                                                         \
	[OPTION_TASK_CRITICAL] = {                                                                 \
		"critical", PROGRAM_AT(SCOPE_TASK, spec.critical), .kind = KIND_BOOL,              \
		.unit = "", .fallback = "false",                                                   \
		.help = "When its last run has failed, fosterd is unhealthy with `true`, only "    \
			"degraded with `false`. It is ready in both cases.",                       \
	}

#endif
