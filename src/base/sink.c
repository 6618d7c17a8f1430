#include "base/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/must.h"

_Static_assert(SINK_WRITE_MAX <= PIPE_BUF, "a write must be atomic on a pipe");

static int open_anew(int fd)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

void sink_init(struct sink *sink, int fd)
{
	struct stat st;

	*sink = (struct sink){.kind = SINK_FILE, .fd = fd, .borrowed = fd};
	if (fstat(fd, &st) == -1)
		return;
	if (S_ISSOCK(st.st_mode))
		sink->kind = SINK_SOCKET;
	if (!S_ISFIFO(st.st_mode) && !S_ISCHR(st.st_mode))
		return;
	sink->kind = SINK_STREAM;
	int own = open_anew(fd);
	if (own != -1)
		sink->fd = own;
}

void sink_fini(struct sink *sink)
{
	if (sink->fd != sink->borrowed)
		fd_close(&sink->fd);
	sink->fd = sink->borrowed = -1;
}

/* 1 when a write can be taken, 0 when not now, -1 when nobody will ever read it. */
static int stream_has_room(int fd)
{
	struct pollfd ask = {.fd = fd, .events = POLLOUT};

	if (poll(&ask, 1, 0) <= 0)
		return 0;
	errno = EPIPE;
	return ask.revents & (POLLERR | POLLNVAL) ? -1 : (ask.revents & POLLOUT) != 0;
}

ssize_t sink_write(struct sink *sink, const char *bytes, size_t len)
{
	ssize_t taken;

	MUST(len <= SINK_WRITE_MAX);
	if (sink->kind == SINK_STREAM) {
		int room = stream_has_room(sink->fd);
		if (room <= 0)
			return room;
	}
	if (sink->kind == SINK_SOCKET)
		taken = send(sink->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	else
		taken = write(sink->fd, bytes, len);
	if (taken == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return taken;
}
