/*
 * policy_yard - a fleet of up to five workers in virtual time, told facts one by one and checked
 * after each.
 */
#ifndef UNIT_POLICY_YARD_H
#define UNIT_POLICY_YARD_H

#include <stdalign.h>

#include "policy/fleet.h"
#include "policy_kit.h"

enum { BLOCK_SIZE = 65536, WORKERS_MAX = 5, PROGRAMS_MAX = 16 };

struct yard {
	alignas(max_align_t) unsigned char block[BLOCK_SIZE];
	struct worker_spec workers[PROGRAMS_MAX];
	struct spec spec;
	struct fleet *fleet;
	struct orders out;
	mono_ns now;
};

static struct yard yard; /* check forks each test: it is a fresh one every time */

/* One worker more of so many replicas. */
static inline void yard_add(uint32_t replicas)
{
	static const char *const names[WORKERS_MAX] = {"a", "b", "c", "d", "e"};
	struct worker_spec *worker = &yard.workers[yard.spec.n_workers];

	*worker = kit_worker(names[yard.spec.n_workers++]);
	worker->replicas = worker->min_ready = replicas;
	worker->first_instance = yard.spec.n_instances;
	yard.spec.n_instances += replicas;
}

/* Workers a, b, c of so many replicas each (-1: no more), as they will be before yard_open. */
static inline void yard_plan(int a, int b, int c)
{
	const int replicas[3] = {a, b, c};

	yard.spec = (struct spec){.workers = yard.workers, .drain_timeout = 30 * NS_S};
	for (int w = 0; w < 3 && replicas[w] >= 0; w++)
		yard_add((uint32_t)replicas[w]);
}

/* The worker depends on another of a lower index, besides those named before; in the order of the
 * workers, and before yard_open. */
static inline void yard_depend(uint32_t worker, uint32_t on, enum depend_when when)
{
	static struct dependency lists[PROGRAMS_MAX][WORKERS_MAX];
	static uint32_t dependents[WORKERS_MAX][PROGRAMS_MAX];
	struct worker_spec *program = &yard.workers[worker], *other = &yard.workers[on];

	lists[worker][program->n_depends_on++] = (struct dependency){.worker = on, .when = when};
	program->depends_on = lists[worker];
	dependents[on][other->n_dependents++] = worker;
	other->dependents = dependents[on];
	if (program->level <= other->level)
		program->level = other->level + 1;
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

static inline struct instance_status instance_of(uint32_t instance)
{
	struct instance_status status;

	fleet_instance_status(yard.fleet, instance, &status);
	return status;
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
