/*
 * gate - one instance that is to be started, and what it depends on.
 *
 * Before every start all that it depends on is to be as it is wanted; until then it waits.
 */
#ifndef POLICY_GATE_H
#define POLICY_GATE_H

#include "policy/instance.h"

/* Start one of which no process exists, outside of a drain; or let it wait for what is missing. */
void gate_rise(struct instance *instance, const struct instance_env *env,
	       enum instance_cause cause);

/* What it depends on may have changed: one that waits for it goes on waiting, or starts. */
void gate_look(struct instance *instance, const struct instance_env *env);

/* An instance of what it depends on was started for another run: one that is up is stopped, and
 * started again when it may. That is no failure of its own. */
void gate_follow(struct instance *instance, const struct instance_env *env);

/* True when it waits for something that it depends on. */
bool gate_waits(const struct instance *instance);

#endif
