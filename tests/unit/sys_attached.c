/* Descriptors that come with messages: none is ever open here, and no last close is waited for. */
#include "sys/datagram.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "unit/notifying.h"
#include "unit/suite.h"

static unsigned count_descriptors(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 1000; fd++)
		count += fcntl(fd, F_GETFD) != -1;
	return count;
}

/* The processes that took what came along have ended, and none of it is open here. */
static void expect_nothing_left(unsigned descriptors)
{
	while (waitpid(-1, NULL, 0) > 0)
		;
	ck_assert_int_eq(errno, ECHILD);
	ck_assert_uint_eq(count_descriptors(), descriptors);
}

START_TEST(barrier_is_answered)
{
	int ends[2];

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	send_with("BARRIER=1", 9, ends[1], 1);
	close(ends[1]);
	unsigned before = count_descriptors();
	struct pollfd other = {.fd = ends[0]};
	ck_assert_int_eq(poll(&other, 1, 0), 0);
	ck_assert_int_eq(datagram_read(receiver, &got), 1);
	ck_assert(got.valid && got.pid == getpid());
	ck_assert_str_eq(got.text, "BARRIER=1");
	ck_assert_int_eq(poll(&other, 1, 10000), 1); /* closed: that is the answer */
	expect_nothing_left(before);
	close(ends[0]);
}
END_TEST

START_TEST(descriptors_are_taken_with_their_message_alone)
{
	static const size_t counts[] = {1, 2, 253};
	unsigned before = count_descriptors();

	send_with("FDSTORE=1", 9, receiver, counts[_i]);
	send_with("BARRIER\0=1", 10, receiver, counts[_i]);
	send_with("READY=1", 7, -1, 0);
	ck_assert_int_eq(datagram_read(receiver, &got), 1);
	ck_assert(got.valid);
	ck_assert_str_eq(got.text, "FDSTORE=1");
	ck_assert_int_eq(datagram_read(receiver, &got), 1);
	ck_assert(!got.valid);
	ck_assert_int_eq(datagram_read(receiver, &got), 1);
	ck_assert_str_eq(got.text, "READY=1");
	ck_assert_int_eq(datagram_read(receiver, &got), 0);
	expect_nothing_left(before);
}
END_TEST

/* With no number and no process left they are dropped all the same. */
START_TEST(descriptors_that_find_no_room_are_dropped)
{
	struct rlimit limit, few;

	send_with("FDSTORE=1", 9, receiver, 20);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	unsigned before = count_descriptors();
	few = (struct rlimit){before + (rlim_t)_i, limit.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	ck_assert_int_eq(datagram_read(receiver, &got), 1);
	ck_assert(got.valid);
	ck_assert_int_eq(datagram_read(receiver, &got), 0);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	expect_nothing_left(before);
}
END_TEST

/* A TCP connection whose last close waits half a minute for *peer, who reads nothing. */
static int make_lingering(int *peer)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof address;
	static const char bytes[64 * 1024];
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, len), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &len), 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, len), 0);
	*peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_ne(*peer, -1);
	close(listener);
	while (send(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
		;
	const struct linger wait = {.l_onoff = 1, .l_linger = 30};
	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_LINGER, &wait, sizeof wait), 0);
	return fd;
}

/* A socket pair's end in whose queue fd lies, as the last of it. */
static int wrap(int fd)
{
	char control[CMSG_SPACE(sizeof fd)] = {0};
	char byte = 0;
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof control};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends), 0);
	*header = (struct cmsghdr){CMSG_LEN(sizeof fd), SOL_SOCKET, SCM_RIGHTS};
	memcpy(CMSG_DATA(header), &fd, sizeof fd);
	ck_assert_int_eq(sendmsg(ends[0], &message, 0), 1);
	close(ends[0]);
	close(fd);
	return ends[1];
}

START_TEST(lingering_socket_is_not_waited_for)
{
	int peer, fd = make_lingering(&peer);

	if (_i % 2 == 1)
		fd = wrap(fd);
	send_with("BARRIER\0=1", 10, fd, 1);
	close(fd);
	mono_ns began = mono_now();
	if (_i < 2) {
		ck_assert_int_eq(datagram_read(receiver, &got), 1);
		ck_assert_int_eq(datagram_read(receiver, &got), 0);
	} else {
		datagram_drop(&receiver);
		ck_assert_int_eq(receiver, -1);
	}
	ck_assert_int_lt(mono_now() - began, NS_S / 2);
	while (waitpid(-1, NULL, 0) > 0)
		;
	ck_assert_int_lt(mono_now() - began, 10 * NS_S);
	close(peer);
}
END_TEST

START_TEST(drop_of_an_empty_socket_needs_no_process)
{
	int none = -1;

	datagram_drop(&none);
	datagram_drop(&receiver);
	ck_assert_int_eq(receiver, -1);
	ck_assert(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}
END_TEST

int main(void)
{
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 20);
	tcase_add_checked_fixture(all, open_socket, close_socket);
	tcase_add_test(all, barrier_is_answered);
	tcase_add_loop_test(all, descriptors_are_taken_with_their_message_alone, 0, 3);
	tcase_add_loop_test(all, lingering_socket_is_not_waited_for, 0, 4);
	tcase_add_test(all, drop_of_an_empty_socket_needs_no_process);
	const char *preload = getenv("LD_PRELOAD");
	if (preload == NULL || strstr(preload, "vgpreload") == NULL)
		tcase_add_loop_test(all, descriptors_that_find_no_room_are_dropped, 0, 4);
	else
		puts("skip: descriptors_that_find_no_room_are_dropped: not under valgrind");
	return suite_run("sys/attached", all);
}
