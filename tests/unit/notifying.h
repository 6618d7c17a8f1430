/* notifying - a notify socket in a directory of its own, and messages to it. */
#ifndef UNIT_NOTIFYING_H
#define UNIT_NOTIFYING_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "sys/datagram.h"

static char dir[] = "/tmp/fosterd-datagram-XXXXXX";
static char path[64];
static int receiver;
static struct datagram got;
static struct err err;

static void open_socket(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/notify", dir);
	receiver = datagram_open(path, &err);
	ck_assert_msg(receiver != -1, "%s", err.text);
}

static void close_socket(void)
{
	close(receiver);
	unlink(path);
	ck_assert_int_eq(rmdir(dir), 0);
}

/* Send bytes with count copies of fd, as sd_notify(3) does. */
static void send_with(const char *bytes, size_t len, int fd, size_t count)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(253 * sizeof(int))];
	} control;
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	struct iovec part = {(char *)bytes, len};
	struct msghdr message = {
		.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &part, .msg_iovlen = 1};
	int sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(to.sun_path, path, sizeof path);
	if (count > 0) {
		memset(&control, 0, sizeof control);
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(count * sizeof(int));
		for (size_t i = 0; i < count; i++)
			memcpy(CMSG_DATA(header) + i * sizeof fd, &fd, sizeof fd);
	}
	ck_assert_int_eq(sendmsg(sender, &message, 0), (ssize_t)len);
	close(sender);
}

#endif
