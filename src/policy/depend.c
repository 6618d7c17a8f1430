#include "policy/depend.h"

#include "policy/gate.h"
#include "policy/ledger.h"

static bool is_met(const struct fleet *f, const struct dependency *d)
{
	const struct worker_spec *worker = &f->spec->workers[d->worker];
	const struct crew *crew = &roster_crews(f)[d->worker];

	switch (d->when) {
	case DEPEND_STARTED:
		return crew->n_started >= worker->replicas;
	case DEPEND_READY:
		return ready_crew_is_ready(crew, worker);
	case DEPEND_COMPLETED:
	case DEPEND_WHEN_COUNT:
		break;
	}
	return crew->n_completed >= worker->replicas;
}

const struct dependency *depend_missing(const struct fleet *f, const struct worker_spec *program)
{
	for (uint32_t n = 0; n < program->n_depends_on; n++)
		if (!is_met(f, &program->depends_on[n]))
			return &program->depends_on[n];
	return NULL;
}

bool depend_is_overdue(const struct fleet *f, const struct dependency *d)
{
	return roster_crews(f)[d->worker].n_attempted >= f->spec->workers[d->worker].replicas;
}

void depend_note(struct fleet *f, uint32_t worker, const struct crew *before,
		 const struct instance *was, const struct instance *is)
{
	struct crew *crew = &roster_crews(f)[worker];

	(void)was;
	(void)is;
	if (f->spec->workers[worker].n_dependents == 0)
		return;
	if (before->n_ready == crew->n_ready && before->n_started == crew->n_started &&
	    before->n_completed == crew->n_completed && before->n_attempted == crew->n_attempted)
		return;
	crew->moved = true;
	f->depend_moved = true;
}

static void look_at(struct fleet *f, uint32_t program, struct orders *out)
{
	const struct worker_spec *worker = &f->spec->workers[program];

	for (uint32_t n = 0; n < worker->replicas; n++)
		ledger_change(f, worker->first_instance + n, gate_look, out);
}

static void look_at_dependents(struct fleet *f, uint32_t worker, struct orders *out)
{
	const struct worker_spec *spec = &f->spec->workers[worker];

	for (uint32_t n = 0; n < spec->n_dependents; n++)
		look_at(f, spec->dependents[n], out);
}

void depend_follow(struct fleet *f, struct orders *out)
{
	while (f->depend_moved) {
		f->depend_moved = false;
		for (uint32_t w = 0; w < f->spec->n_workers; w++) {
			if (!roster_crews(f)[w].moved)
				continue;
			roster_crews(f)[w].moved = false;
			look_at_dependents(f, w, out);
		}
	}
}
