/*
 * sink - a descriptor that is written to without ever waiting and without harm to those that
 * share it.
 */
#ifndef BASE_SINK_H
#define BASE_SINK_H

#include <stddef.h>
#include <sys/types.h>

enum sink_kind {
	SINK_FILE,   /* written to as it is */
	SINK_SOCKET, /* send(2) has flags for all we need */
	SINK_STREAM, /* pipe or terminal: asked first, a pipe without a reader costs no SIGPIPE */
};

enum { SINK_WRITE_MAX = 4096 }; /* PIPE_BUF: a write of so much is never torn by another writer's */

struct sink {
	enum sink_kind kind;
	int fd;	    /* written to; owned when it is not borrowed */
	int borrowed; /* what sink_init was given */
};

/*
 * Write to fd (borrowed). A pipe or terminal is opened anew through /proc/self/fd, so that
 * O_NONBLOCK stays ours; where that is refused, poll(2) alone must keep us from waiting.
 */
void sink_init(struct sink *sink, int fd);

/* Close what sink_init opened. */
void sink_fini(struct sink *sink);

/*
 * Write len <= SINK_WRITE_MAX bytes. Returns how many were taken, 0 when none can be now, -1
 * with errno when the descriptor refuses (no space, no reader, closed): the bytes are lost.
 */
ssize_t sink_write(struct sink *sink, const char *bytes, size_t len);

#endif
