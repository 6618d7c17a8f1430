#include "service/probes.h"

#include <string.h>

#include "service/json.h"
#include "service/reason.h"

/* ---- JSON */

static void put_component(struct body *body, const struct inquiry *inquiry, uint32_t worker)
{
	const struct view *view = inquiry->view;
	const struct worker_spec *spec = &view->spec->workers[worker];
	struct worker_status status;
	char buf[REASON_SIZE];

	view->worker(view->source, worker, &status);
	bool well = status.health == HEALTH_HEALTHY;
	json_object_begin(body, NULL);
	json_put_str(body, "name", spec->name);
	json_put_str(body, "kind", "worker");
	json_put_str(body, "status", health_name(status.health));
	json_put_null(body, "latency_ms");
	json_put_str(body, "error", well ? NULL : reason_of_worker(inquiry, worker, buf));
	json_put_wall(body, "checked_at", view->wall);
	json_put_int(body, "age_ms", 0);
	json_put_bool(body, "critical", spec->critical);
	json_object_end(body);
}

static void put_components(struct body *body, const struct inquiry *inquiry)
{
	const struct view *view = inquiry->view;

	json_array_begin(body, "components");
	for (uint32_t i = 0; view->details && i < view->spec->n_workers; i++) {
		bool asked = inquiry->worker == INQUIRY_WHOLE || inquiry->worker == i;
		if (asked && !verdict_excludes(inquiry, i))
			put_component(body, inquiry, i);
	}
	json_array_end(body);
}

static void put_json(struct body *body, const struct inquiry *inquiry)
{
	json_object_begin(body, NULL);
	json_put_str(body, "status", health_name(verdict_health(inquiry)));
	if (inquiry->probe != PROBE_HEALTH)
		json_put_str(body, "probe", probe_name(inquiry->probe));
	json_put_str(body, "state", fleet_state_name(inquiry->view->status.state));
	if (inquiry->probe == PROBE_HEALTH)
		put_components(body, inquiry);
	else
		reasons_put(body, inquiry);
	json_object_end(body);
	body_put(body, "\n", 1);
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
	else if (inquiry->probe == PROBE_HEALTH && status.health != HEALTH_HEALTHY)
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
	body_add(body, "%s check %s\n", probe_page(inquiry->probe),
		 verdict_passes(inquiry) ? "passed" : "failed");
}

void probes_answer(const struct inquiry *inquiry, struct answer *answer)
{
	answer->code = verdict_passes(inquiry) ? 200 : 503;
	answer->type = inquiry->request->verbose ? ANSWER_TEXT : ANSWER_JSON;
	if (inquiry->request->verbose)
		put_text(&answer->body, inquiry);
	else
		put_json(&answer->body, inquiry);
}
