/* heed - the signals that fosterd itself gets, and what they mean to it. */
#ifndef ENGINE_HEED_H
#define ENGINE_HEED_H

#include "engine/carry.h"

struct heed {
	const struct supervisor_config *config; /* borrowed, as carry */
	struct carry *carry;
	bool children_ended; /* SIGCHLD came: there may be some to reap */
	ev_io io;
};

/* Watch config->signal_fd. Borrowed fields are set by the caller. */
void heed_start(struct heed *heed, struct ev_loop *ev);
void heed_stop(struct heed *heed, struct ev_loop *ev);

/* Read what has come, at most 128, and act on it. */
void heed_signals(struct heed *heed);

#endif
