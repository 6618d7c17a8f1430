/* Listeners of every kind, what stands in their way, and who is on this machine. */
#include "sys/listen.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const struct listen_passed nothing_passed;
static char dir[] = "/tmp/fosterd-listen-XXXXXX";
static char path[64];
static struct err err;

static void make_dir(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/socket", dir);
}

static void remove_dir(void)
{
	unlink(path);
	ck_assert_int_eq(rmdir(dir), 0);
}

static struct listen_spec tcp(const char *host, uint16_t port)
{
	return (struct listen_spec){.kind = LISTEN_TCP, .text = "TEXT", .host = host, .port = port};
}

static struct listen_spec unix_at(const char *where)
{
	return (struct listen_spec){.kind = LISTEN_UNIX, .text = "TEXT", .path = where};
}

static int open_listener(struct listen_spec spec)
{
	int fd = listen_open(&spec, &nothing_passed, &err);

	ck_assert_msg(fd != -1, "%s", err.text);
	ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_ne(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
	return fd;
}

static void expect_refusal(struct listen_spec spec, int num)
{
	ck_assert_int_eq(listen_open(&spec, &nothing_passed, &err), -1);
	ck_assert_msg(err.num == num, "%s", err.text);
}

static uint16_t port_of(int fd)
{
	struct sockaddr_in6 address;
	socklen_t len = sizeof address;

	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	/* At the same place in both families. */
	return ntohs(address.sin6_port);
}

static int connect_to(int family, uint16_t port)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	v6.sin6_addr = in6addr_loopback;
	int failed = family == AF_INET ? connect(fd, (const struct sockaddr *)&v4, sizeof v4)
				       : connect(fd, (const struct sockaddr *)&v6, sizeof v6);
	if (failed == 0)
		return fd;
	close(fd);
	return -1;
}

static const struct {
	const char *host;
	int family;
} hosts[] = {
	{"127.0.0.1", AF_INET},
	{"0.0.0.0", AF_INET},
	{"::1", AF_INET6},
	{"::", AF_INET6},
};

START_TEST(client_of_a_port_is_accepted)
{
	struct sockaddr_storage peer;
	socklen_t peer_len;
	int fd = open_listener(tcp(hosts[_i].host, 0));

	ck_assert_int_eq(listen_accept(fd, &peer, &peer_len), -1);
	ck_assert_int_eq(errno, EAGAIN);
	int client = connect_to(hosts[_i].family, port_of(fd));
	ck_assert_int_ne(client, -1);
	int served = listen_accept(fd, &peer, &peer_len);
	ck_assert_int_ne(served, -1);
	ck_assert_int_ne(fcntl(served, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_ne(fcntl(served, F_GETFL) & O_NONBLOCK, 0);
	ck_assert(listen_peer_is_local(&peer, peer_len));
	close(served);
	close(client);
	close(fd);
}
END_TEST

START_TEST(both_wildcards_share_a_port)
{
	int v4 = open_listener(tcp("0.0.0.0", 0));
	int v6 = open_listener(tcp("::", port_of(v4)));

	close(v4);
	ck_assert_int_eq(connect_to(AF_INET, port_of(v6)), -1);
	close(v6);
}
END_TEST

START_TEST(port_taken_is_an_error)
{
	int fd = open_listener(tcp("127.0.0.1", 0));

	expect_refusal(tcp("127.0.0.1", port_of(fd)), EADDRINUSE);
	close(fd);
}
END_TEST

START_TEST(port_is_free_again_at_once)
{
	int fd = open_listener(tcp("127.0.0.1", 0));
	uint16_t port = port_of(fd);
	struct sockaddr_storage peer;
	socklen_t peer_len;

	int client = connect_to(AF_INET, port);
	int served = listen_accept(fd, &peer, &peer_len);
	close(served); /* first, so that this end keeps TIME_WAIT */
	close(client);
	close(fd);
	close(open_listener(tcp("127.0.0.1", port)));
}
END_TEST

START_TEST(wrong_address_is_an_error)
{
	expect_refusal(tcp("localhost", 80), EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "TEXT"));
	expect_refusal(tcp("203.0.113.1", 0), EADDRNOTAVAIL);
}
END_TEST

START_TEST(no_descriptor_left_is_an_error)
{
	struct rlimit before, none;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){0, before.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	expect_refusal(tcp("127.0.0.1", 0), EMFILE);
	expect_refusal(unix_at(path), EMFILE);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
}
END_TEST

/* ---- unix sockets */

START_TEST(anyone_may_connect_to_a_file)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	struct sockaddr_storage peer;
	struct stat status;
	socklen_t peer_len;
	const struct listen_spec spec = unix_at(path);

	umask(0077);
	int fd = open_listener(spec);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 0777, 0666);
	ck_assert_uint_eq(umask(0), 0077);
	memcpy(to.sun_path, path, sizeof path);
	int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(connect(client, (const struct sockaddr *)&to, sizeof to), 0);
	int served = listen_accept(fd, &peer, &peer_len);
	ck_assert_int_ne(served, -1);
	ck_assert(listen_peer_is_local(&peer, peer_len));
	close(served);
	close(client);
	close(fd);
	listen_remove(&spec);
	ck_assert_int_eq(access(path, F_OK), -1);
}
END_TEST

static struct control_spec control(mode_t mode, bool given, gid_t gid)
{
	return (struct control_spec){.path = path, .mode = mode, .group = {given, gid}};
}

