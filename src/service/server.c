#include "service/server.h"

#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/fd.h"
#include "service/answer.h"
#include "service/clients.h"
#include "service/reply.h"
#include "service/request.h"
#include "service/route.h"
#include "sys/listen.h"

enum { REQUEST_MEMORY = 8 * 1024 };

struct server {
	struct supervisor *supervisor; /* borrowed */
	struct MHD_Daemon *daemon;
	struct clients clients;
	struct client *incoming; /* being handed to libmicrohttpd */
	struct replies replies;
	struct ev_loop *loop; /* borrowed */
	ev_io readable;	      /* libmicrohttpd's epoll descriptor */
	ev_timer again;	      /* when libmicrohttpd wants to run without an event */
	ev_timer overdue;     /* the first deadline of a client */
	int spare_fd; /* for one client when there is no other descriptor; -1: lent */
};

/* ---- one request */

static void answer_view(struct server *server, char *uri, const struct view *view,
			struct answer *answer)
{
	struct request request;
	struct err err;

	if (request_parse(&request, uri, &err) == -1)
		answer_error(answer, 400, err.text, NULL);
	else
		route_answer(view, &request, answer);
	if (!replies_have_room(&server->replies, answer->body.len)) {
		body_fini(&answer->body);
		answer_error(answer, 503, "too many large answers are waiting to be read", NULL);
	}
}

/* Queue the answer's response; closes the connection when memory is refused. */
static enum MHD_Result send_answer(struct server *server, struct MHD_Connection *connection,
				   struct answer *answer, const struct reply_key *key)
{
	struct MHD_Response *response = reply_new(&server->replies, answer);

	if (response == NULL)
		return MHD_NO;
	enum MHD_Result result = MHD_queue_response(connection, answer->code, response);
	if (key != NULL)
		replies_take(&server->replies, key, answer->code, response);
	else
		MHD_destroy_response(response);
	return result;
}

static enum MHD_Result refuse(struct server *server, struct MHD_Connection *connection,
			      unsigned code, const char *message)
{
	struct answer answer = {.allow = code == 405 ? "GET, HEAD" : NULL};

	answer_error(&answer, code, message, NULL);
	return send_answer(server, connection, &answer, NULL);
}

/* Give what another client got in this wake-up for the same question, or build it. */
static enum MHD_Result reply(struct server *server, struct MHD_Connection *connection,
			     char *uri, const struct view *view)
{
	char *asked = strdup(uri);
	const struct reply_key key = {asked, view->details, view->status.state,
				      view->status.drain.signals};
	struct answer answer = {0};
	enum MHD_Result result;
	unsigned code;

	if (asked == NULL)
		return MHD_NO;
	struct MHD_Response *same = replies_find(&server->replies, &key, &code);
	if (same != NULL) {
		result = MHD_queue_response(connection, code, same);
	} else {
		answer_view(server, uri, view, &answer);
		result = send_answer(server, connection, &answer, &key);
	}
	free(asked);
	return result;
}

/* What the headers say, as far as it matters here. */
struct headers {
	bool host;
	bool body;	/* one follows, or may */
	bool forwarded; /* a proxy sent this for somebody else */
};

static enum MHD_Result note_header(void *data, enum MHD_ValueKind kind, const char *name,
				   const char *value)
{
	static const char forwarded[] = "X-Forwarded-";
	struct headers *headers = data;

	(void)kind;
	if (strcasecmp(name, "Host") == 0)
		headers->host = true;
	else if (strcasecmp(name, "Transfer-Encoding") == 0)
		headers->body = true;
	else if (strcasecmp(name, "Content-Length") == 0)
		headers->body |= value == NULL || strspn(value, "0") != strlen(value);
	else if (strcasecmp(name, "Forwarded") == 0 ||
		 strncasecmp(name, forwarded, strlen(forwarded)) == 0)
		headers->forwarded = true;
	return MHD_YES;
}

static struct headers read_headers(struct MHD_Connection *connection)
{
	struct headers headers = {0};

	MHD_get_connection_values(connection, MHD_HEADER_KIND, note_header, &headers);
	return headers;
}

/* A proxy on this machine is a local peer too: what it forwards comes from anywhere. */
static bool may_see_details(const struct server *server, const struct client *client,
			    struct MHD_Connection *connection)
{
	enum expose expose = supervisor_spec(server->supervisor)->expose;

