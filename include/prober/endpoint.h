/* endpoint - where a TCP or unix socket is that somebody listens on. */
#ifndef PROBER_ENDPOINT_H
#define PROBER_ENDPOINT_H

#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"

enum { ENDPOINT_HOST_SIZE = 256 };

struct endpoint {
	const char *path;	       /* of a unix socket, in the text; NULL: host and port */
	char host[ENDPOINT_HOST_SIZE]; /* a name or a number, without brackets */
	uint16_t port;		       /* >= 1 */
};

/* An address as connect(2) takes it. */
struct address {
	socklen_t len;
	union {
		struct sockaddr any;
		struct sockaddr_storage room;
	} socket;
};

/* Take HOST:PORT, [V6]:PORT or unix:/PATH apart. -1 with err when it is none of these. */
int endpoint_read(const char *text, struct endpoint *out, struct err *err);

/* The address of a numeric host and a port. -1 when the host is no number. */
int address_of_number(const char *number, uint16_t port, struct address *out);

/* The address of a unix socket. -1 when the path is too long for one. */
int address_of_path(const char *path, struct address *out);

#endif
