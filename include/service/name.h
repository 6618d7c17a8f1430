/* name - workers and instances by the names that clients give them. */
#ifndef SERVICE_NAME_H
#define SERVICE_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "model/spec.h"

/* Index of the worker of that name; spec->n_workers when there is none. */
uint32_t name_worker(const struct spec *spec, const char *name);

/* A row of instances, by index among all. */
struct name_range {
	uint32_t first, count;
};

/* All instances of the worker "web", or the one called "web.2". False when there is no such name.
 */
bool name_instances(const struct spec *spec, const char *name, struct name_range *out);

/* The worker that was likely meant by a name that is none (web.2 counts as web); NULL when no name
 * is near. */
const char *name_nearest(const struct spec *spec, const char *name);

#endif
