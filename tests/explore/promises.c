#include "explore/promises.h"

#include "base/must.h"

static const span_ns LAST_WORDS = 500 * NS_MS; /* for the killed to be reaped in */

static bool is_met(const struct scene *s, const struct spec *spec, const struct dependency *d)
{
	const struct worker_spec *worker = &spec->workers[d->worker];
	uint32_t ready = 0, started = 0, completed = 0;

	for (uint32_t n = 0; n < worker->replicas; n++) {
		const struct slot *slot = &s->slots[worker->first_instance + n];
		bool over = worker->kind == PROGRAM_JOB && slot->state == INSTANCE_COMPLETED;
		ready += over || slot->state == INSTANCE_READY;
		completed += over;
		started += over || (slot->main && slot->state != INSTANCE_STOPPING);
	}
	if (d->when == DEPEND_READY)
		return ready >= worker->min_ready;
	return (d->when == DEPEND_STARTED ? started : completed) == worker->replicas;
}

static bool is_free(const struct scene *s, const struct spec *spec,
		    const struct worker_spec *program)
{
	for (uint32_t n = 0; n < program->n_depends_on; n++)
		if (!is_met(s, spec, &program->depends_on[n]))
			return false;
	return true;
}

/* Something that it depends on is missing, or is to be stopped by hand, so that nobody new uses it.
 */
static bool has_to_wait(const struct scene *s, const struct spec *spec,
			const struct worker_spec *program)
{
	for (uint32_t n = 0; n < program->n_depends_on; n++) {
		const struct worker_spec *other = &spec->workers[program->depends_on[n].worker];
		for (uint32_t i = 0; i < other->replicas; i++)
			if (s->slots[other->first_instance + i].held)
				return true;
	}
	return !is_free(s, spec, program);
}

static bool has_start(const struct spec *spec, uint32_t step)
{
	return spec_worker_of(spec, spec_step_start(spec, step))->command.argc > 0;
}

static bool is_up(const struct scene *s, const struct spec *spec, uint32_t step)
{
	return !has_start(spec, step) ||
	       s->slots[spec_step_start(spec, step)].state == INSTANCE_COMPLETED;
}

/* The first so many steps are up. */
static bool are_up(const struct scene *s, const struct spec *spec, uint32_t count)
{
	for (uint32_t n = 0; n < count; n++)
		if (!is_up(s, spec, n))
			return false;
	return s->begun;
}

/* Nobody waits for it any more: it has ended, or was killed and sleeps in the kernel. */
static bool is_gone(const struct scene *s, uint32_t instance)
{
	const struct slot *slot = &s->slots[instance];

	return !slot_is_live(slot) || (slot->killing && s->now - slot->killed_at >= LAST_WORDS);
}

/* Once, in the drain, of a step whose turn to start had come; behind all that is not the
 * lifespan's, but for what cannot be killed. */
static void spawn_stop(const struct scene *s, const struct spec *spec, uint32_t instance)
{
	uint32_t step = spec_step_of(spec, instance);

	MUST(s->draining && s->slots[instance].gen == 0 && step < s->turns);
	for (uint32_t n = step + 1; n < s->turns; n++) {
		uint32_t before = spec_step_stop(spec, n);
		MUST(s->slots[before].gen == 1 || spec_worker_of(spec, before)->command.argc == 0);
	}
	for (uint32_t n = 0; n < s->n_slots && !s->hostile; n++)
		MUST(spec_worker_of(spec, n)->kind == PROGRAM_STEP_STOP || is_gone(s, n));
}

void promises_spawn(const struct scene *s, const struct spec *spec, uint32_t instance)
{
	const struct worker_spec *program = spec_worker_of(spec, instance);

	if (program->kind == PROGRAM_STEP_STOP) {
		spawn_stop(s, spec, instance);
		return;
	}
	MUST(!s->draining);
	if (program->kind == PROGRAM_STEP_START) {
		MUST(s->slots[instance].gen == 0);
		MUST(are_up(s, spec, spec_step_of(spec, instance)));
		return;
	}
	MUST(are_up(s, spec, spec->n_steps));
	MUST(is_free(s, spec, program));
}

/* What must have gone before this one is stopped: tasks before workers, then level by level. */
static uint32_t rank_of(const struct worker_spec *program)
{
	return program->kind == PROGRAM_TASK ? UINT32_MAX : program->level;
}

void promises_stop(const struct scene *s, const struct spec *spec, uint32_t instance)
{
	const struct worker_spec *program = spec_worker_of(spec, instance);
	const struct slot *slot = &s->slots[instance];
	bool by_drain = slot->state == INSTANCE_STOPPING && slot->cause == CAUSE_DRAIN;

	if (s->hostile || !s->draining || !by_drain || slot->cancelled ||
	    program->kind > PROGRAM_JOB)
		return;
	for (uint32_t n = 0; n < s->n_slots; n++) {
		const struct worker_spec *other = spec_worker_of(spec, n);
		if (other->kind >= PROGRAM_STEP_START || rank_of(other) <= rank_of(program))
			continue;
		MUST(is_gone(s, n));
	}
}

