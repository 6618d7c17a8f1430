/*
 * link - the socket between fosterd and the prober: whole messages in, whole messages out, and
 * never a wait.
 *
 * What does not go out at once waits in a line, and while anything waits nothing is read: so
 * the line is never longer than what was asked before.
 */
#ifndef PROBER_LINK_H
#define PROBER_LINK_H

#include <ev.h>
#include <stddef.h>

#include "model/wire.h"

enum { LETTER_MAX = WIRE_ERROR_MAX + 65 }; /* bytes of a WIRE_ANSWER; a pong has less */

/* A message on its way out. */
struct letter {
	struct letter *next;
	size_t len;
	char bytes[LETTER_MAX];
};

enum link_end {
	LINK_OPEN,
	LINK_CLOSED,  /* fosterd has gone */
	LINK_GARBAGE, /* fosterd said what is no message */
};

struct link {
	struct ev_loop *loop; /* borrowed */
	int fd;		      /* borrowed */
	ev_io in;
	ev_io out; /* active while something waits */
	struct letter *first;
	struct letter **last;
	void (*hear)(void *data, const struct wire_message *message);
	void *data;
	enum link_end end; /* why the loop was ended */
	struct err err;	   /* with LINK_GARBAGE */
};

/* Begin to read: each message goes to hear. The loop is ended (ev_break) when the link has. */
void link_init(struct link *link, struct ev_loop *loop, int fd);

/* Send the message in letter->bytes; the letter begins a block of malloc that is freed. */
void link_send(struct link *link, struct letter *letter);

/* Stop, and free what waits. */
void link_fini(struct link *link);

#endif
