/* name - workers, instances and checks by the names that clients give them. */
#ifndef SERVICE_NAME_H
#define SERVICE_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "model/spec.h"

/* Index of the check of that name; spec->n_checks when there is none. */
uint32_t name_check(const struct spec *spec, const char *name);

/* Number of the worker or check of that name (service/component.h); component_count() when there is
 * none. */
uint32_t name_component(const struct spec *spec, const char *name);

/* A row of instances, by index among all. */
struct name_range {
	uint32_t first, count;
};

/* All instances of the worker "web", or the one called "web.2". False when there is no such name.
 */
bool name_instances(const struct spec *spec, const char *name, struct name_range *out);

/* What was likely meant by a name that is none (web.2 counts as web): a worker, a check, either of
 * them; NULL when no name is near. */
const char *name_nearest_worker(const struct spec *spec, const char *name);
const char *name_nearest_check(const struct spec *spec, const char *name);
const char *name_nearest(const struct spec *spec, const char *name);

#endif
