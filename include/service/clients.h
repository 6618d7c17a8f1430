/*
 * clients - the connections that are open, oldest promise first.
 *
 * Each has one deadline: from its acceptance or its last answer until a whole request has come,
 * and from there until the answer has been taken. Bytes that trickle do not move it, so slow
 * headers, idle connections and slow readers all end by it. As every deadline is equally far
 * ahead when it is set, a queue keeps them in order.
 *
 * A new connection always finds room: when as many as may be are open, the one that has owed us a
 * request for the longest time is shut down; when none owes one, the oldest of those being
 * answered.
 */
#ifndef SERVICE_CLIENTS_H
#define SERVICE_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "sys/peer.h"

#define CLIENTS_TIME_LIMIT (10 * NS_S)

enum {
	CLIENTS_MAX = 256,	 /* open at a time */
	CLIENTS_CONTROL = 16,	 /* of those on the control socket, in a queue of their own */
	CLIENTS_ENDING_MAX = 64, /* besides them: shut down, but not closed yet */
};

enum client_state {
	CLIENT_FREE,
	CLIENT_WAITING,	  /* for a whole request */
	CLIENT_ANSWERING, /* until the answer has been taken */
	CLIENT_ENDING,	  /* shut down; about to be closed by its owner */
};

struct client {
	enum client_state state;
	int fd;		  /* borrowed: who serves the connection closes it, after clients_remove */
	bool local;	  /* the peer is on this machine */
	bool control;	  /* it came by the control socket; set by its owner, as the next two */
	bool permitted;	  /* peer may command */
	bool forwarded;	  /* its request came through a proxy; set by who serves it */
	struct peer peer; /* with control */
	bool answered;	  /* set by who serves it; clients_hang_up looks and clears it */
	mono_ns deadline; /* of WAITING and ANSWERING */
	char *uri;	  /* of the request that is being answered; owned; NULL: none */
	struct client *previous, *next; /* in the queue; a free one uses next alone */
};

struct clients {
	struct client slots[CLIENTS_MAX + CLIENTS_ENDING_MAX];
	struct client *free;
	struct client *oldest, *newest; /* the queue: WAITING and ANSWERING */
	size_t max;			/* 1 ... CLIENTS_MAX */
	size_t n_open;			/* in the queue, <= max */
};

/*
 * How many may be open at a time: CLIENTS_MAX or a quarter of our descriptors, so that the
 * workers' start does not depend on how many clients there are.
 */
size_t clients_affordable(void);

/* Nobody is there. At most max connections (1 ... CLIENTS_MAX) are open at a time from here on. */
void clients_init(struct clients *clients, size_t max);

/*
 * Take a new connection in, waiting for its first request. At the maximum another one is shut
 * down for it. NULL when too many that were shut down have not been removed yet.
 */
struct client *clients_add(struct clients *clients, int fd, bool local, mono_ns now);

/*
 * Its request has come whole (CLIENT_ANSWERING), or its answer has been taken (CLIENT_WAITING).
 * One that is ending stays so.
 */
void clients_set(struct clients *clients, struct client *client, enum client_state state,
		 mono_ns now);

/* Shut down the one that new connections can best do without. False when nobody is there. */
bool clients_evict(struct clients *clients);

/* Shut down all whose deadline has come. */
void clients_expire(struct clients *clients, mono_ns now);

/*
 * Shut down those that were answered and have said that they ask no more (the other half of the
 * connection is closed). libmicrohttpd does not see an end that came in one packet with the
 * request. To be called when it has nothing left to do: a request that it has read already would
 * be lost.
 */
void clients_hang_up(struct clients *clients);

/* The first deadline; MONO_NEVER when nobody is there. */
mono_ns clients_deadline(const struct clients *clients);

/* The connection is being closed: forget it and free its uri. */
void clients_remove(struct clients *clients, struct client *client);

#endif
