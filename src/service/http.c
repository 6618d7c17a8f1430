#include "service/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/clock.h"
#include "base/fd.h"
#include "service/server.h"

enum {
	ACCEPT_MAX = 16, /* connections of one listener a wake-up */
	URL_SIZE = 160,
};

#define ACCEPT_PAUSE  0.1	  /* seconds, after the system refused a descriptor or memory */
#define TROUBLE_EVERY (10 * NS_S) /* of which the log is told so often */

struct listener {
	struct http *http;
	const struct listen_spec *spec; /* borrowed */
	bool control;			/* it is the control socket's */
	int fd;
	ev_io readable;
	char url[URL_SIZE];
};

struct http {
	struct log *log;      /* borrowed */
	struct ev_loop *loop; /* borrowed */
	struct server *server;
	ev_timer resume;	    /* the end of a pause in accepting */
	mono_ns trouble_told;	    /* when the log was told last; 0: never */
	struct listen_spec control; /* of the control socket; its texts are the spec's */
	size_t n_listeners; /* those that are open come first; the control socket is the first */
	struct listener listeners[];
};

/* ---- accepting */

/* Stop for a moment: the listeners stay readable, and asking again at once would be a busy loop. */
static void pause_accepting(struct http *http)
{
	for (size_t i = 0; i < http->n_listeners; i++)
		ev_io_stop(http->loop, &http->listeners[i].readable);
	ev_timer_stop(http->loop, &http->resume);
	ev_timer_set(&http->resume, ACCEPT_PAUSE, 0.);
	ev_timer_start(http->loop, &http->resume);
}

static void on_resume(struct ev_loop *loop, ev_timer *watcher, int events)
{
	struct http *http = watcher->data;

	(void)events;
	for (size_t i = 0; i < http->n_listeners; i++)
		ev_io_start(loop, &http->listeners[i].readable);
}

static void tell_trouble(struct http *http, const struct listener *listener, int num)
{
	mono_ns now = mono_now();

	if (http->trouble_told != 0 && now - http->trouble_told < TROUBLE_EVERY)
		return;
	http->trouble_told = now;
	LOG_EVENT(http->log, LOG_WARNING, "cannot accept connections, trying again",
		  F_STR("listen", listener->spec->text), F_STR("error", strerror(num)));
}

/* Accept the one that is waiting; in a shortage give up an older connection for it. */
static int accept_first(struct listener *listener, struct sockaddr_storage *peer,
			socklen_t *peer_len)
{
	int fd = listen_accept(listener->fd, peer, peer_len);

	if (fd != -1 || !err_is_shortage(errno))
		return fd;
	tell_trouble(listener->http, listener, errno);
	server_shed(listener->http->server);
	return listen_accept(listener->fd, peer, peer_len);
}

static void on_acceptable(struct ev_loop *loop, ev_io *watcher, int events)
{
	struct listener *listener = watcher->data;
	struct http *http = listener->http;
	server_taker *take = listener->control ? server_take_control : server_take;
	struct sockaddr_storage peer;
	socklen_t peer_len;

	(void)loop;
	(void)events;
	int fd = accept_first(listener, &peer, &peer_len);
	if (fd == -1 && err_is_shortage(errno))
		pause_accepting(http);
	/* A shortage is told even when nobody is waiting any more: that one must cost nobody. */
	for (int n = 0; fd != -1; n++) {
		take(http->server, fd, &peer, peer_len);
		fd = n + 1 < ACCEPT_MAX ? listen_accept(listener->fd, &peer, &peer_len) : -1;
	}
	server_turn(http->server);
}

/* ---- names for people */

static void write_url(struct listener *listener)
{
	struct sockaddr_storage name = {0};
	struct sockaddr_in *v4 = (struct sockaddr_in *)&name;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&name;
	const struct sockaddr_un *local = (const struct sockaddr_un *)&name;
	socklen_t len = sizeof name;
	char host[INET6_ADDRSTRLEN];

	/* A socket without a name is told by what the configuration calls it. */
	snprintf(listener->url, sizeof listener->url, "%s", listener->spec->text);
	if (getsockname(listener->fd, (struct sockaddr *)&name, &len) == -1)
		return;
	if (name.ss_family == AF_UNIX && local->sun_path[0] == '/')
		snprintf(listener->url, sizeof listener->url, "unix:%.108s", local->sun_path);
	if (name.ss_family == AF_INET && inet_ntop(AF_INET, &v4->sin_addr, host, sizeof host))
		snprintf(listener->url, sizeof listener->url, "http://%s:%u", host,
			 (unsigned)ntohs(v4->sin_port));
	if (name.ss_family == AF_INET6 && inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof host))
		snprintf(listener->url, sizeof listener->url, "http://[%s]:%u", host,
			 (unsigned)ntohs(v6->sin6_port));
}

const char *http_url(const struct http *http, size_t n)
{
	return n + 1 < http->n_listeners ? http->listeners[n + 1].url : NULL;
}

/* ---- its life */

/* Watch a listening socket (taken); -1 is passed on. */
static int add_listener(struct http *http, const struct listen_spec *spec, int fd)
{
	struct listener *listener = &http->listeners[http->n_listeners];

	if (fd == -1)
		return -1;
	*listener = (struct listener){
		.http = http, .spec = spec, .control = spec == &http->control, .fd = fd};
	http->n_listeners++;
	write_url(listener);
	ev_io_init(&listener->readable, on_acceptable, listener->fd, EV_READ);
	listener->readable.data = listener;
	ev_io_start(http->loop, &listener->readable);
	return 0;
}

static int open_control(struct http *http, const struct control_spec *control, struct err *err)
{
	http->control = (struct listen_spec){
		.kind = LISTEN_UNIX, .text = control->path, .path = control->path};
	return add_listener(http, &http->control,
			    listen_open_control(&http->control, control, err));
}

static int open_all(struct http *http, const struct spec *spec, const struct listen_passed *passed,
		    struct err *err)
{
	if (open_control(http, &spec->control, err) == -1)
		return -1;
	for (size_t i = 0; i < spec->n_listen; i++)
		if (add_listener(http, &spec->listen[i],
				 listen_open(&spec->listen[i], passed, err)) == -1)
			return -1;
	return 0;
}

struct http *http_new(struct supervisor *supervisor, struct log *log,
		      const struct listen_passed *passed, struct err *err)
{
	const struct spec *spec = supervisor_spec(supervisor);
	struct http *http =
		calloc(1, sizeof *http + (spec->n_listen + 1) * sizeof http->listeners[0]);

	if (http == NULL) {
		err_set(err, ENOMEM, "start the HTTP server");
		return NULL;
	}
	http->log = log;
	http->loop = supervisor_loop(supervisor);
	ev_timer_init(&http->resume, on_resume, 0., 0.);
	http->resume.data = http;
	http->server = server_new(supervisor, log, err);
	if (http->server == NULL || open_all(http, spec, passed, err) == -1)
		http_free(&http);
	return http;
}

void http_free(struct http **http)
{
	struct http *old = *http;

	if (old == NULL)
		return;
	ev_timer_stop(old->loop, &old->resume);
	for (size_t i = 0; i < old->n_listeners; i++) {
		ev_io_stop(old->loop, &old->listeners[i].readable);
		fd_close(&old->listeners[i].fd);
		listen_remove(old->listeners[i].spec);
	}
	server_free(&old->server);
	free(old);
	*http = NULL;
}
