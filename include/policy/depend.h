/*
 * depend - who waits for whom: a program is started when all that it depends on is as it wants it.
 *
 * Nothing polls: when a worker begins or ceases to be started, ready or completed, those that
 * depend on it are looked at in the same step.
 */
#ifndef POLICY_DEPEND_H
#define POLICY_DEPEND_H

#include "policy/roster.h"

/* The first dependency of the program that is not as it is wanted; NULL: none. */
const struct dependency *depend_missing(const struct fleet *fleet, const struct worker_spec *program);

/* True when the dependency is missing though its first attempt is over. */
bool depend_is_overdue(const struct fleet *fleet, const struct dependency *dependency);

/* After the change of an instance of a worker: remember who is to be looked at. */
void depend_note(struct fleet *fleet, uint32_t worker, const struct crew *before,
		 const struct instance *was, const struct instance *is);

/* Look at all who are to be, until nothing moves any more. */
void depend_follow(struct fleet *fleet, struct orders *out);

#endif
