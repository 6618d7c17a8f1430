/*
 * exchange - one request and its answer, between libmicrohttpd and those who know the answer.
 *
 * What comes by a listener of `listen:` is a page to be read, what comes by the control socket a
 * command. Answers that wait for slow readers take at most 32 MiB: a large page beyond that is 503.
 * All pages made in one wake-up to one question are one answer, so that a crowd asking for /status
 * costs what one client does.
 */
#ifndef SERVICE_EXCHANGE_H
#define SERVICE_EXCHANGE_H

#include <microhttpd.h>

#include "service/clients.h"
#include "service/command.h"
#include "service/reply.h"

struct exchange {
	struct supervisor *supervisor; /* borrowed, as log */
	struct log *log;
	char *config; /* owned; the configuration's absolute path */
	struct replies replies;
	mono_ns refused_told; /* when the log was told of a stranger last; 0: never */
};

/*
 * The headers are there: the request is let through, or answered at once. An answer given now also
 * ends the connection, and what may follow is never read.
 */
enum MHD_Result exchange_begin(struct exchange *exchange, struct MHD_Connection *connection,
			       struct client *client, const char *method, const char *version);

/* The request is complete: answer it. */
enum MHD_Result exchange_end(struct exchange *exchange, struct MHD_Connection *connection,
			     const struct client *client, const char *method);

#endif
