/* life - one instance, and how its program last ended, as JSON. */
#ifndef SERVICE_LIFE_H
#define SERVICE_LIFE_H

#include "service/json.h"
#include "service/view.h"

/* An instance of that worker, all of it. */
json_t *life_of_instance(const struct view *view, const struct worker_spec *worker,
			 const struct instance_view *instance);

/* How it last ended: code, signal, core, at, run_ms, error, rusage; null when it never did. last
 * may be NULL. */
json_t *life_last_exit(const struct last_exit *last);

#endif
