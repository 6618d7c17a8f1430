#include "service/probing.h"

#include "service/plight.h"

static bool is_answered(const struct probe_view *probe)
{
	return probe->status.answered != 0;
}

json_t *probing_latency(const struct probe_view *probe)
{
	/* Two digits behind the point: clocks are no better. */
	return is_answered(probe) ? json_real((double)(probe->status.latency / (10 * NS_US)) / 100.)
				  : json_null();
}

static json_t *moment_json(wall_ns at)
{
	return at == 0 ? json_null() : json_wall(at);
}

json_t *probing_checked_at(const struct probe_view *probe)
{
	return moment_json(probe->checked_at);
}

json_t *probing_age(const struct probe_view *probe, mono_ns now)
{
	mono_ns at = probe->status.answered;

	return is_answered(probe) ? json_ms(now > at ? now - at : 0) : json_null();
}

static json_t *next_json(const struct probe_status *status, mono_ns now)
{
	if (status->next == MONO_NEVER)
		return json_null();
	return json_ms(status->next > now ? status->next - now : 0);
}

/* What a probe and a check have in common. */
static void put_answers(json_t **json, const struct probe_view *probe, mono_ns now)
{
	json_put(json, "streak", json_integer(probe->status.streak));
	json_put(json, "latency_ms", probing_latency(probe));
	json_put(json, "error", json_text(probe->error));
	json_put(json, "checked_at", probing_checked_at(probe));
	json_put(json, "age_ms", probing_age(probe, now));
	json_put(json, "last_success", moment_json(probe->succeeded_at));
	json_put(json, "next_ms", next_json(&probe->status, now));
}

static json_t *probe_json(const struct view *view, uint32_t number)
{
	json_t *json = json_object();
	struct probe_view probe;

	view->probe(view->source, number, &probe);
	json_put(&json, "status", json_text(probe_result_name(probe.status.verdict)));
	json_put(&json, "last", json_text(probe_result_name(probe.status.last)));
	put_answers(&json, &probe, view->now);
	return json;
}

json_t *probing_of_instance(const struct view *view, const struct worker_spec *worker,
			    uint32_t ordinal)
{
	json_t *json = json_object();

	for (enum probe_role role = 0; role < PROBE_ROLE_COUNT; role++)
		if (worker->probes[role] != NULL)
			json_put(&json, probe_role_name(role),
				 probe_json(view, probe_of_instance(worker, ordinal, role)));
	return json;
}

static json_t *check_json(const struct view *view, uint32_t check)
{
	const struct check_spec *spec = &view->spec->checks[check];
	json_t *json = json_object();
	struct check_status status;
	struct probe_view probe;
	char buf[PLIGHT_SIZE];

	view->check(view->source, check, &status);
	view->probe(view->source, probe_of_check(view->spec, check), &probe);
	json_put(&json, "name", json_text(spec->name));
	json_put(&json, "kind", json_text("check"));
	json_put(&json, "driver", json_text(driver_name(spec->probe.driver)));
	json_put(&json, "status", json_text(health_name(status.health)));
	json_put(&json, "reason", json_text(plight_of_check(view, check, buf)));
	json_put(&json, "ready", json_boolean(status.ready));
	json_put(&json, "critical", json_boolean(spec->critical));
	json_put(&json, "stale", json_boolean(status.stale));
	json_put(&json, "slow", json_boolean(status.slow));
	put_answers(&json, &probe, view->now);
	json_put(&json, "period_ms", json_ms(spec->probe.period));
	json_put(&json, "timeout_ms", json_ms(spec->probe.timeout));
	json_put(&json, "degraded_above_ms",
		 spec->degraded_above == 0 ? json_null() : json_ms(spec->degraded_above));
	return json;
}

json_t *probing_of_checks(const struct view *view)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < view->spec->n_checks; i++)
		json_add(&list, check_json(view, i));
	return list;
}

static json_t *prober_json(const struct view *view, uint32_t prober)
{
	json_t *json = json_object();
	struct prober_view status;

	view->prober(view->source, prober, &status);
	json_put(&json, "user", json_text(view->spec->probers[prober].identity.user_name));
	json_put(&json, "pid", status.pid == 0 ? json_null() : json_integer(status.pid));
	json_put(&json, "restarts", json_integer(status.restarts));
	json_put(&json, "waiting", json_integer(status.waiting));
	json_put(&json, "error", json_text(status.error));
	return json;
}

json_t *probing_of_probers(const struct view *view)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < view->spec->n_probers; i++)
		json_add(&list, prober_json(view, i));
	return list;
}
