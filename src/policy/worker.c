#include "policy/worker.h"

#include "base/must.h"
#include "policy/gate.h"
#include "policy/ladder.h"
#include "policy/oneshot.h"
#include "policy/standing.h"

/* When a run that has not come where it is to come is overdue. */
static mono_ns limit_of(const struct instance_env *env)
{
	span_ns limit = env->worker->ready_timeout;

	if (worker_spec_is_oneshot(env->worker))
		return oneshot_limit(env);
	return limit == 0 ? MONO_NEVER : mono_add(env->now, limit);
}

void worker_start(struct instance *i, const struct instance_env *env, enum instance_cause cause)
{
	MUST(!instance_is_live(i) && !env->draining);
	if (i->gen++ > 0)
		i->restarts++;
	i->spawning = true;
	i->group_empty = false;
	i->ready_early = false;
	i->met = false;
	i->held = false;
	i->was_ready = false;
	i->ready_at = 0;
	i->run = (struct restart_run){0};
	i->started = env->now;
	/* Also covers an execve that never returns (a hung network file system, with `spawn:
	 * fork`). */
	i->deadline = limit_of(env);
	instance_enter(i, env, INSTANCE_STARTING, cause);
	orders_add(env->out,
		   (struct order){.kind = ORDER_SPAWN, .instance = env->index, .gen = i->gen});
}

static void back_off(struct instance *i, const struct instance_env *env, mono_ns at)
{
	if (at <= env->now) {
		gate_rise(i, env, CAUSE_RESTART);
		return;
	}
	i->deadline = at;
	instance_enter(i, env, INSTANCE_BACKOFF, i->cause);
}

static void decide(struct instance *i, const struct instance_env *env)
{
	struct restart_means means = {.worker = env->worker,
				      .history = env->history,
				      .chance = env->chance,
				      .slowest = env->gate != PROBE_NONE,
				      .now = env->now};
	mono_ns at;

	i->held = false;

	switch (restart_decide(&i->restart, &i->run, &means, &at)) {
	case RESTART_AT:
		i->held = means.slowest;
		back_off(i, env, at);
		break;
	case RESTART_DOWN_WELL:
		instance_enter(i, env, INSTANCE_COMPLETED, CAUSE_ENDED_WELL);
		break;
	case RESTART_DOWN_FAILED:
		instance_enter(i, env, INSTANCE_FAILED, CAUSE_NO_RESTART);
		break;
	case RESTART_DOWN_LIMIT:
		instance_enter(i, env, INSTANCE_FAILED, CAUSE_RESTART_LIMIT);
		break;
	}
}

/* Why one that was stopped in order to be started again is started. */
static enum instance_cause cause_of_return(const struct instance *i)
{
	return i->cause == CAUSE_DEPENDENCY_RESTARTED ? i->cause : CAUSE_RESTARTED_BY_HAND;
}

/* No process is left: what comes next? */
static void run_over(struct instance *i, const struct instance_env *env)
{
	i->attempted = true;
	i->deadline = MONO_NEVER;
	if (worker_spec_is_oneshot(env->worker) && oneshot_conclude(i, env))
		return;
	if (env->draining)
		instance_enter(i, env, INSTANCE_STOPPED, CAUSE_DRAIN);
	else if (i->wish == WISH_UP)
		gate_rise(i, env, cause_of_return(i));
	else if (i->wish == WISH_DOWN)
		instance_enter(i, env, INSTANCE_STOPPED, CAUSE_STOPPED_BY_HAND);
	else
		decide(i, env);
}

static void end_if_over(struct instance *i, const struct instance_env *env)
{
	if (!instance_is_live(i))
		run_over(i, env);
}

static void on_spawned(struct instance *i, const struct instance_env *env, pid_t pid)
{
	if (!i->spawning)
		return;
	i->spawning = false;
	i->main_alive = true;
	i->pid = pid;
	i->started = env->now;
	if (i->state == INSTANCE_STOPPING)
		ladder_spawned(i, env);
	else if (worker_spec_is_oneshot(env->worker))
		oneshot_begin(i, env);
	else
		standing_begin(i, env);
}

