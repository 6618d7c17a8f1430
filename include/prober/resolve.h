/*
 * resolve - where names lead to, found by a few threads so that nobody else waits.
 *
 * Numbers and localhost need no thread. A name is looked up once for all who want it at that time,
 * and what was found (or was not) holds for a second. A name whose look-up hangs keeps one thread;
 * when all hang, the other names wait, and nothing else does.
 */
#ifndef PROBER_RESOLVE_H
#define PROBER_RESOLVE_H

#include <ev.h>
#include <stddef.h>

#include "base/err.h"
#include "prober/hosts.h"

/* Longest name that is looked up. */
enum { RESOLVE_NAME_MAX = 255 };

struct lookup;

/* What one who wants a name keeps; all zero: wants none. */
struct wish {
	struct lookup *lookup; /* NULL: nothing is looked up for it */
	struct wish *next, **place;
	/* Called once. addresses NULL: there are none, err says why; its num is a shortage
	 * (err_is_shortage) when we ourselves were not able to look. */
	void (*done)(struct wish *wish, const struct addresses *addresses, const struct err *err);
};

/* Looks a name up, as long as it takes; in any thread. -1 with err when it leads nowhere. */
typedef int resolve_find(const char *name, struct addresses *out, struct err *err);

struct resolver;

/* A resolver in the loop, with at most that many threads. NULL with err when memory is refused. */
struct resolver *resolver_new(struct ev_loop *loop, unsigned threads, resolve_find *find,
			      struct err *err);

/* Find the addresses of the host for a wish whose done is set, possibly before this returns. */
void resolver_ask(struct resolver *resolver, struct wish *wish, const char *host);

/* Nobody wants it any more; done will not be called. */
void resolver_forget(struct resolver *resolver, struct wish *wish);

/* What is looked up for it; NULL when nothing is. */
const char *wish_name(const struct wish *wish);

/* Forget all wishes; nulls *resolver. Threads that hang are left to end by themselves. */
void resolver_free(struct resolver **resolver);

#endif
