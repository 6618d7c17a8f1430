#include "service/component.h"

#include "base/must.h"

uint32_t component_count(const struct spec *spec)
{
	return spec->n_workers + spec->n_checks + spec->n_tasks;
}

const char *component_kind_name(enum component_kind kind)
{
	static const char *const names[] = {
		[COMPONENT_WORKER] = "worker",
		[COMPONENT_CHECK] = "check",
		[COMPONENT_TASK] = "task",
	};

	MUST(kind < COMPONENT_KIND_COUNT);
	return names[kind];
}

struct component_range component_range_of(const struct spec *spec, enum component_kind kind)
{
	uint32_t tasks = spec->n_workers + spec->n_checks;

	MUST(kind < COMPONENT_KIND_COUNT);
	if (kind == COMPONENT_WORKER)
		return (struct component_range){0, spec->n_workers};
	if (kind == COMPONENT_CHECK)
		return (struct component_range){spec->n_workers, tasks};
	return (struct component_range){tasks, tasks + spec->n_tasks};
}

static enum component_kind kind_of(const struct spec *spec, uint32_t number)
{
	enum component_kind kind = COMPONENT_WORKER;

	while (number >= component_range_of(spec, kind).end)
		kind++;
	return kind;
}

static struct component task_of(const struct spec *spec, uint32_t task)
{
	const struct worker_spec *program = spec_worker_of(spec, spec_task_instance(spec, task));

	return (struct component){spec->tasks[task].name, COMPONENT_TASK, program->critical, task};
}

struct component component_of(const struct spec *spec, uint32_t number)
{
	MUST(number < component_count(spec));
	enum component_kind kind = kind_of(spec, number);
	uint32_t index = number - component_range_of(spec, kind).first;

	if (kind == COMPONENT_TASK)
		return task_of(spec, index);
	if (kind == COMPONENT_CHECK)
		return (struct component){spec->checks[index].name, kind,
					  spec->checks[index].critical, index};
	return (struct component){spec->workers[index].name, kind, spec->workers[index].critical,
				  index};
}

static void look_at_task(const struct view *view, uint32_t task, struct component_status *out)
{
	struct task_view seen;

	view->task(view->source, task, &seen);
	*out = (struct component_status){seen.status.health, true};
}

void component_look(const struct view *view, uint32_t number, struct component_status *out)
{
	struct component component = component_of(view->spec, number);
	struct worker_status worker;
	struct check_status check;

	if (component.kind == COMPONENT_TASK) {
		look_at_task(view, component.index, out);
	} else if (component.kind == COMPONENT_CHECK) {
		view->check(view->source, component.index, &check);
		*out = (struct component_status){check.health, check.ready};
	} else {
		view->worker(view->source, component.index, &worker);
		*out = (struct component_status){worker.health, worker.ready};
	}
}
