/*
 * server - requests read and answered by libmicrohttpd, in the supervisor's loop and thread.
 *
 * Limits: CLIENTS_MAX connections or a quarter of our descriptors, and CLIENTS_CONTROL on the
 * control socket; each with one deadline (service/clients.h); 8 KiB of memory for a request's line
 * and headers (more: 414 or 431, closed); no request bodies (413, closed); GET and HEAD alone, POST
 * on the control socket (405). For more see service/exchange.h.
 */
#ifndef SERVICE_SERVER_H
#define SERVICE_SERVER_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/err.h"
#include "engine/supervisor.h"

struct server;

/* A server without connections, watched by the supervisor's loop. NULL with err. */
struct server *server_new(struct supervisor *supervisor, struct log *log, struct err *err);

/* End all connections and free. Accepts NULL inside. */
void server_free(struct server **server);

/* How a connection is handed over. */
typedef void server_taker(struct server *server, int fd, const struct sockaddr_storage *peer,
			  socklen_t peer_len);

/*
 * Serve the connection on fd (taken, in any case) whose client is at peer; it came by a listener of
 * `listen:`, or by the control socket: then its client may command, if he may. Panics never; when
 * memory or descriptors are refused, or too many connections come at once, fd is closed.
 */
server_taker server_take, server_take_control;

/* Answer what has come for the connections taken. Once after the last server_take of a wake-up. */
void server_turn(struct server *server);

/*
 * Free a descriptor for a new connection: that of the connection that is needed least; without any,
 * one that was kept for this, until there are others again.
 */
void server_shed(struct server *server);

#endif
