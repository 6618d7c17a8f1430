#include "service/plan.h"

#include "service/life.h"

/* Why it failed, beyond how it ended: "took too long"; null when it did not. */
static json_t *failure_json(const struct instance_view *instance)
{
	const struct instance_status *status = &instance->status;

	return json_text(status->state == INSTANCE_FAILED ? instance_cause_text(status->cause)
							  : NULL);
}

/* The last that its present or last run wrote. */
static json_t *output_json(const struct instance_view *instance)
{
	const char *output = instance->output;

	return json_text(output != NULL && *output != '\0' ? output : NULL);
}

/* ---- the lifespan */

/* null when the step has no such half. */
static json_t *half_json(const struct view *view, uint32_t instance,
			 const struct instance_view *half)
{
	if (spec_worker_of(view->spec, instance)->command.argc == 0)
		return json_null();
	json_t *json = json_object();
	json_put(&json, "state", json_text(instance_state_name(half->status.state)));
	json_put(&json, "cause", failure_json(half));
	json_put(&json, "pid", json_pid(half->status.pid));
	json_put(&json, "last_exit", life_last_exit(half->last_exit));
	json_put(&json, "output", output_json(half));
	return json;
}

static json_t *step_json(const struct view *view, uint32_t step)
{
	struct step_view seen;
	json_t *json = json_object();

	view->step(view->source, step, &seen);
	const struct step_status *status = &seen.status;
	const char *failed = status->start_failed ? "start" : status->stop_failed ? "stop" : NULL;

	json_put(&json, "name", json_text(view->spec->steps[step].name));
	json_put(&json, "state", json_text(step_state_name(status->state)));
	json_put(&json, "failed", json_text(failed));
	json_put(&json, "since_ms", json_since(status->since, view->now));
	json_put(&json, "deadline_ms", json_ahead(status->deadline, view->now));
	json_put(&json, "start", half_json(view, spec_step_start(view->spec, step), &seen.start));
	json_put(&json, "stop", half_json(view, spec_step_stop(view->spec, step), &seen.stop));
	return json;
}

json_t *plan_of_lifespan(const struct view *view)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < view->spec->n_steps; i++)
		json_add(&list, step_json(view, i));
	return list;
}

/* ---- tasks */

static bool is_running(const struct task_view *task)
{
	enum instance_state state = task->instance.status.state;

	return state == INSTANCE_STARTING || state == INSTANCE_RUNNING || state == INSTANCE_READY;
}

/* Waiting: it is due, but a dependency is missing. */
static const char *task_state(const struct task_view *task)
{
	if (task->instance.status.state == INSTANCE_STOPPING)
		return "stopping";
	if (is_running(task))
		return "running";
	return task->status.pending ? "waiting" : "idle";
}

static json_t *last_run_json(const struct task_view *task)
{
	const struct last_exit *last = task->instance.last_exit;

	if (!task->status.ran || last == NULL || !last->any)
		return json_null();
	json_t *json = life_last_exit(last);
	json_put(&json, "started_at", json_wall(last->at - last->run));
	json_put(&json, "duration_ms", json_ms(task->status.duration));
	json_put(&json, "failed", json_boolean(task->status.failed));
	json_put(&json, "cause", failure_json(&task->instance));
	return json;
}

/* When it is due, for people. */
static json_t *next_json(const struct view *view, mono_ns next)
{
	return next == MONO_NEVER ? json_null() : json_wall(view->wall + (next - view->now));
}

/* Without whom a due one is not run. */
static json_t *waits_for_json(const struct view *view, const struct instance_status *status)
{
	return status->waits_for == PROGRAM_NONE
		       ? json_null()
		       : json_text(view->spec->workers[status->waits_for].name);
}

static json_t *task_json(const struct view *view, uint32_t task)
{
	const struct task_spec *spec = &view->spec->tasks[task];
	uint32_t instance = spec_task_instance(view->spec, task);
	struct task_view seen;
	json_t *json = json_object();

	view->task(view->source, task, &seen);
	const struct task_status *status = &seen.status;
	bool runs = is_running(&seen) || seen.instance.status.state == INSTANCE_STOPPING;

	json_put(&json, "name", json_text(spec->name));
	json_put(&json, "state", json_text(task_state(&seen)));
	json_put(&json, "status", json_text(health_name(status->health)));
	json_put(&json, "critical", json_boolean(spec_worker_of(view->spec, instance)->critical));
	json_put(&json, "every_ms", json_ms(spec->every));
	json_put(&json, "next_run", next_json(view, status->next));
	json_put(&json, "next_in_ms", json_ahead(status->next, view->now));
	json_put(&json, "pending", json_boolean(status->pending));
	json_put(&json, "waits_for", waits_for_json(view, &seen.instance.status));
	json_put(&json, "runs", json_integer(status->runs));
	json_put(&json, "failures", json_integer(status->failures));
	json_put(&json, "skipped", json_integer(status->skipped));
	json_put(&json, "pid", json_pid(seen.instance.status.pid));
	json_put(&json, "running_ms", runs ? json_since(status->started, view->now) : json_null());
	json_put(&json, "last_run", last_run_json(&seen));
	json_put(&json, "output", output_json(&seen.instance));
	return json;
}

json_t *plan_of_tasks(const struct view *view)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < view->spec->n_tasks; i++)
		json_add(&list, task_json(view, i));
	return list;
}
