#include "service/name.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/probe.h"

static uint32_t find_worker(const struct spec *spec, const char *name)
{
	uint32_t i = 0;

	while (i < spec->n_workers && strcmp(spec->workers[i].name, name) != 0)
		i++;
	return i;
}

uint32_t name_check(const struct spec *spec, const char *name)
{
	uint32_t i = 0;

	while (i < spec->n_checks && strcmp(spec->checks[i].name, name) != 0)
		i++;
	return i;
}

uint32_t name_task(const struct spec *spec, const char *name)
{
	uint32_t i = 0;

	while (i < spec->n_tasks && strcmp(spec->tasks[i].name, name) != 0)
		i++;
	return i;
}

uint32_t name_component(const struct spec *spec, const char *name)
{
	uint32_t number = find_worker(spec, name);

	if (number == spec->n_workers)
		number += name_check(spec, name);
	if (number == spec->n_workers + spec->n_checks)
		number += name_task(spec, name);
	return number;
}

/* The instance that is called so, in the row of those of the worker that its name begins with. */
static bool find_instance(const struct worker_spec *worker, const char *name, uint32_t *out)
{
	size_t len = strlen(worker->name);
	char own[INSTANCE_NAME_SIZE];

	if (strncmp(name, worker->name, len) != 0 || name[len] != '.')
		return false;
	unsigned long ordinal = strtoul(name + len + 1, NULL, 10);
	if (ordinal >= worker->replicas)
		return false;
	*out = worker->first_instance + (uint32_t)ordinal;
	/* Not " 1", "+1" or "01". */
	return strcmp(instance_name(own, worker, (uint32_t)ordinal), name) == 0;
}

bool name_instances(const struct spec *spec, const char *name, struct name_range *out)
{
	uint32_t worker = find_worker(spec, name);

	*out = (struct name_range){0, 1};
	if (worker < spec->n_workers) {
		*out = (struct name_range){spec->workers[worker].first_instance,
					   spec->workers[worker].replicas};
		return true;
	}
	for (uint32_t i = 0; i < spec->n_workers; i++)
		if (find_instance(&spec->workers[i], name, &out->first))
			return true;
	return false;
}

/* The name without ".2"; buf when that is something else. */
static const char *without_ordinal(const char *name, char buf[INSTANCE_NAME_SIZE])
{
	const char *dot = strrchr(name, '.');

	if (dot == NULL || dot[1] == '\0' || dot[1 + strspn(dot + 1, "0123456789")] != '\0' ||
	    dot - name >= INSTANCE_NAME_SIZE)
		return name;
	memcpy(buf, name, (size_t)(dot - name));
	buf[dot - name] = '\0';
	return buf;
}

/* The nearest of the components from first to the one before end. */
static const char *nearest(const struct spec *spec, uint32_t first, uint32_t end, const char *name)
{
	char buf[INSTANCE_NAME_SIZE];
	const char *best = NULL;
	unsigned best_distance = 0;

	name = without_ordinal(name, buf);
	for (uint32_t i = first; i < end; i++) {
		struct component component = component_of(spec, i);
		const char *near = text_nearest(name, &component.name, 1);
		unsigned distance = near == NULL ? 0 : text_distance(name, near);
		if (near == NULL || (best != NULL && distance >= best_distance))
			continue;
		best = near;
		best_distance = distance;
	}
	return best;
}

const char *name_nearest_of(const struct spec *spec, enum component_kind kind, const char *name)
{
	struct component_range range = component_range_of(spec, kind);

	return nearest(spec, range.first, range.end, name);
}

const char *name_nearest(const struct spec *spec, const char *name)
{
	return nearest(spec, 0, component_count(spec), name);
}
