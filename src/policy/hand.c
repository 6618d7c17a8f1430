#include "policy/hand.h"

#include "policy/gate.h"
#include "policy/ladder.h"

/* Down the ladder by hand; one that is stopping already goes on, and ends as was wished last. */
static void stop_for(struct instance *i, const struct instance_env *env, enum wish wish)
{
	enum instance_cause cause =
		wish == WISH_UP ? CAUSE_RESTARTED_BY_HAND : CAUSE_STOPPED_BY_HAND;

	if (i->state != INSTANCE_STOPPING)
		ladder_begin(i, env, cause);
	/* The ladder goes by the cause of a fault: that one stays. */
	else if (i->cause != cause && instance_cause_is_by_hand(i->cause))
		instance_enter(i, env, INSTANCE_STOPPING, cause);
	i->wish = wish;
}

void hand_start(struct instance *i, const struct instance_env *env)
{
	bool live = instance_is_live(i);

	i->to_stop = false;
	if (env->draining || (live && i->state != INSTANCE_STOPPING))
		return;
	i->restart = (struct restart){0};
	if (live)
		stop_for(i, env, WISH_UP);
	else
		gate_rise(i, env, CAUSE_STARTED_BY_HAND);
}

void hand_stop(struct instance *i, const struct instance_env *env)
{
	/* What a job has done stays done. */
	bool done = env->worker->kind == PROGRAM_JOB && i->state == INSTANCE_COMPLETED;

	i->to_stop = false;
	if (env->draining || i->state == INSTANCE_STOPPED || done)
		return;
	if (instance_is_live(i)) {
		stop_for(i, env, WISH_DOWN);
		return;
	}
	i->attempted = true;
	i->deadline = MONO_NEVER;
	instance_enter(i, env, INSTANCE_STOPPED, CAUSE_STOPPED_BY_HAND);
}

void hand_restart(struct instance *i, const struct instance_env *env)
{
	i->to_stop = false;
	if (env->draining)
		return;
	if (instance_is_live(i))
		stop_for(i, env, WISH_UP);
	else
		hand_start(i, env);
}

void hand_reload(struct instance *i, const struct instance_env *env)
{
	const struct worker_spec *worker = env->worker;
	bool up = i->state == INSTANCE_READY ||
		  (i->state == INSTANCE_RUNNING && !instance_is_leaving(i));

	if (!up || env->draining || i->reload_alive)
		return;
	i->reload_alive = worker->reload_command.argc > 0;
	if (i->reload_alive)
		orders_add(env->out, (struct order){.kind = ORDER_RELOAD_COMMAND,
						    .instance = env->index,
						    .gen = i->gen});
	else if (worker->reload_signal != 0)
		orders_add(env->out, (struct order){.kind = ORDER_SIGNAL,
						    .instance = env->index,
						    .gen = i->gen,
						    .signo = worker->reload_signal,
						    .target = ORDER_TO_MAIN});
}
