/*
 * probers - the processes that ask over the network for us: started, watched, started again.
 *
 * One for each of spec->probers, from its first question on. When it has gone, the next is started
 * 200 ms after it was, or later when several in a row went without a word. No worker notices.
 */
#ifndef ENGINE_PROBERS_H
#define ENGINE_PROBERS_H

#include "engine/prober.h"
#include "sys/reap.h"

struct prober_life;

struct probers {
	struct carry *carry; /* borrowed, as all but list */
	struct questions *questions;
	const char *program;	  /* path; NULL: beside fosterd's own */
	struct prober_life *list; /* owned */
	uint32_t count;
};

/* Borrowed fields are set by the caller. -1 with err when memory is refused. */
int probers_init(struct probers *probers, struct err *err);

/* Also ends what probers_end has not ended. */
void probers_fini(struct probers *probers);

/* Who asks that probe; its driver is any but DRIVER_EXEC. */
struct prober *probers_for(const struct probers *probers, uint32_t probe);

/* When probers_time is due; MONO_NEVER: not. */
mono_ns probers_deadline(const struct probers *probers);
void probers_time(struct probers *probers);

/* The process of a prober has been reaped. */
void probers_ended(struct probers *probers, uint32_t index, const struct reaped *child);

/* End all processes: their sockets are closed. probers_await sees them gone, kills those that are
 * not in 100 ms, and returns then at the latest. */
void probers_end(struct probers *probers);
void probers_await(struct probers *probers, mono_ns until);

/* How one is, for /status. */
void probers_look(const struct probers *probers, uint32_t index, struct prober_view *out);

#endif