START_TEST(control_socket_has_mode_and_group)
{
	static const mode_t modes[] = {0600, 0660, 0666, 0, 0777};
	const struct listen_spec spec = unix_at(path);
	struct stat status;

	umask(0077);
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		struct control_spec wanted = control(modes[i], geteuid() == 0, 50);
		int fd = listen_open_control(&spec, &wanted, &err);
		ck_assert_msg(fd != -1, "%s", err.text);
		ck_assert_int_eq(stat(path, &status), 0);
		ck_assert_uint_eq(status.st_mode & 0777, modes[i]);
		ck_assert_uint_eq(status.st_gid, geteuid() == 0 ? 50 : getegid());
		close(fd);
	}
	ck_assert_uint_eq(umask(0), 0077);
}
END_TEST

/* Others than root cannot give a file to root's group: no file is left then. */
START_TEST(control_socket_of_a_wrong_group_is_not_left)
{
	const struct listen_spec spec = unix_at(path);
	struct control_spec wanted = control(0660, true, 0);
	const uid_t own = geteuid();

	if (own == 0) {
		ck_assert_int_eq(chown(dir, 12345, 12345), 0);
		ck_assert_int_eq(setegid(12345), 0);
		ck_assert_int_eq(setgroups(0, NULL), 0);
		ck_assert_int_eq(seteuid(12345), 0);
	}
	ck_assert_int_eq(listen_open_control(&spec, &wanted, &err), -1);
	ck_assert_msg(err.num == EPERM, "%s", err.text);
	ck_assert_int_ne(access(path, F_OK), 0);
	ck_assert_int_eq(seteuid(own), 0);
}
END_TEST

START_TEST(deserted_socket_is_replaced)
{
	close(open_listener(unix_at(path)));
	ck_assert_int_eq(access(path, F_OK), 0);
	close(open_listener(unix_at(path)));
}
END_TEST

START_TEST(socket_in_use_is_left_alone)
{
	int fd = open_listener(unix_at(path));

	expect_refusal(unix_at(path), EADDRINUSE);
	ck_assert_int_eq(access(path, F_OK), 0);
	close(fd);
}
END_TEST

START_TEST(socket_of_another_type_is_left_alone)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(at.sun_path, path, sizeof path);
	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
	expect_refusal(unix_at(path), EADDRINUSE);
	close(fd);
}
END_TEST

START_TEST(other_file_is_left_alone)
{
	close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	expect_refusal(unix_at(path), EEXIST);
	ck_assert_int_eq(access(path, F_OK), 0);
}
END_TEST

START_TEST(wrong_path_is_an_error)
{
	char longest[109];

	memset(longest, 'x', sizeof longest);
	longest[0] = '/';
	longest[108] = '\0';
	expect_refusal(unix_at(longest), ENAMETOOLONG);
	expect_refusal(unix_at("/nonexistent/socket"), ENOENT);
	expect_refusal(unix_at("/dev/null/socket"), ENOTDIR);
}
END_TEST

/* ---- peers */

static const struct {
	const char *address;
	bool local;
} peers[] = {
	{"127.0.0.1", true},
	{"127.255.255.254", true},
	{"128.0.0.1", false},
	{"10.0.0.1", false},
	{"::1", true},
	{"::2", false},
	{"::ffff:127.1.2.3", true},
	{"::ffff:10.0.0.1", false},
	{"fe80::1", false},
	{"::", false},
	{"::127.0.0.1", false},
};

START_TEST(local_peers_are_known)
{
	struct sockaddr_storage peer = {0};
	struct sockaddr_in *v4 = (struct sockaddr_in *)&peer;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&peer;
	socklen_t len = sizeof *v4;

	if (inet_pton(AF_INET, peers[_i].address, &v4->sin_addr) == 1) {
		peer.ss_family = AF_INET;
	} else {
		peer.ss_family = AF_INET6;
		ck_assert_int_eq(inet_pton(AF_INET6, peers[_i].address, &v6->sin6_addr), 1);
		len = sizeof *v6;
	}
	ck_assert_int_eq(listen_peer_is_local(&peer, len), peers[_i].local);
	ck_assert(!listen_peer_is_local(&peer, len - 1));
	ck_assert(!listen_peer_is_local(&peer, 0));
}
END_TEST

static TCase *case_of(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_set_timeout(tcase, 20);
	suite_add_tcase(suite, tcase);
	return tcase;
}

static Suite *suite(void)
{
	Suite *suite = suite_create("sys/listen");
	TCase *ports = case_of(suite, "tcp");
	TCase *files = case_of(suite, "unix");

	tcase_add_loop_test(ports, client_of_a_port_is_accepted, 0, 4);
	tcase_add_test(ports, both_wildcards_share_a_port);
	tcase_add_test(ports, port_taken_is_an_error);
	tcase_add_test(ports, port_is_free_again_at_once);
	tcase_add_test(ports, wrong_address_is_an_error);
	tcase_add_loop_test(ports, local_peers_are_known, 0, sizeof peers / sizeof peers[0]);

	tcase_add_checked_fixture(files, make_dir, remove_dir);
	tcase_add_test(files, anyone_may_connect_to_a_file);
	tcase_add_test(files, control_socket_has_mode_and_group);
	tcase_add_test(files, control_socket_of_a_wrong_group_is_not_left);
	tcase_add_test(files, deserted_socket_is_replaced);
	tcase_add_test(files, socket_in_use_is_left_alone);
	tcase_add_test(files, socket_of_another_type_is_left_alone);
	tcase_add_test(files, other_file_is_left_alone);
	tcase_add_test(files, wrong_path_is_an_error);
	tcase_add_test(files, no_descriptor_left_is_an_error);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(suite());

	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
