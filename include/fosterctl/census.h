/* census - who is not well, the worst first. */
#ifndef FOSTERCTL_CENSUS_H
#define FOSTERCTL_CENSUS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"

struct sick {
	const json_t *instance; /* borrowed from the document */
	size_t worker;		/* its place among the workers */
	bool grave;		/* its worker is critical, and down */
	unsigned rank;		/* words_rank, > 0 */
	size_t order;		/* its place among all instances */
};

struct census {
	struct sick *sick; /* the arena's; the worst first, equals as in the document */
	size_t n_sick;
	size_t n_all;
};

/* -1 when memory is refused. */
int census_take(struct census *census, const json_t *document, struct arena *arena);

#endif
