/*
 * standing - whether an instance whose process lives is ready, and what its probes change in that.
 *
 * A worker whose check is down (depends_on_checks) is held where a probe would end its run: it is
 * not ready, and goes on until the probe succeeds, or the check is back and the probe has failed
 * anew.
 */
#ifndef POLICY_STANDING_H
#define POLICY_STANDING_H

#include "policy/instance.h"

/* Its process lives. Panics when it does not. */
void standing_begin(struct instance *instance, const struct instance_env *env);

/* Its initial condition was met, as far as it is not its probes that say so. */
void standing_met(struct instance *instance, const struct instance_env *env);

/* One of its probes was answered: FACT_PROBED. */
void standing_probed(struct instance *instance, const struct instance_env *env,
		     enum probe_role role, const struct fact *fact);

/* A check went down or came back: who was held for one that is back is not held any more. */
void standing_gate(struct instance *instance, const struct instance_env *env);

/* ready.timeout is over: the run has failed, or the first attempt alone. */
void standing_late(struct instance *instance, const struct instance_env *env);

/* True when it is ready, or would be but for its readiness probe or for being held. */
bool standing_is_up(const struct instance *instance);

#endif
