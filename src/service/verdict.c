#include "service/verdict.h"

#include "base/must.h"

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

bool verdict_worker_passes(const struct inquiry *inquiry, uint32_t worker)
{
	const struct view *view = inquiry->view;
	struct worker_status status;

	MUST(inquiry->endpoint < ENDPOINT_COUNT);
	view->worker(view->source, worker, &status);
	switch (inquiry->endpoint) {
	case ENDPOINT_LIVEZ:
		return !is_fatal(view, worker);
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
	       (inquiry->worker != INQUIRY_WHOLE && state == FLEET_STARTING);
}

bool verdict_excludes(const struct inquiry *inquiry, uint32_t worker)
{
	return inquiry->worker == INQUIRY_WHOLE &&
	       request_excludes(inquiry->request, inquiry->view->spec->workers[worker].name);
}

bool verdict_counts(const struct inquiry *inquiry, uint32_t worker)
{
	if (inquiry->worker != INQUIRY_WHOLE)
		return inquiry->worker == worker;
	bool asked = inquiry->endpoint == ENDPOINT_LIVEZ ||
		     inquiry->view->spec->workers[worker].critical;
	return asked && !verdict_excludes(inquiry, worker);
}

static bool is_plain(const struct inquiry *inquiry)
{
	return inquiry->worker == INQUIRY_WHOLE && inquiry->request->n_exclude == 0;
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
	for (uint32_t i = 0; i < inquiry->view->spec->n_workers; i++)
		if (verdict_counts(inquiry, i) && !verdict_worker_passes(inquiry, i))
			return false;
	return true;
}

/* The sum over the workers that are asked about: one that counts and is down makes it unhealthy. */
static enum health sum_health(const struct inquiry *inquiry)
{
	const struct view *view = inquiry->view;
	enum health sum = HEALTH_HEALTHY;

	for (uint32_t i = 0; i < view->spec->n_workers; i++) {
		struct worker_status status;
		view->worker(view->source, i, &status);
		bool asked = inquiry->worker == INQUIRY_WHOLE ? !verdict_excludes(inquiry, i)
							      : inquiry->worker == i;
		if (!asked || status.health == HEALTH_HEALTHY)
			continue;
		if (status.health == HEALTH_UNHEALTHY && verdict_counts(inquiry, i))
			return HEALTH_UNHEALTHY;
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
