/*
 * worker - one instance of a worker: from its first start to its last end.
 *
 *   waiting --may begin--> starting --condition met--> ready <--readiness, STOPPING=1--> running
 *                            ^  |                        |                                  |
 *                            |  +-- exit, too late, -----+-- exit, watchdog, ---------------+
 *                            |      startup fails        |   liveness fails
 *             backoff -------+                           v
 *                ^-------- to be restarted -- stopping: until all of it has gone
 *                                                        |
 *                                       stopped, completed, failed: down, and stays down
 *
 * Stopping is the ladder's, restarting restart's, whether it may begin the gate's, whether it is
 * ready and well its standing's, and what is run for its end alone the oneshot's (policy/NAME.h).
 */
#ifndef POLICY_WORKER_H
#define POLICY_WORKER_H

#include "policy/instance.h"

/* Start one of which no process exists, outside of a drain. */
void worker_start(struct instance *instance, const struct instance_env *env,
		  enum instance_cause cause);

/* Start a waiting instance. Panics when it is in another state. */
void worker_begin(struct instance *instance, const struct instance_env *env);

/* Take a fact about its run. News of another run, or without meaning here, changes nothing. */
void worker_fact(struct instance *instance, const struct instance_env *env,
		 const struct fact *fact);

/* Its deadline has come. Panics when env->now is before it. */
void worker_time(struct instance *instance, const struct instance_env *env);

/* A drain begins: what has no process yet is not started, but a task's run is; others go on. */
void worker_hold(struct instance *instance, const struct instance_env *env);

/* Stop it, down the whole ladder. One that is stopping already goes on, within env->kill_by. */
void worker_stop(struct instance *instance, const struct instance_env *env);

#endif
