/* instance - what the policy knows of one instance, and what it is told with each call. */
#ifndef POLICY_INSTANCE_H
#define POLICY_INSTANCE_H

#include "model/fact.h"
#include "model/order.h"
#include "policy/probe.h"
#include "policy/restart.h"

enum stop_step {
	STOP_STEP_NONE,	   /* not stopping */
	STOP_STEP_SPAWN,   /* to be stopped before it was known whether it runs */
	STOP_STEP_COMMAND, /* the stop command runs, main has not been signalled */
	STOP_STEP_MAIN,	   /* the stop signal was sent */
	STOP_STEP_REST,	   /* main has gone, the rest was told */
	STOP_STEP_KILL,	   /* SIGKILL was sent to all, and is again each second */
};

/* What was asked for by hand and comes when the stop under way is over; the last word counts. */
enum wish {
	WISH_NONE, /* what the worker's restart mode says */
	WISH_DOWN, /* to stay down */
	WISH_UP,   /* to be started at once */
};

/*
 * An instance as the policy sees it. All zero but deadline = MONO_NEVER: waiting. Plain data, may
 * be copied.
 */
struct instance {
	enum instance_state state;
	enum instance_cause cause;
	enum stop_step step; /* STOP_STEP_NONE unless stopping */
	enum wish wish;	     /* WISH_NONE unless stopping */
	uint32_t gen;	     /* of the present or last run; 0: none yet */
	uint32_t restarts;   /* starts after the first */
	pid_t pid;	     /* main's; 0 unless main_alive */
	bool spawning;	     /* ordered, the outcome is not known */
	bool main_alive;     /* never together with spawning */
	bool group_empty;    /* main was reaped and nothing of its group is left */
	bool command_alive;  /* the stop command was ordered and has not ended */
	bool reload_alive;   /* the reload command was ordered and has not ended */
	bool to_stop;	     /* by hand, once all that depend on it have stopped */
	bool ready_early;    /* it said so before the outcome of its spawn was known */
	bool met;	     /* ready.when, as far as it is not its probes that say so; this run */
	bool held;	     /* not restarted, or slowly, for a check that is down */
	bool was_ready;	     /* in this run */
	bool attempted;	    /* a run was ready or has ended or was not ready in time, or it was told
			       to stay down: its first attempt is over */
	uint32_t waits_for; /* of depends_on: 1 + the index of what it waits for; 0: nothing */
	struct restart_run run; /* the judgement of the run, once it is over */
	mono_ns since;		/* in this state */
	mono_ns started;	/* this run */
	mono_ns ready_at;	/* since when it is ready, this run; 0: it is not */
	mono_ns deadline;	/* when instance_time is due; MONO_NEVER: not */
	struct restart restart;
};

/* What an instance is told with each call. */
struct instance_env {
	const struct worker_spec *worker;
	uint32_t index;	  /* of the instance, for its orders */
	bool draining;	  /* nothing is started any more */
	mono_ns kill_by;  /* no stop takes longer than to here; MONO_NEVER outside a drain */
	mono_ns run_by;	  /* no run of a oneshot takes longer than to here; MONO_NEVER: it may */
	mono_ns *history; /* restart_decide's */
	uint64_t *chance; /* the jitter's generator */
	struct probe *probes[PROBE_ROLE_COUNT]; /* by role; NULL: the worker has none */
	uint32_t probe_numbers[PROBE_ROLE_COUNT];
	const struct dependency *missing; /* the first dependency for which it is not to be started;
					     NULL: none */
	bool overdue;			  /* and its first attempt is over */
	uint32_t gate; /* the first of depends_on_checks that is down; PROBE_NONE: none */
	mono_ns now;
	struct orders *out; /* room for 8 more each call */
};

/*
 * Enter a state, or stay in it for another cause, and order that it be told. Set the deadline
 * first: it is told too. Leaving INSTANCE_STOPPING clears step and wish; only a live one that is
 * not stopping, or one in backoff, remains held. A reload command that runs is killed when it
 * begins to stop.
 */
void instance_enter(struct instance *instance, const struct instance_env *env,
		    enum instance_state state, enum instance_cause cause);

/*
 * The run is over or about to be ended: judge it now, so that the time its stop takes does not make
 * a long life.
 */
void instance_judge(struct instance *instance, const struct instance_env *env, bool failed);

/* It is ready no more, in a run that goes on: whether it was for long enough is not forgotten. */
void instance_note_calm(struct instance *instance, const struct instance_env *env);

/* True when it is starting, running or ready. */
bool instance_is_up(const struct instance *instance);

/* True when it ends, because it was told to or by its own announcement. */
bool instance_is_leaving(const struct instance *instance);

/* True while a process of it may exist. */
bool instance_is_live(const struct instance *instance);

/* Panics unless its fields agree with each other. */
void instance_check(const struct instance *instance);

#endif
