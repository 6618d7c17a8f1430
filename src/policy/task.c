#include "policy/task.h"

#include "base/must.h"
#include "policy/gate.h"
#include "policy/ledger.h"

static void set_due(struct fleet *f, uint32_t task, mono_ns due)
{
	roster_tasks(f)[task].due = due;
	heap_set(roster_heap(f), roster_heap_count(f), roster_task_id(f, task), due);
}

static void come_due(struct instance *i, const struct instance_env *env)
{
	gate_rise(i, env, CAUSE_DUE);
}

static void run(struct fleet *f, uint32_t task, struct orders *out)
{
	uint32_t instance = spec_task_instance(f->spec, task);

	if (instance_is_live(&roster_instances(f)[instance]))
		roster_tasks(f)[task].skipped++;
	else
		ledger_change(f, instance, come_due, out);
}

void task_begin_all(struct fleet *f, struct orders *out)
{
	for (uint32_t n = 0; n < f->spec->n_tasks; n++) {
		struct task *task = &roster_tasks(f)[n];
		task->grid = mono_add(f->now, f->spec->tasks[n].every);
		set_due(f, n, task->grid);
		if (f->spec->tasks[n].run_at_start)
			run(f, n, out);
	}
}

void task_time(struct fleet *f, uint32_t n, struct orders *out)
{
	struct task *task = &roster_tasks(f)[n];

	while (task->grid <= f->now)
		task->grid = mono_add(task->grid, f->spec->tasks[n].every);
	set_due(f, n, task->grid);
	run(f, n, out);
}

void task_run(struct fleet *f, uint32_t task, struct orders *out)
{
	run(f, task, out);
}

void task_remember(struct fleet *f, uint32_t task, span_ns ago)
{
	roster_tasks(f)[task].has_last = true;
	roster_tasks(f)[task].ago = ago;
}

void task_follow(struct fleet *f, uint32_t n, const struct instance *before,
		 const struct instance *after)
{
	struct task *task = &roster_tasks(f)[n];

	if (after->gen != before->gen) {
		task->runs++;
		task->started = f->now;
	}
	if (!instance_is_live(before) || instance_is_live(after))
		return;
	task->ran = true;
	task->failed = after->state == INSTANCE_FAILED;
	task->failures += task->failed;
	task->duration = f->now - task->started;
}

void task_end_all(struct fleet *f)
{
	for (uint32_t n = 0; n < f->spec->n_tasks; n++)
		set_due(f, n, MONO_NEVER);
}

void task_show(const struct fleet *f, uint32_t n, struct task_status *out)
{
	MUST(n < f->spec->n_tasks);
	const struct task *task = &roster_tasks(f)[n];

	*out = (struct task_status){.health = task->failed ? HEALTH_UNHEALTHY : HEALTH_HEALTHY,
				    .next = task->due,
				    .pending = task->pending,
				    .runs = task->runs,
				    .failures = task->failures,
				    .skipped = task->skipped,
				    .started = task->started,
				    .duration = task->duration,
				    .ran = task->ran,
				    .failed = task->failed};
}
