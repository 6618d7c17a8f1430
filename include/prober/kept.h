/*
 * kept - connections to PostgreSQL servers, waiting for their probe's next question.
 *
 * At most 256 wait, for a minute at most; then they are closed, and so is one to which the server
 * says anything meanwhile: it is going away. None is used for more than five minutes: by then the
 * name may lead elsewhere.
 */
#ifndef PROBER_KEPT_H
#define PROBER_KEPT_H

#include <ev.h>
#include <libpq-fe.h>
#include <stdint.h>

#include "base/clock.h"

/* A connection, and for which questions it is good. */
struct session {
	PGconn *pg; /* owned */
	uint32_t probe;
	char *target;	/* owned */
	char *password; /* owned; NULL: none */
	mono_ns made;

	/* kept's own, while it waits */
	struct ev_loop *loop;
	ev_io heard;
	ev_timer idle;
	struct session *next;
};

/* A session for a connection that is being made; takes pg. NULL for lack of memory, and pg is
 * finished. */
struct session *session_new(PGconn *pg, uint32_t probe, const char *target, const char *password);

/* Close it and null the pointer; accepts NULL. */
void session_free(struct session **session);

/* Keep the session, which is idle, or close it when it is not worth that. Takes it. */
void kept_put(struct ev_loop *loop, struct session *session);

/*
 * The session kept for the probe; the caller's again. NULL: none. One for another target or
 * password is closed.
 */
struct session *kept_take(uint32_t probe, const char *target, const char *password);

#endif