	if (expose != EXPOSE_AUTO)
		return expose == EXPOSE_FULL;
	return client->local && !read_headers(connection).forwarded;
}

static struct client *client_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info->socket_context;
}

/*
 * The headers are there. An answer given now also ends the connection, and what may follow is
 * never read.
 */
static enum MHD_Result begin_request(struct server *server, struct MHD_Connection *connection,
				     const char *method, const char *version)
{
	struct headers headers = read_headers(connection);

	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return refuse(server, connection, 405, "GET and HEAD alone");
	if (headers.body)
		return refuse(server, connection, 413, "a request has no body here");
	/* RFC 9112, section 3.2. */
	if (!headers.host && strcmp(version, "HTTP/1.1") == 0)
		return refuse(server, connection, 400, "HTTP/1.1 asks for a Host header");
	return MHD_YES;
}

static enum MHD_Result end_request(struct server *server, struct MHD_Connection *connection,
				   const struct client *client)
{
	struct view view;

	if (client->uri == NULL)
		return MHD_NO;
	view_of(server->supervisor, &view);
	view.details = may_see_details(server, client, connection);
	return reply(server, connection, client->uri, &view);
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
		return end_request(server, connection, client);
	*begun = client;
	clients_set(&server->clients, client, CLIENT_ANSWERING, mono_now());
	return begin_request(server, connection, method, version);
}

/* ---- what libmicrohttpd tells */

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
	clients_set(&server->clients, client, CLIENT_WAITING, mono_now());
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
		clients_remove(&server->clients, *context);
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

static void turn(struct server *server)
{
	MHD_UNSIGNED_LONG_LONG ms = 0;

	MHD_run(server->daemon);
	replies_forget(&server->replies);
	/* 0 ms means "run again now": else pipelined requests would wait for the next packet. */
	bool wanted = MHD_get_timeout(server->daemon, &ms) == MHD_YES;
	if (!wanted || ms > 0)
		clients_hang_up(&server->clients);
	set_timer(server->loop, &server->again, wanted, (double)ms / 1000.);
	mono_ns deadline = clients_deadline(&server->clients);
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
	server_turn(server);
}

/* ---- its life */

static struct MHD_Daemon *start(struct server *server)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, on_request,
				server, MHD_OPTION_CONNECTION_LIMIT,
				(unsigned)CLIENTS_MAX + CLIENTS_ENDING_MAX,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_MEMORY,
				MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
				MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
				MHD_OPTION_URI_LOG_CALLBACK, on_uri, server, MHD_OPTION_END);
}

struct server *server_new(struct supervisor *supervisor, struct err *err)
{
	struct server *server = calloc(1, sizeof *server);

	if (server == NULL) {
		err_set(err, ENOMEM, "start the HTTP server");
		return NULL;
	}
	server->supervisor = supervisor;
	server->loop = supervisor_loop(supervisor);
	server->spare_fd = -1;
	keep_spare(server);
	clients_init(&server->clients, clients_affordable());
	ev_timer_init(&server->again, on_again, 0., 0.);
	ev_timer_init(&server->overdue, on_overdue, 0., 0.);
	server->again.data = server->overdue.data = server->readable.data = server;
	server->daemon = start(server);
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
	replies_forget(&old->replies);
	if (old->daemon != NULL)
		MHD_stop_daemon(old->daemon);
	fd_close(&old->spare_fd);
	free(old);
	*server = NULL;
}

void server_take(struct server *server, int fd, const struct sockaddr_storage *peer,
		 socklen_t peer_len)
{
	bool local = listen_peer_is_local(peer, peer_len);

	server->incoming = clients_add(&server->clients, fd, local, mono_now());
	if (server->incoming == NULL) {
		fd_close(&fd);
		return;
	}
	MHD_add_connection(server->daemon, fd, (const struct sockaddr *)peer, peer_len);
	/* Refused before it was announced: the descriptor is closed, its place still taken. */
	if (server->incoming != NULL)
		clients_remove(&server->clients, server->incoming);
	server->incoming = NULL;
}

void server_shed(struct server *server)
{
	if (clients_evict(&server->clients))
		turn(server);
	else
		fd_close(&server->spare_fd);
}
