/*
 * oneshot - a program that is run for its end: a job, a task, one half of a step of the lifespan.
 *
 * It runs until it ends by itself, or until its time is over. How a task or a step's half ended is
 * known in a drain as well; a job that fails there is only stopped.
 */
#ifndef POLICY_ONESHOT_H
#define POLICY_ONESHOT_H

#include "policy/instance.h"

/* When one whose time begins now has taken too long; MONO_NEVER: never. */
mono_ns oneshot_limit(const struct instance_env *env);

/* Its process lives: its time begins. */
void oneshot_begin(struct instance *instance, const struct instance_env *env);

/* Its time is over: it has failed, and is stopped. */
void oneshot_late(struct instance *instance, const struct instance_env *env);

/*
 * Nothing of it is left: enter the state that follows from how it ended. False when that is to be
 * decided as for a service: of a job that is started again, or was stopped.
 */
bool oneshot_conclude(struct instance *instance, const struct instance_env *env);

#endif
