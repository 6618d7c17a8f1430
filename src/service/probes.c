#include "service/probes.h"

#include <string.h>

#include "service/json.h"
#include "service/reason.h"

/* ---- JSON */

static json_t *component(const struct inquiry *inquiry, uint32_t worker)
{
	const struct view *view = inquiry->view;
	const struct worker_spec *spec = &view->spec->workers[worker];
	json_t *json = json_object();
	struct worker_status status;
	char buf[REASON_SIZE];

	view->worker(view->source, worker, &status);
	bool well = status.health == HEALTH_HEALTHY;
	json_put(&json, "name", json_text(spec->name));
	json_put(&json, "kind", json_text("worker"));
	json_put(&json, "status", json_text(health_name(status.health)));
	json_put(&json, "latency_ms", json_null());
	json_put(&json, "error", json_text(well ? NULL : reason_of_worker(inquiry, worker, buf)));
	json_put(&json, "checked_at", json_wall(view->wall));
	json_put(&json, "age_ms", json_integer(0));
	json_put(&json, "critical", json_boolean(spec->critical));
	return json;
}

static json_t *components(const struct inquiry *inquiry)
{
	const struct view *view = inquiry->view;
	json_t *list = json_array();

	for (uint32_t i = 0; view->details && i < view->spec->n_workers; i++) {
		bool asked = inquiry->worker == INQUIRY_WHOLE || inquiry->worker == i;
		if (asked && !verdict_excludes(inquiry, i))
			json_add(&list, component(inquiry, i));
	}
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

static const char *reason_shown(const struct inquiry *inquiry, uint32_t worker,
				char buf[REASON_SIZE])
{
	return inquiry->view->details ? reason_of_worker(inquiry, worker, buf) : "reason withheld";
}

static void put_worker_line(struct body *body, const struct inquiry *inquiry, uint32_t worker)
{
	const struct view *view = inquiry->view;
	const char *name = view->spec->workers[worker].name;
	bool counts = verdict_counts(inquiry, worker);
	struct worker_status status;
	char buf[REASON_SIZE];

	view->worker(view->source, worker, &status);
	if (verdict_excludes(inquiry, worker))
		body_add(body, "[+]%s excluded: ok\n", name);
	else if (!verdict_worker_passes(inquiry, worker))
		body_add(body, "[%c]%s %s: %s\n", counts ? '-' : '+', name,
			 counts ? "failed" : "not critical", reason_shown(inquiry, worker, buf));
	else if (inquiry->endpoint == ENDPOINT_HEALTHZ && status.health != HEALTH_HEALTHY)
		body_add(body, "[+]%s degraded: %s\n", name, reason_shown(inquiry, worker, buf));
	else
		body_add(body, "[+]%s ok\n", name);
}

static bool is_worker(const struct view *view, const char *name)
{
	for (uint32_t i = 0; i < view->spec->n_workers; i++)
		if (strcmp(view->spec->workers[i].name, name) == 0)
			return true;
	return false;
}

/*
 * A name that excludes nothing is most often a typing error, and the answer not what was asked
 * for.
 */
static void put_warning(struct body *body, const struct inquiry *inquiry)
{
	const struct request *request = inquiry->request;
	bool any = false;

	for (size_t i = 0; inquiry->worker == INQUIRY_WHOLE && i < request->n_exclude; i++) {
		if (is_worker(inquiry->view, request->exclude[i]))
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
	const char *reason = reason_of_fleet(inquiry);

	if (reason != NULL)
		body_add(body, "[-]fosterd failed: %s\n",
			 inquiry->view->details ? reason : "reason withheld");
	else if (inquiry->worker == INQUIRY_WHOLE)
		body_add(body, "[+]fosterd ok\n");
}

static void put_text(struct body *body, const struct inquiry *inquiry)
{
	put_fleet_line(body, inquiry);
	for (uint32_t i = 0; i < inquiry->view->spec->n_workers; i++)
		if (inquiry->worker == INQUIRY_WHOLE || inquiry->worker == i)
			put_worker_line(body, inquiry, i);
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
