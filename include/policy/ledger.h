/* ledger - one instance is changed, and with it the sums and the deadlines of the whole. */
#ifndef POLICY_LEDGER_H
#define POLICY_LEDGER_H

#include "policy/roster.h"

/* An instance that is being changed. Between open and close nothing else of the fleet is. */
struct entry {
	struct instance *instance;
	struct instance_env env;
	struct instance before;
};

/* Panics when instance is out of range. */
struct entry ledger_open(struct fleet *fleet, uint32_t instance, struct orders *out);
void ledger_close(struct fleet *fleet, const struct entry *entry);

/* The whole is in another state from now on; told. */
void ledger_enter(struct fleet *fleet, enum fleet_state state, struct orders *out);

/* The first of the worker's depends_on_checks that is down; PROBE_NONE: none. */
uint32_t ledger_gate(const struct fleet *fleet, const struct worker_spec *worker);

/* Change one instance, or all of them, by one of these. */
typedef void instance_change(struct instance *instance, const struct instance_env *env);
void ledger_change(struct fleet *fleet, uint32_t instance, instance_change *how,
		   struct orders *out);
void ledger_change_workers(struct fleet *fleet, instance_change *how, struct orders *out);

/* All but the lifespan's stops. */
void ledger_change_all(struct fleet *fleet, instance_change *how, struct orders *out);

#endif
