/*
 * wire - what fosterd and a prober say to each other: one message, one datagram.
 *
 * Both run on one machine from one build, so numbers are as the processor has them. A message that
 * is not exactly as it should be is refused as a whole. See unix(7), SOCK_SEQPACKET.
 */
#ifndef MODEL_WIRE_H
#define MODEL_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "model/probe.h"

enum {
	WIRE_MAX = 16384,     /* bytes of a message */
	WIRE_ERROR_MAX = 511, /* bytes of an answer's error */
};

enum wire_kind {
	WIRE_ASK,    /* to the prober: ask this; answered by one WIRE_ANSWER */
	WIRE_DROP,   /* to the prober: nobody wants that answer any more; none comes */
	WIRE_PING,   /* to the prober: answered by one WIRE_PONG */
	WIRE_ANSWER, /* from the prober */
	WIRE_PONG,   /* from the prober */
};

/* All texts are NUL-terminated, without a NUL inside; in a message that was read they point into
 * its bytes. */
struct wire_message {
	enum wire_kind kind;
	uint32_t probe;	 /* ASK, DROP, ANSWER */
	uint32_t serial; /* ASK, DROP, ANSWER; PING and PONG: of the ping */

	/* ASK */
	enum driver driver; /* any but DRIVER_EXEC */
	span_ns timeout;    /* > 0 */
	const char *target;
	const char *password; /* NULL: none */
	const char *headers;  /* http: lines "Name: value", each with a newline; "" none */
	const char *body;     /* http; NULL: any */
	uint32_t statuses[STATUS_WORDS];
	bool verify;

	/* ANSWER */
	enum probe_result result; /* PROBE_UNKNOWN: the prober itself was not able to ask */
	span_ns latency;	  /* >= 0 */
	/* "" none; one line of UTF-8, at most WIRE_ERROR_MAX bytes. Written: cut, and what is no
	 * letter becomes '?'. Read: anything else is refused. */
	const char *error;
};

/* Write the message. Returns its bytes; -1 with err when it has no room in size. */
long wire_write(const struct wire_message *message, void *bytes, size_t size, struct err *err);

/* Read a message that has exactly len bytes. -1 with err when it is none; nothing is ever read
 * beyond them. Texts point into bytes. */
int wire_read(const void *bytes, size_t len, struct wire_message *out, struct err *err);

#endif
