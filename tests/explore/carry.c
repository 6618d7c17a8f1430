#include "explore/carry.h"

#include <signal.h>

#include "base/must.h"
#include "explore/promises.h"

/* What the fact means for the processes. */
static void happen(struct slot *slot, const struct fact *fact)
{
	if (fact->gen != slot->gen)
		return;
	if (fact->kind == FACT_SPAWNED || fact->kind == FACT_SPAWN_FAILED)
		slot->spawning = false;
	if (fact->kind == FACT_SPAWNED) {
		slot->main = true;
	} else if (fact->kind == FACT_EXITED) {
		slot->main = false;
		slot->rest = !fact->empty;
	} else if (fact->kind == FACT_EMPTY) {
		slot->rest = false;
	} else if (fact->kind == FACT_STOP_COMMAND_DONE) {
		slot->command = false;
	} else if (fact->kind == FACT_RELOAD_COMMAND_DONE) {
		slot->reload = false;
	}
}

/* Whether it makes a half of the lifespan a failed one; an interrupted start is none. */
static void judge(const struct scene *s, const struct spec *spec, struct slot *slot,
		  const struct fact *fact)
{
	const struct worker_spec *program = spec_worker_of(spec, fact->instance);
	bool start = program->kind == PROGRAM_STEP_START;

	if (fact->gen != slot->gen || (start && s->draining))
		return;
	if (fact->kind == FACT_SPAWN_FAILED && slot->spawning)
		slot->bad = true;
	if (fact->kind == FACT_EXITED && slot->main &&
	    (fact->signaled || !worker_spec_is_success(program, fact->code)))
		slot->bad = true;
}

/* All that run and depend on the worker, directly or not, are to be stopped, too. */
static void hold_dependents(struct scene *s, const struct spec *spec,
			    const struct worker_spec *worker)
{
	for (uint32_t n = 0; n < worker->n_dependents; n++) {
		const struct worker_spec *other = &spec->workers[worker->dependents[n]];
		for (uint32_t i = 0; i < other->replicas && other->kind <= PROGRAM_JOB; i++) {
			struct slot *slot = &s->slots[other->first_instance + i];
			slot->held = slot->held || (slot->state >= INSTANCE_STARTING &&
						    slot->state <= INSTANCE_STOPPING);
		}
		hold_dependents(s, spec, other);
	}
}

/* What was wished by hand; before the workers are raised nobody listens, nor in a drain. */
static void wish(struct scene *s, const struct spec *spec, const struct fact *fact)
{
	struct slot *slot = &s->slots[fact->instance];

	if (!s->raised || s->draining)
		return;
	if (fact->kind == FACT_RUN)
		slot->hands++;
	if (fact->kind == FACT_RUN || fact->kind == FACT_RELOAD)
		return;
	slot->held = fact->kind == FACT_STOP;
	if (fact->with_dependents)
		hold_dependents(s, spec, spec_worker_of(spec, fact->instance));
}

void carry_fact(struct scene *s, const struct spec *spec, const struct fact *fact)
{
	s->begun = s->begun || fact->kind == FACT_BEGIN;
	s->terms = (uint8_t)(s->terms + (fact->kind == FACT_TERMINATE));
	if (fact_kind_is_run(fact->kind)) {
		judge(s, spec, &s->slots[fact->instance], fact);
		happen(&s->slots[fact->instance], fact);
	}
	if (fact->kind == FACT_PROBED && fact->serial == s->asked[fact->probe].serial)
		s->asked[fact->probe].asking = s->asked[fact->probe].dropped = false;
	if (fact_kind_is_by_hand(fact->kind))
		wish(s, spec, fact);
}

static void spawned(struct scene *s, const struct spec *spec, const struct order *o)
{
	struct slot *slot = &s->slots[o->instance];

	MUST(o->gen == slot->gen + 1);
	MUST(!slot->held);
	MUST(s->hostile || !slot_is_live(slot));
	promises_spawn(s, spec, o->instance);
	*slot = (struct slot){.gen = o->gen,
			      .spawning = true,
			      .state = slot->state,
			      .cause = slot->cause,
			      .hands = slot->hands};
}

/* SIGKILL: in a drain it makes the end an unclean one, but for a task that was to be cancelled. */
static void killed(struct scene *s, const struct spec *spec, uint32_t instance)
{
	struct slot *slot = &s->slots[instance];
	bool task = spec_worker_of(spec, instance)->kind == PROGRAM_TASK;
	bool counts = !task || !spec->tasks[spec_task_of(spec, instance)].cancel;

	s->drain_killed = s->drain_killed || (s->draining && !slot->killing && counts);
	if (!slot->killing)
		slot->killed_at = s->now;
	slot->killing = true;
}

/* The drain cuts a task short that was to end by itself. */
static bool is_cut(const struct scene *s, const struct spec *spec, uint32_t instance)
{
	const struct slot *slot = &s->slots[instance];

	return s->draining && spec_worker_of(spec, instance)->kind == PROGRAM_TASK &&
	       !spec->tasks[spec_task_of(spec, instance)].cancel && slot->cause == CAUSE_DRAIN;
}

static void stopped(struct scene *s, const struct spec *spec, const struct order *o)
{
	struct slot *slot = &s->slots[o->instance];

	MUST(!slot->killing);
	if (!slot->told)
		promises_stop(s, spec, o->instance);
	if (slot->told || slot->state != INSTANCE_STOPPING)
		return;
	slot->told = true;
	s->drain_killed = s->drain_killed || is_cut(s, spec, o->instance);
}

