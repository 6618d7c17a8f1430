#include "policy/ledger.h"

#include "base/must.h"
#include "policy/shutdown.h"
#include "policy/tier.h"
#include "policy/vitals.h"

uint32_t ledger_gate(const struct fleet *f, const struct worker_spec *worker)
{
	for (uint32_t n = 0; n < worker->n_gates; n++)
		if (roster_checks(f)[worker->gates[n]].health == HEALTH_UNHEALTHY)
			return worker->gates[n];
	return PROBE_NONE;
}

static void find_probes(const struct fleet *f, struct instance_env *env)
{
	uint32_t ordinal = env->index - env->worker->first_instance;

	for (enum probe_role role = 0; role < PROBE_ROLE_COUNT; role++) {
		uint32_t number = probe_of_instance(env->worker, ordinal, role);
		env->probe_numbers[role] = number;
		if (number != PROBE_NONE)
			env->probes[role] = &roster_probes(f)[number];
	}
}

struct entry ledger_open(struct fleet *f, uint32_t index, struct orders *out)
{
	MUST(index < f->spec->n_instances);
	const struct worker_spec *worker = spec_worker_of(f->spec, index);
	struct entry entry = {.instance = &roster_instances(f)[index],
			      .before = roster_instances(f)[index],
			      .env = {.worker = worker,
				      .index = index,
				      .draining = f->drain.active,
				      .kill_by = shutdown_kill_by(f, worker),
				      .run_by = MONO_NEVER,
				      .history = roster_history(f, worker, index),
				      .chance = &f->chance,
				      .gate = ledger_gate(f, worker),
				      .now = f->now,
				      .out = out}};

	entry.env.missing = depend_missing(f, worker);
	entry.env.overdue = entry.env.missing != NULL && depend_is_overdue(f, entry.env.missing);
	/* What is stopped last is started in the drain. */
	if (worker->kind == PROGRAM_STEP_STOP) {
		entry.env.draining = false;
		entry.env.kill_by = f->lifespan.kill_by;
		entry.env.run_by = f->lifespan.term_by;
	}
	find_probes(f, &entry.env);
	return entry;
}

/* One of a worker counts in its crew. */
static void close_worker(struct fleet *f, const struct entry *e, uint32_t worker)
{
	struct crew *crew = &roster_crews(f)[worker];
	struct crew before = *crew;

	ready_update(&f->muster, crew, e->env.worker, &e->before, e->instance);
	depend_note(f, worker, &before, &e->before, e->instance);
	if (crew->n_to_stop > 0)
		f->unwinding = true;
}

/* How many live, in all and in its tier; and whether its program is used at all. */
static void close_life(struct fleet *f, const struct entry *e, uint32_t program, bool was_used)
{
	bool used = tier_has_process(f, program);

	f->n_live +=
		(uint32_t)instance_is_live(e->instance) - (uint32_t)instance_is_live(&e->before);
	tier_note(f, e->env.worker, &e->before, e->instance);
	if (used == was_used)
		return;
	tier_note_use(f, e->env.worker);
	depend_note_use(f, program, used);
}

void ledger_close(struct fleet *f, const struct entry *e)
{
	const struct worker_spec *worker = e->env.worker;
	const struct instance *before = &e->before, *after = e->instance;
	uint32_t program = (uint32_t)(worker - f->spec->workers);
	bool was_killing = before->step == STOP_STEP_KILL;
	bool was_used = program < f->spec->n_workers ? tier_has_process(f, program)
						     : instance_is_live(before);

	vitals_follow(after, &e->env);
	if (program < f->spec->n_workers)
		close_worker(f, e, program);
	else if (worker->kind == PROGRAM_TASK)
		task_follow(f, spec_task_of(f->spec, e->env.index), before, after);
	close_life(f, e, program, was_used);
	heap_set(roster_heap(f), roster_heap_count(f), e->env.index, after->deadline);
	if (worker->n_probes > 0)
		heap_set(roster_asks(f), roster_asks_count(f), e->env.index,
			 vitals_deadline(&e->env));
	if (f->drain.active && after->step == STOP_STEP_KILL && !was_killing &&
	    !task_is_cancelled(f->spec, worker))
		f->killed = true;
	if (after->state == INSTANCE_FAILED && before->state != INSTANCE_FAILED &&
	    worker->on_failed == ON_FAILED_SHUTDOWN)
		f->gave_up = true;
}

void ledger_enter(struct fleet *f, enum fleet_state state, struct orders *out)
{
	f->state = state;
	f->since = f->now;
	orders_add(out, (struct order){.kind = ORDER_TELL_FLEET, .fleet_state = state});
}

void ledger_change(struct fleet *f, uint32_t index, instance_change *how, struct orders *out)
{
	struct entry entry = ledger_open(f, index, out);

	how(entry.instance, &entry.env);
	ledger_close(f, &entry);
}

void ledger_change_workers(struct fleet *f, instance_change *how, struct orders *out)
{
	for (uint32_t i = 0; i < spec_worker_instances(f->spec); i++)
		ledger_change(f, i, how, out);
}

void ledger_change_all(struct fleet *f, instance_change *how, struct orders *out)
{
	for (uint32_t i = 0; i < f->spec->n_instances; i++)
		if (spec_worker_of(f->spec, i)->kind != PROGRAM_STEP_STOP)
			ledger_change(f, i, how, out);
}
