#include "policy/lifespan.h"

#include "base/must.h"
#include "policy/ledger.h"
#include "policy/share.h"
#include "policy/worker.h"

static const span_ns LAST_WORDS = 500 * NS_MS; /* for the killed to be reaped in */

static bool is_over(const struct instance *i)
{
	return i->state >= INSTANCE_COMPLETED;
}

static struct instance *instance_of(const struct fleet *f, uint32_t instance)
{
	return &roster_instances(f)[instance];
}

static const struct worker_spec *start_of(const struct fleet *f, uint32_t step)
{
	MUST(step < f->spec->n_steps);
	return &f->spec->workers[f->spec->n_workers + 2 * step];
}

static const struct worker_spec *stop_of(const struct fleet *f, uint32_t step)
{
	return start_of(f, step) + 1;
}

/* Its turn has come. */
static void take_turn(struct instance *i, const struct instance_env *env)
{
	MUST(i->state == INSTANCE_WAITING);
	worker_start(i, env, CAUSE_LIFESPAN);
}

/* Whether the start that was begun last lets the next one begin. */
static bool last_is_up(struct fleet *f)
{
	struct lifespan *l = &f->lifespan;

	if (l->begun == 0 || start_of(f, l->begun - 1)->command.argc == 0)
		return true;
	const struct instance *last = instance_of(f, spec_step_start(f->spec, l->begun - 1));
	/* In a drain that came meanwhile, too; and before what was killed has gone. */
	l->start_failed = last->run.failed;
	return last->state == INSTANCE_COMPLETED;
}

void lifespan_rise(struct fleet *f, struct orders *out)
{
	struct lifespan *l = &f->lifespan;

	while (f->begun && !l->up && last_is_up(f) && !f->drain.active) {
		l->up = l->begun == f->spec->n_steps;
		if (l->up)
			return;
		uint32_t step = l->begun++;
		if (start_of(f, step)->command.argc > 0)
			ledger_change(f, spec_step_start(f->spec, step), take_turn, out);
	}
}

static void set_deadline(struct fleet *f, uint32_t id, mono_ns deadline)
{
	heap_set(roster_heap(f), roster_heap_count(f), id, deadline);
}

/* How long the stops may take, all together. */
static span_ns time_left(struct fleet *f)
{
	/* Time has leapt, or nothing was kept for them and what came before did not end. */
	if (f->drain.deadline <= f->now)
		drain_prolong(&f->drain, f->spec, f->now);
	span_ns all = f->drain.deadline - f->now;
	/* Next to no time: most of it is for the last words all the same. */
	return all - LAST_WORDS > all / 4 ? all - LAST_WORDS : all - all / 4 * 3;
}

/* Give the stop of the step its share of the time. */
static void allot(struct fleet *f, uint32_t step)
{
	struct lifespan *l = &f->lifespan;
	span_ns others = 0;
	uint32_t n = 1;

	for (uint32_t k = 0; k < step; k++) {
		bool there = stop_of(f, k)->command.argc > 0;
		n += there;
		others = mono_add(others, there ? stop_of(f, k)->run_timeout : 0);
	}
	struct share share = share_of_stops(time_left(f), n, others);
	l->abandoned = l->killing = false;
	l->term_by = mono_add(f->now, share.term);
	l->kill_by = mono_add(f->now, share.kill);
}

/* SIGKILL was sent: it is waited for a little, and the others have their time still. */
static void await_the_killed(struct fleet *f)
{
	struct lifespan *l = &f->lifespan;
	span_ns all = f->drain.deadline > f->now ? f->drain.deadline - f->now : 0;
	span_ns part = all / (l->left + 1);

	if (l->killing)
		return;
	l->killing = true;
	set_deadline(f, roster_lifespan_id(f),
		     mono_add(f->now, part < LAST_WORDS ? part : LAST_WORDS));
}

/* True when the step has had its stop. */
static bool stop_is_over(struct fleet *f, uint32_t step, struct orders *out)
{
	struct lifespan *l = &f->lifespan;
	uint32_t stop = spec_step_stop(f->spec, step);
	const struct instance *i = instance_of(f, stop);

	if (stop_of(f, step)->command.argc == 0)
		return true;
	if (i->gen == 0) {
		allot(f, step);
		ledger_change(f, stop, take_turn, out);
	}
	if (!is_over(i) && i->step == STOP_STEP_KILL)
		await_the_killed(f);
	if (!is_over(i) && !l->abandoned)
		return false;
	set_deadline(f, roster_lifespan_id(f), MONO_NEVER);
	/* What it left behind is no fault of its work: that is a kill, whenever it goes. */
	l->stop_failed = l->stop_failed || i->run.failed;
	return true;
}

void lifespan_fall(struct fleet *f, struct orders *out)
{
	struct lifespan *l = &f->lifespan;

	if (!l->stopping) {
		l->stopping = true;
		l->left = l->begun;
	}
	while (l->left > 0 && stop_is_over(f, l->left - 1, out))
		l->left--;
}

void lifespan_time(struct fleet *f)
{
	f->lifespan.abandoned = true;
	set_deadline(f, roster_lifespan_id(f), MONO_NEVER);
}

bool lifespan_is_over(const struct fleet *f)
{
	return f->lifespan.begun == 0 || (f->lifespan.stopping && f->lifespan.left == 0);
}

static enum step_state state_of(const struct fleet *f, uint32_t step)
{
	const struct lifespan *l = &f->lifespan;
	const struct instance *start = instance_of(f, spec_step_start(f->spec, step));

	if (step >= l->begun)
		return STEP_WAITING;
	if (l->stopping && step + 1 >= l->left)
		return step >= l->left ? STEP_STOPPED : STEP_STOPPING;
	return start->gen == 0 || start->state == INSTANCE_COMPLETED ? STEP_UP : STEP_STARTING;
}

void lifespan_show(const struct fleet *f, uint32_t step, struct step_status *out)
{
	const struct instance *start = instance_of(f, spec_step_start(f->spec, step));
	const struct instance *stop = instance_of(f, spec_step_stop(f->spec, step));
	const struct instance *now = stop->gen > 0 ? stop : start;
	enum step_state state = state_of(f, step);

	*out = (struct step_status){.state = state,
				    .start_failed = start->run.failed,
				    .stop_failed = stop->run.failed,
				    .since = now->since,
				    .deadline = now->deadline};
}

void lifespan_check(const struct fleet *f)
{
	const struct lifespan *l = &f->lifespan;

	MUST(l->begun <= f->spec->n_steps && l->left <= l->begun);
	MUST(!l->up || l->begun == f->spec->n_steps);
	MUST(!l->stopping || f->drain.active);
	for (uint32_t step = 0; step < f->spec->n_steps; step++) {
		const struct instance *start = instance_of(f, spec_step_start(f->spec, step));
		const struct instance *stop = instance_of(f, spec_step_stop(f->spec, step));
		bool has_start = start_of(f, step)->command.argc > 0;
		bool has_stop = stop_of(f, step)->command.argc > 0;
		bool turn = l->stopping && step < l->begun && step + 1 >= l->left;

		/* Each half once: the start in its turn, the stop when the start had begun. */
		MUST(start->gen == (step < l->begun && has_start));
		MUST(stop->gen == (turn && has_stop));
		MUST(!(l->up || step + 1 < l->begun) || !has_start ||
		     start->state == INSTANCE_COMPLETED);
		/* One after the other, but for those that not even SIGKILL ends. */
		MUST(!l->stopping || step < l->left || step >= l->begun || !has_stop ||
		     is_over(stop) || stop->step == STOP_STEP_KILL);
	}
}
