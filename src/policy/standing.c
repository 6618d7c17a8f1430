#include "policy/standing.h"

#include "base/must.h"
#include "policy/ladder.h"
#include "policy/vitals.h"

bool standing_is_up(const struct instance *i)
{
	return i->state == INSTANCE_READY ||
	       (i->state == INSTANCE_RUNNING && !instance_is_leaving(i));
}

static mono_ns after(const struct instance_env *env, span_ns span)
{
	return span == 0 ? MONO_NEVER : mono_add(env->now, span);
}

static void become_ready(struct instance *i, const struct instance_env *env)
{
	i->was_ready = true;
	i->attempted = true;
	i->ready_at = env->now;
	/* The watchdog goes on while only a probe fails. */
	if (i->state == INSTANCE_STARTING)
		i->deadline = after(env, env->worker->watchdog);
	instance_enter(i, env, INSTANCE_READY, CAUSE_NONE);
}

static void be_unready(struct instance *i, const struct instance_env *env)
{
	enum instance_cause cause = i->held ? CAUSE_LIVENESS : CAUSE_READINESS;

	if (i->state == INSTANCE_READY)
		instance_note_calm(i, env);
	/* That readiness is all that fails is no news of one that was not ready. */
	if (i->state == INSTANCE_READY || (i->held && i->cause != cause))
		instance_enter(i, env, INSTANCE_RUNNING, cause);
	i->cause = cause;
}

/* Make its state what its condition, its probes and its being held say. */
static void settle(struct instance *i, const struct instance_env *env)
{
	bool well = i->met && !i->held && vitals_is_well(env);

	if (!i->main_alive)
		return;
	if (well &&
	    (i->state == INSTANCE_STARTING || (i->state == INSTANCE_RUNNING && standing_is_up(i))))
		become_ready(i, env);
	else if (!well && standing_is_up(i))
		be_unready(i, env);
}

void standing_begin(struct instance *i, const struct instance_env *env)
{
	MUST(i->main_alive && i->state == INSTANCE_STARTING);
	vitals_begin(i, env);
	i->deadline = after(env, env->worker->ready_timeout);
	i->met = env->worker->ready_when == READY_STARTED ||
		 env->worker->ready_when == READY_PROBE || i->ready_early;
	settle(i, env);
}

void standing_met(struct instance *i, const struct instance_env *env)
{
	i->met = true;
	settle(i, env);
}

static void hold(struct instance *i, const struct instance_env *env, enum instance_cause cause)
{
	i->held = true;
	i->attempted = true;
	if (i->state == INSTANCE_STARTING) {
		i->deadline = MONO_NEVER;
		instance_enter(i, env, INSTANCE_STARTING, cause);
	}
	settle(i, env);
}

static void release(struct instance *i, const struct instance_env *env)
{
	i->held = false;
	settle(i, env);
	if (i->state != INSTANCE_STARTING)
		return;
	i->deadline = after(env, env->worker->ready_timeout);
	instance_enter(i, env, INSTANCE_STARTING, i->gen == 1 ? CAUSE_FIRST_START : CAUSE_RESTART);
}

static void fail(struct instance *i, const struct instance_env *env, enum probe_role role)
{
	enum instance_cause cause = role == PROBE_STARTUP ? CAUSE_STARTUP : CAUSE_LIVENESS;

	if (i->held)
		return;
	if (env->gate != PROBE_NONE) {
		hold(i, env, cause);
		return;
	}
	instance_judge(i, env, true);
	ladder_begin(i, env, cause);
}

void standing_probed(struct instance *i, const struct instance_env *env, enum probe_role role,
		     const struct fact *fact)
{
	/* Of one that is leaving, readiness is asked for those who look, and changes nothing. */
	if (!vitals_answer(i, env, role, fact) || instance_is_leaving(i))
		return;
	if (role != PROBE_READINESS && env->probes[role]->verdict == PROBE_FAILURE)
		fail(i, env, role);
	else if (i->held && !vitals_has_failed(env))
		release(i, env);
	else
		settle(i, env);
}

void standing_gate(struct instance *i, const struct instance_env *env)
{
	mono_ns soon = mono_add(env->now, env->worker->restart_delay);

	if (!i->held || env->gate != PROBE_NONE)
		return;
	if (i->state != INSTANCE_BACKOFF) {
		vitals_forgive(env);
		release(i, env);
		return;
	}
	i->held = false;
	i->deadline = mono_min(i->deadline, soon);
	instance_enter(i, env, INSTANCE_BACKOFF, i->cause);
}

void standing_late(struct instance *i, const struct instance_env *env)
{
	bool only_unready = i->main_alive && i->met && vitals_is_started(env);

	if (only_unready && !env->worker->has_ready_timeout) {
		i->attempted = true;
		i->deadline = MONO_NEVER;
		instance_enter(i, env, INSTANCE_STARTING, CAUSE_READY_TIMEOUT);
		return;
	}
	instance_judge(i, env, true);
	ladder_begin(i, env, CAUSE_READY_TIMEOUT);
}
