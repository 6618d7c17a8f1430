#include "sys/datagram.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"
#include "sys/aside.h"
#include "sys/child_close.h"

enum { SENT_FDS_MAX = 253 }; /* SCM_MAX_FD, unix(7) */

/* The name as a socket address; its length, or -1 with err when it does not fit. */
static int address_of(const char *name, struct sockaddr_un *address, struct err *err)
{
	size_t len = strlen(name);

	if (len >= sizeof address->sun_path)
		return err_set(err, ENAMETOOLONG, "socket %s", name);
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(address->sun_path, name, len);
	/* A path counts its NUL, an abstract name begins with one. */
	if (name[0] != '@')
		return (int)(offsetof(struct sockaddr_un, sun_path) + len + 1);
	address->sun_path[0] = '\0';
	return (int)(offsetof(struct sockaddr_un, sun_path) + len);
}

/* What an earlier fosterd left at path. */
static int remove_stale(const char *path, struct err *err)
{
	struct stat status;

	if (lstat(path, &status) == -1)
		return errno == ENOENT ? 0 : err_set(err, errno, "look at %s", path);
	if (!S_ISSOCK(status.st_mode))
		return err_set(err, EEXIST, "%s is in the way and is no socket", path);
	if (unlink(path) == -1)
		return err_set(err, errno, "remove the old socket %s", path);
	return 0;
}

static int bind_for_all(int fd, const char *path, struct err *err)
{
	struct sockaddr_un address;
	int len = address_of(path, &address, err);

	if (len == -1 || remove_stale(path, err) == -1)
		return -1;
	mode_t before = umask(0111);
	int bound = bind(fd, (const struct sockaddr *)&address, (socklen_t)len);
	int num = errno;
	umask(before);
	return bound == -1 ? err_set(err, num, "bind %s", path) : 0;
}

int datagram_open(const char *path, struct err *err)
{
	const int yes = 1;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd == -1)
		return err_set(err, errno, "create the socket %s", path);
	if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes) == -1) {
		err_set(err, errno, "ask for credentials on %s", path);
		goto fail;
	}
	if (bind_for_all(fd, path, err) == -1)
		goto fail;
	return fd;
fail:
	fd_close(&fd);
	return -1;
}

static void take_credentials(struct msghdr *message, struct datagram *out)
{
	const struct cmsghdr *part = CMSG_FIRSTHDR(message);
	struct ucred sender = {.uid = (uid_t)-1};

	if (part != NULL && part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_CREDENTIALS)
		memcpy(&sender, CMSG_DATA(part), sizeof sender);
	out->pid = sender.pid;
	out->uid = sender.uid;
}

/*
 * Look at the next message, which stays. Returns the flags of recvmsg(2), MSG_CTRUNC if there are
 * descriptors: there is room for the credentials alone. -1 with errno.
 */
static int look(int fd, struct datagram *out)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec part = {out->text, DATAGRAM_MAX};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control,
	};
	ssize_t len;

	do
		len = recvmsg(fd, &message, MSG_PEEK | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (len == -1 && errno == EINTR);
	if (len == -1)
		return -1;
	take_credentials(&message, out);
	out->len = (size_t)len;
	return message.msg_flags;
}

/* Close all but stdio and these two. */
static void close_others(int a, int b)
{
	const int kept[] = {a < b ? a : b, a < b ? b : a};

	child_close_others(kept, 2);
}

/* In a process of its own: take the message with its descriptors, and hold them. */
static void take_descriptors(int fd, int done)
{
	char control[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(SENT_FDS_MAX * sizeof(int))];
	struct msghdr message = {.msg_control = control, .msg_controllen = sizeof control};

	/* For a number each: the kernel would close at once, and wait, what it finds none for. */
	close_others(fd, done);
	recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
}

/* Until all others have closed the pipe whose reading end this is. */
static void await_end(int fd)
{
	char byte;

	while (read(fd, &byte, sizeof byte) == -1 && errno == EINTR)
		;
}

/* Have the next message taken by a process; that it has been is waited for. 0, or -1 with errno. */
static int take_elsewhere(int fd)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	pid_t pid = aside_fork();
	if (pid == 0) {
		take_descriptors(fd, ends[1]);
		close(ends[1]);
		_exit(0);
	}
	fd_close(&ends[1]);
	if (pid != -1)
		await_end(ends[0]);
	fd_close(&ends[0]);
	return pid == -1 ? -1 : 0;
}

int datagram_read(int fd, struct datagram *out)
{
	int flags = look(fd, out);

	if (flags == -1)
		return errno == EAGAIN ? 0 : -1;
	if ((flags & MSG_CTRUNC) == 0 || take_elsewhere(fd) == -1)
		recv(fd, NULL, 0, MSG_DONTWAIT);
	/* As systemd does: one NUL at the end is forgiven. */
	if (out->len > 0 && out->text[out->len - 1] == '\0')
		out->len--;
	out->text[out->len] = '\0';
	out->valid = out->pid > 0 && (flags & MSG_TRUNC) == 0 &&
		     memchr(out->text, '\0', out->len) == NULL;
	return 1;
}

/* Nothing is in the socket and nothing more comes. */
static bool is_drained(int fd)
{
	return shutdown(fd, SHUT_RD) == 0 && recv(fd, NULL, 0, MSG_PEEK | MSG_DONTWAIT) == -1 &&
	       errno == EAGAIN;
}

void datagram_drop(int *fd)
{
	int ends[2];
	pid_t pid = -1;

	if (*fd == -1 || is_drained(*fd) || pipe2(ends, O_CLOEXEC) == -1) {
		fd_close(fd);
		return;
	}
	pid = aside_fork();
	if (pid == 0) {
		/* Held until it is closed there: the last close is the one by our end. */
		close_others(*fd, ends[0]);
		await_end(ends[0]);
		_exit(0);
	}
	fd_close(fd);
	fd_close(&ends[0]);
	fd_close(&ends[1]);
}

int datagram_send(const char *address, const char *text, struct err *err)
{
	struct sockaddr_un to;

	if (address[0] != '/' && address[0] != '@')
		return err_set(err, EAFNOSUPPORT, "socket %s", address);
	int len = address_of(address, &to, err);
	if (len == -1)
		return -1;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return err_set(err, errno, "create a socket");
	ssize_t sent = sendto(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL,
			      (const struct sockaddr *)&to, (socklen_t)len);
	int num = errno;
	fd_close(&fd);
	return sent == -1 ? err_set(err, num, "send to %s", address) : 0;
}
