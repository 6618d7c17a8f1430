#include "service/probes.h"

#include "service/component.h"
#include "service/json.h"
#include "service/name.h"
#include "service/plight.h"
#include "service/probing.h"
#include "service/reason.h"

/* ---- JSON */

/* Of a check or a task without its name: that stands beside it. A worker's names the instance. */
static const char *error_of(const struct inquiry *inquiry, uint32_t number,
			    const struct component *component, char buf[REASON_SIZE])
{
	if (component->kind == COMPONENT_CHECK)
		return plight_of_check(inquiry->view, component->index, buf);
	if (component->kind == COMPONENT_TASK)
		return plight_of_task(inquiry->view, component->index, buf);
	return reason_of_component(inquiry, number, buf);
}

/* What is known of a worker is known in the moment of the answer. */
static void put_worker(json_t **json, const struct view *view, const char *error)
{
	json_put(json, "latency_ms", json_null());
	json_put(json, "error", json_text(error));
	json_put(json, "checked_at", json_wall(view->wall));
	json_put(json, "age_ms", json_integer(0));
}

static void put_check(json_t **json, const struct view *view, uint32_t check, const char *error)
{
	struct probe_view probe;

	view->probe(view->source, probe_of_check(view->spec, check), &probe);
	json_put(json, "latency_ms", probing_latency(&probe));
	json_put(json, "error", json_text(error));
	json_put(json, "checked_at", probing_checked_at(&probe));
	json_put(json, "age_ms", probing_age(&probe, view->now));
}

/* Of a task it is known what came of its last run, as of its end. */
static void put_task(json_t **json, const struct view *view, uint32_t task, const char *error)
{
	struct task_view seen;

	view->task(view->source, task, &seen);
	const struct last_exit *last = seen.instance.last_exit;
	bool ran = seen.status.ran && last != NULL && last->any;
	json_put(json, "latency_ms", json_null());
	json_put(json, "error", json_text(error));
	json_put(json, "checked_at", ran ? json_wall(last->at) : json_null());
	json_put(json, "age_ms", ran ? json_ms(mono_max(view->wall - last->at, 0)) : json_null());
}

static json_t *component_json(const struct inquiry *inquiry, uint32_t number)
{
	const struct view *view = inquiry->view;
	struct component component = component_of(view->spec, number);
	json_t *json = json_object();
	struct component_status status;
	char buf[REASON_SIZE];

	component_look(view, number, &status);
	const char *error =
		status.health == HEALTH_HEALTHY ? NULL : error_of(inquiry, number, &component, buf);
	json_put(&json, "name", json_text(component.name));
	json_put(&json, "kind", json_text(component_kind_name(component.kind)));
	json_put(&json, "status", json_text(health_name(status.health)));
	if (component.kind == COMPONENT_CHECK)
		put_check(&json, view, component.index, error);
	else if (component.kind == COMPONENT_TASK)
		put_task(&json, view, component.index, error);
	else
		put_worker(&json, view, error);
	json_put(&json, "critical", json_boolean(component.critical));
	return json;
}

static json_t *components(const struct inquiry *inquiry)
{
	const struct view *view = inquiry->view;
	json_t *list = json_array();

	for (uint32_t i = 0; view->details && i < component_count(view->spec); i++)
		if (verdict_covers(inquiry, i) && !verdict_excludes(inquiry, i))
			json_add(&list, component_json(inquiry, i));
	return list;
}

static json_t *whole(const struct inquiry *inquiry)
{
	const char *state = fleet_state_name(inquiry->view->status.state);
	json_t *json = json_object();

	json_put(&json, "status", json_text(health_name(verdict_health(inquiry))));
	if (inquiry->endpoint != ENDPOINT_HEALTHZ)
		json_put(&json, "probe", json_text(endpoint_name(inquiry->endpoint)));
	json_put(&json, "state", json_text(state));
	if (inquiry->endpoint == ENDPOINT_HEALTHZ)
		json_put(&json, "components", components(inquiry));
	else
		json_put(&json, "reasons", reasons_of_all(inquiry));
	return json;
}

/* ---- text */

static const char *reason_shown(const struct inquiry *inquiry, uint32_t number,
				char buf[REASON_SIZE])
{
	return inquiry->view->details ? reason_of_component(inquiry, number, buf)
				      : "reason withheld";
}

static void put_component_line(struct body *body, const struct inquiry *inquiry, uint32_t number)
{
	const char *name = component_of(inquiry->view->spec, number).name;
	bool counts = verdict_counts(inquiry, number);
	struct component_status status;
	char buf[REASON_SIZE];

	component_look(inquiry->view, number, &status);
	if (verdict_excludes(inquiry, number))
		body_add(body, "[+]%s excluded: ok\n", name);
	else if (!verdict_component_passes(inquiry, number))
		body_add(body, "[%c]%s %s: %s\n", counts ? '-' : '+', name,
			 counts ? "failed" : "not critical", reason_shown(inquiry, number, buf));
	else if (inquiry->endpoint == ENDPOINT_HEALTHZ && status.health != HEALTH_HEALTHY)
		body_add(body, "[+]%s degraded: %s\n", name, reason_shown(inquiry, number, buf));
	else
		body_add(body, "[+]%s ok\n", name);
}

static bool is_component(const struct view *view, const char *name)
{
	return name_component(view->spec, name) < component_count(view->spec);
}

/*
 * A name that excludes nothing is most often a typing error, and the answer not what was asked
 * for.
 */
static void put_warning(struct body *body, const struct inquiry *inquiry)
{
	const struct request *request = inquiry->request;
	bool any = false;

	for (size_t i = 0; inquiry->component == INQUIRY_WHOLE && i < request->n_exclude; i++) {
		if (is_component(inquiry->view, request->exclude[i]))
			continue;
		body_add(body, "%s\"%s\"",
			 any ? "," : "warn: some health checks cannot be excluded: no matches for ",
			 request->exclude[i]);
		any = true;
	}
	if (any)
		body_put(body, "\n", 1);
}

static void put_fleet_line(struct body *body, const struct inquiry *inquiry)
{
	char buf[REASON_SIZE];
	const char *reason = reason_of_fleet(inquiry, buf);

	if (reason != NULL)
		body_add(body, "[-]fosterd failed: %s\n",
			 inquiry->view->details ? reason : "reason withheld");
	else if (inquiry->component == INQUIRY_WHOLE)
		body_add(body, "[+]fosterd ok\n");
}

static void put_text(struct body *body, const struct inquiry *inquiry)
{
	put_fleet_line(body, inquiry);
	for (uint32_t i = 0; i < component_count(inquiry->view->spec); i++)
		if (verdict_covers(inquiry, i))
			put_component_line(body, inquiry, i);
	put_warning(body, inquiry);
	body_add(body, "%s check %s\n", endpoint_page(inquiry->endpoint),
		 verdict_passes(inquiry) ? "passed" : "failed");
}

void probes_answer(const struct inquiry *inquiry, struct answer *answer)
{
	unsigned code = verdict_passes(inquiry) ? 200 : 503;

	if (!inquiry->request->verbose) {
		answer_json(answer, code, whole(inquiry));
		return;
	}
	answer->code = code;
	answer->type = ANSWER_TEXT;
	put_text(&answer->body, inquiry);
}
