/* plan - the small configurations that are explored. */
#ifndef EXPLORE_PLAN_H
#define EXPLORE_PLAN_H

#include "explore/scene.h"

struct plan {
	const char *name;
	bool by_hand; /* wishes by hand are among the moves */
	bool terse;   /* messages of workers are not, but that they are ready */
	bool warm;    /* also from where all is well */
	/* True to the engine, and hostile: how much deeper than others; and how many states there
	 * are at the least, four fifths of what was there when they were set. Fewer: moves have got
	 * lost. */
	int deeper[2];
	size_t floors[2];
	struct worker_spec programs[SLOTS];
	struct spec spec; /* borrows programs */
};

/* The n-th plan; false when there is none. */
bool plan_make(uint32_t n, struct plan *out);

#endif
