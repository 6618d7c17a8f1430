/*
 * desk - where facts go in and orders wait: the fleet with its queue and its clock.
 *
 * The clock is read once a wake-up (desk_wake) and again after whatever takes time; every fact
 * bears the reading.
 */
#ifndef ENGINE_DESK_H
#define ENGINE_DESK_H

#include "base/err.h"
#include "policy/fleet.h"

struct desk {
	struct fleet *fleet; /* owned */
	struct orders queue; /* owned; orders from head on wait */
	uint32_t head;	     /* <= queue.count */
	uint32_t step_max;   /* what one step can add */
	mono_ns now;	     /* the last reading */
	uint64_t facts;	     /* brought before the fleet so far */
};

/* A desk whose fleet waits. -1 with err when memory is refused. */
int desk_init(struct desk *desk, const struct spec *spec, uint64_t seed, struct err *err);
void desk_fini(struct desk *desk);

/* Read the clock. */
void desk_wake(struct desk *desk);

/* Bring a fact before the fleet, as of the last reading; its orders join the queue. Carry the queue
 * out before the next fact from outside. */
void desk_report(struct desk *desk, struct fact fact);

/* Take the next order. False when none waits. */
bool desk_next(struct desk *desk, struct order *out);

#endif
