#include "prober/link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { MESSAGES_A_TURN = 64 };

static void finish(struct link *link, enum link_end end)
{
	link->end = end;
	ev_io_stop(link->loop, &link->in);
	ev_io_stop(link->loop, &link->out);
	ev_break(link->loop, EVBREAK_ALL);
}

/* ---- out */

/* False: it has to wait. */
static bool send_now(struct link *link, const struct letter *letter)
{
	ssize_t sent;

	if (link->end != LINK_OPEN)
		return true;
	do
		sent = send(link->fd, letter->bytes, letter->len, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (sent == -1 && errno == EINTR);
	if (sent != -1)
		return true;
	if (errno == EAGAIN || err_is_shortage(errno))
		return false;
	finish(link, LINK_CLOSED);
	return true;
}

void link_send(struct link *link, struct letter *letter)
{
	if (link->first == NULL && send_now(link, letter)) {
		free(letter);
		return;
	}
	letter->next = NULL;
	*link->last = letter;
	link->last = &letter->next;
	if (link->end != LINK_OPEN)
		return;
	ev_io_start(link->loop, &link->out);
	ev_io_stop(link->loop, &link->in);
}

static void on_writable(struct ev_loop *loop, ev_io *watcher, int events)
{
	struct link *link = watcher->data;

	(void)loop;
	(void)events;
	while (link->first != NULL) {
		struct letter *letter = link->first;
		if (!send_now(link, letter))
			return;
		link->first = letter->next;
		free(letter);
	}
	link->last = &link->first;
	ev_io_stop(link->loop, &link->out);
	if (link->end == LINK_OPEN)
		ev_io_start(link->loop, &link->in);
}

/* ---- in */

/* One message. False: there is no more for now. */
static bool hear_one(struct link *link)
{
	/* One more than a message may have: a longer one is seen, and refused by its length. */
	char bytes[WIRE_MAX + 1];
	struct wire_message message;

	ssize_t len = recv(link->fd, bytes, sizeof bytes, MSG_DONTWAIT);
	if (len == -1 && (errno == EAGAIN || errno == EINTR || err_is_shortage(errno)))
		return false;
	if (len <= 0) {
		finish(link, LINK_CLOSED);
		return false;
	}
	if (len > WIRE_MAX) {
		err_set(&link->err, 0, "more than %d bytes that are no message", WIRE_MAX);
		finish(link, LINK_GARBAGE);
	} else if (wire_read(bytes, (size_t)len, &message, &link->err) == -1) {
		finish(link, LINK_GARBAGE);
	} else if (message.kind == WIRE_ANSWER || message.kind == WIRE_PONG) {
		err_set(&link->err, 0, "a message that only a prober sends");
		finish(link, LINK_GARBAGE);
	} else {
		link->hear(link->data, &message);
	}
	return link->end == LINK_OPEN && link->first == NULL;
}

static void on_readable(struct ev_loop *loop, ev_io *watcher, int events)
{
	(void)loop;
	(void)events;
	for (int i = 0; i < MESSAGES_A_TURN && hear_one(watcher->data); i++)
		;
}

/* ---- together */

void link_init(struct link *link, struct ev_loop *loop, int fd)
{
	link->loop = loop;
	link->fd = fd;
	link->first = NULL;
	link->last = &link->first;
	link->end = LINK_OPEN;
	ev_io_init(&link->in, on_readable, fd, EV_READ);
	ev_io_init(&link->out, on_writable, fd, EV_WRITE);
	link->in.data = link->out.data = link;
	ev_io_start(loop, &link->in);
}

void link_fini(struct link *link)
{
	ev_io_stop(link->loop, &link->in);
	ev_io_stop(link->loop, &link->out);
	while (link->first != NULL) {
		struct letter *letter = link->first;
		link->first = letter->next;
		free(letter);
	}
	link->last = &link->first;
}
