#include "sim/world.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

enum { STEPS_A_MOMENT = 100000 };

static const mono_ns ORIGIN = 1000 * NS_S; /* not 0, which would hide what counts from there */

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count > 0 ? count : 1, size);

	MUST(memory != NULL);
	return memory;
}

void world_init(struct world *w, struct spec *spec, uint64_t seed)
{
	uint32_t room = fleet_orders_max(spec);

	*w = (struct world){.spec = spec, .origin = ORIGIN, .now = ORIGIN, .queue_room = 4 * room};
	w->out = (struct orders){.list = allocate(room, sizeof(struct order)), .room = room};
	w->queue = allocate(w->queue_room, sizeof(struct order));
	w->habits = allocate(spec->n_instances, sizeof w->habits[0]);
	w->processes = allocate(spec->n_instances, sizeof w->processes[0]);
	w->questions = allocate(spec->n_probes, sizeof w->questions[0]);
	w->closest = FOR_EVER;
	w->fleet = fleet_init(allocate(fleet_size(spec), 1), spec, seed, w->now);
	for (uint32_t i = 0; i < spec->n_instances; i++)
		processes_init(&w->processes[i]);
	for (uint32_t n = 0; n < spec->n_probes; n++)
		w->questions[n].answer_at = FOR_EVER;
	fleet_check(w->fleet);
}

void world_fini(struct world *w)
{
	free(w->out.list);
	free(w->queue);
	free(w->habits);
	free(w->processes);
	free(w->questions);
	free(w->fleet);
	spec_free(&w->spec);
}

static bool is_automatic(const struct world *w, const struct order *order)
{
	if (order->kind == ORDER_PROBE || order->kind == ORDER_PROBE_STOP)
		return w->questions[order->probe].automatic;
	return order->kind != ORDER_QUIT && w->habits[order->instance].automatic;
}

static void note(struct world *w, const struct order *order)
{
	if (order->kind == ORDER_TELL || order->kind == ORDER_TELL_FLEET ||
	    order->kind == ORDER_TELL_PROBE)
		return;
	if (w->n_notes == NOTES_MAX) {
		w->trouble = "too many orders that nobody looked at";
		return;
	}
	w->notes[w->n_notes++] =
		(struct note){.order = *order, .at = w->now, .automatic = is_automatic(w, order)};
}

static void enqueue(struct world *w)
{
	MUST(w->queued + w->out.count <= w->queue_room);
	for (uint32_t n = 0; n < w->out.count; n++) {
		w->queue[w->queued++] = w->out.list[n];
		note(w, &w->out.list[n]);
	}
	w->out.count = 0;
}

static void step(struct world *w, const struct fact *fact)
{
	if (fact_kind_is_run(fact->kind))
		processes_happen(&w->processes[fact->instance], fact);
	if (fact->kind == FACT_PROBED)
		question_told(&w->questions[fact->probe], fact);
	fleet_step(w->fleet, fact, w->now, &w->out);
	fleet_check(w->fleet);
	enqueue(w);
}

static void step_of(struct world *w, uint32_t instance, struct fact fact)
{
	fact.instance = instance;
	fact.gen = w->processes[instance].gen;
	step(w, &fact);
}

static void answer_spawn(struct world *w, uint32_t i)
{
	const struct habit *habit = &w->habits[i];
	struct processes *p = &w->processes[i];

	if (!fleet_wants_spawn(w->fleet, i, p->gen) || habit->spawn_fails) {
		step_of(w, i,
			(struct fact){.kind = FACT_SPAWN_FAILED, .cancelled = !habit->spawn_fails});
		return;
	}
	processes_begin(p, habit, w->now);
	step_of(w, i, (struct fact){.kind = FACT_SPAWNED, .pid = (pid_t)(i + 1000)});
}

static void spawn(struct world *w, const struct order *order)
{
	struct processes *p = &w->processes[order->instance];

	if (processes_are_live(p))
		w->trouble = "a second process was ordered into a slot that is taken";
	p->gen = order->gen;
	p->spawning = true;
	if (w->habits[order->instance].automatic)
		answer_spawn(w, order->instance);
}

static void receive(struct world *w, const struct order *order)
{
	struct processes *p = &w->processes[order->instance];
	const struct habit *habit = &w->habits[order->instance];

	if (order->gen != p->gen || !processes_are_live(p))
		w->trouble = "a signal was ordered for a run that is over";
	if (!habit->automatic)
		return;
	if (order->target == ORDER_TO_RELOAD) {
		p->reload_at = p->reload ? w->now : FOR_EVER;
		return;
	}
	if (order->signo == SIGKILL) {
		processes_kill(p, habit, w->now);
		return;
	}
	/* To read its configuration anew is no end. */
	if (order->signo == spec_worker_of(w->spec, order->instance)->reload_signal)
		return;
	if (habit->ignores)
		return;
	if (p->main)
		processes_die_of(p, mono_add(w->now, habit->stops_in), order->signo);
	if (order->target != ORDER_TO_MAIN)
		p->rest_at = mono_add(w->now, habit->stops_in);
}

static void run_command(struct world *w, const struct order *order)
{
	struct processes *p = &w->processes[order->instance];

	if (order->gen != p->gen || p->command || !p->main)
		w->trouble = "a stop command was ordered out of turn";
	p->command = true;
	if (w->habits[order->instance].automatic)
		p->command_at = mono_add(w->now, w->habits[order->instance].command_takes);
}

