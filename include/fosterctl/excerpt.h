/* excerpt - the parts of `fosterd --explain` that are about some workers. */
#ifndef FOSTERCTL_EXCERPT_H
#define FOSTERCTL_EXCERPT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"

enum { EXCERPT_NAME_SIZE = 80 };

struct excerpt {
	char **wanted; /* borrowed: names of workers or instances */
	int n_wanted;
	bool *found;	     /* owned by the arena; one for each */
	bool workers;	     /* the line `workers:` has come */
	bool copies;	     /* in a part that is wanted */
	struct arena *arena; /* borrowed */
	const char **names;  /* of all workers so far; the arena's */
	size_t n_names, room;
};

/* -1 when memory is refused. */
int excerpt_init(struct excerpt *excerpt, char **wanted, int n_wanted, struct arena *arena);

/* The next line, with its newline. True when it is to be printed. */
bool excerpt_line(struct excerpt *excerpt, const char *line);

/* What is near the name among the workers that came; NULL: nothing. */
const char *excerpt_nearest(const struct excerpt *excerpt, const char *name);

#endif
