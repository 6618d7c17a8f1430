#include "policy/vitals.h"

#include "base/must.h"

enum probe_result vitals_at_first(enum probe_role role)
{
	static const enum probe_result verdicts[] = {[PROBE_STARTUP] = PROBE_UNKNOWN,
						     [PROBE_READINESS] = PROBE_FAILURE,
						     [PROBE_LIVENESS] = PROBE_SUCCESS};

	MUST(role < PROBE_ROLE_COUNT);
	return verdicts[role];
}

static void order_probe(const struct instance *i, const struct instance_env *env,
			enum order_kind kind, enum probe_role role)
{
	const struct probe *probe = env->probes[role];

	orders_add(env->out, (struct order){.kind = kind,
					    .instance = env->index,
					    .gen = i->gen,
					    .probe = env->probe_numbers[role],
					    .serial = probe->serial,
					    .verdict = probe->verdict});
}

static void drop(const struct instance *i, const struct instance_env *env, enum probe_role role)
{
	if (env->probes[role] != NULL && probe_drop(env->probes[role]))
		order_probe(i, env, ORDER_PROBE_STOP, role);
}

/* Its first question of this run, not before its initial delay is over. */
static void set_out(const struct instance *i, const struct instance_env *env, enum probe_role role)
{
	if (env->probes[role] == NULL)
		return;
	env->probes[role]->due =
		mono_max(mono_add(i->started, env->worker->probes[role]->initial_delay), env->now);
}

void vitals_begin(const struct instance *i, const struct instance_env *env)
{
	for (enum probe_role role = 0; role < PROBE_ROLE_COUNT; role++)
		if (env->probes[role] != NULL)
			probe_clear(env->probes[role], vitals_at_first(role));
	if (env->probes[PROBE_STARTUP] != NULL) {
		set_out(i, env, PROBE_STARTUP);
		return;
	}
	set_out(i, env, PROBE_READINESS);
	set_out(i, env, PROBE_LIVENESS);
}

void vitals_follow(const struct instance *i, const struct instance_env *env)
{
	struct probe *readiness = env->probes[PROBE_READINESS];

	/* Who would not be started again is not asked whether it is to be ended. */
	if (i->main_alive && !instance_is_leaving(i) && !env->draining)
		return;
	drop(i, env, PROBE_STARTUP);
	drop(i, env, PROBE_LIVENESS);
	if (i->main_alive || readiness == NULL)
		return;
	drop(i, env, PROBE_READINESS);
	readiness->verdict = PROBE_FAILURE;
}

static enum probe_role first_due(const struct instance_env *env)
{
	enum probe_role first = PROBE_ROLE_COUNT;
	mono_ns at = MONO_NEVER;

	for (enum probe_role role = 0; role < PROBE_ROLE_COUNT; role++)
		if (env->probes[role] != NULL && probe_deadline(env->probes[role]) < at) {
			at = probe_deadline(env->probes[role]);
			first = role;
		}
	return first;
}

mono_ns vitals_deadline(const struct instance_env *env)
{
	enum probe_role role = first_due(env);

	return role == PROBE_ROLE_COUNT ? MONO_NEVER : probe_deadline(env->probes[role]);
}

void vitals_ask(const struct instance *i, const struct instance_env *env, mono_ns at)
{
	enum probe_role role = first_due(env);

	MUST(role < PROBE_ROLE_COUNT && env->probes[role]->due <= at);
	probe_ask(env->probes[role], env->worker->probes[role], at);
	order_probe(i, env, ORDER_PROBE, role);
}

static bool has_failed(const struct instance_env *env, enum probe_role role)
{
	return env->probes[role] != NULL && env->probes[role]->verdict == PROBE_FAILURE;
}

/* What a new verdict means for the asking itself. */
static void go_on(const struct instance *i, const struct instance_env *env, enum probe_role role)
{
	if (role != PROBE_STARTUP || env->probes[role]->verdict != PROBE_SUCCESS)
		return;
	drop(i, env, PROBE_STARTUP);
	set_out(i, env, PROBE_READINESS);
	set_out(i, env, PROBE_LIVENESS);
}

bool vitals_answer(const struct instance *i, const struct instance_env *env, enum probe_role role,
		   const struct fact *fact)
{
	struct probe *probe = env->probes[role];
	enum probe_result before = probe->verdict;

	if (!probe_answer(probe, env->worker->probes[role], fact, env->now))
		return false;
	if (probe->verdict == before)
		return true;
	order_probe(i, env, ORDER_TELL_PROBE, role);
	go_on(i, env, role);
	return true;
}

bool vitals_is_started(const struct instance_env *env)
{
	const struct probe *startup = env->probes[PROBE_STARTUP];

	return startup == NULL || startup->verdict == PROBE_SUCCESS;
}

bool vitals_is_well(const struct instance_env *env)
{
	return vitals_is_started(env) && !has_failed(env, PROBE_READINESS);
}

bool vitals_has_failed(const struct instance_env *env)
{
	return has_failed(env, PROBE_STARTUP) || has_failed(env, PROBE_LIVENESS);
}

void vitals_forgive(const struct instance_env *env)
{
	if (has_failed(env, PROBE_STARTUP))
		probe_clear(env->probes[PROBE_STARTUP], vitals_at_first(PROBE_STARTUP));
	if (has_failed(env, PROBE_LIVENESS))
		probe_clear(env->probes[PROBE_LIVENESS], vitals_at_first(PROBE_LIVENESS));
}
