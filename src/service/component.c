#include "service/component.h"

#include "base/must.h"

uint32_t component_count(const struct spec *spec)
{
	return spec->n_workers + spec->n_checks;
}

struct component component_of(const struct spec *spec, uint32_t number)
{
	MUST(number < component_count(spec));
	if (number < spec->n_workers) {
		const struct worker_spec *worker = &spec->workers[number];
		return (struct component){worker->name, "worker", worker->critical, false, number};
	}
	const struct check_spec *check = &spec->checks[number - spec->n_workers];
	return (struct component){check->name, "check", check->critical, true,
				  number - spec->n_workers};
}

void component_look(const struct view *view, uint32_t number, struct component_status *out)
{
	struct component component = component_of(view->spec, number);
	struct worker_status worker;
	struct check_status check;

	if (component.is_check) {
		view->check(view->source, component.index, &check);
		*out = (struct component_status){check.health, check.ready};
	} else {
		view->worker(view->source, component.index, &worker);
		*out = (struct component_status){worker.health, worker.ready};
	}
}
