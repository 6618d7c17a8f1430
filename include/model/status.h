/* status - how the fleet is: what the policy knows, in a form to be shown. */
#ifndef MODEL_STATUS_H
#define MODEL_STATUS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"
#include "model/probe.h"
#include "model/spec.h"

#define FLEET_STATES(X)                                                                            \
	X(FLEET_STARTING, "starting")                                                              \
	X(FLEET_RUNNING, "running")                                                                \
	X(FLEET_DRAINING, "draining") /* readiness is gone, workers still serve */                 \
	X(FLEET_STOPPING, "stopping")                                                              \
	X(FLEET_STOPPED, "stopped")

#define INSTANCE_STATES(X)                                                                         \
	X(INSTANCE_WAITING, "waiting") /* not started yet */                                       \
	X(INSTANCE_STARTING,                                                                       \
	  "starting") /* being started, or its initial condition is not met yet */                 \
	X(INSTANCE_RUNNING, "running") /* it was ready and is not now */                           \
	X(INSTANCE_READY, "ready")                                                                 \
	X(INSTANCE_STOPPING, "stopping")   /* until its group is empty */                          \
	X(INSTANCE_BACKOFF, "backoff")	   /* waits for its next start */                          \
	X(INSTANCE_COMPLETED, "completed") /* ended well and stays down */                         \
	X(INSTANCE_STOPPED, "stopped")	   /* was told to stop */                                  \
	X(INSTANCE_FAILED, "failed")	   /* given up */

/* Why an instance is in its state, as a phrase that follows "web.2 is starting: ". */
#define INSTANCE_CAUSES(X)                                                                         \
	X(CAUSE_NONE, "")                                                                          \
	X(CAUSE_FIRST_START, "first start")                                                        \
	X(CAUSE_RESTART, "restart")                                                                \
	X(CAUSE_EXITED, "the main process ended")                                                  \
	X(CAUSE_SPAWN_FAILED, "could not be started")                                              \
	X(CAUSE_READY_TIMEOUT, "not ready in time")                                                \
	X(CAUSE_WATCHDOG, "watchdog overdue")                                                      \
	X(CAUSE_STARTUP, "the startup probe failed")                                               \
	X(CAUSE_LIVENESS, "the liveness probe failed")                                             \
	X(CAUSE_READINESS, "the readiness probe fails")                                            \
	X(CAUSE_SELF_STOP, "announced its own end")                                                \
	X(CAUSE_RESTART_LIMIT, "too many restarts")                                                \
	X(CAUSE_ENDED_WELL, "ended well")                                                          \
	X(CAUSE_NO_RESTART, "not to be restarted")                                                 \
	X(CAUSE_STARTED_BY_HAND, "started by hand")                                                \
	X(CAUSE_STOPPED_BY_HAND, "stopped by hand")                                                \
	X(CAUSE_RESTARTED_BY_HAND, "restarted by hand")                                            \
	X(CAUSE_RUN_BY_HAND, "run by hand")                                                        \
	X(CAUSE_DEPENDENCY, "a dependency is missing")                                             \
	X(CAUSE_DEPENDENCY_RESTARTED, "a dependency was restarted")                                \
	X(CAUSE_RUN_TIMEOUT, "took too long")                                                      \
	X(CAUSE_DUE, "its time has come")                                                          \
	X(CAUSE_REPLACED, "the next run takes its place")                                          \
	X(CAUSE_LIFESPAN, "its turn in the lifespan")                                              \
	X(CAUSE_DRAIN, "fosterd is stopping")

/* Where a drain is. */
#define DRAIN_PHASES(X)                                                                            \
	X(DRAIN_PHASE_NONE, "none")                                                                \
	X(DRAIN_PHASE_DELAY, "draining") /* readiness is gone, workers still serve */              \
	X(DRAIN_PHASE_STOPPING, "stopping")                                                        \
	X(DRAIN_PHASE_LIFESPAN, "lifespan") /* its stops */

#define STEP_STATES(X)                                                                             \
	X(STEP_WAITING, "waiting") /* not its turn yet */                                          \
	X(STEP_STARTING, "starting")                                                               \
	X(STEP_UP, "up")                                                                           \
	X(STEP_STOPPING, "stopping")                                                               \
	X(STEP_STOPPED, "stopped")

#define HEALTHS(X)                                                                                 \
	X(HEALTH_HEALTHY, "healthy")                                                               \
	X(HEALTH_DEGRADED, "degraded")                                                             \
	X(HEALTH_UNHEALTHY, "unhealthy")

