#include "policy/roster.h"

#include <stdalign.h>
#include <string.h>

#include "base/must.h"
#include "policy/tier.h"
#include "policy/vitals.h"

static const span_ns GAP_MAX = 2 * NS_MS;

static void *at(const struct fleet *f, size_t offset)
{
	return (unsigned char *)(uintptr_t)f + offset;
}

struct crew *roster_crews(const struct fleet *f)
{
	return at(f, f->crews_at);
}

struct instance *roster_instances(const struct fleet *f)
{
	return at(f, f->instances_at);
}

struct probe *roster_probes(const struct fleet *f)
{
	return at(f, f->probes_at);
}

struct check *roster_checks(const struct fleet *f)
{
	return at(f, f->checks_at);
}

struct task *roster_tasks(const struct fleet *f)
{
	return at(f, f->tasks_at);
}

struct tie *roster_ties(const struct fleet *f)
{
	return at(f, f->ties_at);
}

struct tier *roster_tiers(const struct fleet *f)
{
	return at(f, f->tiers_at);
}

struct heap_slot *roster_heap(const struct fleet *f)
{
	return at(f, f->heap_at);
}

uint32_t roster_heap_count(const struct fleet *f)
{
	return roster_lifespan_id(f) + 1;
}

uint32_t roster_task_id(const struct fleet *f, uint32_t task)
{
	return f->spec->n_instances + f->spec->n_checks + task;
}

uint32_t roster_drain_id(const struct fleet *f)
{
	return roster_task_id(f, f->spec->n_tasks);
}

uint32_t roster_lifespan_id(const struct fleet *f)
{
	return roster_drain_id(f) + 1;
}

struct heap_slot *roster_asks(const struct fleet *f)
{
	return at(f, f->asks_at);
}

static uint32_t asks_count(const struct spec *spec)
{
	return spec->n_probes > spec->n_checks ? spec->n_instances : 0;
}

uint32_t roster_asks_count(const struct fleet *f)
{
	return asks_count(f->spec);
}

static size_t aligned(size_t size)
{
	return (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
}

static size_t history_count(const struct spec *spec)
{
	size_t count = 0;

	for (uint32_t w = 0; w < spec->n_workers; w++)
		count += (size_t)spec->workers[w].replicas * spec->workers[w].restart_limit_count;
	return count;
}

static void lay_out(struct fleet *f, const struct spec *spec)
{
	size_t heap_count = (size_t)spec->n_instances + spec->n_checks + spec->n_tasks + 2;

	f->spec = spec;
	f->crews_at = aligned(sizeof *f);
	f->instances_at = f->crews_at + aligned(spec->n_workers * sizeof(struct crew));
	f->probes_at = f->instances_at + aligned(spec->n_instances * sizeof(struct instance));
	f->checks_at = f->probes_at + aligned(spec->n_probes * sizeof(struct probe));
	f->tasks_at = f->checks_at + aligned(spec->n_checks * sizeof(struct check));
	f->heap_at = f->tasks_at + aligned(spec->n_tasks * sizeof(struct task));
	f->asks_at = f->heap_at + aligned(heap_count * sizeof(struct heap_slot));
	f->history_starts_at = f->asks_at + aligned(asks_count(spec) * sizeof(struct heap_slot));
	f->histories_at = f->history_starts_at + aligned(spec->n_workers * sizeof(size_t));
	f->ties_at = f->histories_at + aligned(history_count(spec) * sizeof(mono_ns));
	f->n_tiers = tier_count(spec);
	f->tiers_at = f->ties_at + aligned(spec_programs(spec) * sizeof(struct tie));
	f->size = f->tiers_at + aligned(f->n_tiers * sizeof(struct tier));
}

size_t roster_size(const struct spec *spec)
{
	struct fleet head;

	lay_out(&head, spec);
	return head.size;
}

static void find_history_starts(const struct fleet *f)
{
	size_t *starts = at(f, f->history_starts_at);
	size_t next = 0;

	for (uint32_t w = 0; w < f->spec->n_workers; w++) {
		const struct worker_spec *worker = &f->spec->workers[w];
		starts[w] = next;
		next += (size_t)worker->replicas * worker->restart_limit_count;
	}
}

static void init_probes(struct fleet *f)
{
	const struct spec *spec = f->spec;
	struct probe *probes = roster_probes(f);

	for (uint32_t n = 0; n < spec->n_probes - spec->n_checks; n++)
		probe_init(&probes[n], vitals_at_first(probe_owner_of(spec, n).role));
	for (uint32_t c = 0; c < spec->n_checks; c++) {
		probe_init(&probes[probe_of_check(spec, c)], PROBE_UNKNOWN);
		check_init(&roster_checks(f)[c]);
		ready_enlist_check(&f->muster, &spec->checks[c], &roster_checks(f)[c]);
	}
}

/* Room for twice as many questions as there are, and never more than a moment between two. */
static span_ns gap_of(const struct spec *spec)
{
	static const uint64_t KILOSECOND = 1000 * (uint64_t)NS_S;
	uint64_t rate = 0; /* questions in a thousand seconds */

	for (uint32_t w = 0; w < spec->n_workers; w++)
		for (enum probe_role role = 0; role < PROBE_ROLE_COUNT; role++) {
			const struct probe_spec *probe = spec->workers[w].probes[role];
			if (probe != NULL)
				rate += spec->workers[w].replicas * KILOSECOND /
					(uint64_t)probe->period;
		}
	span_ns gap = rate == 0 ? GAP_MAX : (span_ns)(KILOSECOND / (2 * rate));
	return gap < GAP_MAX ? gap : GAP_MAX;
}

struct fleet *roster_init(void *block, const struct spec *spec)
{
	struct fleet *f = block;

	/* The gaps between fields as well: a fleet is hashed as bytes. */
	memset(block, 0, roster_size(spec));
	lay_out(f, spec);
	heap_init(roster_heap(f), roster_heap_count(f));
	heap_init(roster_asks(f), roster_asks_count(f));
	find_history_starts(f);
	for (uint32_t w = 0; w < spec->n_workers; w++)
		ready_enlist(&f->muster, &roster_crews(f)[w], &spec->workers[w]);
	for (uint32_t i = 0; i < spec->n_instances; i++)
		roster_instances(f)[i].deadline = MONO_NEVER;
	for (uint32_t n = 0; n < spec->n_tasks; n++)
		roster_tasks(f)[n].due = MONO_NEVER;
	tier_enlist(f);
	init_probes(f);
	f->gap = gap_of(spec);
	return f;
}

mono_ns *roster_history(const struct fleet *f, const struct worker_spec *worker, uint32_t instance)
{
	const size_t *starts = at(f, f->history_starts_at);
	size_t ordinal = instance - worker->first_instance;

	MUST(ordinal < worker->replicas);
	if (worker->restart_limit_count == 0)
		return NULL;
	return (mono_ns *)at(f, f->histories_at) + starts[worker - f->spec->workers] +
	       ordinal * worker->restart_limit_count;
}
