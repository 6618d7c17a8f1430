#include "policy/hand.h"

#include "policy/ladder.h"
#include "policy/worker.h"

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

	if (env->draining || (live && i->state != INSTANCE_STOPPING))
		return;
	i->restart = (struct restart){0};
	if (live)
		stop_for(i, env, WISH_UP);
	else
		worker_rise(i, env, CAUSE_STARTED_BY_HAND);
}

void hand_stop(struct instance *i, const struct instance_env *env)
{
	if (env->draining || i->state == INSTANCE_STOPPED)
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
	if (env->draining)
		return;
	if (instance_is_live(i))
		stop_for(i, env, WISH_UP);
	else
		hand_start(i, env);
}
