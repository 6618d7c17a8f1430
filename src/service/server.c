#include "service/server.h"

#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "service/exchange.h"
#include "service/permit.h"
#include "sys/listen.h"

enum { REQUEST_MEMORY = 8 * 1024 };

struct server {
	struct MHD_Daemon *daemon;
	struct exchange exchange;
	struct clients clients;	    /* of the listeners of `listen:` */
	struct clients controllers; /* of the control socket, out of reach of a flood elsewhere */
	struct client *incoming;    /* being handed to libmicrohttpd */
	struct ev_loop *loop;	    /* borrowed */
	ev_io readable;		    /* libmicrohttpd's epoll descriptor */
	ev_timer again;		    /* when libmicrohttpd wants to run without an event */
	ev_timer overdue;	    /* the first deadline of a client */
	int spare_fd;		    /* for one client when there is no other descriptor; -1: lent */
};

/* ---- what libmicrohttpd tells */

static struct clients *queue_of(struct server *server, const struct client *client)
{
	return client->control ? &server->controllers : &server->clients;
}

static struct client *client_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info->socket_context;
}

/* Called once when the headers have come, and again when the request is complete. */
static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_size, void **begun)
{
	struct server *server = data;
	struct client *client = client_of(connection);

	(void)url;
	(void)upload;
	(void)upload_size;
	if (*begun != NULL)
		return exchange_end(&server->exchange, connection, client, method);
	*begun = client;
	clients_set(queue_of(server, client), client, CLIENT_ANSWERING, mono_now());
	return exchange_begin(&server->exchange, connection, client, method, version);
}

/* The only place where it gives the URI as it was sent. */
static void *on_uri(void *data, const char *uri, struct MHD_Connection *connection)
{
	struct client *client = client_of(connection);

	(void)data;
	free(client->uri);
	client->uri = strdup(uri);
	return NULL;
}

static void on_completed(void *data, struct MHD_Connection *connection, void **context,
			 enum MHD_RequestTerminationCode how)
{
	struct server *server = data;
	struct client *client = client_of(connection);

	(void)context;
	(void)how;
	free(client->uri);
	client->uri = NULL;
	clients_set(queue_of(server, client), client, CLIENT_WAITING, mono_now());
	client->answered = true;
}

static void on_connection(void *data, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode what)
{
	struct server *server = data;

	(void)connection;
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = server->incoming;
		server->incoming = NULL;
	} else {
		clients_remove(queue_of(server, *context), *context);
	}
}

/* ---- the loop */

static double seconds(span_ns span)
{
	return (double)span / (double)NS_S;
}

static void set_timer(struct ev_loop *loop, ev_timer *timer, bool wanted, double after)
{
	ev_timer_stop(loop, timer);
	ev_timer_set(timer, after, 0.);
	if (wanted)
		ev_timer_start(loop, timer);
}

static void hang_up(struct server *server)
{
	clients_hang_up(&server->clients);
	clients_hang_up(&server->controllers);
}

static void turn(struct server *server)
{
	MHD_UNSIGNED_LONG_LONG ms = 0;

	MHD_run(server->daemon);
	replies_forget(&server->exchange.replies);
	/* 0 ms means "run again now": else pipelined requests would wait for the next packet. */
	bool wanted = MHD_get_timeout(server->daemon, &ms) == MHD_YES;
	if (!wanted || ms > 0)
		hang_up(server);
	set_timer(server->loop, &server->again, wanted, (double)ms / 1000.);
	mono_ns deadline = mono_min(clients_deadline(&server->clients),
				    clients_deadline(&server->controllers));
	/* One that is armed already comes too early at worst, and is then set anew. */
	if (deadline == MONO_NEVER)
		ev_timer_stop(server->loop, &server->overdue);
	else if (!ev_is_active(&server->overdue))
		set_timer(server->loop, &server->overdue, true,
			  seconds(mono_max(deadline - mono_now(), 0)));
}

