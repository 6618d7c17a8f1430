#include "policy/ladder.h"

#include <signal.h>

#include "base/must.h"

/*
 * A kill is sent again this often: the last process may have been somebody else's child, whose end
 * nobody told us.
 */
static const span_ns KILL_AGAIN = NS_S;

static void order_signal(const struct instance *i, const struct instance_env *env, int signo,
			 enum order_target target)
{
	orders_add(env->out, (struct order){.kind = ORDER_SIGNAL,
					    .instance = env->index,
					    .gen = i->gen,
					    .signo = signo,
					    .target = target});
}

/* How long it may take: a probe that ended the run may say so. */
static span_ns grace_of(const struct worker_spec *worker, enum instance_cause cause)
{
	enum probe_role role = cause == CAUSE_STARTUP ? PROBE_STARTUP : PROBE_LIVENESS;
	const struct probe_spec *probe = worker->probes[role];
	bool by_probe = cause == CAUSE_STARTUP || cause == CAUSE_LIVENESS;

	return by_probe && probe != NULL && probe->has_termination_grace ? probe->termination_grace
									 : worker->stop_timeout;
}

static mono_ns deadline_of(const struct instance_env *env, enum instance_cause cause)
{
	return mono_min(mono_add(env->now, grace_of(env->worker, cause)),
			mono_max(env->kill_by, env->now));
}

static void signal_main(struct instance *i, const struct instance_env *env)
{
	i->step = STOP_STEP_MAIN;
	order_signal(i, env, env->worker->stop_signal,
		     env->worker->stop_to == STOP_TO_GROUP ? ORDER_TO_GROUP : ORDER_TO_MAIN);
}

void ladder_begin(struct instance *i, const struct instance_env *env, enum instance_cause cause)
{
	i->deadline = deadline_of(env, cause);
	instance_enter(i, env, INSTANCE_STOPPING, cause);
	if (i->spawning) {
		i->step = STOP_STEP_SPAWN;
	} else if (env->worker->stop_command.argc > 0) {
		i->step = STOP_STEP_COMMAND;
		i->command_alive = true;
		orders_add(env->out, (struct order){.kind = ORDER_STOP_COMMAND,
						    .instance = env->index,
						    .gen = i->gen});
	} else {
		signal_main(i, env);
	}
}

void ladder_abort(struct instance *i, const struct instance_env *env)
{
	i->deadline = deadline_of(env, CAUSE_WATCHDOG);
	instance_enter(i, env, INSTANCE_STOPPING, CAUSE_WATCHDOG);
	i->step = STOP_STEP_MAIN;
	order_signal(i, env, SIGABRT, ORDER_TO_MAIN);
}

void ladder_main_gone(struct instance *i, const struct instance_env *env)
{
	bool rest_was_told = i->step == STOP_STEP_MAIN && i->cause != CAUSE_WATCHDOG &&
			     env->worker->stop_to == STOP_TO_GROUP;

	MUST(!i->main_alive);
	if (i->group_empty && !i->reload_alive)
		return;
	if (i->state != INSTANCE_STOPPING) {
		i->deadline = deadline_of(env, CAUSE_EXITED);
		instance_enter(i, env, INSTANCE_STOPPING, CAUSE_EXITED);
	} else if (i->step == STOP_STEP_KILL) {
		return;
	}
	i->step = STOP_STEP_REST;
	if (!rest_was_told && !i->group_empty)
		order_signal(i, env, env->worker->stop_signal, ORDER_TO_GROUP);
}

void ladder_spawned(struct instance *i, const struct instance_env *env)
{
	/* A kill that was ordered before there was a process has not reached it. */
	if (i->step == STOP_STEP_KILL)
		ladder_kill(i, env);
	else
		ladder_begin(i, env, i->cause);
}

void ladder_command_done(struct instance *i, const struct instance_env *env)
{
	i->command_alive = false;
	if (i->step == STOP_STEP_COMMAND && i->main_alive)
		signal_main(i, env);
}

void ladder_shorten(struct instance *i, const struct instance_env *env)
{
	if (i->step != STOP_STEP_KILL)
		i->deadline = mono_min(i->deadline, mono_max(env->kill_by, env->now));
}

void ladder_kill(struct instance *i, const struct instance_env *env)
{
	if (!instance_is_live(i))
		return;
	i->deadline = mono_add(env->now, KILL_AGAIN);
	if (i->state != INSTANCE_STOPPING)
		instance_enter(i, env, INSTANCE_STOPPING, CAUSE_DRAIN);
	i->step = STOP_STEP_KILL;
	order_signal(i, env, SIGKILL, ORDER_TO_ALL);
}
