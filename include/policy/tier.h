/*
 * tier - who is stopped together in a drain: the workers of one level, all tasks, the starts of
 * the lifespan's steps.
 *
 * Tier n is level n of the workers; behind the highest level come the tasks, then the starts. They
 * are stopped from the last to the first.
 */
#ifndef POLICY_TIER_H
#define POLICY_TIER_H

#include "policy/ledger.h"

#define TIER_NONE UINT32_MAX

/* In which tier the program is; TIER_NONE: in none, as the lifespan's stops. */
uint32_t tier_of(const struct fleet *fleet, const struct worker_spec *program);

/* The tier of the tasks. */
uint32_t tier_of_tasks(const struct fleet *fleet);

/* How many tiers the spec makes. */
uint32_t tier_count(const struct spec *spec);

/* Put each program in its tier. */
void tier_enlist(struct fleet *fleet);

/* An instance has changed: the counts of its tier. */
void tier_note(struct fleet *fleet, const struct worker_spec *program,
	       const struct instance *before, const struct instance *after);

/* There is a first process of the program, or there is none any more. */
void tier_note_use(struct fleet *fleet, const struct worker_spec *program);

/* True when a process of the program may exist. */
bool tier_has_process(const struct fleet *fleet, uint32_t program);

/* The longest stop.timeout of those of the tier of which a process may exist; 0: none does. */
span_ns tier_longest(const struct fleet *fleet, uint32_t tier);

/* Change all instances of the tier. */
void tier_change(struct fleet *fleet, uint32_t tier, instance_change *how, struct orders *out);

/* Panics unless all counts are right. For tests. */
void tier_check(const struct fleet *fleet);

#endif
