/* name - workers, instances, checks and tasks by the names that clients give them. */
#ifndef SERVICE_NAME_H
#define SERVICE_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "model/spec.h"
#include "service/component.h"

/* Index of the check of that name; spec->n_checks when there is none. The same of a task. */
uint32_t name_check(const struct spec *spec, const char *name);
uint32_t name_task(const struct spec *spec, const char *name);

/* Number of the component of that name (service/component.h); component_count() when there is
 * none. */
uint32_t name_component(const struct spec *spec, const char *name);

/* A row of instances, by index among all. */
struct name_range {
	uint32_t first, count;
};

/* All instances of the worker "web", or the one called "web.2". False when there is no such name.
 */
bool name_instances(const struct spec *spec, const char *name, struct name_range *out);

/* What was likely meant by a name that is none (web.2 counts as web): one of that kind, any
 * component; NULL when no name is near. */
const char *name_nearest_of(const struct spec *spec, enum component_kind kind, const char *name);
const char *name_nearest(const struct spec *spec, const char *name);

#endif
