#include "service/errand.h"

#include "service/component.h"

void errand_refuse(struct errand *errand, unsigned code, const char *name)
{
	errand->refusal.code = code;
	errand->refusal.name = name;
}

void errand_look(const struct errand *errand, uint32_t instance, struct instance_view *out)
{
	errand->view.instance(errand->view.source, instance, out);
}

void errand_look_at_task(const struct errand *errand, struct task_view *out)
{
	errand->view.task(errand->view.source, errand->task, out);
}

bool errand_is_up(const struct errand *errand, uint32_t instance)
{
	struct instance_view view;

	errand_look(errand, instance, &view);
	return view.status.pid != 0 &&
	       (view.status.state == INSTANCE_READY || view.status.state == INSTANCE_RUNNING);
}

/* ---- whom it means */

/* There is none of that kind called so. */
static void refuse_name(struct errand *errand, enum component_kind kind, const char *code)
{
	const struct spec *spec = errand->view.spec;
	const char *name = errand->request->name, *wanted = component_kind_name(kind);
	uint32_t other = name_component(spec, name);

	errand_refuse(errand, 404, code);
	errand->refusal.suggestion = name_nearest_of(spec, kind, name);
	if (other < component_count(spec))
		err_set(&errand->refusal.why, 0, "%s is a %s, not a %s", name,
			component_kind_name(component_of(spec, other).kind), wanted);
	else
		err_set(&errand->refusal.why, 0, "there is no %s called %s", wanted, name);
}

void errand_find(struct errand *errand)
{
	const struct spec *spec = errand->view.spec;
	const struct control_request *request = errand->request;

	if (request->name == NULL)
		return;
	if (request->verb == CONTROL_RUN_CHECK) {
		errand->check = name_check(spec, request->name);
		if (errand->check == spec->n_checks)
			refuse_name(errand, COMPONENT_CHECK, "no_such_check");
	} else if (request->verb == CONTROL_RUN_TASK) {
		errand->task = name_task(spec, request->name);
		if (errand->task == spec->n_tasks)
			refuse_name(errand, COMPONENT_TASK, "no_such_task");
	} else if (!name_instances(spec, request->name, &errand->range)) {
		refuse_name(errand, COMPONENT_WORKER, "no_such_worker");
	}
}

/* ---- what speaks against it */

static void refuse_in_drain(struct errand *errand)
{
	enum fleet_state state = errand->view.status.state;

	if (state < FLEET_DRAINING)
		return;
	errand_refuse(errand, 409, "draining");
	err_set(&errand->refusal.why, 0, "fosterd is %s, all of it ends", fleet_state_name(state));
}

static bool is_meant(const struct errand *errand, uint32_t instance)
{
	return instance - errand->range.first < errand->range.count;
}

/* Another instance of the worker goes on. */
static bool has_survivor(const struct errand *errand, const struct worker_spec *worker)
{
	for (uint32_t i = 0; i < worker->replicas; i++) {
		struct instance_view view;
		errand_look(errand, worker->first_instance + i, &view);
		bool stays = view.status.pid != 0 && view.status.state != INSTANCE_STOPPING;
		if (stays && !is_meant(errand, worker->first_instance + i))
			return true;
	}
	return false;
}

/* What others that run depend on is not taken from under them unasked. */
static void judge_stop(struct errand *errand)
{
	const struct spec *spec = errand->view.spec;

	if (errand->range.count == 0 || errand->request->with_dependents)
		return;
	const struct worker_spec *worker = spec_worker_of(spec, errand->range.first);
	uint32_t dependent =
		supervisor_dependent(errand->supervisor, (uint32_t)(worker - spec->workers));
	if (dependent == PROGRAM_NONE || has_survivor(errand, worker))
		return;
	errand_refuse(errand, 409, "has_dependents");
	err_set(&errand->refusal.why, 0,
		"%s runs and depends on %s; --with-dependents stops %s first",
		spec->workers[dependent].name, worker->name, spec->workers[dependent].name);
}

static bool can_reload(const struct errand *errand)
{
	const struct worker_spec *worker = spec_worker_of(errand->view.spec, errand->range.first);

	return worker->reload_signal != 0 || worker->reload_command.argc > 0;
}

static void judge_reload(struct errand *errand)
{
	const struct name_range *range = &errand->range;
	bool up = false;

	if (range->count > 0 && !can_reload(errand)) {
		errand_refuse(errand, 409, "cannot_reload");
		err_set(&errand->refusal.why, 0, "%s has no reload: in its configuration",
			errand->request->name);
		return;
	}
	for (uint32_t i = range->first; i < range->first + range->count && !up; i++)
		up = errand_is_up(errand, i);
	if (up)
		return;
	errand_refuse(errand, 409, "not_running");
	err_set(&errand->refusal.why, 0, "%s does not run", errand->request->name);
}

static bool is_under_way(enum instance_state state)
{
	return state == INSTANCE_STARTING || state == INSTANCE_RUNNING || state == INSTANCE_READY ||
	       state == INSTANCE_STOPPING;
}

static void judge_run(struct errand *errand)
{
	const struct task_spec *spec = &errand->view.spec->tasks[errand->task];
	struct task_view task;

	errand_look_at_task(errand, &task);
	if (!errand->view.status.lifespan_up) {
		errand_refuse(errand, 409, "starting");
		err_set(&errand->refusal.why, 0, "the lifespan is not up yet");
	} else if (spec->overlap == OVERLAP_SKIP && is_under_way(task.instance.status.state)) {
		errand_refuse(errand, 409, "already_running");
		err_set(&errand->refusal.why, 0, "%s runs already", spec->name);
	}
}

static void judge_check(struct errand *errand)
{
	if (errand->view.status.state != FLEET_STOPPED)
		return;
	errand_refuse(errand, 409, "draining");
	err_set(&errand->refusal.why, 0, "fosterd is stopped, nothing is asked any more");
}

typedef void judge(struct errand *errand);

void errand_judge(struct errand *errand)
{
	static judge *const judges[CONTROL_VERB_COUNT] = {
		[CONTROL_STOP] = judge_stop,
		[CONTROL_RELOAD] = judge_reload,
		[CONTROL_RUN_CHECK] = judge_check,
		[CONTROL_RUN_TASK] = judge_run,
	};
	enum control_verb verb = errand->request->verb;

	/* These have their way in a drain, too. */
	if (verb != CONTROL_STATUS && verb != CONTROL_DRAIN && verb != CONTROL_SIGNAL &&
	    verb != CONTROL_RUN_CHECK)
		refuse_in_drain(errand);
	if (errand->refusal.code == 0 && judges[verb] != NULL)
		judges[verb](errand);
}