static void on_spawn_failed(struct instance *i, const struct instance_env *env)
{
	if (!i->spawning)
		return;
	i->spawning = false;
	i->group_empty = true;
	if (i->state == INSTANCE_STARTING) {
		instance_judge(i, env, true);
		i->cause = CAUSE_SPAWN_FAILED;
	}
	end_if_over(i, env);
}

static void on_exited(struct instance *i, const struct instance_env *env, const struct fact *fact)
{
	if (!i->main_alive)
		return;
	i->main_alive = false;
	i->pid = 0;
	i->group_empty = fact->empty;
	if (i->state != INSTANCE_STOPPING) {
		instance_judge(i, env,
			       fact->signaled || !worker_spec_is_success(env->worker, fact->code));
		i->cause = CAUSE_EXITED;
	}
	ladder_main_gone(i, env);
	end_if_over(i, env);
}

static void on_empty(struct instance *i, const struct instance_env *env)
{
	if (i->state != INSTANCE_STOPPING || i->main_alive || i->spawning)
		return;
	i->group_empty = true;
	end_if_over(i, env);
}

static void on_stop_command_done(struct instance *i, const struct instance_env *env)
{
	if (!i->command_alive)
		return;
	ladder_command_done(i, env);
	end_if_over(i, env);
}

static void on_reload_command_done(struct instance *i, const struct instance_env *env)
{
	if (!i->reload_alive)
		return;
	i->reload_alive = false;
	end_if_over(i, env);
}

static void on_ready(struct instance *i, const struct instance_env *env)
{
	if (i->state != INSTANCE_STARTING)
		return;
	/* A forked child may be quick: its first message can be read before the report that it
	 * runs. */
	if (i->spawning)
		i->ready_early = true;
	else
		standing_met(i, env);
}

/* It may ask for more time where it has a deadline of its own to meet; the drain's stays. */
static void on_extend(struct instance *i, const struct instance_env *env, span_ns span)
{
	/* However much it asks for, there is a deadline. */
	mono_ns until = mono_min(mono_add(env->now, span), MONO_NEVER - 1);
	bool under_way = worker_spec_is_oneshot(env->worker) || !standing_is_up(i);
	bool waits = i->state == INSTANCE_STARTING ||
		     (i->state == INSTANCE_RUNNING && under_way) ||
		     (i->state == INSTANCE_STOPPING && i->step != STOP_STEP_KILL);

	if (!waits || i->deadline == MONO_NEVER)
		return;
	i->deadline = mono_max(i->deadline, until);
	if (i->state == INSTANCE_STOPPING)
		ladder_shorten(i, env);
	else
		i->deadline = mono_min(i->deadline, env->run_by);
}

static void on_self_stop(struct instance *i, const struct instance_env *env)
{
	if (!standing_is_up(i))
		return;
	i->deadline = mono_add(env->now, env->worker->stop_timeout);
	instance_enter(i, env, INSTANCE_RUNNING, CAUSE_SELF_STOP);
}

static void on_watchdog(struct instance *i, const struct instance_env *env)
{
	if (standing_is_up(i) && env->worker->watchdog != 0)
		i->deadline = mono_add(env->now, env->worker->watchdog);
}

static void watchdog_overdue(struct instance *i, const struct instance_env *env)
{
	if (!standing_is_up(i) || env->worker->watchdog == 0)
		return;
	instance_judge(i, env, true);
	ladder_abort(i, env);
}

void worker_begin(struct instance *i, const struct instance_env *env)
{
	MUST(i->state == INSTANCE_WAITING);
	gate_rise(i, env, CAUSE_FIRST_START);
}

/* What is run for its end is never ready, and what it says of that has no meaning. */
static bool has_meaning(const struct worker_spec *worker, enum fact_kind kind)
{
	bool of_readiness = kind == FACT_READY || kind == FACT_STOPPING || kind == FACT_WATCHDOG ||
			    kind == FACT_WATCHDOG_TRIGGER;

	return !of_readiness || !worker_spec_is_oneshot(worker);
}