#define X(name, text) name,
enum fleet_state { FLEET_STATES(X) FLEET_STATE_COUNT };
enum instance_state { INSTANCE_STATES(X) INSTANCE_STATE_COUNT };
enum instance_cause { INSTANCE_CAUSES(X) INSTANCE_CAUSE_COUNT };
enum drain_phase { DRAIN_PHASES(X) DRAIN_PHASE_COUNT };
enum step_state { STEP_STATES(X) STEP_STATE_COUNT };
enum health { HEALTHS(X) HEALTH_COUNT };
#undef X

struct drain_status {
	mono_ns started;  /* of the first signal, or of the failure that began the drain */
	mono_ns deadline; /* started + drain.timeout */
	unsigned signals; /* TERM and INT that counted */
	enum drain_phase phase;
};

/* The whole, in numbers that are kept up to date at every step: reading them costs nothing. */
struct status {
	enum fleet_state state;
	mono_ns since;	    /* in this state */
	bool live;	    /* /livez: no worker with on_failed: unhealthy has failed */
	bool ready;	    /* /readyz: running, and every critical worker and check ready */
	bool lifespan_up;   /* every step was started; latched */
	bool started;	    /* /startupz: so, and each critical worker was ready once; latched */
	enum health health; /* /healthz */
	struct drain_status drain; /* all 0 before a drain */
	uint32_t instances_live;   /* instances of which a process may exist */
};

struct worker_status {
	enum health health; /* of this component: unhealthy means down, critical or not */
	bool ready;	    /* at least min_ready instances ready */
	uint32_t n_ready;   /* <= replicas */
};

struct instance_status {
	enum instance_state state;
	enum instance_cause cause;
	mono_ns since;	   /* in this state */
	mono_ns deadline;  /* when time alone changes it; MONO_NEVER: never */
	uint32_t gen;	   /* of the present or last run; 0: none yet */
	pid_t pid;	   /* of the main process; 0: none */
	uint32_t restarts; /* starts after the first */
	bool killing;	   /* SIGKILL was sent, its end is awaited */
	uint32_t held_by;  /* the failing check for which it is not restarted, or restarted slowly;
			      PROBE_NONE: none */
	uint32_t waits_for; /* the program without which it is not started; PROGRAM_NONE: none */
	enum depend_when waits_when;
	bool to_stop;	/* by hand, once all that depend on it have stopped */
	bool reloading; /* its reload command runs */
};

struct task_status {
	enum health health; /* of this component: unhealthy after a run that failed */
	mono_ns next;	    /* when it is due; MONO_NEVER: not any more */
	bool pending;	    /* it is due, and waits for a dependency or for the run before it */
	uint32_t runs;	    /* that were begun */
	uint32_t failures;
	uint32_t skipped;  /* times at which it was not run, because the run before went on */
	mono_ns started;   /* the present or last run; 0: none yet */
	span_ns duration;  /* of the last run that ended */
	bool ran;	   /* a run has ended */
	bool failed;	   /* the last one that ended */
};

struct step_status {
	enum step_state state;
	bool start_failed, stop_failed;
	mono_ns since;	  /* in this state */
	mono_ns deadline; /* of what runs; MONO_NEVER: nothing does */
};

/* One probe of an instance, or the one of a check. */
struct probe_status {
	enum probe_result verdict; /* what its last answers make of it, as kubelet does; before
				      there are enough: liveness success, readiness failure, else
				      unknown */
	enum probe_result last;	   /* the last answer; PROBE_UNKNOWN: none in this run */
	uint32_t streak;	   /* how many in a row were like that */
	bool asking;		   /* a question is under way */
	mono_ns next;		   /* when it is asked next; MONO_NEVER: not */
	mono_ns answered;	   /* when last; 0: never */
	mono_ns last_success;	   /* 0: never */
	span_ns latency;	   /* of the last answer */
};

struct check_status {
	enum health health; /* of this component: unhealthy means down, critical or not */
	bool ready;	    /* its verdict is a success, and not too old to be believed */
	bool stale;	    /* no answer for period + timeout */
	bool slow;	    /* the last success took longer than degraded_above */
	struct probe_status probe;
};

/* The words that /status, logs and scripts use. */
const char *fleet_state_name(enum fleet_state state);
const char *instance_state_name(enum instance_state state);
const char *instance_cause_text(enum instance_cause cause);
const char *drain_phase_name(enum drain_phase phase);
const char *step_state_name(enum step_state state);

/* True when somebody wanted the state to be so. */
bool instance_cause_is_by_hand(enum instance_cause cause);

/* "healthy" ... */
const char *health_name(enum health health);

#endif
