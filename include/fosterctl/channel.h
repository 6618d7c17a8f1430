/* channel - requests to the daemon's control socket, and its answers: HTTP by libcurl. */
#ifndef FOSTERCTL_CHANNEL_H
#define FOSTERCTL_CHANNEL_H

#include <curl/curl.h>
#include <jansson.h>

#include "base/clock.h"
#include "base/err.h"

struct channel {
	CURL *curl;	  /* owned */
	const char *path; /* of the socket; borrowed */
};

struct reply {
	long code;    /* HTTP status */
	char *body;   /* owned; NUL-terminated; as it came */
	size_t room;  /* bytes that body has */
	size_t len;   /* <= REPLY_MAX */
	json_t *json; /* owned; NULL when the body is no JSON object */
};

enum { REPLY_MAX = 64 * 1024 * 1024 };

enum channel_result {
	CHANNEL_ANSWERED,
	CHANNEL_NO_DAEMON, /* nobody is there, or we may not reach him */
	CHANNEL_BROKEN,	   /* no answer in time, half an answer, no HTTP */
};

/* path must stay. -1 with err. */
int channel_init(struct channel *channel, const char *path, struct err *err);
void channel_fini(struct channel *channel);

/*
 * Ask: method GET or POST, path with its query. Waits for the answer at most patience > 0. With
 * CHANNEL_ANSWERED the reply is the caller's (reply_free); else err says what is wrong and, for
 * CHANNEL_NO_DAEMON, what to do about it.
 */
enum channel_result channel_ask(struct channel *channel, const char *method, const char *path,
				span_ns patience, struct reply *reply, struct err *err);

/* Accepts one that is all zero; leaves it so. */
void reply_free(struct reply *reply);

#endif
