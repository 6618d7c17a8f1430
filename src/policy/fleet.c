#include "policy/fleet.h"

#include "base/must.h"
#include "policy/hand.h"
#include "policy/ladder.h"
#include "policy/roster.h"
#include "policy/worker.h"

enum { DEADLINES_A_STEP = 64 };

/* What changed with one instance is carried through by one of these. */
typedef void instance_change(struct instance *instance, const struct instance_env *env);

size_t fleet_size(const struct spec *spec)
{
	return roster_size(spec);
}

uint32_t fleet_orders_max(const struct spec *spec)
{
	/* A drain that begins, ends its delay and is cut short in one step: hold, stop, kill. */
	return 6 * spec->n_instances + 4 * DEADLINES_A_STEP + 8;
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

static struct instance_env env_of(struct fleet *f, uint32_t index, struct orders *out)
{
	const struct worker_spec *worker = spec_worker_of(f->spec, index);

	return (struct instance_env){
		.worker = worker,
		.index = index,
		.draining = f->drain.active,
		.kill_by = drain_kill_by(&f->drain),
		.history = roster_history(f, worker, index),
		.chance = &f->chance,
		.now = f->now,
		.out = out,
	};
}

/* After any change of an instance: the sums, the heap, and what the whole makes of it. */
static void account(struct fleet *f, const struct worker_spec *worker, uint32_t index,
		    const struct instance *before)
{
	const struct instance *after = &roster_instances(f)[index];
	bool was_killing = before->step == STOP_STEP_KILL;

	ready_update(&f->muster, &roster_crews(f)[worker - f->spec->workers], worker, before,
		     after);
	f->n_live += (uint32_t)instance_is_live(after) - (uint32_t)instance_is_live(before);
	heap_set(roster_heap(f), roster_heap_count(f), index, after->deadline);
	if (f->drain.active && after->step == STOP_STEP_KILL && !was_killing)
		f->killed = true;
	if (after->state == INSTANCE_FAILED && before->state != INSTANCE_FAILED &&
	    worker->on_failed == ON_FAILED_SHUTDOWN)
		f->gave_up = true;
}

static void change(struct fleet *f, uint32_t index, instance_change *how, struct orders *out)
{
	struct instance_env env = env_of(f, index, out);
	struct instance before = roster_instances(f)[index];

	how(&roster_instances(f)[index], &env);
	account(f, env.worker, index, &before);
}

static void change_all(struct fleet *f, instance_change *how, struct orders *out)
{
	for (uint32_t i = 0; i < f->spec->n_instances; i++)
		change(f, i, how, out);
}

static void enter(struct fleet *f, enum fleet_state state, struct orders *out)
{
	f->state = state;
	f->since = f->now;
	orders_add(out, (struct order){.kind = ORDER_TELL_FLEET, .fleet_state = state});
}

static void set_drain_deadline(struct fleet *f, mono_ns deadline)
{
	heap_set(roster_heap(f), roster_heap_count(f), f->spec->n_instances + f->spec->n_checks,
		 deadline);
}

static void begin_stopping(struct fleet *f, struct orders *out)
{
	if (f->state != FLEET_DRAINING)
		return;
	f->drain.stop_at = f->now;
	enter(f, FLEET_STOPPING, out);
	set_drain_deadline(f, mono_max(f->drain.kill_by, f->now));
	change_all(f, worker_stop, out);
}

static void begin_drain(struct fleet *f, struct orders *out)
{
	drain_begin(&f->drain, f->spec, f->now);
	enter(f, FLEET_DRAINING, out);
	set_drain_deadline(f, f->drain.stop_at);
	change_all(f, worker_hold, out);
	if (f->drain.stop_at <= f->now)
		begin_stopping(f, out);
}

/* A kill that was sent is repeated by its own deadline. */
static void kill_if_not_done(struct instance *instance, const struct instance_env *env)
{
	if (instance->step != STOP_STEP_KILL)
		ladder_kill(instance, env);
}

static void kill_all(struct fleet *f, struct orders *out)
{
	begin_stopping(f, out);
	f->drain.killed = true;
	set_drain_deadline(f, f->drain.deadline);
	change_all(f, kill_if_not_done, out);
}

static int exit_code(const struct fleet *f)
{
	if (f->gave_up)
		return 10;
	return f->killed ? 11 : 0;
}

static void finish(struct fleet *f, struct orders *out)
{
	set_drain_deadline(f, MONO_NEVER);
	enter(f, FLEET_STOPPED, out);
	orders_add(out, (struct order){.kind = ORDER_QUIT, .code = exit_code(f)});
}

static void terminate(struct fleet *f, struct orders *out)
{
	switch (drain_signal(&f->drain, f->now)) {
	case DRAIN_CALL_NONE:
		break;
	case DRAIN_CALL_BEGIN:
		begin_drain(f, out);
		break;
	case DRAIN_CALL_HURRY:
		begin_stopping(f, out);
		break;
	case DRAIN_CALL_KILL:
		kill_all(f, out);
		break;
	}
}

static void drain_time(struct fleet *f, struct orders *out)
{
	if (f->state == FLEET_DRAINING) {
		begin_stopping(f, out);
		return;
	}
	if (drain_is_over(&f->drain, f->now)) {
		/* What cannot even be killed is named by those who leave it behind. */
		f->killed = true;
		finish(f, out);
	} else {
		kill_all(f, out);
	}
}

static void pass_time(struct fleet *f, struct orders *out)
{
	for (int n = 0; n < DEADLINES_A_STEP && fleet_deadline(f) <= f->now; n++) {
		uint32_t id = roster_heap(f)[0].id;
		if (f->state == FLEET_STOPPED)
			return;
		if (id < f->spec->n_instances)
			change(f, id, worker_time, out);
		else
			drain_time(f, out);
	}
}

static void begin(struct fleet *f, struct orders *out)
{
	if (f->begun)
		return;
	f->begun = true;
	change_all(f, worker_begin, out);
}

/* What follows for the whole from what happened to a part. */
static void draw_conclusions(struct fleet *f, struct orders *out)
{
	f->was_started = f->was_started || (f->begun && f->muster.critical_never == 0);
	if (f->state == FLEET_STARTING && f->begun && f->muster.critical_unsettled == 0)
		enter(f, FLEET_RUNNING, out);
	if (f->gave_up && !f->drain.active)
		begin_drain(f, out);
	if (f->drain.active && f->state != FLEET_STOPPED && f->n_live == 0)
		finish(f, out);
}

static void step_run(struct fleet *f, const struct fact *fact, struct orders *out)
{
	MUST(fact->instance < f->spec->n_instances);
	struct instance_env env = env_of(f, fact->instance, out);
	struct instance before = roster_instances(f)[fact->instance];

	worker_fact(&roster_instances(f)[fact->instance], &env, fact);
	account(f, env.worker, fact->instance, &before);
}

/* Before the beginning nothing runs, and what begins begins as a whole. */
static void step_by_hand(struct fleet *f, const struct fact *fact, struct orders *out)
{
	MUST(fact->instance < f->spec->n_instances);
	if (!f->begun)
		return;
	if (fact->kind == FACT_START)
		change(f, fact->instance, hand_start, out);
	else if (fact->kind == FACT_STOP)
		change(f, fact->instance, hand_stop, out);
	else
		change(f, fact->instance, hand_restart, out);
}

void fleet_step(struct fleet *f, const struct fact *fact, mono_ns now, struct orders *out)
{
	MUST(now >= f->now);
	MUST(out->room - out->count >= fleet_orders_max(f->spec));
	f->now = now;
	if (f->state == FLEET_STOPPED)
		return;
	if (fact_kind_is_run(fact->kind))
		step_run(f, fact, out);
	else if (fact_kind_is_by_hand(fact->kind))
		step_by_hand(f, fact, out);
	else if (fact->kind == FACT_TIME)
		pass_time(f, out);
	else if (fact->kind == FACT_BEGIN)
		begin(f, out);
	else if (fact->kind == FACT_TERMINATE)
		terminate(f, out);
	draw_conclusions(f, out);
}

mono_ns fleet_deadline(const struct fleet *f)
{
	return roster_heap(f)[0].at;
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

void fleet_status(const struct fleet *f, struct status *out)
{
	*out = (struct status){
		.state = f->state,
		.since = f->since,
		.live = f->muster.fatal == 0,
		.ready = f->state == FLEET_RUNNING && f->muster.critical_unready == 0,
		.started = f->was_started,
		.health = ready_health(&f->muster),
		.instances_live = f->n_live,
	};
	if (f->drain.active)
		out->drain = (struct drain_status){.started = f->drain.started,
						   .deadline = f->drain.deadline,
						   .signals = f->drain.signals};
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

	*out = (struct instance_status){.state = i->state,
					.cause = i->cause,
					.since = i->since,
					.deadline = i->deadline,
					.gen = i->gen,
					.pid = i->pid,
					.restarts = i->restarts,
					.killing = i->step == STOP_STEP_KILL,
					.held_by = PROBE_NONE};
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

static void check_instances(const struct fleet *f)
{
	uint32_t live = 0;

	for (uint32_t i = 0; i < f->spec->n_instances; i++) {
		const struct instance *instance = &roster_instances(f)[i];
		instance_check(instance);
		MUST(heap_get(roster_heap(f), i) == instance->deadline);
		live += instance_is_live(instance);
		/* Nothing waits to be started in a drain, and nothing runs before the beginning. */
		MUST(!f->drain.active ||
		     (instance->state != INSTANCE_WAITING && instance->state != INSTANCE_BACKOFF));
		MUST(f->begun || instance->gen == 0);
	}
	MUST(live == f->n_live);
}

void fleet_check(const struct fleet *f)
{
	struct status status;

	heap_check(roster_heap(f), roster_heap_count(f));
	if (f->state != FLEET_STOPPED)
		check_instances(f);
	for (uint32_t w = 0; w < f->spec->n_workers; w++)
		ready_check(&roster_crews(f)[w], &f->spec->workers[w],
			    roster_instances(f) + f->spec->workers[w].first_instance);
	fleet_status(f, &status);
	MUST(!(f->drain.active && status.ready));
	MUST(f->drain.active == (f->state >= FLEET_DRAINING));
	/* A drain always has an end in sight, and is not past it. */
	if (f->drain.active && f->state != FLEET_STOPPED)
		MUST(f->n_live > 0 && fleet_deadline(f) <= f->drain.deadline);
	MUST(f->n_live == 0 || f->state != FLEET_STOPPED || f->now >= f->drain.deadline);
	MUST(f->muster.critical_unsettled <= f->muster.critical_never);
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
