/* listen - sockets on which clients come, and the clients. */
#ifndef SYS_LISTEN_H
#define SYS_LISTEN_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/err.h"
#include "model/spec.h"

/*
 * Sockets handed to us by the service manager: LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES; see
 * sd_listen_fds(3).
 */
struct listen_passed {
	int first;	    /* 3 */
	int count;	    /* 0: none */
	char names[32][64]; /* "unknown" where LISTEN_FDNAMES says nothing */
};

/*
 * Read the variables, check that they are meant for us (LISTEN_PID is our pid), set CLOEXEC on the
 * descriptors and remove the variables from the environment. More than 32 are ignored beyond that.
 */
void listen_passed_read(struct listen_passed *out);

/*
 * Open one listener, non-blocking, CLOEXEC, listening. TCP: SO_REUSEADDR, IPV6_V6ONLY for v6; port
 * taken is EADDRINUSE. unix: a socket file that nobody listens on (connect is refused) is removed
 * first; one in use is EADDRINUSE; any other file there is an error and is left alone. fd:NAME:
 * taken from passed, checked to be a listening stream socket. Returns the descriptor (the
 * caller's), or -1 with err.
 */
int listen_open(const struct listen_spec *spec, const struct listen_passed *passed,
		struct err *err);

/*
 * The same for a unix listener that only some may use: its file has control's mode from the first
 * instant, and its group before it listens.
 */
int listen_open_control(const struct listen_spec *spec, const struct control_spec *control,
			struct err *err);

/* Remove the socket file of a unix listener; nothing for others. For a clean exit. */
void listen_remove(const struct listen_spec *spec);

/*
 * One client: non-blocking, CLOEXEC. -1 with errno (EAGAIN: none is waiting; EMFILE, ENFILE,
 * ENOMEM: later).
 */
int listen_accept(int fd, struct sockaddr_storage *peer, socklen_t *peer_len);

/*
 * True when the peer is on this machine: 127.0.0.0/8, ::1, ::ffff:127.0.0.0/104, or a unix socket.
 */
bool listen_peer_is_local(const struct sockaddr_storage *peer, socklen_t peer_len);

#endif
