/* client - what a verb works with, and how it ends. */
#ifndef FOSTERCTL_CLIENT_H
#define FOSTERCTL_CLIENT_H

#include "fosterctl/arguments.h"
#include "fosterctl/channel.h"
#include "fosterctl/screen.h"

/* sysexits.h(3head) has the names of the last three: usage, unavailable, system error. */
enum client_exit {
	CLIENT_DONE = 0,
	CLIENT_FAILED = 1, /* refused, or not as it was wished */
	CLIENT_USAGE = 64,
	CLIENT_NO_DAEMON = 69,
	CLIENT_SYSTEM = 71,
};

struct client {
	const struct arguments *arguments;
	struct channel channel;
	struct screen out;    /* standard output */
	struct screen errors; /* standard error */
	mono_ns until;	      /* --timeout is over then; MONO_NEVER: it was not given */
	bool waits;	      /* the daemon is asked again and again, and last when that is over */
};

/* Ask the daemon. The answer (reply_free) when there is one, else what is wrong was told. */
enum client_exit client_ask(struct client *client, const char *method, const char *path,
			    struct reply *reply);

/*
 * GET /v1/status. CLIENT_DONE: the reply (reply_free) holds the document; else what is wrong was
 * told (with --json: also what came).
 */
enum client_exit client_status(struct client *client, struct reply *reply);

/*
 * Judge an answer: CLIENT_DONE for a 2xx with a JSON object; else what is wrong was told, for a
 * refusal in the daemon's words. Prints nothing on standard output.
 */
enum client_exit client_judge(struct client *client, const struct reply *reply);

/* "fosterctl: ..." on standard error, safe for a terminal. Returns CLIENT_FAILED. */
enum client_exit client_complain(struct client *client, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Print the document as --json does: as it came, on a terminal indented and in ASCII. */
void client_print_json(struct client *client, const json_t *document, const char *as_it_came);

#endif
