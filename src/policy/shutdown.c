#include "policy/shutdown.h"

#include "base/must.h"
#include "policy/ladder.h"
#include "policy/ledger.h"
#include "policy/tier.h"
#include "policy/unwind.h"
#include "policy/worker.h"

static bool is_tasks(const struct fleet *f, uint32_t at)
{
	return at == tier_of_tasks(f);
}

/* The tier under way; TIER_NONE: none is. */
static uint32_t tier_now(const struct fleet *f)
{
	return f->state == FLEET_STOPPING && f->drain.left > 0 ? f->drain.left - 1 : TIER_NONE;
}

mono_ns shutdown_kill_by(const struct fleet *f, const struct worker_spec *program)
{
	bool now =
		f->drain.active && tier_now(f) != TIER_NONE && tier_of(f, program) == tier_now(f);

	return now ? f->drain.tier_by : drain_kill_by(&f->drain);
}

/* Of all tiers from the first to before the given: what they want together, and how many want
 * anything. */
static span_ns wanted_below(const struct fleet *f, uint32_t end, uint32_t *n)
{
	span_ns sum = 0;

	*n = 0;
	for (uint32_t at = 0; at < end; at++) {
		if (roster_tiers(f)[at].n_live == 0)
			continue;
		sum = mono_add(sum, tier_longest(f, at));
		(*n)++;
	}
	return sum;
}

static span_ns left_for_tiers(const struct fleet *f)
{
	return mono_max(f->drain.kill_by, f->now) - f->now;
}

/* The longest of what the tasks that run may still take, each with its stop. */
static span_ns wanted_by_tasks(const struct fleet *f)
{
	span_ns want = 0;

	for (uint32_t n = 0; n < f->spec->n_tasks; n++) {
		uint32_t index = spec_task_instance(f->spec, n);
		const struct instance *i = &roster_instances(f)[index];
		if (!instance_is_live(i))
			continue;
		mono_ns end = mono_max(i->deadline, f->now);
		if (i->state != INSTANCE_STOPPING)
			end = mono_add(end, spec_worker_of(f->spec, index)->stop_timeout);
		want = mono_max(want, end - f->now);
	}
	return want;
}

/* Tasks run on for their share, and are stopped before its end. */
static void begin_tasks(struct fleet *f, uint32_t at, struct orders *out)
{
	uint32_t n;
	span_ns levels = wanted_below(f, at, &n);
	span_ns share = drain_tasks_share(left_for_tiers(f), wanted_by_tasks(f), levels, n);

	f->drain.tier_by = mono_add(f->now, share);
	f->drain.cut_at = f->drain.tier_by - drain_tasks_margin(share, tier_longest(f, at));
	tier_change(f, at, worker_hold, out);
}

static void begin_level(struct fleet *f, uint32_t at, struct orders *out)
{
	uint32_t n;
	span_ns later = wanted_below(f, at, &n);

	f->drain.tier_by =
		mono_add(f->now, drain_level_share(left_for_tiers(f), tier_longest(f, at), later));
	tier_change(f, at, worker_stop, out);
}

static void begin_tier(struct fleet *f, uint32_t at, struct orders *out)
{
	if (roster_tiers(f)[at].n_live == 0)
		return;
	if (is_tasks(f, at))
		begin_tasks(f, at, out);
	else
		begin_level(f, at, out);
}

/* The tasks' share ends soon. */
static void cut_if_due(struct fleet *f, struct orders *out)
{
	if (f->drain.cut_at > f->now)
		return;
	f->drain.cut_at = MONO_NEVER;
	tier_change(f, f->drain.left - 1, worker_stop, out);
}

/* True when nothing is left of the tier under way, or nothing that ends soon. */
static bool tier_is_over(struct fleet *f)
{
	const struct tier *tier = &roster_tiers(f)[f->drain.left - 1];

	if (tier->n_live == 0)
		return true;
	if (tier->n_killing < tier->n_live)
		f->drain.settle_at = MONO_NEVER;
	else if (f->drain.settle_at == MONO_NEVER)
		f->drain.settle_at = drain_settle(&f->drain, f->now);
	return f->drain.settle_at <= f->now;
}

/* From tier to tier, as far as it goes. */
static void pass_tiers(struct fleet *f, struct orders *out)
{
	while (f->drain.left > 0) {
		cut_if_due(f, out);
		if (!tier_is_over(f))
			return;
		f->drain.cut_at = f->drain.settle_at = MONO_NEVER;
		if (--f->drain.left > 0)
			begin_tier(f, f->drain.left - 1, out);
	}
}

static void begin_stopping(struct fleet *f, struct orders *out)
{
	if (f->state != FLEET_DRAINING)
		return;
	f->drain.stop_at = mono_min(f->drain.stop_at, f->now);
	ledger_enter(f, FLEET_STOPPING, out);
	f->drain.left = f->n_tiers;
	begin_tier(f, f->drain.left - 1, out);
	pass_tiers(f, out);
}

static enum drain_onset onset_of(const struct fleet *f)
{
	if (!f->raised)
		return DRAIN_IN_START;
	return f->lifespan.begun > 0 ? DRAIN_AFTER_START : DRAIN_AT_REST;
}

