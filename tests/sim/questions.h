/*
 * questions - what is being asked in the world, and by whom it is answered: by a habit, or by the
 * script.
 */
#ifndef SIM_QUESTIONS_H
#define SIM_QUESTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/fact.h"
#include "model/order.h"

/* One probe, of an instance or a check. */
struct question {
	/* How it is answered; automatic false: by the script. */
	bool automatic;
	enum probe_result result;
	span_ns takes; /* MONO_NEVER: never */

	/* What is under way. */
	bool asking, dropped;
	uint32_t serial;
	mono_ns answer_at; /* MONO_NEVER: not by a habit */

	uint32_t count; /* questions so far */
};

/* Carry out ORDER_PROBE or ORDER_PROBE_STOP. Returns what is wrong with it; NULL: nothing. */
const char *question_order(struct question *question, const struct order *order, mono_ns now);

/* The answer that is due by its habit. */
struct fact question_answer(const struct question *question, uint32_t probe);

/* A FACT_PROBED is being told. */
void question_told(struct question *question, const struct fact *fact);

#endif
