/*
 * ladder - how an instance is stopped: ever harder, under one deadline.
 *
 * The stop command; the stop signal to main (or the group); when main has gone, the same to the
 * rest of the group; at the deadline SIGKILL to all. A step that has nothing to act on is passed
 * over. The end is an empty group and an ended stop command: instance_is_live is false then, and
 * the caller decides what comes next.
 */
#ifndef POLICY_LADDER_H
#define POLICY_LADDER_H

#include "policy/instance.h"

/*
 * Begin at the top, within stop.timeout (or the termination_grace of the probe that is the cause)
 * and env->kill_by. From any state that is live; in
 * INSTANCE_STOPPING it begins again.
 */
void ladder_begin(struct instance *instance, const struct instance_env *env,
		  enum instance_cause cause);

/*
 * The watchdog is overdue: SIGABRT to main in place of command and stop signal, for a core; then as
 * ever.
 */
void ladder_abort(struct instance *instance, const struct instance_env *env);

/* Main has ended (main_alive is false, group_empty is known): enter or go on to the rest. */
void ladder_main_gone(struct instance *instance, const struct instance_env *env);

/* The process that was to be stopped before it was known to run does run. */
void ladder_spawned(struct instance *instance, const struct instance_env *env);

/* The stop command has ended, whatever it said. */
void ladder_command_done(struct instance *instance, const struct instance_env *env);

/* Never later than env->kill_by from now on. */
void ladder_shorten(struct instance *instance, const struct instance_env *env);

/*
 * SIGKILL to all of it now, from any state; nothing when it is not live. Sent again each second
 * until it is over.
 */
void ladder_kill(struct instance *instance, const struct instance_env *env);

#endif
