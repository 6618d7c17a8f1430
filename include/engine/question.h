/*
 * question - what is asked of each probe, and what its last answers said.
 *
 * A probe has at most one question under way. It stands in one list of whoever has to ask it: in
 * line, or asked. It is answered once, whatever happens.
 */
#ifndef ENGINE_QUESTION_H
#define ENGINE_QUESTION_H

#include "engine/carry.h"

/* Probes in the order in which they came. All zero is an empty list. */
struct question_list {
	uint32_t first, last; /* when count > 0 */
	uint32_t count;
};

struct question {
	char *error;			/* owned; why the last answer was no success; NULL: it was
					   one, or there was none */
	wall_ns checked_at;		/* 0: never */
	wall_ns succeeded_at;		/* 0: never */
	const struct question_list *in; /* where it stands; NULL: nothing is asked */
	mono_ns since;			/* when it came there */
	uint32_t serial;		/* of its ORDER_PROBE */
	uint32_t next, previous;	/* in the list, but for the last and the first */
	uint8_t told; /* the herald's: an instance's verdict, a check's health + 1; 0: nothing */
};

struct questions {
	struct carry *carry; /* borrowed */
	const struct spec *spec;
	struct question *list; /* owned; one a probe */
};

/* What a probe answered. */
struct answer {
	enum probe_result result;
	span_ns latency;
	const char *error; /* any bytes, of which 4 KiB are kept; "" none */
};

/* carry and spec are set by the caller. -1 with err when memory is refused. */
int questions_init(struct questions *questions, struct err *err);
void questions_fini(struct questions *questions);

/* Panics when probe is out of range. */
struct question *question_get(const struct questions *questions, uint32_t probe);

/* One is to be asked: at the end of that list. Panics when one is under way. */
void question_begin(struct questions *questions, uint32_t probe, uint32_t serial,
		    struct question_list *list);

/* From the list where it stands to the end of another. */
void question_move(struct questions *questions, uint32_t probe, struct question_list *from,
		   struct question_list *to);

/* It is answered: taken from the list where it stands, noted, and told to the desk. */
void question_answer(struct questions *questions, uint32_t probe, struct question_list *from,
		     const struct answer *answer);

/* Answer all of the list as unknown, for that reason, and carry out what comes of it. */
void question_give_up(struct questions *questions, struct question_list *list, const char *reason);

#endif
