#include "prober/tcp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "prober/endpoint.h"
#include "prober/trouble.h"

/* A unix socket whose queue is full takes nobody and wakes nobody: asked again after so many
 * seconds, then after twice as many, to the most. */
static const double pause_first = 0.005, pause_most = 0.2;

struct attempt {
	struct ask *ask;
	struct endpoint endpoint;
	struct addresses addresses; /* count 0: a unix socket */
	unsigned next;		    /* of them, to be tried */
	int fd;
	ev_io connected;
	ev_timer again;
	double pause;
};

static void try_next(struct attempt *attempt);

static void fail(struct attempt *attempt, int num)
{
	if (err_is_shortage(num))
		ask_unknown(attempt->ask, "%s", trouble_text(num));
	else if (attempt->next < attempt->addresses.count)
		try_next(attempt);
	else
		ask_failure(attempt->ask, "%s", trouble_text(num));
}

/* Where nobody listens on a port of those that are given out, a connection may be given that very
 * port, and meets itself. */
static bool is_itself(int fd)
{
	struct sockaddr_storage own = {0}, other = {0};
	socklen_t len = sizeof own, other_len = sizeof other;

	return getsockname(fd, (struct sockaddr *)&own, &len) == 0 &&
	       getpeername(fd, (struct sockaddr *)&other, &other_len) == 0 &&
	       own.ss_family != AF_UNIX && len == other_len && memcmp(&own, &other, len) == 0;
}

static void on_connected(struct ev_loop *loop, ev_io *watcher, int events)
{
	struct attempt *attempt = watcher->data;
	int num = 0;
	socklen_t len = sizeof num;

	(void)events;
	ev_io_stop(loop, watcher);
	if (getsockopt(attempt->fd, SOL_SOCKET, SO_ERROR, &num, &len) == -1)
		num = errno;
	if (num == 0 && is_itself(attempt->fd))
		num = ECONNREFUSED;
	if (num == 0)
		ask_success(attempt->ask);
	else
		fail(attempt, num);
}

static void reach(struct attempt *attempt, const struct address *address)
{
	struct ev_loop *loop = ask_loop(attempt->ask);
	int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

	fd_close(&attempt->fd);
	attempt->fd = socket(address->socket.any.sa_family, type, 0);
	if (attempt->fd == -1) {
		fail(attempt, errno);
	} else if (connect(attempt->fd, &address->socket.any, address->len) == 0) {
		ask_success(attempt->ask);
	} else if (errno == EINPROGRESS) {
		ev_io_set(&attempt->connected, attempt->fd, EV_WRITE);
		ev_io_start(loop, &attempt->connected);
	} else if (errno == EAGAIN && address->socket.any.sa_family == AF_UNIX) {
		ev_timer_set(&attempt->again, attempt->pause, 0.);
		ev_timer_start(loop, &attempt->again);
		attempt->pause = 2 * attempt->pause < pause_most ? 2 * attempt->pause : pause_most;
	} else {
		fail(attempt, errno);
	}
}

static void try_next(struct attempt *attempt)
{
	const char *number = attempt->addresses.list[attempt->next++];
	struct address address;

	if (address_of_number(number, attempt->endpoint.port, &address) == -1)
		fail(attempt, EADDRNOTAVAIL);
	else
		reach(attempt, &address);
}

static void try_path(struct attempt *attempt)
{
	struct address address;

	if (address_of_path(attempt->endpoint.path, &address) == -1)
		fail(attempt, ENAMETOOLONG);
	else
		reach(attempt, &address);
}

static void on_again(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	try_path(timer->data);
}

static void on_addresses(struct ask *ask, const struct addresses *addresses)
{
	struct attempt *attempt = ask_state(ask);

	attempt->addresses = *addresses;
	try_next(attempt);
}

static void tcp_begin(struct ask *ask)
{
	struct attempt *attempt = calloc(1, sizeof *attempt);
	struct err err;

	if (attempt == NULL) {
		ask_unknown(ask, "%s", trouble_text(errno));
		return;
	}
	attempt->ask = ask;
	attempt->fd = -1;
	attempt->pause = pause_first;
	ev_init(&attempt->connected, on_connected);
	ev_init(&attempt->again, on_again);
	attempt->connected.data = attempt->again.data = attempt;
	ask_set_state(ask, attempt);
	if (endpoint_read(ask_what(ask)->target, &attempt->endpoint, &err) == -1)
		ask_failure(ask, "%s", err.text);
	else if (attempt->endpoint.path != NULL)
		try_path(attempt);
	else
		ask_resolve(ask, attempt->endpoint.host, on_addresses);
}

static void tcp_end(struct ask *ask)
{
	struct attempt *attempt = ask_state(ask);

	if (attempt == NULL)
		return;
	ev_io_stop(ask_loop(ask), &attempt->connected);
	ev_timer_stop(ask_loop(ask), &attempt->again);
	fd_close(&attempt->fd);
	free(attempt);
}

const struct way tcp_way = {.begin = tcp_begin, .end = tcp_end};
