/*
 * shutdown - a drain carried through: who is stopped when, until nothing is left.
 *
 * The delay; the tiers, one after the other; the lifespan's stops; the end. Its moments and shares
 * are policy/drain.h's.
 */
#ifndef POLICY_SHUTDOWN_H
#define POLICY_SHUTDOWN_H

#include "model/spec.h"
#include "policy/roster.h"

/* A drain begins for a reason of fosterd's own. Nothing when there is one. */
void shutdown_begin(struct fleet *fleet, struct orders *out);

/* TERM or INT has come. */
void shutdown_signal(struct fleet *fleet, struct orders *out);

/* The drain's deadline has come. */
void shutdown_time(struct fleet *fleet, struct orders *out);

/* Go on as far as it goes, at the end of a step. */
void shutdown_follow(struct fleet *fleet, struct orders *out);

/* No stop of this program takes longer than to here; MONO_NEVER without a drain. */
mono_ns shutdown_kill_by(const struct fleet *fleet, const struct worker_spec *program);

/* Panics unless the drain is where its instances are. For tests. */
void shutdown_check(const struct fleet *fleet);

#endif
