#include "policy/fleet.h"

#include "base/must.h"
#include "policy/audit.h"
#include "policy/hand.h"
#include "policy/ledger.h"
#include "policy/rounds.h"
#include "policy/shutdown.h"
#include "policy/tier.h"
#include "policy/standing.h"
#include "policy/unwind.h"
#include "policy/worker.h"

enum { DEADLINES_A_STEP = 64 };

size_t fleet_size(const struct spec *spec)
{
	return roster_size(spec);
}

uint32_t fleet_orders_max(const struct spec *spec)
{
	/* A drain that begins, ends its delay and is cut short in one step: hold, stop, kill. Each
	 * question under way is ended once; and each instance that was held is so no more. */
	return (spec->n_checks > 0 ? 8 : 6) * spec->n_instances + spec->n_probes +
	       6 * DEADLINES_A_STEP + 8;
}

struct fleet *fleet_init(void *block, const struct spec *spec, uint64_t seed, mono_ns now)
{
	struct fleet *f = roster_init(block, spec);

	f->chance = seed;
	f->now = f->since = now;
	for (uint32_t i = 0; i < spec->n_instances; i++)
		roster_instances(f)[i].since = now;
	return f;
}

static void pass_deadline(struct fleet *f, uint32_t id, struct orders *out)
{
	uint32_t n_instances = f->spec->n_instances;

	if (id < n_instances)
		ledger_change(f, id, worker_time, out);
	else if (id < n_instances + f->spec->n_checks)
		rounds_check(f, id - n_instances, out);
	else if (id < roster_drain_id(f))
		task_time(f, id - roster_task_id(f, 0), out);
	else if (id == roster_drain_id(f))
		shutdown_time(f, out);
	else
		lifespan_time(f);
}

static void pass_time(struct fleet *f, struct orders *out)
{
	for (int n = 0; n < DEADLINES_A_STEP && fleet_deadline(f) <= f->now; n++) {
		if (f->state == FLEET_STOPPED)
			return;
		if (roster_heap(f)[0].at <= f->now)
			pass_deadline(f, roster_heap(f)[0].id, out);
		else
			rounds_ask(f, out);
	}
}

static void begin(struct fleet *f)
{
	if (f->begun)
		return;
	f->begun = true;
	rounds_begin(f);
}

/* The lifespan is up: workers may start. */
static void raise_workers(struct fleet *f, struct orders *out)
{
	f->raised = true;
	ledger_change_workers(f, worker_begin, out);
	task_begin_all(f, out);
}

/* Who waits goes on, and who is to stop by hand; one may move the other. */
static void follow_dependencies(struct fleet *f, struct orders *out)
{
	while (f->unwinding || f->depend.n_marked > 0) {
		unwind_follow(f, out);
		depend_follow(f, out);
	}
}

/* What follows for the whole from what happened to a part. */
static void draw_conclusions(struct fleet *f, struct orders *out)
{
	lifespan_rise(f, out);
	if (f->lifespan.start_failed)
		shutdown_begin(f, out);
	if (f->lifespan.up && !f->raised && !f->drain.active)
		raise_workers(f, out);
	task_follow_up(f, out);
	if (f->gates_moved)
		ledger_change_all(f, standing_gate, out);
	f->gates_moved = false;
	follow_dependencies(f, out);
	f->was_started = f->was_started || (f->raised && f->muster.critical_never == 0);
	if (f->state == FLEET_STARTING && f->raised && f->muster.critical_unsettled == 0)
		ledger_enter(f, FLEET_RUNNING, out);
	if (f->gave_up)
		shutdown_begin(f, out);
	shutdown_follow(f, out);
}

static void step_run(struct fleet *f, const struct fact *fact, struct orders *out)
{
	struct entry entry = ledger_open(f, fact->instance, out);

	worker_fact(entry.instance, &entry.env, fact);
	ledger_close(f, &entry);
}

/* Before the beginning nothing runs, and what begins begins as a whole; so does what ends. */
static void step_by_hand(struct fleet *f, const struct fact *fact, struct orders *out)
{
	MUST(fact->instance < f->spec->n_instances);
	enum program_kind kind = spec_worker_of(f->spec, fact->instance)->kind;
	bool run = fact->kind == FACT_RUN;

	/* A task is run, a worker is all the rest, and a step is nobody's. */
	if (!f->raised || f->drain.active || (run ? kind != PROGRAM_TASK : kind > PROGRAM_JOB))
		return;
	if (fact->kind == FACT_RUN)
		task_run(f, spec_task_of(f->spec, fact->instance), out);
	else if (fact->kind == FACT_RELOAD)
		ledger_change(f, fact->instance, hand_reload, out);
	else if (fact->kind == FACT_START)
		ledger_change(f, fact->instance, hand_start, out);
	else if (fact->kind == FACT_STOP && fact->with_dependents)
		unwind_begin(f, fact->instance, out);
	else if (fact->kind == FACT_STOP)
		ledger_change(f, fact->instance, hand_stop, out);
	else
		ledger_change(f, fact->instance, hand_restart, out);
}

static void take(struct fleet *f, const struct fact *fact, struct orders *out)
{
	if (fact_kind_is_run(fact->kind))
		step_run(f, fact, out);
	else if (fact_kind_is_by_hand(fact->kind))
		step_by_hand(f, fact, out);
	else if (fact->kind == FACT_PROBED)
		rounds_answer(f, fact, out);
	else if (fact->kind == FACT_LAST_RUN)
		task_remember(f, spec_task_of(f->spec, fact->instance), fact->span);
	else if (fact->kind == FACT_PROBE_NOW)
		rounds_hurry(f, fact->probe, out);
	else if (fact->kind == FACT_TIME)
		pass_time(f, out);
	else if (fact->kind == FACT_BEGIN)
		begin(f);
	else if (fact->kind == FACT_TERMINATE)
		shutdown_signal(f, out);
}