static void run_reload(struct world *w, const struct order *order)
{
	struct processes *p = &w->processes[order->instance];

	if (order->gen != p->gen || p->reload || !p->main)
		w->trouble = "a reload command was ordered out of turn";
	p->reload = true;
	if (w->habits[order->instance].automatic)
		p->reload_at = mono_add(w->now, w->habits[order->instance].reload_takes);
}

/* A question to a process, or its end. */
static void ask_process(struct world *w, const struct order *order)
{
	struct probe_owner owner = probe_owner_of(w->spec, order->probe);

	if (owner.check != NULL || order->kind != ORDER_PROBE)
		return;
	if (!w->processes[owner.instance].main)
		w->trouble = "a process was to be asked that is not there";
	if (w->asked_at != 0 && w->now - w->asked_at < w->closest)
		w->closest = w->now - w->asked_at;
	w->asked_at = w->now;
}

static void ask(struct world *w, const struct order *order)
{
	const char *trouble = question_order(&w->questions[order->probe], order, w->now);

	if (trouble != NULL)
		w->trouble = trouble;
	ask_process(w, order);
}

static void carry_out(struct world *w, const struct order *order)
{
	switch (order->kind) {
	case ORDER_SPAWN:
		spawn(w, order);
		break;
	case ORDER_SIGNAL:
		receive(w, order);
		break;
	case ORDER_STOP_COMMAND:
		run_command(w, order);
		break;
	case ORDER_QUIT:
		w->quit = true;
		break;
	case ORDER_PROBE:
	case ORDER_PROBE_STOP:
		ask(w, order);
		break;
	case ORDER_RELOAD_COMMAND:
		run_reload(w, order);
		break;
	case ORDER_TELL_PROBE:
	case ORDER_TELL:
	case ORDER_TELL_FLEET:
	case ORDER_KIND_COUNT:
		break;
	}
}

/* Carry out what is queued, and what follows from that. */
static void settle(struct world *w)
{
	uint32_t done = 0;

	while (done < w->queued) {
		struct order order = w->queue[done++];
		/* Room for what this one brings. */
		if (done == w->queued)
			done = w->queued = 0;
		carry_out(w, &order);
	}
	w->queued = 0;
}

void world_tell(struct world *w, struct fact fact)
{
	step(w, &fact);
	settle(w);
}

static void live_on(struct world *w, uint32_t i)
{
	struct processes *p = &w->processes[i];

	if (p->ready_at <= w->now) {
		p->ready_at = FOR_EVER;
		step_of(w, i, (struct fact){.kind = FACT_READY});
	} else if (p->exit_at <= w->now) {
		bool killed = p->rest_at <= w->now;
		step_of(w, i,
			(struct fact){.kind = FACT_EXITED,
				      .code = p->code,
				      .signaled = p->signaled,
				      .empty = killed || !w->habits[i].leaves_rest});
		p->rest_at = FOR_EVER;
	} else if (p->rest && !p->main && p->rest_at <= w->now) {
		step_of(w, i, (struct fact){.kind = FACT_EMPTY});
	} else if (p->command_at <= w->now) {
		step_of(w, i, (struct fact){.kind = FACT_STOP_COMMAND_DONE});
	} else {
		step_of(w, i, (struct fact){.kind = FACT_RELOAD_COMMAND_DONE});
	}
	settle(w);
}

/*
 * What happens next by itself, at *next or before, and its moment: an answer, something in an
 * instance's slot (named FACT_SPAWNED), or nothing (FACT_TIME).
 */
static struct fact next_of(const struct world *w, mono_ns *next)
{
	struct fact fact = {.kind = FACT_TIME};

	for (uint32_t i = 0; i < w->spec->n_instances; i++)
		if (processes_moment(&w->processes[i]) <= *next) {
			*next = processes_moment(&w->processes[i]);
			fact = (struct fact){.kind = FACT_SPAWNED, .instance = i};
		}
	for (uint32_t n = 0; n < w->spec->n_probes; n++)
		if (w->questions[n].answer_at <= *next) {
			*next = w->questions[n].answer_at;
			fact = question_answer(&w->questions[n], n);
		}
	return fact;
}

bool world_advance(struct world *w, mono_ns until)
{
	mono_ns next = w->quit ? FOR_EVER : fleet_deadline(w->fleet);
	struct fact fact = next_of(w, &next);

	if (next > until || next == FOR_EVER)
		return false;
	w->crowd = next > w->now ? 0 : w->crowd + 1;
	if (w->crowd == STEPS_A_MOMENT) {
		w->trouble = "time stands still: too much happens at one moment";
		return false;
	}
	w->now = mono_max(w->now, next);
	if (fact.kind == FACT_SPAWNED)
		live_on(w, fact.instance);
	else
		world_tell(w, fact);
	return true;
}

void world_advance_to(struct world *w, mono_ns at)
{
	while (world_advance(w, at))
		;
	w->now = mono_max(w->now, at);
}

void world_leap(struct world *w, span_ns span)
{
	w->now += span;
	world_advance_to(w, w->now);
}

void world_forget_answered(struct world *w)
{
	uint32_t kept = 0;

	for (uint32_t n = 0; n < w->n_notes; n++)
		if (!w->notes[n].automatic)
			w->notes[kept++] = w->notes[n];
	w->n_notes = kept;
}
