#include "policy/depend.h"

#include "base/must.h"
#include "policy/gate.h"
#include "policy/ledger.h"
#include "policy/tier.h"

static bool is_met(const struct worker_spec *worker, const struct crew *crew, enum depend_when when)
{
	/* What is to be stopped by hand is not to be used by anybody new. */
	if (crew->n_to_stop > 0)
		return false;
	switch (when) {
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

static bool is_attempted(const struct worker_spec *worker, const struct crew *crew)
{
	return crew->n_attempted >= worker->replicas;
}

const struct dependency *depend_missing(const struct fleet *f, const struct worker_spec *program)
{
	for (uint32_t n = 0; n < program->n_depends_on; n++) {
		const struct dependency *d = &program->depends_on[n];
		if (!is_met(&f->spec->workers[d->worker], &roster_crews(f)[d->worker], d->when))
			return d;
	}
	return NULL;
}

bool depend_is_overdue(const struct fleet *f, const struct dependency *d)
{
	return is_attempted(&f->spec->workers[d->worker], &roster_crews(f)[d->worker]);
}

/* Those marked first are looked at first. */
static void append_marked(struct fleet *f, struct tier *tier, uint32_t program)
{
	struct tie *ties = roster_ties(f);

	ties[program].next_marked = 0;
	if (tier->marked == 0)
		tier->marked = program + 1;
	else
		ties[tier->marked_last - 1].next_marked = program + 1;
	tier->marked_last = program + 1;
}

static void mark(struct fleet *f, uint32_t program, bool renewed)
{
	const struct worker_spec *spec = &f->spec->workers[program];
	struct tie *tie = &roster_ties(f)[program];
	uint32_t at = tier_of(f, spec);

	tie->renewed = tie->renewed || (renewed && spec->restart_with_dependency);
	if (tie->marked)
		return;
	tie->marked = true;
	append_marked(f, &roster_tiers(f)[at], program);
	if (f->depend.n_marked++ == 0 || at < f->depend.lowest)
		f->depend.lowest = at;
}

/* Whether the crews are the same for all who depend on it. */
static bool looks_the_same(const struct worker_spec *worker, const struct crew *a,
			   const struct crew *b)
{
	for (enum depend_when when = 0; when < DEPEND_WHEN_COUNT; when++)
		if (is_met(worker, a, when) != is_met(worker, b, when))
			return false;
	return is_attempted(worker, a) == is_attempted(worker, b);
}

void depend_note(struct fleet *f, uint32_t worker, const struct crew *before,
		 const struct instance *was, const struct instance *is)
{
	const struct worker_spec *spec = &f->spec->workers[worker];
	bool renewed = is->gen != was->gen && is->gen > 1;

	if (spec->n_dependents == 0 || f->drain.active)
		return;
	if (!renewed && looks_the_same(spec, before, &roster_crews(f)[worker]))
		return;
	for (uint32_t n = 0; n < spec->n_dependents; n++)
		mark(f, spec->dependents[n], renewed);
}

void depend_note_use(struct fleet *f, uint32_t program, bool live)
{
	const struct worker_spec *spec = &f->spec->workers[program];

	for (uint32_t n = 0; n < spec->n_depends_on; n++) {
		uint32_t used = spec->depends_on[n].worker;
		roster_ties(f)[used].n_users += live ? 1 : UINT32_MAX;
		if (roster_crews(f)[used].n_to_stop > 0)
			f->unwinding = true;
	}
}

/* The next who is marked: of the lowest tier that has any. */
static struct tie *unmark(struct fleet *f, uint32_t *program)
{
	struct tier *tiers = roster_tiers(f);

	while (tiers[f->depend.lowest].marked == 0)
		f->depend.lowest++;
	*program = tiers[f->depend.lowest].marked - 1;
	struct tie *tie = &roster_ties(f)[*program];
	tiers[f->depend.lowest].marked = tie->next_marked;
	tie->next_marked = 0;
	tie->marked = false;
	f->depend.n_marked--;
	return tie;
}

void depend_follow(struct fleet *f, struct orders *out)
{
	while (f->depend.n_marked > 0) {
		uint32_t program;
		struct tie *tie = unmark(f, &program);
		const struct worker_spec *spec = &f->spec->workers[program];
		instance_change *how = tie->renewed ? gate_follow : gate_look;
		tie->renewed = false;
		for (uint32_t n = 0; n < spec->replicas; n++)
			ledger_change(f, spec->first_instance + n, how, out);
	}
}

void depend_end(struct fleet *f)
{
	uint32_t program;

	while (f->depend.n_marked > 0)
		unmark(f, &program)->renewed = false;
}

/* Append to the list, of which last is the end, those who depend on the program; the new end. */
static uint32_t append_dependents(const struct fleet *f, uint32_t program, uint32_t last)
{
	const struct worker_spec *spec = &f->spec->workers[program];
	struct tie *ties = roster_ties(f);

	for (uint32_t n = 0; n < spec->n_dependents; n++) {
		uint32_t dependent = spec->dependents[n];
		if (ties[dependent].found)
			continue;
		ties[dependent].found = true;
		ties[last].next_found = dependent + 1;
		last = dependent;
	}
	return last;
}

uint32_t depend_find(const struct fleet *f, uint32_t worker)
{
	struct tie *ties = roster_ties(f);
	uint32_t last = worker;

	MUST(worker < f->spec->n_workers && ties[worker].next_found == 0);
	ties[worker].found = true;
	for (uint32_t at = worker + 1; at != 0; at = ties[at - 1].next_found)
		last = append_dependents(f, at - 1, last);
	return depend_find_next(f, worker);
}

uint32_t depend_find_next(const struct fleet *f, uint32_t program)
{
	uint32_t next = roster_ties(f)[program].next_found;

	return next == 0 ? PROGRAM_NONE : next - 1;
}

void depend_forget(const struct fleet *f, uint32_t worker)
{
	struct tie *ties = roster_ties(f);

	for (uint32_t at = worker + 1, next; at != 0; at = next) {
		next = ties[at - 1].next_found;
		ties[at - 1].next_found = 0;
		ties[at - 1].found = false;
	}
}

/* Nobody waits with all there, and whom it waits for is told as it is. */
static void check_waiting(const struct fleet *f, uint32_t index)
{
	const struct instance *i = &roster_instances(f)[index];
	const struct worker_spec *worker = spec_worker_of(f->spec, index);

	if (!gate_waits(i))
		return;
	const struct dependency *missing = depend_missing(f, worker);
	MUST(missing != NULL && missing == &worker->depends_on[i->waits_for - 1]);
	MUST(i->attempted || !depend_is_overdue(f, missing));
}

void depend_check(const struct fleet *f)
{
	uint32_t programs = spec_programs(f->spec);

	MUST(f->depend.n_marked == 0 && !f->unwinding);
	for (uint32_t p = 0; p < programs; p++) {
		const struct tie *tie = &roster_ties(f)[p];
		const struct worker_spec *spec = &f->spec->workers[p];
		uint32_t users = 0;
		MUST(!tie->marked && !tie->renewed && !tie->found);
		for (uint32_t n = 0; n < spec->n_dependents; n++)
			users += tier_has_process(f, spec->dependents[n]);
		MUST(users == tie->n_users);
	}
	for (uint32_t i = 0; i < f->spec->n_instances; i++)
		check_waiting(f, i);
}
