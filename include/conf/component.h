/* component - who has which name: workers, checks and tasks share them. */
#ifndef CONF_COMPONENT_H
#define CONF_COMPONENT_H

#include "conf/loader.h"

enum component_kind { COMPONENT_WORKER, COMPONENT_CHECK, COMPONENT_TASK };

struct component {
	struct item item; /* first: it is what the index holds */
	enum component_kind kind;
	uint32_t index; /* among those of its kind */
};

/* Gather the names of all that was read; one that two have is reported. */
void components_gather(struct loader *loader);

/* The component of that name; NULL: there is none. After components_gather. */
const struct component *component_find(const struct loader *loader, const char *name);

#endif