static void signalled(struct scene *s, const struct spec *spec, const struct order *o)
{
	struct slot *slot = &s->slots[o->instance];
	const struct worker_spec *worker = spec_worker_of(spec, o->instance);

	MUST(o->gen == slot->gen);
	MUST(s->hostile || slot_is_live(slot));
	MUST(s->hostile || o->target != ORDER_TO_MAIN || slot->main);
	if (o->target == ORDER_TO_RELOAD) {
		MUST(o->signo == SIGKILL && (s->hostile || slot->reload));
		return;
	}
	if (worker->reload_signal != 0 && o->signo == worker->reload_signal) {
		MUST(slot->state == INSTANCE_READY || slot->state == INSTANCE_RUNNING);
		return;
	}
	MUST(slot->state == INSTANCE_STOPPING);
	/* A stop that has to be ended is overdue. */
	slot->bad = slot->bad || (worker->kind == PROGRAM_STEP_STOP && o->target == ORDER_TO_MAIN);
	if (o->signo != SIGKILL) {
		stopped(s, spec, o);
		return;
	}
	MUST(o->target == ORDER_TO_ALL);
	killed(s, spec, o->instance);
}

static void commanded(struct scene *s, const struct spec *spec, const struct order *o)
{
	struct slot *slot = &s->slots[o->instance];

	MUST(o->gen == slot->gen);
	MUST(s->hostile || (slot->main && !slot->command && !slot->told && !slot->killing));
	promises_stop(s, spec, o->instance);
	slot->command = true;
}

static void reloaded(struct scene *s, const struct order *o)
{
	struct slot *slot = &s->slots[o->instance];

	MUST(o->gen == slot->gen);
	MUST(slot->state == INSTANCE_READY || slot->state == INSTANCE_RUNNING);
	MUST(s->hostile || (slot->main && !slot->reload));
	slot->reload = true;
}

static void quit(struct scene *s, const struct spec *spec, const struct order *o)
{
	promises_quit(s, spec, o->code);
	s->quit = true;
}

static void told(struct scene *s, const struct spec *spec, const struct order *o)
{
	struct slot *slot = &s->slots[o->instance];
	const struct worker_spec *program = spec_worker_of(spec, o->instance);

	MUST(o->gen == slot->gen || o->state == INSTANCE_STARTING);
	slot->cancelled = o->state == INSTANCE_STOPPING && (slot->cancelled || slot->spawning);
	slot->state = (uint8_t)o->state;
	slot->cause = (uint8_t)o->cause;
	slot->bad = slot->bad || (o->state == INSTANCE_STOPPING && o->cause == CAUSE_RUN_TIMEOUT);
	if (program->kind > PROGRAM_JOB || o->state != INSTANCE_FAILED)
		return;
	s->gave_up = s->gave_up || program->on_failed == ON_FAILED_SHUTDOWN;
	MUST(!s->draining);
}

/* Nobody asks a process that is not there, or one that is leaving whether it is to be killed. */
static void asked(struct scene *s, const struct spec *spec, const struct order *o)
{
	struct probe_owner owner = probe_owner_of(spec, o->probe);
	struct asked *asked = &s->asked[o->probe];

	MUST(!asked->asking && o->serial == asked->serial + 1);
	*asked = (struct asked){.serial = o->serial, .asking = true};
	if (owner.check != NULL)
		return;
	const struct slot *slot = &s->slots[owner.instance];
	MUST(s->hostile || slot->main);
	if (owner.role != PROBE_READINESS)
		MUST(!slot->told && !slot->killing && (s->hostile || !slot->command));
	if (owner.role == PROBE_STARTUP || owner.worker->probes[PROBE_STARTUP] == NULL)
		return;
	uint32_t startup = probe_of_instance(owner.worker, owner.ordinal, PROBE_STARTUP);
	struct probe_status status;
	fleet_probe_status(scene_fleet(s), startup, &status);
	MUST(status.verdict == PROBE_SUCCESS);
}

static void dropped(struct scene *s, const struct order *o)
{
	struct asked *asked = &s->asked[o->probe];

	MUST(asked->asking && !asked->dropped && o->serial == asked->serial);
	asked->dropped = true;
}

void carry_order(struct scene *s, const struct spec *spec, const struct order *o)
{
	MUST(!s->quit);
	switch (o->kind) {
	case ORDER_SPAWN:
		spawned(s, spec, o);
		break;
	case ORDER_SIGNAL:
		signalled(s, spec, o);
		break;
	case ORDER_STOP_COMMAND:
		commanded(s, spec, o);
		break;
	case ORDER_TELL:
		told(s, spec, o);
		break;
	case ORDER_TELL_FLEET:
		s->draining = s->draining || o->fleet_state >= FLEET_DRAINING;
		break;
	case ORDER_QUIT:
		quit(s, spec, o);
		break;
	case ORDER_PROBE:
		asked(s, spec, o);
		break;
	case ORDER_PROBE_STOP:
		dropped(s, o);
		break;
	case ORDER_RELOAD_COMMAND:
		reloaded(s, o);
		break;
	case ORDER_TELL_PROBE:
		break;
	case ORDER_KIND_COUNT:
		MUST(false && "an order");
	}
}
