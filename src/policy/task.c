#include "policy/task.h"

#include "base/must.h"
#include "policy/chance.h"
#include "policy/gate.h"
#include "policy/ladder.h"
#include "policy/ledger.h"
#include "policy/worker.h"

static struct instance *instance_of(const struct fleet *f, uint32_t n)
{
	return &roster_instances(f)[spec_task_instance(f->spec, n)];
}

static void rise_due(struct instance *i, const struct instance_env *env)
{
	gate_rise(i, env, CAUSE_DUE);
}

static void rise_by_hand(struct instance *i, const struct instance_env *env)
{
	gate_rise(i, env, CAUSE_RUN_BY_HAND);
}

static void make_room(struct instance *i, const struct instance_env *env)
{
	if (i->state == INSTANCE_STARTING || i->state == INSTANCE_RUNNING)
		ladder_begin(i, env, CAUSE_REPLACED);
}

/* Run it as soon as may be: one that waits for a dependency will, anyway. */
static void come_due(struct fleet *f, uint32_t n, instance_change *rise, struct orders *out)
{
	const struct task_spec *spec = &f->spec->tasks[n];
	struct task *task = &roster_tasks(f)[n];
	const struct instance *i = instance_of(f, n);
	uint32_t instance = spec_task_instance(f->spec, n);

	if (!instance_is_live(i)) {
		ledger_change(f, instance, rise, out);
		return;
	}
	if (spec->overlap == OVERLAP_SKIP || task->pending) {
		task->skipped++;
		return;
	}
	task->pending = true;
	if (spec->overlap == OVERLAP_REPLACE)
		ledger_change(f, instance, make_room, out);
}

static void set_due(struct fleet *f, uint32_t n, mono_ns due)
{
	roster_tasks(f)[n].due = due;
	heap_set(roster_heap(f), roster_heap_count(f), roster_task_id(f, n), due);
}

/* The next run is the one of the time grid, somewhat later. */
static void plan(struct fleet *f, uint32_t n, mono_ns grid)
{
	span_ns jitter = f->spec->tasks[n].jitter;

	roster_tasks(f)[n].grid = grid;
	set_due(f, n, mono_add(grid, jitter > 0 ? chance_span(&f->chance, jitter) : 0));
}

void task_remember(struct fleet *f, uint32_t n, span_ns ago)
{
	struct task *task = &roster_tasks(f)[n];

	if (!f->spec->tasks[n].persistent)
		return;
	task->has_last = true;
	task->heard = f->now;
	task->ago = ago;
}

static void begin(struct fleet *f, uint32_t n, struct orders *out)
{
	const struct task_spec *spec = &f->spec->tasks[n];
	const struct task *task = &roster_tasks(f)[n];
	span_ns since = task->has_last ? mono_add(task->ago, f->now - task->heard) : 0;
	bool overdue = since >= spec->every;

	/* Its times count from the last run, as if fosterd had been there all the time; or from the
	 * run that makes up for those that were missed. */
	plan(f, n, mono_add(f->now, overdue ? spec->every : spec->every - since));
	if (spec->run_at_start || overdue)
		come_due(f, n, rise_due, out);
}

void task_begin_all(struct fleet *f, struct orders *out)
{
	for (uint32_t n = 0; n < f->spec->n_tasks; n++)
		begin(f, n, out);
}

void task_time(struct fleet *f, uint32_t n, struct orders *out)
{
	const struct task *task = &roster_tasks(f)[n];
	span_ns every = f->spec->tasks[n].every;

	plan(f, n, mono_add(task->grid, every));
	/* Times that were missed are one run, this one. */
	if (task->due <= f->now)
		plan(f, n, mono_add(f->now, every - (f->now - task->grid) % every));
	come_due(f, n, rise_due, out);
}

void task_run(struct fleet *f, uint32_t n, struct orders *out)
{
	if (!f->drain.active)
		come_due(f, n, rise_by_hand, out);
}

