/* inbox - what the workers tell us: sd_notify datagrams and the newline on a readiness descriptor
 * become facts. */
#ifndef ENGINE_INBOX_H
#define ENGINE_INBOX_H

#include "base/log.h"
#include "engine/desk.h"
#include "engine/slot.h"

struct inbox {
	struct ev_loop *loop; /* borrowed, as all below */
	struct desk *desk;
	struct slots *slots;
	struct log *log;
	mono_ns window_end; /* of the 10 s for which refusals are counted */
	unsigned told;	    /* lines about refusals in them */
	uint64_t untold;    /* refusals without a line, so far */
};

/* One more than the longest path of a socket, unix(7). */
enum { INBOX_PATH_SIZE = 108 };

/* Make the directory of the notify sockets in the runtime directory. -1 with err. */
int inbox_init(struct inbox *inbox, struct err *err);

/* Stop watching and remove every socket; the directory too. */
void inbox_fini(struct inbox *inbox);

/* True when the worker speaks sd_notify: it has ready: notify or a watchdog. */
bool inbox_is_used(const struct worker_spec *worker);

/*
 * Have a socket for the instance, for all its runs; a file or directory that has vanished is made
 * again. What an earlier run left unread is dropped. Writes its path. -1 with err.
 */
int inbox_open(struct inbox *inbox, uint32_t instance, char path[INBOX_PATH_SIZE], struct err *err);

/* It is known whether the run has begun: hear what it says, if it has a socket. */
void inbox_listen(struct inbox *inbox, uint32_t instance);

/* Open a readiness descriptor for the next run: returns the end for the child (the caller's), and
 * watches the other. -1 with err. */
int inbox_open_ready(struct inbox *inbox, uint32_t instance, struct err *err);

/* Stop watching the readiness descriptor, if there is one. */
void inbox_close_ready(struct inbox *inbox, uint32_t instance);

/* Read what has come from the instance so far, at most 64 datagrams: before its end is told, so
 * that last words count. */
void inbox_drain(struct inbox *inbox, uint32_t instance);

#endif
