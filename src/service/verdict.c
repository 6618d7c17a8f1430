#include "service/verdict.h"

#include "base/must.h"
#include "service/component.h"

static const char *const pages[] = {
#define X(name, page, text) [name] = page,
	ENDPOINTS(X)
#undef X
};

static const char *const names[] = {
#define X(name, page, text) [name] = text,
	ENDPOINTS(X)
#undef X
};

const char *endpoint_page(enum endpoint endpoint)
{
	MUST(endpoint < ENDPOINT_COUNT);
	return pages[endpoint];
}

const char *endpoint_name(enum endpoint endpoint)
{
	MUST(endpoint < ENDPOINT_COUNT);
	return names[endpoint];
}

/*
 * on_failed: unhealthy, and an instance was given up. Looked for only when the status says there
 * is one.
 */
static bool is_fatal(const struct view *view, uint32_t worker)
{
	const struct worker_spec *spec = &view->spec->workers[worker];
	struct instance_view instance;

	if (view->status.live || spec->on_failed != ON_FAILED_UNHEALTHY)
		return false;
	for (uint32_t i = 0; i < spec->replicas; i++) {
		view->instance(view->source, spec->first_instance + i, &instance);
		if (instance.status.state == INSTANCE_FAILED)
			return true;
	}
	return false;
}

/* Whether fosterd itself lives and has started is not for others to say; and what is done now and
 * then is of health alone. */
static bool asks(enum endpoint endpoint, enum component_kind kind)
{
	if (kind == COMPONENT_WORKER || endpoint == ENDPOINT_HEALTHZ)
		return true;
	return kind == COMPONENT_CHECK && endpoint == ENDPOINT_READYZ;
}

bool verdict_component_passes(const struct inquiry *inquiry, uint32_t number)
{
	const struct view *view = inquiry->view;
	struct component component = component_of(view->spec, number);
	struct component_status status;

	MUST(inquiry->endpoint < ENDPOINT_COUNT);
	if (!asks(inquiry->endpoint, component.kind))
		return true;
	component_look(view, number, &status);
	switch (inquiry->endpoint) {
	case ENDPOINT_LIVEZ:
		return !is_fatal(view, component.index);
	case ENDPOINT_READYZ:
		return status.ready;
	case ENDPOINT_STARTUPZ:
		return view->status.started || status.ready;
	case ENDPOINT_HEALTHZ:
		return status.health != HEALTH_UNHEALTHY;
	case ENDPOINT_COUNT:
		break;
	}
	return false;
}

bool verdict_fleet_passes(const struct inquiry *inquiry)
{
	enum fleet_state state = inquiry->view->status.state;

	if (inquiry->endpoint != ENDPOINT_READYZ)
		return true;
	/* A worker can be ready before fosterd is, but nothing is ready once a drain has begun. */
	return state == FLEET_RUNNING ||
	       (inquiry->component != INQUIRY_WHOLE && state == FLEET_STARTING);
}

bool verdict_excludes(const struct inquiry *inquiry, uint32_t number)
{
	return inquiry->component == INQUIRY_WHOLE &&
	       request_excludes(inquiry->request, component_of(inquiry->view->spec, number).name);
}

bool verdict_covers(const struct inquiry *inquiry, uint32_t number)
{
	if (inquiry->component != INQUIRY_WHOLE)
		return inquiry->component == number;
	return asks(inquiry->endpoint, component_of(inquiry->view->spec, number).kind);
}

bool verdict_counts(const struct inquiry *inquiry, uint32_t number)
{
	if (inquiry->component != INQUIRY_WHOLE)
		return inquiry->component == number;
	bool asked = inquiry->endpoint == ENDPOINT_LIVEZ ||
		     component_of(inquiry->view->spec, number).critical;
	return asked && verdict_covers(inquiry, number) && !verdict_excludes(inquiry, number);
}

static bool is_plain(const struct inquiry *inquiry)
{
	return inquiry->component == INQUIRY_WHOLE && inquiry->request->n_exclude == 0;
}

static bool whole_passes(const struct inquiry *inquiry)
{
	const struct status *status = &inquiry->view->status;

	MUST(inquiry->endpoint < ENDPOINT_COUNT);
	switch (inquiry->endpoint) {
	case ENDPOINT_LIVEZ:
		return status->live;
	case ENDPOINT_READYZ:
		return status->ready;
	case ENDPOINT_STARTUPZ:
		return status->started;
	case ENDPOINT_HEALTHZ:
		return status->health != HEALTH_UNHEALTHY;
	case ENDPOINT_COUNT:
		break;
	}
	return false;
}

bool verdict_passes(const struct inquiry *inquiry)
{
	if (is_plain(inquiry))
		return whole_passes(inquiry);
	if (!verdict_fleet_passes(inquiry))
		return false;
	for (uint32_t i = 0; i < component_count(inquiry->view->spec); i++)
		if (verdict_counts(inquiry, i) && !verdict_component_passes(inquiry, i))
			return false;
	return true;
}

/* The sum over what is asked about: one that counts and is down makes it unhealthy. */
static enum health sum_health(const struct inquiry *inquiry)
{
	const struct view *view = inquiry->view;
	enum health sum = HEALTH_HEALTHY;

	for (uint32_t i = 0; i < component_count(view->spec); i++) {
		struct component_status status;
		if (!verdict_covers(inquiry, i) || verdict_excludes(inquiry, i))
			continue;
		component_look(view, i, &status);
		if (status.health == HEALTH_UNHEALTHY && verdict_counts(inquiry, i))
			return HEALTH_UNHEALTHY;
		if (status.health != HEALTH_HEALTHY)
			sum = HEALTH_DEGRADED;
	}
	return sum;
}

enum health verdict_health(const struct inquiry *inquiry)
{
	if (!verdict_passes(inquiry))
		return HEALTH_UNHEALTHY;
	if (inquiry->endpoint == ENDPOINT_LIVEZ || inquiry->endpoint == ENDPOINT_STARTUPZ)
		return HEALTH_HEALTHY;
	enum health health = is_plain(inquiry) ? inquiry->view->status.health : sum_health(inquiry);
	/* Passing and yet unhealthy: only what readiness does not ask for is down. */
	return health == HEALTH_UNHEALTHY ? HEALTH_DEGRADED : health;
}
