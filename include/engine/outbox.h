/* outbox - fosterd's own log on its way out: what a busy descriptor did not take is written later.
 */
#ifndef ENGINE_OUTBOX_H
#define ENGINE_OUTBOX_H

#include <ev.h>

#include "base/log.h"

struct outbox {
	struct log *log;      /* borrowed */
	struct ev_loop *loop; /* borrowed */
	ev_io writable;	      /* active while the descriptor is busy */
};

/* Nothing is watched yet. */
void outbox_init(struct outbox *outbox, struct log *log, struct ev_loop *loop);

/* Write what there is, and watch for room if not all of it went. */
void outbox_flush(struct outbox *outbox);

/* True while the descriptor takes no more than it did. */
bool outbox_is_busy(const struct outbox *outbox);

/* Stop watching. */
void outbox_fini(struct outbox *outbox);

#endif
