#include "policy/oneshot.h"

#include "policy/ladder.h"

mono_ns oneshot_limit(const struct instance_env *env)
{
	span_ns limit = env->worker->run_timeout;

	return limit == 0 ? env->run_by : mono_min(mono_add(env->now, limit), env->run_by);
}

void oneshot_begin(struct instance *i, const struct instance_env *env)
{
	i->deadline = oneshot_limit(env);
	instance_enter(i, env, INSTANCE_RUNNING, CAUSE_NONE);
}

void oneshot_late(struct instance *i, const struct instance_env *env)
{
	instance_judge(i, env, true);
	ladder_begin(i, env, CAUSE_RUN_TIMEOUT);
}

/* True when it ended by itself or by its own fault, and not because somebody wanted it to. */
static bool has_outcome(const struct instance *i)
{
	return i->run.failed || i->cause == CAUSE_EXITED;
}

bool oneshot_conclude(struct instance *i, const struct instance_env *env)
{
	enum instance_cause cause = i->cause;
	bool outcome = has_outcome(i) && i->wish == WISH_NONE;

	if (env->worker->kind == PROGRAM_JOB) {
		if (!outcome || i->run.failed)
			return false;
		cause = CAUSE_ENDED_WELL;
	}
	if (!outcome)
		instance_enter(i, env, INSTANCE_STOPPED, cause);
	else if (i->run.failed)
		instance_enter(i, env, INSTANCE_FAILED, cause);
	else
		instance_enter(i, env, INSTANCE_COMPLETED, cause);
	return true;
}