/* No burst: as often as it was due, and was wished. */
static void check_task(const struct scene *s, const struct spec *spec, uint32_t task)
{
	const struct task_spec *plan = &spec->tasks[task];
	uint32_t instance = spec_task_instance(spec, task);
	const struct slot *slot = &s->slots[instance];
	struct task_status status;

	fleet_task_status(scene_fleet(s), task, &status);
	if (!s->raised) {
		MUST(slot->gen == 0);
		return;
	}
	MUST(slot->gen <= (s->now - s->raised_at) / plan->every + slot->hands + plan->run_at_start);
	MUST(status.runs == slot->gen);
	MUST(!s->draining || (status.next == MONO_NEVER && !status.pending));
	if (!s->hostile && !s->draining && status.pending)
		MUST(slot_is_live(slot) || has_to_wait(s, spec, spec_worker_of(spec, instance)));
}

/* Whoever waits has a reason, and says it. */
static void check_waiting(const struct scene *s, const struct spec *spec, uint32_t i)
{
	const struct worker_spec *program = spec_worker_of(spec, i);
	struct instance_status status;

	if (program->kind > PROGRAM_JOB || s->slots[i].state != INSTANCE_WAITING || s->hostile ||
	    !s->raised || s->draining)
		return;
	MUST(has_to_wait(s, spec, program));
	fleet_instance_status(scene_fleet(s), i, &status);
	MUST(status.waits_for != PROGRAM_NONE);
}

/* It was started for another run: whoever goes with it is on its way down. */
static void check_restarted(const struct scene *s, const struct spec *spec, uint32_t i)
{
	const struct worker_spec *worker = spec_worker_of(spec, i);

	for (uint32_t n = 0; n < worker->n_dependents; n++) {
		const struct worker_spec *other = &spec->workers[worker->dependents[n]];
		const struct slot *slot = &s->slots[other->first_instance];
		if (other->kind <= PROGRAM_JOB && other->restart_with_dependency &&
		    other->replicas > 0 && slot->main)
			MUST(slot->state == INSTANCE_STOPPING);
	}
}

static void check_step(const struct scene *s, const struct spec *spec, uint32_t step)
{
	const struct slot *start = &s->slots[spec_step_start(spec, step)];
	const struct slot *stop = &s->slots[spec_step_stop(spec, step)];

	MUST(start->gen <= (step < s->turns) && stop->gen <= (step < s->turns));
	if (s->hostile)
		return;
	if (start->gen > 0 && !slot_is_live(start))
		MUST((start->state == INSTANCE_FAILED) == start->bad);
	if (stop->gen > 0 && !slot_is_live(stop))
		MUST(stop->state == (stop->bad ? INSTANCE_FAILED : INSTANCE_COMPLETED));
	if (start->bad && !slot_is_live(start))
		MUST(s->draining);
}

static void count_turns(struct scene *s, const struct spec *spec)
{
	while (!s->draining && s->turns < spec->n_steps && are_up(s, spec, s->turns))
		s->turns++;
	if (s->raised || s->draining || !are_up(s, spec, spec->n_steps))
		return;
	s->raised = true;
	s->raised_at = s->now;
}

void promises_after(struct scene *s, const struct spec *spec, const uint32_t runs_before[SLOTS])
{
	count_turns(s, spec);
	for (uint32_t n = 0; n < spec->n_steps && !s->quit; n++)
		check_step(s, spec, n);
	for (uint32_t n = 0; n < spec->n_tasks && !s->quit; n++)
		check_task(s, spec, n);
	for (uint32_t i = 0; i < s->n_slots && !s->quit; i++) {
		check_waiting(s, spec, i);
		if (runs_before[i] > 0 && s->slots[i].gen > runs_before[i] && !s->hostile)
			check_restarted(s, spec, i);
	}
}

static int code_of(const struct scene *s, const struct spec *spec)
{
	bool stop_failed = false;

	for (uint32_t n = 0; n < spec->n_steps; n++) {
		const struct slot *stop = &s->slots[spec_step_stop(spec, n)];
		if (s->slots[spec_step_start(spec, n)].bad)
			return 12;
		stop_failed = stop_failed || stop->bad || stop->spawning || stop->main;
	}
	if (s->gave_up)
		return 10;
	if (stop_failed)
		return 13;
	return s->drain_killed || scene_is_live(s, spec) ? 11 : 0;
}

void promises_quit(const struct scene *s, const struct spec *spec, int code)
{
	MUST(s->draining && !s->quit);
	MUST(code == 0 || (code >= 10 && code <= 13));
	for (uint32_t n = 0; n < spec->n_steps; n++) {
		uint32_t stop = spec_step_stop(spec, n);
		if (spec_worker_of(spec, stop)->command.argc > 0)
			MUST(s->slots[stop].gen == (n < s->turns));
	}
	MUST(s->hostile || code == code_of(s, spec));
}