void fleet_step(struct fleet *f, const struct fact *fact, mono_ns now, struct orders *out)
{
	MUST(now >= f->now);
	MUST(out->room - out->count >= fleet_orders_max(f->spec));
	f->now = now;
	if (f->state == FLEET_STOPPED)
		return;
	take(f, fact, out);
	draw_conclusions(f, out);
}

mono_ns fleet_deadline(const struct fleet *f)
{
	return mono_min(roster_heap(f)[0].at, rounds_deadline(f));
}

bool fleet_wants_spawn(const struct fleet *f, uint32_t instance, uint32_t gen)
{
	const struct instance *i = &roster_instances(f)[instance];

	return i->spawning && i->state == INSTANCE_STARTING && i->gen == gen;
}

bool fleet_wants_command(const struct fleet *f, uint32_t instance, uint32_t gen)
{
	const struct instance *i = &roster_instances(f)[instance];

	return i->command_alive && i->step == STOP_STEP_COMMAND && i->gen == gen;
}

bool fleet_wants_reload(const struct fleet *f, uint32_t instance, uint32_t gen)
{
	const struct instance *i = &roster_instances(f)[instance];

	return i->reload_alive && i->state != INSTANCE_STOPPING && i->gen == gen;
}

uint32_t fleet_dependent(const struct fleet *f, uint32_t worker)
{
	uint32_t p = depend_find(f, worker);

	while (p != PROGRAM_NONE && !tier_has_process(f, p))
		p = depend_find_next(f, p);
	depend_forget(f, worker);
	return p;
}

static enum drain_phase phase_of(const struct fleet *f)
{
	if (f->lifespan.stopping)
		return DRAIN_PHASE_LIFESPAN;
	return f->state == FLEET_DRAINING ? DRAIN_PHASE_DELAY : DRAIN_PHASE_STOPPING;
}

void fleet_status(const struct fleet *f, struct status *out)
{
	*out = (struct status){
		.state = f->state,
		.since = f->since,
		.live = f->muster.fatal == 0,
		.ready = f->state == FLEET_RUNNING && f->muster.critical_unready == 0,
		.lifespan_up = f->lifespan.up,
		.started = f->was_started,
		.health = ready_health(&f->muster),
		.instances_live = f->n_live,
	};
	if (f->drain.active)
		out->drain = (struct drain_status){.started = f->drain.started,
						   .deadline = f->drain.deadline,
						   .signals = f->drain.signals,
						   .phase = phase_of(f)};
}

void fleet_worker_status(const struct fleet *f, uint32_t worker, struct worker_status *out)
{
	MUST(worker < f->spec->n_workers);
	const struct worker_spec *spec = &f->spec->workers[worker];
	const struct crew *crew = &roster_crews(f)[worker];

	*out = (struct worker_status){.health = ready_crew_health(crew, spec),
				      .ready = ready_crew_is_ready(crew, spec),
				      .n_ready = crew->n_ready};
}

void fleet_instance_status(const struct fleet *f, uint32_t instance, struct instance_status *out)
{
	MUST(instance < f->spec->n_instances);
	const struct instance *i = &roster_instances(f)[instance];
	const struct worker_spec *worker = spec_worker_of(f->spec, instance);
	const struct dependency *missing =
		i->waits_for > 0 ? &worker->depends_on[i->waits_for - 1] : NULL;

	*out = (struct instance_status){
		.state = i->state,
		.cause = i->cause,
		.since = i->since,
		.deadline = i->deadline,
		.gen = i->gen,
		.pid = i->pid,
		.restarts = i->restarts,
		.killing = i->step == STOP_STEP_KILL,
		.held_by = i->held ? ledger_gate(f, worker) : PROBE_NONE,
		.waits_for = missing != NULL ? missing->worker : PROGRAM_NONE,
		.waits_when = missing != NULL ? missing->when : DEPEND_STARTED,
		.to_stop = i->to_stop,
		.reloading = i->reload_alive};
}

void fleet_task_status(const struct fleet *f, uint32_t task, struct task_status *out)
{
	task_show(f, task, out);
}

void fleet_step_status(const struct fleet *f, uint32_t step, struct step_status *out)
{
	lifespan_show(f, step, out);
}

void fleet_probe_status(const struct fleet *f, uint32_t probe, struct probe_status *out)
{
	MUST(probe < f->spec->n_probes);
	probe_show(&roster_probes(f)[probe], out);
}

void fleet_check_status(const struct fleet *f, uint32_t check, struct check_status *out)
{
	MUST(check < f->spec->n_checks);
	const struct check *c = &roster_checks(f)[check];

	*out = (struct check_status){
		.health = c->health, .ready = c->ready, .stale = c->stale, .slow = c->slow};
	probe_show(&roster_probes(f)[probe_of_check(f->spec, check)], &out->probe);
}

void fleet_check(const struct fleet *f)
{
	audit_fleet(f);
}

uint64_t fleet_hash(const struct fleet *f)
{
	const unsigned char *bytes = (const unsigned char *)f;
	uint64_t hash = 0xcbf29ce484222325u;

	/* FNV-1a. */
	for (size_t i = 0; i < f->size; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3u;
	return hash;
}
