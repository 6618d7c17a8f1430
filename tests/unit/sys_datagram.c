/* Messages to the notify socket: who sent them, and what makes them invalid. */
#include "sys/datagram.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "unit/notifying.h"
#include "unit/suite.h"

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
	ck_assert(got.valid);
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
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 20);
	tcase_add_checked_fixture(all, open_socket, close_socket);
	tcase_add_test(all, message_is_received);
	tcase_add_loop_test(all, bytes_zero_make_it_invalid, 0, sizeof texts / sizeof texts[0]);
	tcase_add_test(all, longest_message_is_whole_and_a_longer_one_is_not);
	tcase_add_test(all, unusable_descriptor_is_an_error);
	tcase_add_test(all, stale_socket_is_replaced);
	tcase_add_test(all, other_file_is_left_alone);
	tcase_add_test(all, path_too_long_is_an_error);
	tcase_add_test(all, abstract_socket_is_reached);
	tcase_add_loop_test(all, message_that_reaches_nobody_is_an_error, 0,
			    sizeof senders / sizeof senders[0]);
	tcase_add_test(all, sending_never_blocks);
	return suite_run("sys/datagram", all);
}
