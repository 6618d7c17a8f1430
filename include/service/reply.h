/*
 * reply - answers as libmicrohttpd takes them: their headers, their memory, and the one that is
 * given twice.
 *
 * A body lives until the last client that was given it has read it. What was asked and answered
 * in a wake-up is kept to its end: a second client that asks the same then gets the same.
 */
#ifndef SERVICE_REPLY_H
#define SERVICE_REPLY_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

#include "model/status.h"
#include "service/answer.h"

enum {
	REPLIES_BYTES_MAX = 32 * 1024 * 1024, /* in bodies that have not been read to their end */
	REPLY_SMALL = 64 * 1024,	      /* has room always: the probes' are smaller */
};

/* What an answer depends on within one wake-up. */
struct reply_key {
	const char *uri;
	bool details;
	enum fleet_state state; /* these two: what a signal changes */
	unsigned signals;
};

/* All zero is the beginning. */
struct replies {
	size_t bytes;		     /* of all bodies that exist */
	struct MHD_Response *shared; /* NULL: none; owned */
	struct reply_key key;	     /* of shared; its uri is owned */
	unsigned code;
};

/* False when a body of len bytes would be too much memory in the hands of slow readers. */
bool replies_have_room(const struct replies *replies, size_t len);

/*
 * A response with the answer's body, which is taken in any case, and headers; the caller's
 * (MHD_destroy_response). replies must outlive it. NULL when memory is refused.
 */
struct MHD_Response *reply_new(struct replies *replies, struct answer *answer);

/* Keep the response (taken) as the answer to key until replies_forget. The key's text is copied. */
void replies_take(struct replies *replies, const struct reply_key *key, unsigned code,
		  struct MHD_Response *response);

/* The response kept for that key (borrowed) and its status code; NULL when there is none. */
struct MHD_Response *replies_find(const struct replies *replies, const struct reply_key *key,
				  unsigned *code);

/* The wake-up is over. */
void replies_forget(struct replies *replies);

#endif
