#include "policy/unwind.h"

#include "policy/gate.h"
#include "policy/hand.h"
#include "policy/ledger.h"

/* One that is up is stopped later; one that would come up again by itself, at once. */
static void resign(struct instance *i, const struct instance_env *env)
{
	if (instance_is_up(i) && env->worker->kind != PROGRAM_TASK)
		i->to_stop = true;
	else
		hand_stop(i, env);
}

/* True when it is up or would come up again by itself. */
static bool goes_on(const struct instance *i)
{
	return !i->to_stop && i->wish != WISH_DOWN &&
	       (instance_is_live(i) || i->state == INSTANCE_BACKOFF || gate_waits(i));
}

static void resign_all(struct fleet *f, const struct worker_spec *program, struct orders *out)
{
	for (uint32_t i = program->first_instance; i < program->first_instance + program->replicas;
	     i++)
		if (goes_on(&roster_instances(f)[i]))
			ledger_change(f, i, resign, out);
}

static void stay(struct instance *i, const struct instance_env *env)
{
	(void)env;
	i->to_stop = false;
}

void unwind_begin(struct fleet *f, uint32_t instance, struct orders *out)
{
	uint32_t worker = (uint32_t)(spec_worker_of(f->spec, instance) - f->spec->workers);

	ledger_change(f, instance, resign, out);
	f->unwinding = true;
	for (uint32_t p = depend_find(f, worker); p != PROGRAM_NONE; p = depend_find_next(f, p))
		resign_all(f, &f->spec->workers[p], out);
	depend_forget(f, worker);
}

/* The instances of the worker that are to stop, if it is their turn; or those that need no turn any
 * more. */
static void go_on(struct fleet *f, uint32_t worker, struct orders *out)
{
	const struct worker_spec *spec = &f->spec->workers[worker];

	for (uint32_t n = 0; n < spec->replicas; n++) {
		uint32_t index = spec->first_instance + n;
		const struct instance *i = &roster_instances(f)[index];
		if (!i->to_stop)
			continue;
		if (i->state == INSTANCE_COMPLETED || i->state == INSTANCE_FAILED)
			ledger_change(f, index, stay, out);
		else if (!instance_is_up(i) || roster_ties(f)[worker].n_users == 0)
			ledger_change(f, index, hand_stop, out);
	}
}

void unwind_follow(struct fleet *f, struct orders *out)
{
	while (f->unwinding) {
		f->unwinding = false;
		for (uint32_t w = 0; w < f->spec->n_workers; w++)
			if (roster_crews(f)[w].n_to_stop > 0)
				go_on(f, w, out);
	}
}

void unwind_end(struct fleet *f, struct orders *out)
{
	for (uint32_t w = 0; w < f->spec->n_workers; w++) {
		const struct worker_spec *spec = &f->spec->workers[w];
		for (uint32_t n = 0; roster_crews(f)[w].n_to_stop > 0 && n < spec->replicas; n++)
			ledger_change(f, spec->first_instance + n, stay, out);
	}
	f->unwinding = false;
}
