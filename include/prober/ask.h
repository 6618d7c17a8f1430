/*
 * ask - one question to one component, from its arrival to its answer.
 *
 * A question belongs to one way of asking (a driver). It ends exactly once: by ask_success,
 * ask_failure or ask_unknown, by its timeout, or because nobody wants the answer any more; the
 * driver's end is called then, and the question is gone when that returns.
 */
#ifndef PROBER_ASK_H
#define PROBER_ASK_H

#include <ev.h>

#include "base/err.h"
#include "model/wire.h"
#include "prober/resolve.h"

struct ask;
struct asker; /* the prober as a whole: its loop, its names, its questions */

/* How one driver asks. Both return at once; nothing in the prober's own thread may block. */
struct way {
	/* Begin; may end the question before it returns. */
	void (*begin)(struct ask *ask);
	/* It has ended: let go of all that was held for it. Called once for each begin. */
	void (*end)(struct ask *ask);
};

/* What is asked; texts live as long as the question. */
const struct wire_message *ask_what(const struct ask *ask);

/* The driver's own state of it; NULL at first. */
void *ask_state(const struct ask *ask);
void ask_set_state(struct ask *ask, void *state);

/* The prober's loop. */
struct ev_loop *ask_loop(const struct ask *ask);

/* End it. The reason is one line for people, without passwords. The question is gone afterwards. */
void ask_success(struct ask *ask);
void ask_failure(struct ask *ask, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The prober itself could not ask: memory, descriptors. Thrown away by fosterd. */
void ask_unknown(struct ask *ask, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Find the addresses of a host: at once for numbers and localhost, else by the resolver's threads.
 * done is called once, possibly before this returns, unless the question ends first; a name that
 * leads nowhere ends the question as a failure and done is not called.
 */
void ask_resolve(struct ask *ask, const char *host,
		 void (*done)(struct ask *ask, const struct addresses *addresses));

/* ---- all of them */

enum { ASK_QUESTIONS_MAX = 20000 }; /* under way at once; one more is answered PROBE_UNKNOWN */

/* Answer what is asked on the socket, in the loop (both borrowed). The loop is ended when fosterd
 * has gone, or says what is no message. NULL with err when memory is refused. */
struct asker *asker_new(struct ev_loop *loop, int fd, struct err *err);

/* Why the loop was ended: 0 because fosterd has gone; -1 with err because of what it said. */
int asker_verdict(const struct asker *asker, struct err *err);

/* End all questions without an answer; nulls *asker. */
void asker_free(struct asker **asker);

#endif
