/*
 * roster - the block of memory that a fleet is: its head, and behind it one array each of crews,
 * instances, probes, checks, deadlines, histories.
 *
 * No pointers into itself, only offsets from its beginning, so that it may be copied as bytes. Only
 * what works for policy/fleet.c looks inside.
 */
#ifndef POLICY_ROSTER_H
#define POLICY_ROSTER_H

#include <stddef.h>
#include <stdint.h>

#include "base/heap.h"
#include "policy/check.h"
#include "policy/depend.h"
#include "policy/drain.h"
#include "policy/instance.h"
#include "policy/lifespan.h"
#include "policy/ready.h"
#include "policy/task.h"

/* Those that are stopped together (policy/tier.h). Programs in lists: 1 + the index; 0: the end. */
struct tier {
	uint32_t first;	      /* of its programs */
	uint32_t marked;      /* of them, those that are marked in policy/depend.h: the first, */
	uint32_t marked_last; /* and the last; meaningful with a first */
	uint32_t n_live;      /* of its instances, those of which a process may exist */
	uint32_t n_killing;   /* of them, those to whom SIGKILL was sent */
	span_ns longest;      /* stop.timeout of those of which a process may exist, unless stale */
	bool stale;
};

/* Head of the block; the arrays follow, each at its offset. */
struct fleet {
	const struct spec *spec; /* borrowed */
	size_t size;		 /* bytes of the block */
	size_t crews_at, instances_at, probes_at, checks_at, tasks_at, heap_at, asks_at;
	size_t ties_at, tiers_at;
	uint32_t n_tiers;
	size_t history_starts_at, histories_at;
	uint64_t chance;  /* the generator's state */
	mono_ns now;	  /* of the last step */
	span_ns gap;	  /* between two questions of workers' probes */
	mono_ns ask_free; /* before it no worker's probe is asked */
	mono_ns since;	  /* in state */
	enum fleet_state state;
	bool begun;	  /* start-up is over: the lifespan may rise, checks are asked */
	bool raised;	  /* the lifespan is up: workers may be started */
	bool was_started; /* every critical worker was ready once; latched */
	bool gave_up;	  /* a worker with on_failed: shutdown failed: exit 10 */
	bool killed;	  /* the drain killed or ran out of time: exit 11 */
	uint32_t n_live;  /* instances of which a process may exist */
	bool gates_moved; /* in this step, some check went down or came back */
	bool unwinding;	  /* in this step, something changed for those that are to stop by hand */
	struct depend depend;
	bool task_ended; /* in this step, a task's run after which another is to follow */
	struct lifespan lifespan;
	struct muster muster;
	struct drain drain;
};

/* Bytes of the block for this spec. */
size_t roster_size(const struct spec *spec);

/* Lay out block (roster_size bytes, aligned for any type): all waits and is counted. */
struct fleet *roster_init(void *block, const struct spec *spec);

/* The arrays: one crew a worker, one instance an instance, one probe a probe number, one check a
 * check. */
struct crew *roster_crews(const struct fleet *fleet);
struct instance *roster_instances(const struct fleet *fleet);
struct probe *roster_probes(const struct fleet *fleet);
struct check *roster_checks(const struct fleet *fleet);
struct task *roster_tasks(const struct fleet *fleet);

/* One tie a program; one tier a tier, n_tiers of them. */
struct tie *roster_ties(const struct fleet *fleet);
struct tier *roster_tiers(const struct fleet *fleet);

/* The deadlines: id i is instance i, then come the checks, the tasks, the drain's, and last the
 * lifespan's. */
struct heap_slot *roster_heap(const struct fleet *fleet);
uint32_t roster_heap_count(const struct fleet *fleet);
uint32_t roster_task_id(const struct fleet *fleet, uint32_t task);
uint32_t roster_drain_id(const struct fleet *fleet);
uint32_t roster_lifespan_id(const struct fleet *fleet);

/* When instances' probes are due, by instance; none of them when no worker has probes. */
struct heap_slot *roster_asks(const struct fleet *fleet);
uint32_t roster_asks_count(const struct fleet *fleet);

/*
 * The instance's own moments for restart_decide, restart_limit_count of them; NULL when there is no
 * limit.
 */
mono_ns *roster_history(const struct fleet *fleet, const struct worker_spec *worker,
			uint32_t instance);

#endif