void worker_fact(struct instance *i, const struct instance_env *env, const struct fact *fact)
{
	if (fact->gen != i->gen || !has_meaning(env->worker, fact->kind))
		return;
	switch (fact->kind) {
	case FACT_SPAWNED:
		on_spawned(i, env, fact->pid);
		break;
	case FACT_SPAWN_FAILED:
		on_spawn_failed(i, env);
		break;
	case FACT_EXITED:
		on_exited(i, env, fact);
		break;
	case FACT_EMPTY:
		on_empty(i, env);
		break;
	case FACT_STOP_COMMAND_DONE:
		on_stop_command_done(i, env);
		break;
	case FACT_RELOAD_COMMAND_DONE:
		on_reload_command_done(i, env);
		break;
	case FACT_READY:
		on_ready(i, env);
		break;
	case FACT_STOPPING:
		on_self_stop(i, env);
		break;
	case FACT_EXTEND:
		on_extend(i, env, fact->span);
		break;
	case FACT_WATCHDOG:
		on_watchdog(i, env);
		break;
	case FACT_WATCHDOG_TRIGGER:
		watchdog_overdue(i, env);
		break;
	case FACT_TIME:
	case FACT_BEGIN:
	case FACT_TERMINATE:
	case FACT_PROBED:
	case FACT_PROBE_NOW:
	case FACT_LAST_RUN:
	case FACT_RUN:
	case FACT_RELOAD:
	case FACT_START:
	case FACT_STOP:
	case FACT_RESTART:
	case FACT_KIND_COUNT:
		MUST(false && "a fact about a run");
	}
}

/* It was to end by itself. */
static void self_stop_overdue(struct instance *i, const struct instance_env *env)
{
	instance_judge(i, env, true);
	ladder_begin(i, env, CAUSE_SELF_STOP);
}

/* Its process is to be elsewhere by now: ready, alive, or at its end. */
static void run_overdue(struct instance *i, const struct instance_env *env)
{
	if (worker_spec_is_oneshot(env->worker))
		oneshot_late(i, env);
	else if (i->state == INSTANCE_STARTING)
		standing_late(i, env);
	else if (standing_is_up(i))
		watchdog_overdue(i, env);
	else
		self_stop_overdue(i, env);
}

void worker_time(struct instance *i, const struct instance_env *env)
{
	MUST(env->now >= i->deadline);
	switch (i->state) {
	case INSTANCE_STARTING:
	case INSTANCE_READY:
	case INSTANCE_RUNNING:
		run_overdue(i, env);
		break;
	case INSTANCE_STOPPING:
		ladder_kill(i, env);
		break;
	case INSTANCE_BACKOFF:
		gate_rise(i, env, CAUSE_RESTART);
		break;
	case INSTANCE_WAITING:
	case INSTANCE_COMPLETED:
	case INSTANCE_STOPPED:
	case INSTANCE_FAILED:
	case INSTANCE_STATE_COUNT:
		MUST(false && "a state with a deadline");
	}
}

/* A task or a step's half whose time has not come: it waits for nothing. */
static bool is_idle(const struct instance *i, const struct instance_env *env)
{
	return env->worker->kind >= PROGRAM_TASK && i->state == INSTANCE_WAITING &&
	       i->cause == CAUSE_NONE;
}

void worker_hold(struct instance *i, const struct instance_env *env)
{
	if (is_idle(i, env))
		return;
	if (i->state == INSTANCE_WAITING || i->state == INSTANCE_BACKOFF) {
		i->deadline = MONO_NEVER;
		instance_enter(i, env, INSTANCE_STOPPED, CAUSE_DRAIN);
	} else if (i->spawning && i->state == INSTANCE_STARTING &&
		   env->worker->kind != PROGRAM_TASK) {
		/* A task's run has begun all the same, and is finished; what is not to be was
		 * stopped before. */
		ladder_begin(i, env, CAUSE_DRAIN);
	} else if (i->state == INSTANCE_STOPPING) {
		ladder_shorten(i, env);
	}
}

void worker_stop(struct instance *i, const struct instance_env *env)
{
	worker_hold(i, env);
	if (i->state == INSTANCE_STARTING || i->state == INSTANCE_READY ||
	    i->state == INSTANCE_RUNNING)
		ladder_begin(i, env, CAUSE_DRAIN);
}
