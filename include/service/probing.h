/* probing - the probes of instances, the checks and the probers as JSON. */
#ifndef SERVICE_PROBING_H
#define SERVICE_PROBING_H

#include "service/json.h"
#include "service/view.h"

/* How long the last answer took, in ms; when it came; how long ago. null: none came yet. */
json_t *probing_latency(const struct probe_view *probe);
json_t *probing_checked_at(const struct probe_view *probe);
json_t *probing_age(const struct probe_view *probe, mono_ns now);

/* The probes of one instance by their roles; a role that the worker has not is not there. */
json_t *probing_of_instance(const struct view *view, const struct worker_spec *worker,
			    uint32_t ordinal);

/* All checks; all probers. Targets are nobody's business and not there. */
json_t *probing_of_checks(const struct view *view);
json_t *probing_of_probers(const struct view *view);

#endif
