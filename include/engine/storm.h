/*
 * storm - how much is told of what happens again and again.
 *
 * The first 5 within 10 s in full; of the rest only their number, once each 10 s, until a whole 10
 * s pass without any.
 */
#ifndef ENGINE_STORM_H
#define ENGINE_STORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct storm {
	mono_ns window_end; /* when storm_pass is due; MONO_NEVER: nothing has happened of late */
	uint32_t told;	    /* in full in this window; stays as it is from storm to storm */
	uint32_t untold;    /* further ones */
};

#define STORM_WINDOW (10 * NS_S)

/* Nothing has happened yet. */
void storm_init(struct storm *storm);

/* It happens. True when it is to be told in full. */
bool storm_happens(struct storm *storm, mono_ns now);

/* True when the next one is not told. */
bool storm_is_full(const struct storm *storm);

/* The window is over: returns how many were not told. */
uint32_t storm_pass(struct storm *storm);

#endif
