/* verdict - whether an endpoint passes, for the whole of fosterd or for one component. */
#ifndef SERVICE_VERDICT_H
#define SERVICE_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/status.h"
#include "service/request.h"
#include "service/view.h"

#define ENDPOINTS(X)                                                                               \
	X(ENDPOINT_LIVEZ, "livez", "liveness")                                                     \
	X(ENDPOINT_READYZ, "readyz", "readiness")                                                  \
	X(ENDPOINT_STARTUPZ, "startupz", "startup")                                                \
	X(ENDPOINT_HEALTHZ, "healthz", "health")

enum endpoint {
#define X(name, page, text) name,
	ENDPOINTS(X)
#undef X
		ENDPOINT_COUNT
};

#define INQUIRY_WHOLE UINT32_MAX

/* Which endpoint is asked, about what; all borrowed. */
struct inquiry {
	const struct view *view;
	const struct request *request; /* its exclude counts only when the whole is asked about */
	enum endpoint endpoint;
	uint32_t component; /* its number, or INQUIRY_WHOLE */
};

/*
 * True when the client gets 200. With nothing excluded this costs nothing; else it looks at each
 * component once.
 */
bool verdict_passes(const struct inquiry *inquiry);

/*
 * "status" of the answer: unhealthy when the endpoint fails, degraded when something it counts is
 * less than well.
 */
enum health verdict_health(const struct inquiry *inquiry);

/*
 * What the endpoint asks of fosterd itself, whatever its workers do: for readiness, not to be
 * starting or draining.
 */
bool verdict_fleet_passes(const struct inquiry *inquiry);

/* What the endpoint asks of one component, critical or not; of a check /livez and /startupz ask
 * nothing, of a task nobody but /healthz does. */
bool verdict_component_passes(const struct inquiry *inquiry, uint32_t component);

/*
 * True when the component's failing would fail the endpoint: it is critical and not excluded, or
 * the only one asked about.
 */
bool verdict_counts(const struct inquiry *inquiry, uint32_t component);

/* True when the endpoint is about the component: the request names it, or names none, and the
 * endpoint asks something of it. */
bool verdict_covers(const struct inquiry *inquiry, uint32_t component);

/* True when the request leaves the component out. */
bool verdict_excludes(const struct inquiry *inquiry, uint32_t component);

/* "livez" */
const char *endpoint_page(enum endpoint endpoint);

/* "liveness" */
const char *endpoint_name(enum endpoint endpoint);

#endif
