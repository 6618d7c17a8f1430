/*
 * teller - what happens to the workers, tasks and steps of the lifespan, in fosterd's log.
 *
 * The first 5 ends of a worker's runs within 10 s are told in full, with the starts that follow
 * them; of the rest only their number (engine/storm). So a crash storm costs a line each 10 s and
 * worker. Of a task's runs those that fail are so counted.
 */
#ifndef ENGINE_TELLER_H
#define ENGINE_TELLER_H

#include "base/log.h"
#include "engine/slot.h"
#include "model/order.h"

struct teller_worker;

struct teller {
	struct log *log;	       /* borrowed */
	const struct slots *slots;     /* borrowed */
	struct teller_worker *workers; /* owned; one a program */
	mono_ns deadline;	       /* when teller_time is due; MONO_NEVER: not */
};

/* -1 with err when memory is refused. */
int teller_init(struct teller *teller, struct log *log, const struct slots *slots, struct err *err);
void teller_fini(struct teller *teller);

/* A run of the instance has begun: its program runs. */
void teller_started(struct teller *teller, uint32_t instance);

/* A start could not even be tried, because of error. teller_ended follows. */
void teller_unprepared(struct teller *teller, uint32_t instance, const char *error);

/* A run of the instance has ended, or could not begin, as slot->last_exit says. Counts towards the
 * storm. */
void teller_ended(struct teller *teller, uint32_t instance, mono_ns now);

/* An order to tell: an instance's state, or fosterd's. */
void teller_order(struct teller *teller, const struct order *order, mono_ns now);

/* The instance was sent SIGKILL. */
void teller_killed(struct teller *teller, uint32_t instance);

/* Sum up the storms whose 10 s are over. */
void teller_time(struct teller *teller, mono_ns now);

#endif