/* A run has ended. One that somebody stopped is neither a failure nor a success. */
static void account(struct fleet *f, uint32_t n, const struct instance *i)
{
	struct task *task = &roster_tasks(f)[n];
	bool was_failed = task->failed;

	task->ran = true;
	task->duration = f->now - task->started;
	if (i->state != INSTANCE_STOPPED)
		task->failed = i->state == INSTANCE_FAILED;
	task->failures += i->state == INSTANCE_FAILED;
	ready_update_task(&f->muster, spec_worker_of(f->spec, spec_task_instance(f->spec, n)),
			  was_failed, task->failed);
	f->task_ended = f->task_ended || task->pending;
}

/* A run that was to be finished is ended by the drain. */
static bool is_cut_short(const struct instance *i)
{
	return i->state == INSTANCE_STOPPING && i->cause == CAUSE_DRAIN && i->main_alive;
}

void task_follow(struct fleet *f, uint32_t n, const struct instance *before,
		 const struct instance *after)
{
	struct task *task = &roster_tasks(f)[n];

	if (after->gen != before->gen) {
		task->runs++;
		task->started = f->now;
	}
	if (is_cut_short(after) && !is_cut_short(before) && !f->spec->tasks[n].cancel)
		f->killed = true;
	if (instance_is_live(before) && !instance_is_live(after))
		account(f, n, after);
}

void task_follow_up(struct fleet *f, struct orders *out)
{
	if (!f->task_ended)
		return;
	f->task_ended = false;
	for (uint32_t n = 0; n < f->spec->n_tasks; n++) {
		struct task *task = &roster_tasks(f)[n];
		if (!task->pending || instance_is_live(instance_of(f, n)))
			continue;
		task->pending = false;
		come_due(f, n, rise_due, out);
	}
}

void task_end_all(struct fleet *f, struct orders *out)
{
	for (uint32_t n = 0; n < f->spec->n_tasks; n++) {
		set_due(f, n, MONO_NEVER);
		roster_tasks(f)[n].pending = false;
		if (f->spec->tasks[n].cancel)
			ledger_change(f, spec_task_instance(f->spec, n), worker_stop, out);
	}
}

bool task_is_cancelled(const struct spec *spec, const struct worker_spec *program)
{
	return program->kind == PROGRAM_TASK &&
	       spec->tasks[spec_task_of(spec, program->first_instance)].cancel;
}

void task_show(const struct fleet *f, uint32_t n, struct task_status *out)
{
	MUST(n < f->spec->n_tasks);
	const struct task *task = &roster_tasks(f)[n];

	*out = (struct task_status){.health = task->failed ? HEALTH_UNHEALTHY : HEALTH_HEALTHY,
				    .next = task->due,
				    .pending = task->pending || gate_waits(instance_of(f, n)),
				    .runs = task->runs,
				    .failures = task->failures,
				    .skipped = task->skipped,
				    .started = task->started,
				    .duration = task->duration,
				    .ran = task->ran,
				    .failed = task->failed};
}

void task_check(const struct fleet *f)
{
	bool planned = f->raised && !f->drain.active;

	MUST(!f->task_ended);
	for (uint32_t n = 0; n < f->spec->n_tasks; n++) {
		const struct task *task = &roster_tasks(f)[n];
		const struct instance *i = instance_of(f, n);

		MUST(heap_get(roster_heap(f), roster_task_id(f, n)) == task->due);
		MUST((task->due != MONO_NEVER) == planned);
		MUST(!planned || (task->grid <= task->due &&
				  task->due - task->grid <= f->spec->tasks[n].jitter));
		/* Something is pending for a reason only. */
		MUST(!task->pending ||
		     (planned && instance_is_live(i) && f->spec->tasks[n].overlap != OVERLAP_SKIP));
		MUST(i->state == INSTANCE_WAITING || i->state == INSTANCE_STOPPED || i->gen > 0);
		MUST(task->runs == i->gen && task->failures <= task->runs);
		MUST(!task->ran || task->runs > 0);
		MUST(!task->failed || task->failures > 0);
		MUST(i->state != INSTANCE_BACKOFF && i->state != INSTANCE_READY);
	}
}
