/*
 * stamps - when persistent tasks last began a run, kept in the state directory over fosterd's life.
 *
 * They are read once, and written by a process aside, one at a time: a disk that hangs holds nobody
 * up. What cannot be written is told once and tried again with the next run of any.
 */
#ifndef ENGINE_STAMPS_H
#define ENGINE_STAMPS_H

#include <ev.h>

#include "base/log.h"
#include "engine/desk.h"

struct stamp;

struct stamps {
	struct ev_loop *loop; /* borrowed, as the next three */
	const struct spec *spec;
	struct desk *desk;
	struct log *log;
	struct stamp *list; /* owned; one a task */
	ev_io writer;	    /* fd -1: no process writes */
	mono_ns overdue_at; /* what is written by then hangs */
	bool failing;	    /* that was told */
};

/* Borrowed fields are set by the caller. -1 with err when memory is refused. */
int stamps_init(struct stamps *stamps, struct err *err);
void stamps_fini(struct stamps *stamps);

/* Read them all, for 2 s at most, and tell the desk how long ago each was. For the beginning. */
void stamps_read(struct stamps *stamps);

/* A run of the task begins: nothing unless it is persistent. */
void stamps_begun(struct stamps *stamps, uint32_t task);

/* Why the task's last run is not on the disk; NULL: it is, or need not be. */
const char *stamps_error(const struct stamps *stamps, uint32_t task);

/* See what waits written, for half a second at most. For the way out alone. */
void stamps_end(struct stamps *stamps);

#endif
