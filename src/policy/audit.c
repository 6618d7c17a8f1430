#include "policy/audit.h"

#include "base/must.h"
#include "policy/fleet.h"
#include "policy/ledger.h"
#include "policy/shutdown.h"

/* Who is asked what in which state. */
static void check_probe(const struct fleet *f, uint32_t number)
{
	const struct probe *probe = &roster_probes(f)[number];
	struct probe_owner owner = probe_owner_of(f->spec, number);

	probe_check(probe);
	bool wanted = probe->due != MONO_NEVER || (probe->asking && !probe->dropped);
	if (owner.check != NULL || !wanted)
		return;
	const struct instance *instance = &roster_instances(f)[owner.instance];
	MUST(instance->main_alive);
	MUST(owner.role == PROBE_READINESS || !instance_is_leaving(instance));
	if (owner.role == PROBE_STARTUP || owner.worker->probes[PROBE_STARTUP] == NULL)
		return;
	uint32_t startup = probe_of_instance(owner.worker, owner.ordinal, PROBE_STARTUP);
	MUST(roster_probes(f)[startup].verdict == PROBE_SUCCESS);
}

/* When somebody is asked next. */
static void check_asks(const struct fleet *f)
{
	heap_check(roster_asks(f), roster_asks_count(f));
	for (uint32_t n = 0; n < f->spec->n_probes; n++)
		check_probe(f, n);
	for (uint32_t i = 0; i < roster_asks_count(f); i++) {
		const struct worker_spec *worker = spec_worker_of(f->spec, i);
		mono_ns first = MONO_NEVER;
		for (uint32_t n = 0; n < worker->n_probes; n++) {
			uint32_t before = (i - worker->first_instance) * worker->n_probes;
			first = mono_min(first, probe_deadline(&roster_probes(
							f)[worker->first_probe + before + n]));
		}
		MUST(heap_get(roster_asks(f), i) == first);
	}
	for (uint32_t c = 0; c < f->spec->n_checks; c++)
		MUST(heap_get(roster_heap(f), f->spec->n_instances + c) ==
		     roster_checks(f)[c].deadline);
}

static void check_instances(const struct fleet *f)
{
	uint32_t live = 0;

	for (uint32_t i = 0; i < f->spec->n_instances; i++) {
		const struct instance *instance = &roster_instances(f)[i];
		instance_check(instance);
		MUST(heap_get(roster_heap(f), i) == instance->deadline);
		live += instance_is_live(instance);
		/* Held for a check that is down now, not for one that was. */
		MUST(!instance->held || ledger_gate(f, spec_worker_of(f->spec, i)) != PROBE_NONE);
		/* Nothing waits to be started in a drain, and nothing runs before the beginning. */
		MUST(!f->drain.active || spec_worker_of(f->spec, i)->kind >= PROGRAM_TASK ||
		     (instance->state != INSTANCE_WAITING && instance->state != INSTANCE_BACKOFF));
		MUST(f->begun || instance->gen == 0);
	}
	MUST(live == f->n_live);
}

void audit_fleet(const struct fleet *f)
{
	struct status status;

	heap_check(roster_heap(f), roster_heap_count(f));
	check_asks(f);
	if (f->state != FLEET_STOPPED)
		check_instances(f);
	for (uint32_t w = 0; w < f->spec->n_workers; w++)
		ready_check(&roster_crews(f)[w], &f->spec->workers[w],
			    roster_instances(f) + f->spec->workers[w].first_instance);
	ready_check_muster(&f->muster, f->spec, roster_crews(f), roster_checks(f), roster_tasks(f));
	lifespan_check(f);
	task_check(f);
	fleet_status(f, &status);
	MUST(!f->gates_moved);
	MUST(!(f->drain.active && status.ready));
	shutdown_check(f);
	depend_check(f);
	MUST(f->n_live == 0 || f->state != FLEET_STOPPED || f->now >= f->drain.deadline);
	MUST(f->muster.critical_unsettled <= f->muster.critical_never);
}
