/*
 * policy_rig - one instance alone, brought into every situation it can be in, and what an event
 * does to it there.
 */
#ifndef UNIT_POLICY_RIG_H
#define UNIT_POLICY_RIG_H

#include "policy/instance.h"
#include "policy/hand.h"
#include "policy/ladder.h"
#include "policy/worker.h"
#include "policy_kit.h"

struct rig {
	struct worker_spec w;
	struct instance i;
	struct instance_env env;
	mono_ns history[4];
	uint64_t chance;
	struct orders out;
};

/*
 * Readiness by notify in 60 s, a watchdog of 30 s, 10 s to stop; a first restart after 9 ns, too
 * short for jitter.
 */
static inline void rig_init(struct rig *r)
{
	*r = (struct rig){.w = kit_worker("w"), .chance = 1, .out = kit_orders()};
	r->w.success_exit_codes[0] = 1u << 0 | 1u << SIGTERM;
	r->w.restart_delay = 9;
	r->w.ready_when = READY_NOTIFY;
	r->w.watchdog = 30 * NS_S;
	r->i.deadline = MONO_NEVER;
	r->env = (struct instance_env){.worker = &r->w,
				       .index = 3,
				       .kill_by = MONO_NEVER,
				       .run_by = MONO_NEVER,
				       .gate = PROBE_NONE,
				       .history = r->history,
				       .chance = &r->chance,
				       .now = T0,
				       .out = &r->out};
}

static inline void rig_fact(struct rig *r, struct fact fact)
{
	fact.instance = r->env.index;
	fact.gen = r->i.gen;
	worker_fact(&r->i, &r->env, &fact);
	instance_check(&r->i);
}

static inline void rig_time(struct rig *r)
{
	r->env.now = r->i.deadline;
	worker_time(&r->i, &r->env);
	instance_check(&r->i);
}

static inline void rig_start(struct rig *r)
{
	worker_begin(&r->i, &r->env);
	rig_fact(r, (struct fact){.kind = FACT_SPAWNED, .pid = 77});
}

static inline void rig_exit(struct rig *r, int code, bool empty)
{
	rig_fact(r, (struct fact){.kind = FACT_EXITED, .code = code, .empty = empty});
}

#define SITUATIONS(X)                                                                              \
	X(WAITING, "waiting")                                                                      \
	X(SPAWNING, "spawning") /* starting, the outcome of the spawn is not known */              \
	X(STARTING, "starting")                                                                    \
	X(READY, "ready")                                                                          \
	X(RUNNING, "running")                                                                      \
	X(STOP_SPAWN, "stop/spawn") /* the ladder's steps */                                       \
	X(STOP_COMMAND, "stop/command")                                                            \
	X(STOP_ALONE, "stop/alone") /* main has gone, the stop command has not */                  \
	X(STOP_MAIN, "stop/main")                                                                  \
	X(STOP_REST, "stop/rest")                                                                  \
	X(STOP_KILL, "stop/kill")                                                                  \
	X(HAND_DOWN, "stopped by hand")                                                            \
	X(HAND_UP, "restarted by hand")                                                            \
	X(BACKOFF, "backoff")                                                                      \
	X(COMPLETED, "completed")                                                                  \
	X(STOPPED, "stopped")                                                                      \
	X(FAILED, "failed")

enum situation {
#define X(name, text) IN_##name,
	SITUATIONS(X)
#undef X
		SITUATION_COUNT
};

static inline void rig_enter_stop(struct rig *r, enum situation situation)
{
	bool command = situation == IN_STOP_COMMAND || situation == IN_STOP_ALONE;

	r->w.stop_command =
		command ? (struct command){.argv = kit_argv, .argc = 1} : (struct command){0};
	if (situation == IN_STOP_SPAWN)
		worker_begin(&r->i, &r->env);
	else
		rig_start(r);
	if (situation == IN_STOP_REST)
		rig_exit(r, 1, false);
	else
		rig_time(r); /* not ready in time */
	if (situation == IN_STOP_ALONE)
		rig_exit(r, 0, true);
	else if (situation == IN_STOP_KILL)
		rig_time(r);
}

static inline void rig_enter_run(struct rig *r, enum situation situation)
{
	if (situation == IN_SPAWNING) {
		worker_begin(&r->i, &r->env);
		return;
	}
	rig_start(r);
	if (situation == IN_STARTING)
		return;
	rig_fact(r, (struct fact){.kind = FACT_READY});
	if (situation == IN_RUNNING)
		rig_fact(r, (struct fact){.kind = FACT_STOPPING});
}

/* At the ladder's signal, out of readiness. */
static inline void rig_enter_hand(struct rig *r, enum situation situation)
{
	rig_start(r);
	rig_fact(r, (struct fact){.kind = FACT_READY});
	if (situation == IN_HAND_DOWN)
		hand_stop(&r->i, &r->env);
	else
		hand_restart(&r->i, &r->env);
}

static inline void rig_enter_end(struct rig *r, enum situation situation)
{
	if (situation == IN_STOPPED) {
		worker_hold(&r->i, &r->env);
		return;
	}
	if (situation == IN_COMPLETED)
		r->w.restart = RESTART_ON_FAILURE;
	else if (situation == IN_FAILED)
		r->w.restart = RESTART_NEVER;
	rig_start(r);
	rig_exit(r, situation == IN_COMPLETED ? 0 : 1, true);
}

/* From the beginning into the situation; what was ordered on the way is forgotten. */
static inline void rig_enter(struct rig *r, enum situation situation)
{
	rig_init(r);
	if (situation >= IN_STOP_SPAWN && situation <= IN_STOP_KILL)
		rig_enter_stop(r, situation);
	else if (situation == IN_HAND_DOWN || situation == IN_HAND_UP)
		rig_enter_hand(r, situation);
	else if (situation >= IN_SPAWNING && situation <= IN_RUNNING)
		rig_enter_run(r, situation);
	else if (situation != IN_WAITING)
		rig_enter_end(r, situation);
	r->out.count = 0;
}

/*
 * "stopping/main=up! 9.5 tell=stopping TERM>main": state, step, wish, "!" for a run judged as
 * failed, seconds to its deadline ("-": none), orders. Returns buf.
 */
static inline const char *rig_describe(struct rig *r, char *buf, size_t size)
{
	static const char *const steps[] = {"", "/spawn", "/command", "/main", "/rest", "/kill"};
	static const char *const wishes[] = {"", "=down", "=up"};
	char orders[256];
	struct text text;

	text_init(&text, buf, size);
	text_add(&text, "%s%s%s%s", instance_state_name(r->i.state), steps[r->i.step],
		 wishes[r->i.wish], r->i.run.failed ? "!" : "");
	if (r->i.deadline == MONO_NEVER)
		text_add(&text, " -");
	else
		text_add(&text, " %g", (double)(r->i.deadline - r->env.now) / NS_S);
	text_add(&text, "%s", kit_describe(&r->out, orders, sizeof orders));
	return buf;
}

#endif
