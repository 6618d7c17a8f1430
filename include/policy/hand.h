/*
 * hand - what somebody asks for one instance: start, stop, restart, reload.
 *
 * While it is stopping the last word counts. In a drain nothing is heard.
 */
#ifndef POLICY_HAND_H
#define POLICY_HAND_H

#include "policy/instance.h"

/*
 * What is down starts now, what is stopping as soon as its group is empty; what is up stays as it
 * is. Earlier restarts are forgotten: no backoff, and restart_limit counts anew.
 */
void hand_start(struct instance *instance, const struct instance_env *env);

/* Down the whole ladder if a process may exist; then stopped, and stays so. A job that has
 * completed stays that. */
void hand_stop(struct instance *instance, const struct instance_env *env);

/*
 * Down the whole ladder, then up at once; restart_limit does not count that. What is down starts as
 * by hand_start.
 */
void hand_restart(struct instance *instance, const struct instance_env *env);

/* One that is up is told to read its configuration anew, by its reload signal or its reload
 * command; one at a time of these. */
void hand_reload(struct instance *instance, const struct instance_env *env);

#endif
