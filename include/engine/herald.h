/*
 * herald - what the probes and checks find, in fosterd's log.
 *
 * Each verdict that is new, and each new health of a check: of one worker or check the first 5
 * within 10 s, then their number (engine/storm).
 */
#ifndef ENGINE_HERALD_H
#define ENGINE_HERALD_H

#include "engine/question.h"

struct herald_item;

struct herald {
	const struct questions *questions; /* borrowed */
	struct herald_item *items;	   /* owned; one a worker, then one a check */
	mono_ns deadline;		   /* when herald_time is due; MONO_NEVER: not */
};

/* Questions are borrowed. -1 with err when memory is refused. */
int herald_init(struct herald *herald, const struct questions *questions, struct err *err);
void herald_fini(struct herald *herald);

/* An ORDER_TELL_PROBE. */
void herald_order(struct herald *herald, const struct order *order);

/* Sum up the storms whose 10 s are over. */
void herald_time(struct herald *herald);

#endif
