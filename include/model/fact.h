/* fact - something that happened: the only way in which news reaches the policy. */
#ifndef MODEL_FACT_H
#define MODEL_FACT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"
#include "model/probe.h"

#define FACT_KINDS(X)                                                                              \
	X(FACT_TIME, "time")	       /* nothing but time; due deadlines are acted on */          \
	X(FACT_BEGIN, "begin")	       /* start-up is over, workers may be started */              \
	X(FACT_TERMINATE, "terminate") /* SIGTERM or SIGINT came, or a drain was asked for */      \
	X(FACT_PROBED, "probed")       /* a probe has been answered */                             \
	X(FACT_PROBE_NOW, "probe-now") /* by hand: a check is not to wait for its period */        \
	X(FACT_LAST_RUN, "last-run")   /* before begin: a task that is persistent last ran then */ \
	X(FACT_RUN, "run-task")	       /* by hand: a task is to run */                             \
	X(FACT_RELOAD, "reload")       /* by hand: it is to read its configuration anew */         \
	X(FACT_START, "start")	       /* by hand: it is to run, without any wait */               \
	X(FACT_STOP, "stop")	       /* by hand: it is to end and to stay down */                \
	X(FACT_RESTART, "restart")     /* by hand: it is to end and to run again */                \
	X(FACT_SPAWNED, "spawned")     /* the program runs */                                      \
	X(FACT_SPAWN_FAILED, "spawn-failed") /* no process is there; failure tells why */          \
	X(FACT_EXITED, "exited")	     /* the main process was reaped */                     \
	X(FACT_EMPTY, "empty")		     /* the last process of the group has gone */          \
	X(FACT_STOP_COMMAND_DONE, "stop-command-done")	   /* it ended, or could not be started */ \
	X(FACT_RELOAD_COMMAND_DONE, "reload-command-done") /* the same of the other command */     \
	X(FACT_READY, "ready")	     /* READY=1, or a newline on the readiness descriptor */       \
	X(FACT_STOPPING, "stopping") /* STOPPING=1: it is ending by its own will */                \
	X(FACT_EXTEND, "extend")     /* EXTEND_TIMEOUT_USEC= */                                    \
	X(FACT_WATCHDOG, "watchdog") /* WATCHDOG=1 */                                              \
	X(FACT_WATCHDOG_TRIGGER, "watchdog-trigger") /* it asks to be treated as hung */

enum fact_kind {
#define X(name, text) name,
	FACT_KINDS(X)
#undef X
		FACT_KIND_COUNT
};

/* Kinds from FACT_SPAWNED on are about one run: instance and gen name it, and news of an older run
 * is dropped. What comes by hand is about an instance, whatever its run. */
struct fact {
	enum fact_kind kind;
	uint32_t instance;
	uint32_t gen;	/* of the run; 1 is an instance's first */
	pid_t pid;	/* FACT_SPAWNED; > 0 */
	bool cancelled; /* FACT_SPAWN_FAILED: not tried, because the policy no longer wanted it */
	bool empty;	/* FACT_EXITED: nothing of the group is left */
	bool signaled;	/* FACT_EXITED: ended by a signal */
	int code;	/* FACT_EXITED: exit status 0 ... 255, or the signal's number */
	bool with_dependents; /* FACT_STOP: first all that depend on it, in order */
	span_ns span;	      /* FACT_EXTEND: from now; FACT_PROBED: it took; FACT_LAST_RUN: ago */
	uint32_t probe;	      /* FACT_PROBED, FACT_PROBE_NOW */
	uint32_t serial;      /* FACT_PROBED: of the ORDER_PROBE that is answered */
	enum probe_result result; /* FACT_PROBED */
};

/* The kind's name as .sim scripts and logs use it. */
const char *fact_kind_name(enum fact_kind kind);

/* True when the kind is about one run of one instance; when it is somebody's wish for one. */
bool fact_kind_is_run(enum fact_kind kind);
bool fact_kind_is_by_hand(enum fact_kind kind);

#endif
