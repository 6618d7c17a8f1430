/*
 * fleet - all workers together: facts in, orders out, one deadline.
 *
 * Pure: no clock, no I/O, no allocation. A fleet is one block of memory without pointers into
 * itself (it borrows the spec), so it can be copied with memcpy, hashed as bytes, and explored from
 * any moment on. Chance comes from a generator inside the block.
 */
#ifndef POLICY_FLEET_H
#define POLICY_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/fact.h"
#include "model/order.h"
#include "model/spec.h"
#include "model/status.h"

struct fleet;

/* Bytes that a fleet for this spec takes, and orders that one step can give at the most. */
size_t fleet_size(const struct spec *spec);
uint32_t fleet_orders_max(const struct spec *spec);

/*
 * Make a fleet in block (fleet_size bytes, aligned for any type); everything waits. The spec is
 * borrowed for its life.
 */
struct fleet *fleet_init(void *block, const struct spec *spec, uint64_t seed, mono_ns now);

/*
 * Take one fact and append to out what is to be done. Facts come in the order of their times;
 * FACT_TIME last in a wake-up, so that news which has arrived is heard before a deadline is
 * enforced. FACT_TIME acts on at most 64 deadlines: ask fleet_deadline again.
 *
 *   panics  when now is before an earlier now, or an instance or a probe is out of range, or out
 * has no room for fleet_orders_max()
 */
void fleet_step(struct fleet *fleet, const struct fact *fact, mono_ns now, struct orders *out);

/* When FACT_TIME is due; MONO_NEVER: time alone changes nothing. */
mono_ns fleet_deadline(const struct fleet *fleet);

/* True while the ORDER_SPAWN of this run is still meant: ask before a process is made. */
bool fleet_wants_spawn(const struct fleet *fleet, uint32_t instance, uint32_t gen);

/* The same of an ORDER_STOP_COMMAND, and of an ORDER_RELOAD_COMMAND. */
bool fleet_wants_command(const struct fleet *fleet, uint32_t instance, uint32_t gen);
bool fleet_wants_reload(const struct fleet *fleet, uint32_t instance, uint32_t gen);

/* The first program that depends on the worker, directly or not, and of which a process may exist;
 * PROGRAM_NONE: none. */
uint32_t fleet_dependent(const struct fleet *fleet, uint32_t worker);

/* The whole, one worker, one instance. */
void fleet_status(const struct fleet *fleet, struct status *out);
void fleet_worker_status(const struct fleet *fleet, uint32_t worker, struct worker_status *out);
void fleet_instance_status(const struct fleet *fleet, uint32_t instance,
			   struct instance_status *out);

/* One probe of an instance, by its number; one check, by its index. */
void fleet_probe_status(const struct fleet *fleet, uint32_t probe, struct probe_status *out);
void fleet_check_status(const struct fleet *fleet, uint32_t check, struct check_status *out);

/* One task, one step of the lifespan, by their index. */
void fleet_task_status(const struct fleet *fleet, uint32_t task, struct task_status *out);
void fleet_step_status(const struct fleet *fleet, uint32_t step, struct step_status *out);

/* Panics unless every invariant holds. O(instances); for tests. */
void fleet_check(const struct fleet *fleet);

/* A number that differs, as far as 64 bits go, for fleets that differ. */
uint64_t fleet_hash(const struct fleet *fleet);

#endif
