#include "policy/gate.h"

#include "policy/ladder.h"
#include "policy/worker.h"

bool gate_waits(const struct instance *i)
{
	return i->state == INSTANCE_WAITING && i->cause == CAUSE_DEPENDENCY;
}

static void wait_for(struct instance *i, const struct instance_env *env)
{
	uint32_t which = (uint32_t)(env->missing - env->worker->depends_on) + 1;

	i->attempted = i->attempted || env->overdue;
	if (gate_waits(i) && i->waits_for == which)
		return;
	i->deadline = MONO_NEVER;
	i->held = false;
	i->waits_for = which;
	instance_enter(i, env, INSTANCE_WAITING, CAUSE_DEPENDENCY);
}

void gate_rise(struct instance *i, const struct instance_env *env, enum instance_cause cause)
{
	if (env->missing != NULL)
		wait_for(i, env);
	else
		worker_start(i, env, cause);
}

static enum instance_cause cause_of(const struct instance *i, const struct instance_env *env)
{
	if (env->worker->kind == PROGRAM_TASK)
		return CAUSE_DUE;
	return i->gen == 0 ? CAUSE_FIRST_START : CAUSE_RESTART;
}

void gate_look(struct instance *i, const struct instance_env *env)
{
	if (gate_waits(i) && !env->draining)
		gate_rise(i, env, cause_of(i, env));
}

void gate_follow(struct instance *i, const struct instance_env *env)
{
	if (!instance_is_up(i) || env->draining) {
		gate_look(i, env);
		return;
	}
	ladder_begin(i, env, CAUSE_DEPENDENCY_RESTARTED);
	i->wish = WISH_UP;
}