/* Have a spare descriptor, if there is one to be had. */
static void keep_spare(struct server *server)
{
	if (server->spare_fd == -1)
		server->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void server_turn(struct server *server)
{
	turn(server);
	keep_spare(server);
}

static void on_readable(struct ev_loop *loop, ev_io *watcher, int events)
{
	(void)loop;
	(void)events;
	server_turn(watcher->data);
}

static void on_again(struct ev_loop *loop, ev_timer *watcher, int events)
{
	(void)loop;
	(void)events;
	server_turn(watcher->data);
}

static void on_overdue(struct ev_loop *loop, ev_timer *watcher, int events)
{
	struct server *server = watcher->data;

	(void)loop;
	(void)events;
	clients_expire(&server->clients, mono_now());
	clients_expire(&server->controllers, mono_now());
	server_turn(server);
}

/* ---- its life */

static struct MHD_Daemon *start(struct server *server)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, on_request,
				server, MHD_OPTION_CONNECTION_LIMIT,
				(unsigned)CLIENTS_MAX + CLIENTS_CONTROL + 2 * CLIENTS_ENDING_MAX,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_MEMORY,
				MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
				MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
				MHD_OPTION_URI_LOG_CALLBACK, on_uri, server, MHD_OPTION_END);
}

/* The file as fosterd was given it, from the root: whoever asks may be elsewhere. NULL without
 * memory. */
static char *absolute(const char *file)
{
	char *dir = *file == '/' ? NULL : getcwd(NULL, 0), *path = NULL;

	if (dir == NULL)
		return strdup(file);
	if (asprintf(&path, "%s/%s", dir, file) == -1)
		path = NULL;
	free(dir);
	return path;
}

static void init(struct server *server, struct supervisor *supervisor, struct log *log)
{
	server->exchange.supervisor = supervisor;
	server->exchange.log = log;
	server->loop = supervisor_loop(supervisor);
	server->spare_fd = -1;
	keep_spare(server);
	clients_init(&server->clients, clients_affordable());
	clients_init(&server->controllers, CLIENTS_CONTROL);
	ev_timer_init(&server->again, on_again, 0., 0.);
	ev_timer_init(&server->overdue, on_overdue, 0., 0.);
	server->again.data = server->overdue.data = server->readable.data = server;
}

struct server *server_new(struct supervisor *supervisor, struct log *log, struct err *err)
{
	struct server *server = calloc(1, sizeof *server);

	if (server == NULL) {
		err_set(err, ENOMEM, "start the HTTP server");
		return NULL;
	}
	init(server, supervisor, log);
	server->exchange.config = absolute(supervisor_spec(supervisor)->file);
	server->daemon = server->exchange.config == NULL ? NULL : start(server);
	if (server->daemon == NULL) {
		err_set(err, errno, "start the HTTP server");
		server_free(&server);
		return NULL;
	}
	int epoll_fd = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	ev_io_init(&server->readable, on_readable, epoll_fd, EV_READ);
	ev_io_start(server->loop, &server->readable);
	return server;
}

void server_free(struct server **server)
{
	struct server *old = *server;

	if (old == NULL)
		return;
	ev_io_stop(old->loop, &old->readable);
	ev_timer_stop(old->loop, &old->again);
	ev_timer_stop(old->loop, &old->overdue);
	replies_forget(&old->exchange.replies);
	if (old->daemon != NULL)
		MHD_stop_daemon(old->daemon);
	fd_close(&old->spare_fd);
	free(old->exchange.config);
	free(old);
	*server = NULL;
}

/* Hand incoming to libmicrohttpd. */
static void take_in(struct server *server, int fd, const struct sockaddr_storage *peer,
		    socklen_t peer_len)
{
	if (server->incoming == NULL) {
		fd_close(&fd);
		return;
	}
	MHD_add_connection(server->daemon, fd, (const struct sockaddr *)peer, peer_len);
	/* Refused before it was announced: the descriptor is closed, its place still taken. */
	if (server->incoming != NULL)
		clients_remove(queue_of(server, server->incoming), server->incoming);
	server->incoming = NULL;
}

void server_take(struct server *server, int fd, const struct sockaddr_storage *peer,
		 socklen_t peer_len)
{
	bool local = listen_peer_is_local(peer, peer_len);

	server->incoming = clients_add(&server->clients, fd, local, mono_now());
	take_in(server, fd, peer, peer_len);
}

void server_take_control(struct server *server, int fd, const struct sockaddr_storage *peer,
			 socklen_t peer_len)
{
	const struct spec *spec = supervisor_spec(server->exchange.supervisor);
	struct client *client = clients_add(&server->controllers, fd, true, mono_now());

	if (client != NULL) {
		client->control = true;
		client->permitted = permit_peer(&spec->control, fd, &client->peer);
	}
	server->incoming = client;
	take_in(server, fd, peer, peer_len);
}

void server_shed(struct server *server)
{
	if (clients_evict(&server->clients))
		turn(server);
	else
		fd_close(&server->spare_fd);
}
