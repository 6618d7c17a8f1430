/*
 * vitals - the three probes of an instance: when each is asked, what they say of it together.
 *
 *   process lives ... startup succeeds ... leaving .... process gone
 *   |- startup -------|                                              on hold once it has failed
 *                     |- liveness ---------|                         on hold once it has failed
 *                     |- readiness ------------------------|
 *
 * An instance without probes is well.
 */
#ifndef POLICY_VITALS_H
#define POLICY_VITALS_H

#include "policy/instance.h"

/* The verdict before there are answers, as kubelet has it. */
enum probe_result vitals_at_first(enum probe_role role);

/* Its process lives: all counters are cleared, and what comes first is due. */
void vitals_begin(const struct instance *instance, const struct instance_env *env);

/*
 * After any change of the instance: end what is not to be asked of it any more. In a drain that is
 * startup and liveness from its first moment.
 */
void vitals_follow(const struct instance *instance, const struct instance_env *env);

/* When vitals_ask is due; MONO_NEVER: never. */
mono_ns vitals_deadline(const struct instance_env *env);

/* Ask the one that is due first, in its turn at the moment at. Panics when none is. */
void vitals_ask(const struct instance *instance, const struct instance_env *env, mono_ns at);

/*
 * One of them was answered. True when the answer counts, and the verdict may then be another. The
 * others begin with startup's success.
 */
bool vitals_answer(const struct instance *instance, const struct instance_env *env,
		   enum probe_role role, const struct fact *fact);

/* True when startup has succeeded, or there is none; the same of readiness. */
bool vitals_is_started(const struct instance_env *env);
bool vitals_is_well(const struct instance_env *env);

/* True when startup or liveness has failed. */
bool vitals_has_failed(const struct instance_env *env);

/* What has failed has not: it needs a full failure_threshold to fail again. */
void vitals_forgive(const struct instance_env *env);

#endif
