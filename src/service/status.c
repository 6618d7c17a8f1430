#include "service/status.h"

#include "service/awaited.h"
#include "service/json.h"
#include "service/life.h"
#include "service/plan.h"
#include "service/probing.h"

/* ---- workers */

static json_t *instances_json(const struct view *view, const struct worker_spec *spec)
{
	struct instance_view instance;
	json_t *list = json_array();

	for (uint32_t i = 0; i < spec->replicas; i++) {
		view->instance(view->source, spec->first_instance + i, &instance);
		json_add(&list, life_of_instance(view, spec, &instance));
	}
	return list;
}

static json_t *depends_on_json(const struct view *view, const struct worker_spec *spec)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < spec->n_depends_on; i++) {
		const struct dependency *dependency = &spec->depends_on[i];
		json_t *json = json_object();
		json_put(&json, "name", json_text(view->spec->workers[dependency->worker].name));
		json_put(&json, "when", json_text(depend_when_name(dependency->when)));
		json_add(&list, json);
	}
	return list;
}

static json_t *worker_json(const struct view *view, uint32_t worker)
{
	const struct worker_spec *spec = &view->spec->workers[worker];
	/* The program alone: arguments may hold what is nobody's business. */
	const char *program = spec->command.argc > 0 ? spec->command.argv[0] : NULL;
	json_t *json = json_object();
	struct worker_status status;

	view->worker(view->source, worker, &status);
	json_put(&json, "name", json_text(spec->name));
	json_put(&json, "kind", json_text(program_kind_name(spec->kind)));
	json_put(&json, "status", json_text(health_name(status.health)));
	json_put(&json, "ready", json_boolean(status.ready));
	json_put(&json, "ready_instances", json_integer(status.n_ready));
	json_put(&json, "replicas", json_integer(spec->replicas));
	json_put(&json, "min_ready", json_integer(spec->min_ready));
	json_put(&json, "critical", json_boolean(spec->critical));
	json_put(&json, "command", json_text(program));
	json_put(&json, "depends_on", depends_on_json(view, spec));
	json_put(&json, "instances", instances_json(view, spec));
	return json;
}

static json_t *workers_json(const struct view *view)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < view->spec->n_workers; i++)
		json_add(&list, worker_json(view, i));
	return list;
}

/* ---- the drain */

static json_t *awaited_json(const struct view *view, const struct awaited *awaited, bool with_comm)
{
	char comm[COMM_SIZE];
	bool known = with_comm && awaited->pid != 0 && view->comm(awaited->pid, comm);
	const struct instance_status *status = &awaited->instance.status;
	json_t *json = json_object();

	json_put(&json, "name", json_text(awaited->instance.name));
	json_put(&json, "kind", json_text(program_kind_name(awaited->kind)));
	json_put(&json, "pid", json_pid(awaited->pid));
	json_put(&json, "comm", json_text(known ? comm : NULL));
	json_put(&json, "state", json_text(instance_state_name(status->state)));
	json_put(&json, "since_ms", json_since(status->since, view->now));
	json_put(&json, "deadline_ms", json_ahead(status->deadline, view->now));
	return json;
}

/* Those whose end is awaited now, or those whose turn has not come. */
static void add_awaited(json_t **list, const struct view *view, bool ending)
{
	size_t told = json_array_size(*list);
	uint32_t next = 0;
	struct awaited awaited;

	while (awaited_next(view, &next, &awaited))
		if (awaited.ending == ending)
			json_add(list, awaited_json(view, &awaited, told++ < STATUS_COMM_MAX));
}

static json_t *waiting_for_json(const struct view *view)
{
	json_t *list = json_array();

	add_awaited(&list, view, true);
	add_awaited(&list, view, false);
	return list;
}

static json_t *drain_json(const struct view *view)
{
	const struct drain_status *drain = &view->status.drain;

	if (view->status.state < FLEET_DRAINING)
		return json_null();
	json_t *json = json_object();
	json_put(&json, "phase", json_text(drain_phase_name(drain->phase)));
	json_put(&json, "elapsed_ms", json_since(drain->started, view->now));
	json_put(&json, "remaining_ms", json_since(view->now, drain->deadline));
	json_put(&json, "signals", json_integer(drain->signals));
	json_put(&json, "waiting_for", waiting_for_json(view));
	return json;
}

/* ---- the whole */

static json_t *counts_json(const struct supervisor_counts *counts)
{
	json_t *json = json_object();

	json_put(&json, "spawns", json_integer((json_int_t)counts->spawns));
	json_put(&json, "spawn_failures", json_integer((json_int_t)counts->spawn_failures));
	json_put(&json, "reaped", json_integer((json_int_t)counts->reaped));
	json_put(&json, "strangers", json_integer((json_int_t)counts->strangers));
	return json;
}

static void put_details(json_t **json, const struct view *view)
{
	span_ns uptime = view->now > view->started ? view->now - view->started : 0;

	json_put(json, "pid", json_integer(view->pid));
	json_put(json, "started_at", json_wall(view->wall - uptime));
	json_put(json, "status", json_text(health_name(view->status.health)));
	json_put(json, "drain", drain_json(view));
	json_put(json, "counts", counts_json(&view->counts));
	if (view->config != NULL) {
		json_put(json, "config", json_text(view->config));
		json_put(json, "control", json_text(view->spec->control.path));
	}
	json_put(json, "lifespan", plan_of_lifespan(view));
	json_put(json, "workers", workers_json(view));
	json_put(json, "tasks", plan_of_tasks(view));
	json_put(json, "checks", probing_of_checks(view));
	json_put(json, "probers", probing_of_probers(view));
}

void status_answer(const struct view *view, struct answer *answer)
{
	json_t *json = json_object();

	json_put(&json, "name", json_text(view->spec->name));
	json_put(&json, "version", json_text(FOSTERD_VERSION));
	json_put(&json, "state", json_text(fleet_state_name(view->status.state)));
	json_put(&json, "uptime_s", json_seconds(view->now - view->started));
	if (view->details)
		put_details(&json, view);
	answer_json(answer, 200, json);
}
