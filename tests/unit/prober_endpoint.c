/* endpoint - targets of tcp probes taken apart, and made addresses. */
#include "prober/endpoint.h"

#include <check.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include "unit/suite.h"

static const struct {
	const char *text, *path, *host;
	uint16_t port;
} good[] = {
	{"127.0.0.1:80", NULL, "127.0.0.1", 80},
	{"db.example:65535", NULL, "db.example", 65535},
	{"[::1]:6379", NULL, "::1", 6379},
	{"::1:6379", NULL, "::1", 6379},
	{"unix:/run/x.sock", "/run/x.sock", "", 0},
	{"unix:/a:80", "/a:80", "", 0},
};

START_TEST(takes_apart)
{
	struct endpoint endpoint;
	struct err err;

	ck_assert_int_eq(endpoint_read(good[_i].text, &endpoint, &err), 0);
	if (good[_i].path == NULL)
		ck_assert_ptr_null(endpoint.path);
	else
		ck_assert_str_eq(endpoint.path, good[_i].path);
	ck_assert_str_eq(endpoint.host, good[_i].host);
	ck_assert_uint_eq(endpoint.port, good[_i].port);
}
END_TEST

static const char *const bad[] = {
	"", "host", ":80", "host:", "host:0", "host:65536", "host:8o", "host:-1", "host:99999999999999", "unix:x",
};

START_TEST(refuses)
{
	struct endpoint endpoint;
	struct err err;

	ck_assert_int_eq(endpoint_read(bad[_i], &endpoint, &err), -1);
	ck_assert_uint_ne(strlen(err.text), 0);
}
END_TEST

START_TEST(names_have_a_limit)
{
	char text[ENDPOINT_HOST_SIZE + 8];
	struct endpoint endpoint;
	struct err err;

	memset(text, 'a', sizeof text);
	strcpy(text + ENDPOINT_HOST_SIZE - 1, ":80");
	ck_assert_int_eq(endpoint_read(text, &endpoint, &err), 0);
	ck_assert_uint_eq(strlen(endpoint.host), ENDPOINT_HOST_SIZE - 1);
	strcpy(text + ENDPOINT_HOST_SIZE, ":80");
	text[ENDPOINT_HOST_SIZE - 1] = 'a';
	ck_assert_int_eq(endpoint_read(text, &endpoint, &err), -1);
}
END_TEST

START_TEST(numbers_are_addresses)
{
	struct address address;

	ck_assert_int_eq(address_of_number("127.0.0.1", 80, &address), 0);
	struct sockaddr_in *four = (struct sockaddr_in *)&address.socket;
	ck_assert_int_eq(four->sin_family, AF_INET);
	ck_assert_uint_eq(ntohs(four->sin_port), 80);
	ck_assert_uint_eq(ntohl(four->sin_addr.s_addr), INADDR_LOOPBACK);
	ck_assert_int_eq(address_of_number("::1", 80, &address), 0);
	ck_assert_int_eq(address.socket.any.sa_family, AF_INET6);
	ck_assert_int_eq(address_of_number("one.example", 80, &address), -1);
}
END_TEST

START_TEST(paths_are_addresses)
{
	struct address address;
	char path[sizeof((struct sockaddr_un *)NULL)->sun_path + 1];

	memset(path, 'x', sizeof path);
	path[sizeof path - 1] = '\0';
	ck_assert_int_eq(address_of_path(path, &address), -1);
	path[sizeof path - 2] = '\0';
	ck_assert_int_eq(address_of_path(path, &address), 0);
	ck_assert_int_eq(address.socket.any.sa_family, AF_UNIX);
	ck_assert_str_eq(((struct sockaddr_un *)&address.socket)->sun_path, path);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("endpoint");

	tcase_add_loop_test(tests, takes_apart, 0, sizeof good / sizeof good[0]);
	tcase_add_loop_test(tests, refuses, 0, sizeof bad / sizeof bad[0]);
	tcase_add_test(tests, names_have_a_limit);
	tcase_add_test(tests, numbers_are_addresses);
	tcase_add_test(tests, paths_are_addresses);
	return suite_run("prober/endpoint", tests);
}
