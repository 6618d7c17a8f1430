/* census - who is not well, the worst first. */
#ifndef FOSTERCTL_CENSUS_H
#define FOSTERCTL_CENSUS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"

struct sick {
	const json_t *instance; /* borrowed from the document; NULL: it is a check */
	const json_t *check;	/* borrowed; NULL: it is an instance */
	size_t worker;		/* an instance's: its place among the workers */
	bool grave;		/* the worker or check is critical, and down */
	unsigned rank;		/* words_rank or asked_check_rank, > 0 */
	size_t order;		/* its place among all instances, and behind them all checks */
};

struct census {
	struct sick *sick; /* the arena's; the worst first, equals as in the document */
	size_t n_sick;
	size_t n_all; /* instances and checks */
};

/* -1 when memory is refused. */
int census_take(struct census *census, const json_t *document, struct arena *arena);

#endif
