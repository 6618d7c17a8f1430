/* asking - one question put to a driver by a prober that has no other, and servers that answer it as
 * a test says. */
#ifndef UNIT_ASKING_H
#define UNIT_ASKING_H

#include <arpa/inet.h>
#include <check.h>
#include <ev.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "prober/ask.h"

/* ---- the prober's side: ask.h, for one question at a time */

struct ask {
	struct wire_message what;
	const struct way *way;
	void *state;
	bool is_over;
	bool is_late;
	enum probe_result result;
	char reason[1024];
	unsigned resolved; /* names that were asked for */
	char host[256];	   /* the last of them */
};

static struct ev_loop *asking_loop(void)
{
	static struct ev_loop *loop;
	if (loop == NULL)
		loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV | EVFLAG_NOSIGMASK);
	return loop;
}

const struct wire_message *ask_what(const struct ask *ask)
{
	return &ask->what;
}

void *ask_state(const struct ask *ask)
{
	return ask->state;
}

void ask_set_state(struct ask *ask, void *state)
{
	ask->state = state;
}

struct ev_loop *ask_loop(const struct ask *ask)
{
	(void)ask;
	return asking_loop();
}

static void ask_over(struct ask *ask, enum probe_result result, const char *reason)
{
	ck_assert(!ask->is_over);
	ask->is_over = true;
	ask->result = result;
	snprintf(ask->reason, sizeof(ask->reason), "%s", reason);
	ask->way->end(ask);
	ask->state = NULL;
	ev_break(asking_loop(), EVBREAK_ALL);
}

void ask_success(struct ask *ask)
{
	ask_over(ask, PROBE_SUCCESS, "");
}

void ask_failure(struct ask *ask, const char *format, ...)
{
	char reason[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	ask_over(ask, PROBE_FAILURE, reason);
}

void ask_unknown(struct ask *ask, const char *format, ...)
{
	char reason[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	ask_over(ask, PROBE_UNKNOWN, reason);
}

/* "two" leads to two places of which the first has nobody, "nowhere" to none; others are here. */
void ask_resolve(struct ask *ask, const char *host,
		 void (*done)(struct ask *ask, const struct addresses *addresses))
{
	struct addresses found = {.count = 1, .list = {"127.0.0.1"}};
	ask->resolved++;
	snprintf(ask->host, sizeof(ask->host), "%s", host);
	if (strcmp(host, "two") == 0)
		found = (struct addresses){.count = 2, .list = {"127.9.9.9", "127.0.0.1"}};
	if (strcmp(host, "nowhere") == 0)
		ask_failure(ask, "no such host: %s", host);
	else
		done(ask, &found);
}

static void asking_late(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct ask *ask = timer->data;
	(void)loop;
	(void)revents;
	ask->is_late = true;
	ask_failure(ask, "timeout");
}

/* Put the question and wait for its end. */
static struct ask asking(const struct way *way, const char *target, const char *password,
			 double seconds)
{
	struct ask ask = {.way = way,
			  .what = {.kind = WIRE_ASK,
				   .probe = 1,
				   .target = target,
				   .password = password,
				   .timeout = NS_S}};
	ev_timer timer;
	ev_now_update(asking_loop());
	ev_timer_init(&timer, asking_late, seconds, 0.);
	timer.data = &ask;
	ev_timer_start(asking_loop(), &timer);
	way->begin(&ask);
	if (!ask.is_over)
		ev_run(asking_loop(), 0);
	ev_timer_stop(asking_loop(), &timer);
	ck_assert(ask.is_over);
	return ask;
}

/* ---- a server in the same loop: to whoever connects it says the same */

struct fake {
	ev_io accepts;
	ev_io reads;	    /* the last that came */
	uint16_t port;
	const char *says;   /* as soon as it has heard something */
	size_t says_len;
	const char *then;   /* whenever the same client says more; NULL: the same again */
	size_t then_len;
	bool hangs_up;	    /* after it has said what it says */
	bool hangs_up_then; /* after it has said what it says then */
	unsigned clients;   /* that came */
	char heard[2048];
	size_t n_heard;
};

static void fake_drop(struct fake *fake)
{
	if (!ev_is_active(&fake->reads))
		return;
	ev_io_stop(asking_loop(), &fake->reads);
	close(fake->reads.fd);
}

static void fake_read(struct ev_loop *loop, ev_io *watcher, int revents)
{
	struct fake *fake = watcher->data;
	(void)loop;
	(void)revents;
	size_t room = sizeof(fake->heard) - 1 - fake->n_heard;
	ssize_t n = read(watcher->fd, fake->heard + fake->n_heard, room);
	bool is_first = fake->n_heard == 0;
	bool is_then = !is_first && fake->then != NULL;
	if (n > 0) {
		fake->n_heard += (size_t)n;
		send(watcher->fd, is_then ? fake->then : fake->says,
		     is_then ? fake->then_len : fake->says_len, MSG_NOSIGNAL | MSG_DONTWAIT);
	}
	if (n <= 0 || (is_first ? fake->hangs_up : fake->hangs_up_then))
		fake_drop(fake);
}

static void fake_accept(struct ev_loop *loop, ev_io *watcher, int revents)
{
	struct fake *fake = watcher->data;
	(void)revents;
	int fd = accept4(watcher->fd, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_ne(fd, -1);
	fake_drop(fake);
	fake->clients++;
	fake->n_heard = 0;
	memset(fake->heard, 0, sizeof(fake->heard));
	ev_io_init(&fake->reads, fake_read, fd, EV_READ);
	fake->reads.data = fake;
	ev_io_start(loop, &fake->reads);
}

static void fake_open(struct fake *fake, const char *says)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, len), 0);
	ck_assert_int_eq(listen(fd, 16), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	*fake = (struct fake){
		.port = ntohs(address.sin_port), .says = says, .says_len = strlen(says)};
	ev_init(&fake->reads, fake_read);
	ev_io_init(&fake->accepts, fake_accept, fd, EV_READ);
	fake->accepts.data = fake;
	ev_io_start(asking_loop(), &fake->accepts);
}

static void fake_close(struct fake *fake)
{
	fake_drop(fake);
	ev_io_stop(asking_loop(), &fake->accepts);
	close(fake->accepts.fd);
}

#endif
