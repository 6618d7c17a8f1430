#include "policy/instance.h"

#include <signal.h>

#include "base/must.h"

static void end_reload(const struct instance *i, const struct instance_env *env)
{
	orders_add(env->out, (struct order){.kind = ORDER_SIGNAL,
					    .instance = env->index,
					    .gen = i->gen,
					    .signo = SIGKILL,
					    .target = ORDER_TO_RELOAD});
}

void instance_enter(struct instance *i, const struct instance_env *env, enum instance_state state,
		    enum instance_cause cause)
{
	if (i->state != state)
		i->since = env->now;
	if (state == INSTANCE_STOPPING && i->state != state && i->reload_alive)
		end_reload(i, env);
	i->state = state;
	i->cause = cause;
	if (state != INSTANCE_STOPPING) {
		i->step = STOP_STEP_NONE;
		i->wish = WISH_NONE;
	}
	if (instance_is_leaving(i) || state > INSTANCE_BACKOFF)
		i->held = false;
	if (state != INSTANCE_WAITING)
		i->waits_for = 0;
	orders_add(env->out,
		   (struct order){.kind = ORDER_TELL,
				  .instance = env->index,
				  .gen = i->gen,
				  .state = state,
				  .cause = cause,
				  .probe = i->held ? env->gate : PROBE_NONE,
				  .waits_for = cause == CAUSE_DEPENDENCY ? env->missing->worker
									 : PROGRAM_NONE,
				  .until = i->deadline});
}

void instance_note_calm(struct instance *i, const struct instance_env *env)
{
	span_ns ready = i->ready_at != 0 ? env->now - i->ready_at : 0;

	i->run.calm = i->run.calm || restart_run_is_calm(env->worker, env->now - i->started, ready);
	i->ready_at = 0;
}

void instance_judge(struct instance *i, const struct instance_env *env, bool failed)
{
	i->run.failed = failed;
	instance_note_calm(i, env);
}

bool instance_is_up(const struct instance *i)
{
	return i->state == INSTANCE_STARTING || i->state == INSTANCE_RUNNING ||
	       i->state == INSTANCE_READY;
}

bool instance_is_leaving(const struct instance *i)
{
	return i->state == INSTANCE_STOPPING ||
	       (i->state == INSTANCE_RUNNING && i->cause == CAUSE_SELF_STOP);
}

bool instance_is_live(const struct instance *i)
{
	return i->spawning || i->main_alive || i->command_alive || i->reload_alive ||
	       (i->state == INSTANCE_STOPPING && !i->group_empty);
}

void instance_check(const struct instance *i)
{
	bool live = instance_is_live(i);

	MUST(!(i->spawning && i->main_alive));
	MUST(!(i->group_empty && (i->spawning || i->main_alive)));
	MUST((i->pid != 0) == i->main_alive);
	MUST((i->step != STOP_STEP_NONE) == (i->state == INSTANCE_STOPPING));
	MUST(i->wish == WISH_NONE || i->state == INSTANCE_STOPPING);
	MUST(!i->command_alive || i->state == INSTANCE_STOPPING);
	MUST(!i->reload_alive || i->state == INSTANCE_READY || i->state == INSTANCE_RUNNING ||
	     i->state == INSTANCE_STOPPING);
	MUST((i->waits_for != 0) == (i->state == INSTANCE_WAITING && i->cause == CAUSE_DEPENDENCY));
	MUST(!i->to_stop || instance_is_up(i));
	MUST(!i->held || i->main_alive || i->state == INSTANCE_BACKOFF);
	MUST(!i->held || !instance_is_leaving(i));
	MUST(i->state != INSTANCE_READY || (i->met && !i->held));
	MUST(i->gen == 0 ? i->restarts == 0 : i->restarts == i->gen - 1);
	MUST(i->gen > 0 || i->state == INSTANCE_WAITING || i->state == INSTANCE_STOPPED);
	switch (i->state) {
	case INSTANCE_STARTING:
		MUST(i->spawning || i->main_alive);
		break;
	case INSTANCE_READY:
		MUST(i->main_alive && i->was_ready && i->attempted);
		break;
	case INSTANCE_RUNNING:
		/* A oneshot runs without ever being ready. */
		MUST(i->main_alive && (i->attempted || !i->was_ready));
		break;
	case INSTANCE_STOPPING:
		MUST(live && i->deadline != MONO_NEVER);
		break;
	case INSTANCE_BACKOFF:
		MUST(!live && i->deadline != MONO_NEVER);
		break;
	case INSTANCE_WAITING:
	case INSTANCE_COMPLETED:
	case INSTANCE_STOPPED:
	case INSTANCE_FAILED:
		MUST(!live && i->deadline == MONO_NEVER);
		break;
	case INSTANCE_STATE_COUNT:
		MUST(false && "a state");
	}
}
