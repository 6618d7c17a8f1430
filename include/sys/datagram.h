/* datagram - the socket an instance sends its sd_notify messages to. */
#ifndef SYS_DATAGRAM_H
#define SYS_DATAGRAM_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

enum { DATAGRAM_MAX = 4096 }; /* longer messages are dropped whole, as systemd does */

struct datagram {
	char text[DATAGRAM_MAX + 1]; /* NUL-terminated; a byte 0 before the last makes it invalid */
	size_t len;
	pid_t pid; /* of the sender, in our pid namespace; 0 unknown */
	uid_t uid;
	bool valid; /* sender known, nothing cut, no byte 0 inside */
};

/*
 * Bind a datagram socket at path with SO_PASSCRED, mode 0666 (the sender's uid is what counts),
 * non-blocking, CLOEXEC. A socket that stands there is replaced, any other file is an error.
 * Returns the caller's descriptor; -1 with err.
 */
int datagram_open(const char *path, struct err *err);

/*
 * Receive one from a socket of datagram_open. 1; 0 when none is waiting; -1 with errno.
 *
 * The last close of a descriptor may wait for whoever sent it: a socket that lingers, a pipe or a
 * file system that is held up. So a message with descriptors is taken by a process of its own, to
 * be reaped like any child, which closes them by ending (that answers BARRIER=1). None of them is
 * ever open here, unless no process can be made.
 */
int datagram_read(int fd, struct datagram *out);

/*
 * Close *fd, if it is one, and set it to -1. Descriptors that lie unread in a socket are closed
 * with it: that too is left to a process of its own.
 */
void datagram_drop(int *fd);

/*
 * Send a message to the socket that $NOTIFY_SOCKET (path, or @ for abstract) names. Never blocks.
 * 0, or -1 with err.
 */
int datagram_send(const char *address, const char *text, struct err *err);

#endif
