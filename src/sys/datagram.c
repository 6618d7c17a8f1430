#include "sys/datagram.h"

#include <errno.h>
#include <string.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"

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

static void take_credentials(const struct cmsghdr *part, struct datagram *out)
{
	struct ucred sender;

	memcpy(&sender, CMSG_DATA(part), sizeof sender);
	out->pid = sender.pid;
	out->uid = sender.uid;
}

static void take_descriptors(const struct cmsghdr *part, struct datagram *out)
{
	size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);

	for (size_t i = 0; i < count; i++) {
		int fd;
		memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
		fd_close(&out->barrier_fd);
		out->barrier_fd = fd;
		out->n_fds++;
	}
}

static void take_control(struct msghdr *message, struct datagram *out)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL;
	     part = CMSG_NXTHDR(message, part)) {
		if (part->cmsg_level != SOL_SOCKET)
			continue;
		if (part->cmsg_type == SCM_CREDENTIALS)
			take_credentials(part, out);
		else if (part->cmsg_type == SCM_RIGHTS)
			take_descriptors(part, out);
	}
}

static bool is_valid(const struct datagram *datagram, int flags)
{
	return datagram->pid > 0 && (flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 &&
	       memchr(datagram->text, '\0', datagram->len) == NULL;
}

int datagram_read(int fd, struct datagram *out)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct ucred)) +
			   CMSG_SPACE(SENT_FDS_MAX * sizeof(int))];
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
		len = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (len == -1 && errno == EINTR);
	if (len == -1)
		return errno == EAGAIN ? 0 : -1;
	out->pid = 0;
	out->uid = (uid_t)-1;
	out->n_fds = 0;
	out->barrier_fd = -1;
	take_control(&message, out);
	/* As systemd does: one NUL at the end is forgiven. */
	out->len = len > 0 && out->text[len - 1] == '\0' ? (size_t)len - 1 : (size_t)len;
	out->text[out->len] = '\0';
	out->valid = is_valid(out, message.msg_flags);
	if (!out->valid || out->n_fds > 1)
		fd_close(&out->barrier_fd);
	return 1;
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
