/* component - what fosterd's health is made of: its workers, checks and tasks, in one row. */
#ifndef SERVICE_COMPONENT_H
#define SERVICE_COMPONENT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/spec.h"
#include "model/status.h"
#include "service/view.h"

enum component_kind { COMPONENT_WORKER, COMPONENT_CHECK, COMPONENT_TASK, COMPONENT_KIND_COUNT };

/* Components are numbered: the workers, then the checks, then the tasks. */
struct component {
	const char *name;
	enum component_kind kind;
	bool critical;
	uint32_t index; /* in spec->workers, spec->checks or spec->tasks */
};

/* How one is. */
struct component_status {
	enum health health;
	bool ready; /* of a task always: nobody waits for it */
};

/* A row of numbers. */
struct component_range {
	uint32_t first, end; /* the one behind the last */
};

/* How many there are. */
uint32_t component_count(const struct spec *spec);

/* The numbers of one kind. */
struct component_range component_range_of(const struct spec *spec, enum component_kind kind);

/* The one of that number. Panics when number >= component_count(). */
struct component component_of(const struct spec *spec, uint32_t number);

/* Ask how it is; the same. */
void component_look(const struct view *view, uint32_t number, struct component_status *out);

/* "worker", "check", "task" */
const char *component_kind_name(enum component_kind kind);

#endif
