/* chronicle - what becomes of tasks' runs and of the steps of the lifespan, in fosterd's log. */
#ifndef ENGINE_CHRONICLE_H
#define ENGINE_CHRONICLE_H

#include "base/log.h"
#include "engine/slot.h"
#include "model/order.h"

struct chronicle {
	struct log *log;	   /* borrowed */
	const struct slots *slots; /* borrowed */
};

/* The instance is a task's or a step's, here and below: its program runs. */
void chronicle_started(const struct chronicle *chronicle, uint32_t instance);

/* An ORDER_TELL. Runs that end well are told at debug when there are more than one a minute. */
void chronicle_order(const struct chronicle *chronicle, const struct order *order, mono_ns now);

#endif
