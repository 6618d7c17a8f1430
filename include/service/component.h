/* component - what fosterd's health is made of: its workers and its checks, in one row. */
#ifndef SERVICE_COMPONENT_H
#define SERVICE_COMPONENT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/spec.h"
#include "model/status.h"
#include "service/view.h"

/* Components are numbered: the workers, then the checks. */
struct component {
	const char *name;
	const char *kind; /* "worker" or "check" */
	bool critical;
	bool is_check;
	uint32_t index; /* in spec->workers or in spec->checks */
};

/* How one is. */
struct component_status {
	enum health health;
	bool ready;
};

/* How many there are. */
uint32_t component_count(const struct spec *spec);

/* The one of that number. Panics when number >= component_count(). */
struct component component_of(const struct spec *spec, uint32_t number);

/* Ask how it is; the same. */
void component_look(const struct view *view, uint32_t number, struct component_status *out);

#endif
