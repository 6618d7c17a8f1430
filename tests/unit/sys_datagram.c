/* Messages to the notify socket: who sent them, what came along, and what makes them invalid. */
#include "sys/datagram.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

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

static unsigned count_descriptors(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 1000; fd++)
		count += fcntl(fd, F_GETFD) != -1;
	return count;
}

START_TEST(message_is_received)
{
	struct stat status;

	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 0777, 0666);
	ck_assert_int_ne(fcntl(receiver, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_ne(fcntl(receiver, F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_eq(datagram_read(receiver, &got), 0);
	ck_assert_int_eq(datagram_send(path, "READY=1\nSTATUS=fine", &err), 0);
	ck_assert_int_eq(datagram_read(receiver, &got), 1);
	ck_assert_str_eq(got.text, "READY=1\nSTATUS=fine");
	ck_assert_uint_eq(got.len, strlen(got.text));
	ck_assert_int_eq(got.pid, getpid());
	ck_assert_uint_eq(got.uid, geteuid());
	ck_assert(got.valid && got.n_fds == 0 && got.barrier_fd == -1);
	ck_assert_int_eq(datagram_read(receiver, &got), 0);
}
END_TEST

static const struct {
	const char *text;
	size_t len;
	bool valid;
	size_t want;
} texts[] = {
	{"", 0, true, 0},
	{"READY=1\n", 8, true, 8},
	{"READY=1\0", 8, true, 7}, /* one at the end is forgiven */
	{"READY=1\0\0", 9, false, 8},
	{"READY\0=1", 8, false, 8},
	{"\0", 1, true, 0},
};

START_TEST(bytes_zero_make_it_invalid)
{
	send_with(texts[_i].text, texts[_i].len, -1, 0);
	ck_assert_int_eq(datagram_read(receiver, &got), 1);
	ck_assert_int_eq(got.valid, texts[_i].valid);
	ck_assert_uint_eq(got.len, texts[_i].want);
}
END_TEST

START_TEST(longest_message_is_whole_and_a_longer_one_is_not)
{
	static char text[DATAGRAM_MAX + 1];

	memset(text, 'x', sizeof text);
	send_with(text, DATAGRAM_MAX, -1, 0);
	ck_assert_int_eq(datagram_read(receiver, &got), 1);
	ck_assert(got.valid && got.len == DATAGRAM_MAX && got.text[DATAGRAM_MAX] == '\0');
	send_with(text, DATAGRAM_MAX + 1, -1, 0);
	ck_assert_int_eq(datagram_read(receiver, &got), 1);
	ck_assert(!got.valid);
	ck_assert_int_eq(datagram_read(receiver, &got), 0);
}
END_TEST

START_TEST(barrier_descriptor_is_handed_over)
{
	int ends[2];

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	unsigned before = count_descriptors();
	send_with("BARRIER=1", 9, ends[1], 1);
	close(ends[1]);
	ck_assert_int_eq(datagram_read(receiver, &got), 1);
	ck_assert(got.valid && got.n_fds == 1);
	ck_assert_int_ne(fcntl(got.barrier_fd, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_uint_eq(count_descriptors(), before);
	struct pollfd other = {.fd = ends[0]};
	ck_assert_int_eq(poll(&other, 1, 0), 0);
	close(got.barrier_fd); /* that is the answer */
	ck_assert_int_eq(poll(&other, 1, 0), 1);
	close(ends[0]);
}
END_TEST

START_TEST(several_descriptors_are_closed)
{
	static const size_t counts[] = {2, 253};
	unsigned before = count_descriptors();

	send_with("FDSTORE=1", 9, receiver, counts[_i]);
	ck_assert_int_eq(datagram_read(receiver, &got), 1);
	ck_assert(got.valid && got.barrier_fd == -1);
	ck_assert_int_eq(got.n_fds, (int)counts[_i]);
	ck_assert_uint_eq(count_descriptors(), before);
}
END_TEST

START_TEST(descriptor_of_an_invalid_message_is_closed)
{
	unsigned before = count_descriptors();

	send_with("BARRIER\0=1", 10, receiver, 1);
	ck_assert_int_eq(datagram_read(receiver, &got), 1);
	ck_assert(!got.valid && got.n_fds == 1 && got.barrier_fd == -1);
	ck_assert_uint_eq(count_descriptors(), before);
}
END_TEST

START_TEST(descriptors_that_find_no_room_make_it_invalid)
{
	struct rlimit limit, few;

	send_with("FDSTORE=1", 9, receiver, 20);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	unsigned before = count_descriptors();
	few = (struct rlimit){before + 4, limit.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	ck_assert_int_eq(datagram_read(receiver, &got), 1);
	ck_assert(!got.valid && got.barrier_fd == -1);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_uint_eq(count_descriptors(), before);
}
END_TEST

START_TEST(unusable_descriptor_is_an_error)
{
	ck_assert_int_eq(datagram_read(-1, &got), -1);
	ck_assert_int_eq(errno, EBADF);
}
END_TEST

START_TEST(stale_socket_is_replaced)
{
	int second = datagram_open(path, &err);

	ck_assert_int_ne(second, -1);
	ck_assert_int_eq(datagram_send(path, "WATCHDOG=1", &err), 0);
	ck_assert_int_eq(datagram_read(receiver, &got), 0);
	ck_assert_int_eq(datagram_read(second, &got), 1);
	close(second);
}
END_TEST

START_TEST(other_file_is_left_alone)
{
	char file[80];

	snprintf(file, sizeof file, "%s/file", dir);
	close(open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	ck_assert_int_eq(datagram_open(file, &err), -1);
	ck_assert_int_eq(err.num, EEXIST);
	ck_assert_int_eq(unlink(file), 0);
	ck_assert_int_eq(datagram_open("/nonexistent/socket", &err), -1);
	ck_assert_int_eq(err.num, ENOENT);
	ck_assert_int_eq(datagram_open("/dev/null/socket", &err), -1);
	ck_assert_int_eq(err.num, ENOTDIR);
}
END_TEST

START_TEST(path_too_long_is_an_error)
{
	char longest[109];

	memset(longest, 'x', sizeof longest);
	longest[0] = '/';
	longest[108] = '\0';
	ck_assert_int_eq(datagram_open(longest, &err), -1);
	ck_assert_int_eq(err.num, ENAMETOOLONG);
	ck_assert_int_eq(datagram_send(longest, "READY=1", &err), -1);
	ck_assert_int_eq(err.num, ENAMETOOLONG);
}
END_TEST

START_TEST(abstract_socket_is_reached)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int len = snprintf(name.sun_path + 1, 64, "fosterd-test-%d", (int)getpid());
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char address[128];

	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&name,
			      (socklen_t)(sizeof(sa_family_t) + 1 + (size_t)len)),
			 0);
	snprintf(address, sizeof address, "@%s", name.sun_path + 1);
	ck_assert_int_eq(datagram_send(address, "READY=1", &err), 0);
	ck_assert_int_eq(datagram_read(fd, &got), 1);
	ck_assert_str_eq(got.text, "READY=1");
	ck_assert(!got.valid); /* nobody asked for credentials */
	close(fd);
}
END_TEST

static const struct {
	const char *address;
	int num;
} senders[] = {
	{"vsock:2:1234", EAFNOSUPPORT},
	{"", EAFNOSUPPORT},
	{"/nonexistent/socket", ENOENT},
	{"@fosterd-nobody-listens-here", ECONNREFUSED},
};

START_TEST(message_that_reaches_nobody_is_an_error)
{
	ck_assert_int_eq(datagram_send(senders[_i].address, "READY=1", &err), -1);
	ck_assert_int_eq(err.num, senders[_i].num);
}
END_TEST

START_TEST(sending_never_blocks)
{
	unsigned sent = 0;

	while (datagram_send(path, "WATCHDOG=1", &err) == 0)
		ck_assert_uint_lt(sent++, 100000);
	ck_assert_int_eq(err.num, EAGAIN);
	while (datagram_read(receiver, &got) == 1)
		sent--;
	ck_assert_uint_eq(sent, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sys/datagram");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 20);
	tcase_add_checked_fixture(all, open_socket, close_socket);
	tcase_add_test(all, message_is_received);
	tcase_add_loop_test(all, bytes_zero_make_it_invalid, 0, sizeof texts / sizeof texts[0]);
	tcase_add_test(all, longest_message_is_whole_and_a_longer_one_is_not);
	tcase_add_test(all, barrier_descriptor_is_handed_over);
	tcase_add_loop_test(all, several_descriptors_are_closed, 0, 2);
	tcase_add_test(all, descriptor_of_an_invalid_message_is_closed);
	const char *preload = getenv("LD_PRELOAD");
	if (preload == NULL || strstr(preload, "vgpreload") == NULL)
		tcase_add_test(all, descriptors_that_find_no_room_make_it_invalid);
	else
		puts("skip: descriptors_that_find_no_room_make_it_invalid: not under valgrind");
	tcase_add_test(all, unusable_descriptor_is_an_error);
	tcase_add_test(all, stale_socket_is_replaced);
	tcase_add_test(all, other_file_is_left_alone);
	tcase_add_test(all, path_too_long_is_an_error);
	tcase_add_test(all, abstract_socket_is_reached);
	tcase_add_loop_test(all, message_that_reaches_nobody_is_an_error, 0,
			    sizeof senders / sizeof senders[0]);
	tcase_add_test(all, sending_never_blocks);
	suite_add_tcase(suite, all);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
