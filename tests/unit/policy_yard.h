/*
 * policy_yard - a fleet of up to three workers in virtual time, told facts one by one and checked
 * after each.
 */
#ifndef UNIT_POLICY_YARD_H
#define UNIT_POLICY_YARD_H

#include <stdalign.h>

#include "policy/fleet.h"
#include "policy_kit.h"

enum { BLOCK_SIZE = 65536, WORKERS_MAX = 3, PROGRAMS_MAX = 16 };

struct yard {
	alignas(max_align_t) unsigned char block[BLOCK_SIZE];
	struct worker_spec workers[PROGRAMS_MAX];
	struct spec spec;
	struct fleet *fleet;
	struct orders out;
	mono_ns now;
};

static struct yard yard; /* check forks each test: it is a fresh one every time */

/* Workers a, b, c of so many replicas each (-1: no more), as they will be before yard_open. */
static inline void yard_plan(int a, int b, int c)
{
	const int replicas[WORKERS_MAX] = {a, b, c};
	static const char *const names[] = {"a", "b", "c"};

	yard.spec = (struct spec){.workers = yard.workers, .drain_timeout = 30 * NS_S};
	for (int w = 0; w < WORKERS_MAX && replicas[w] >= 0; w++) {
		yard.workers[w] = kit_worker(names[w]);
		yard.workers[w].replicas = yard.workers[w].min_ready = (uint32_t)replicas[w];
		yard.workers[w].first_instance = yard.spec.n_instances;
		yard.spec.n_instances += (uint32_t)replicas[w];
		yard.spec.n_workers++;
	}
}

static inline void yard_open(void)
{
	ck_assert_uint_le(fleet_size(&yard.spec), BLOCK_SIZE);
	memset(yard.block, 0xa5, sizeof yard.block);
	yard.now = T0;
	yard.out = kit_orders();
	yard.fleet = fleet_init(yard.block, &yard.spec, 1, yard.now);
	fleet_check(yard.fleet);
}

static inline void step(struct fact fact)
{
	fleet_step(yard.fleet, &fact, yard.now, &yard.out);
	fleet_check(yard.fleet);
}

static inline void tell(enum fact_kind kind)
{
	step((struct fact){.kind = kind});
}

static inline void tell_of(uint32_t instance, enum fact_kind kind)
{
	struct instance_status status;

	fleet_instance_status(yard.fleet, instance, &status);
	step((struct fact){
		.kind = kind, .instance = instance, .gen = status.gen, .pid = 50, .empty = true});
}

static inline void fail_of(uint32_t instance)
{
	struct instance_status status;

	fleet_instance_status(yard.fleet, instance, &status);
	step((struct fact){.kind = FACT_EXITED,
			   .instance = instance,
			   .gen = status.gen,
			   .code = 1,
			   .empty = true});
}

static inline void pass(span_ns span)
{
	yard.now += span;
	tell(FACT_TIME);
}

/* What was ordered since the last time this was asked. */
static inline const char *ordered(void)
{
	static char text[4096];

	return kit_describe(&yard.out, text, sizeof text);
}

static inline enum instance_state state_of(uint32_t instance)
{
	struct instance_status status;

	fleet_instance_status(yard.fleet, instance, &status);
	return status.state;
}

static inline struct status status(void)
{
	struct status status;

	fleet_status(yard.fleet, &status);
	return status;
}

/* Began, and all n_instances run and are ready. */
static inline void yard_run(void)
{
	yard_open();
	tell(FACT_BEGIN);
	for (uint32_t i = 0; i < yard.spec.n_instances; i++)
		tell_of(i, FACT_SPAWNED);
	ordered();
}

#endif
