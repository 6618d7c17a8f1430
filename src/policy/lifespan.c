#include "policy/lifespan.h"

#include "base/must.h"
#include "policy/ledger.h"
#include "policy/worker.h"

static bool is_over(const struct instance *i)
{
	return i->state >= INSTANCE_COMPLETED;
}

static struct instance *instance_of(const struct fleet *f, uint32_t instance)
{
	return &roster_instances(f)[instance];
}

void lifespan_rise(struct fleet *f, struct orders *out)
{
	struct lifespan *l = &f->lifespan;

	while (f->begun && !f->drain.active && !l->up && !l->start_failed) {
		if (l->begun > 0) {
			const struct instance *last =
				instance_of(f, spec_step_start(f->spec, l->begun - 1));
			l->start_failed = last->state == INSTANCE_FAILED;
			if (last->state != INSTANCE_COMPLETED)
				return;
		}
		l->up = l->begun == f->spec->n_steps;
		if (!l->up)
			ledger_change(f, spec_step_start(f->spec, l->begun++), worker_begin, out);
	}
}

void lifespan_fall(struct fleet *f, struct orders *out)
{
	struct lifespan *l = &f->lifespan;

	if (!l->stopping) {
		l->stopping = true;
		l->left = l->begun;
	}
	while (l->left > 0) {
		uint32_t stop = spec_step_stop(f->spec, l->left - 1);
		if (instance_of(f, stop)->state == INSTANCE_WAITING)
			ledger_change(f, stop, worker_begin, out);
		if (!is_over(instance_of(f, stop)))
			return;
		l->stop_failed = l->stop_failed || instance_of(f, stop)->state == INSTANCE_FAILED;
		l->left--;
	}
}

bool lifespan_is_over(const struct fleet *f)
{
	return f->lifespan.begun == 0 || (f->lifespan.stopping && f->lifespan.left == 0);
}

static enum step_state state_of(const struct instance *start, const struct instance *stop)
{
	if (stop->state != INSTANCE_WAITING)
		return is_over(stop) ? STEP_STOPPED : STEP_STOPPING;
	if (start->state == INSTANCE_WAITING)
		return STEP_WAITING;
	return start->state == INSTANCE_COMPLETED ? STEP_UP : STEP_STARTING;
}

void lifespan_show(const struct fleet *f, uint32_t step, struct step_status *out)
{
	const struct instance *start = instance_of(f, spec_step_start(f->spec, step));
	const struct instance *stop = instance_of(f, spec_step_stop(f->spec, step));
	const struct instance *now = stop->state != INSTANCE_WAITING ? stop : start;

	*out = (struct step_status){.state = state_of(start, stop),
				    .start_failed = start->state == INSTANCE_FAILED,
				    .stop_failed = stop->state == INSTANCE_FAILED,
				    .since = now->since,
				    .deadline = now->deadline};
}