void shutdown_begin(struct fleet *f, struct orders *out)
{
	if (f->drain.active)
		return;
	drain_begin(&f->drain, f->spec, onset_of(f), f->now);
	depend_end(f);
	unwind_end(f, out);
	ledger_enter(f, FLEET_DRAINING, out);
	task_end_all(f, out);
	ledger_change_all(f, worker_hold, out);
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
	f->drain.left = 0;
	f->drain.cut_at = MONO_NEVER;
	f->drain.settle_at = drain_settle(&f->drain, f->now);
	ledger_change_all(f, kill_if_not_done, out);
}

void shutdown_signal(struct fleet *f, struct orders *out)
{
	switch (drain_signal(&f->drain, f->now)) {
	case DRAIN_CALL_NONE:
		break;
	case DRAIN_CALL_BEGIN:
		shutdown_begin(f, out);
		break;
	case DRAIN_CALL_HURRY:
		begin_stopping(f, out);
		break;
	case DRAIN_CALL_KILL:
		kill_all(f, out);
		break;
	}
}

static void finish(struct fleet *f, struct orders *out)
{
	struct drain_faults faults = {.start_failed = f->lifespan.start_failed,
				      .gave_up = f->gave_up,
				      .stop_failed = f->lifespan.stop_failed,
				      .killed = f->killed};

	ledger_enter(f, FLEET_STOPPED, out);
	orders_add(out, (struct order){.kind = ORDER_QUIT, .code = drain_exit_code(&faults)});
}

static void end_of_time(struct fleet *f, struct orders *out)
{
	if (!lifespan_is_over(f)) {
		drain_prolong(&f->drain, f->spec, f->now);
		if (!f->drain.killed)
			kill_all(f, out);
	} else if (drain_is_over(&f->drain, f->now)) {
		/* What cannot even be killed is named by those who leave it behind. */
		f->killed = true;
		finish(f, out);
	} else {
		kill_all(f, out);
	}
}

/* When time alone moves the drain. */
static mono_ns next_moment(const struct fleet *f)
{
	const struct drain *d = &f->drain;
	mono_ns next = d->killed ? d->deadline : mono_min(d->kill_by, d->deadline);

	if (f->state == FLEET_STOPPED)
		return MONO_NEVER;
	if (f->state == FLEET_DRAINING)
		return d->stop_at;
	next = mono_min(next, d->cut_at);
	bool awaited = d->left > 0 || (f->lifespan.begun > 0 && !f->lifespan.stopping);
	return awaited && d->settle_at > f->now ? mono_min(next, d->settle_at) : next;
}

static void set_deadline(struct fleet *f)
{
	mono_ns next = mono_max(next_moment(f), f->now);

	if (heap_get(roster_heap(f), roster_drain_id(f)) != next)
		heap_set(roster_heap(f), roster_heap_count(f), roster_drain_id(f), next);
}

void shutdown_time(struct fleet *f, struct orders *out)
{
	if (f->state == FLEET_DRAINING)
		begin_stopping(f, out);
	else if (f->now >= f->drain.deadline)
		end_of_time(f, out);
	else if (f->now >= f->drain.kill_by && !f->drain.killed)
		kill_all(f, out);
	if (f->state == FLEET_STOPPING)
		pass_tiers(f, out);
	set_deadline(f);
}

/* Nothing of tasks and workers is waited for any more: all is gone; or all was killed, and what is
 * left even so has had a moment. */
static bool is_down(const struct fleet *f)
{
	return f->state == FLEET_STOPPING && f->drain.left == 0 &&
	       (f->n_live == 0 || f->lifespan.stopping || f->drain.settle_at <= f->now);
}

void shutdown_follow(struct fleet *f, struct orders *out)
{
	if (!f->drain.active)
		return;
	if (f->state == FLEET_DRAINING && f->n_live == 0 && f->lifespan.begun > 0)
		begin_stopping(f, out);
	if (f->state == FLEET_STOPPING)
		pass_tiers(f, out);
	if (is_down(f) && f->lifespan.begun > 0)
		lifespan_fall(f, out);
	if (f->state != FLEET_STOPPED && f->n_live == 0 && lifespan_is_over(f))
		finish(f, out);
	set_deadline(f);
}

/* Nobody of a tier that has not begun is told to stop by the drain, but who had not come far
 * enough when it began. */
static void check_tier(const struct fleet *f, uint32_t index)
{
	const struct instance *i = &roster_instances(f)[index];
	uint32_t at = tier_of(f, spec_worker_of(f->spec, index));

	if (at == TIER_NONE || is_tasks(f, at) || at + 1 >= f->drain.left)
		return;
	MUST(i->state != INSTANCE_STOPPING || i->cause != CAUSE_DRAIN || !i->was_ready);
}

void shutdown_check(const struct fleet *f)
{
	tier_check(f);
	MUST(f->drain.active == (f->state >= FLEET_DRAINING));
	if (!f->drain.active || f->state == FLEET_STOPPED)
		return;
	/* A drain always has an end in sight, and is not past it. */
	MUST(f->n_live > 0 && heap_get(roster_heap(f), roster_drain_id(f)) <= f->drain.deadline);
	MUST(f->drain.stop_at <= f->drain.kill_by && f->drain.kill_by <= f->drain.deadline);
	MUST(f->drain.tier_by <= mono_max(f->drain.kill_by, f->now));
	for (uint32_t i = 0; i < f->spec->n_instances; i++)
		check_tier(f, i);
}
