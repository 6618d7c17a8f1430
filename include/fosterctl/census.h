/* census - who is not well, the worst first. */
#ifndef FOSTERCTL_CENSUS_H
#define FOSTERCTL_CENSUS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"

struct sick {
	const json_t
		*instance; /* borrowed from the document; of these three all but one are NULL */
	const json_t *check;
	const json_t *task;
	size_t worker; /* an instance's: its place among the workers */
	bool grave;    /* the worker, check or task is critical, and down */
	unsigned rank; /* words_rank, asked_check_rank or plan_task_rank, > 0 */
	size_t order;  /* its place among all instances, behind them all checks, then all tasks */
};

struct census {
	struct sick *sick; /* the arena's; the worst first, equals as in the document */
	size_t n_sick;
	size_t n_all; /* instances, checks and tasks */
};

/* -1 when memory is refused. */
int census_take(struct census *census, const json_t *document, struct arena *arena);

#endif
