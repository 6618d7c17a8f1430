/*
 * world - the fleet in virtual time, and the processes it believes it has.
 *
 * Stands in for the engine: takes orders in their order, answers those of workers that have a
 * habit, and lets their processes become ready, end and leave at their times. Facts of a moment are
 * told before FACT_TIME. After each step the fleet is checked, and every order against the
 * processes that are there.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "model/fact.h"
#include "model/order.h"
#include "model/spec.h"
#include "policy/fleet.h"
#include "sim/processes.h"
#include "sim/questions.h"

/* An order that was given and not been looked at yet. */
struct note {
	struct order order;
	mono_ns at;
	bool automatic; /* a habit answered it */
};

enum { NOTES_MAX = 4096 };

struct world {
	struct spec *spec;   /* owned */
	struct fleet *fleet; /* owned */
	struct orders out;   /* of one step; list owned */
	struct order *queue; /* owned; orders that are to be carried out */
	uint32_t queued, queue_room;
	struct habit *habits;	     /* owned; one an instance */
	struct processes *processes; /* owned; one an instance */
	struct question *questions;  /* owned; one a probe */
	mono_ns asked_at;	     /* when a worker's probe was last asked; 0: never */
	span_ns closest;	     /* least time between two of those */
	struct note notes[NOTES_MAX];
	uint32_t n_notes;
	mono_ns origin, now;
	uint32_t crowd; /* steps at this moment, since time last went on */
	bool quit;
	const char *trouble; /* an order that makes no sense; NULL: none */
};

/* A world for this spec (taken over), before FACT_BEGIN. */
void world_init(struct world *world, struct spec *spec, uint64_t seed);
void world_fini(struct world *world);

/* Tell the fleet one fact now, and carry out all that follows at this moment. */
void world_tell(struct world *world, struct fact fact);

/*
 * Go on to the next moment at which something happens, when that is not after until. False: there
 * is none.
 */
bool world_advance(struct world *world, mono_ns until);

/* Go on to exactly this moment, and through all that happens until then. */
void world_advance_to(struct world *world, mono_ns at);

/* Time leaps: what was to happen meanwhile happens at the end of it. */
void world_leap(struct world *world, span_ns span);

/* Forget the orders that a habit has answered. */
void world_forget_answered(struct world *world);

#endif
