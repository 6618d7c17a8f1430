/* The redis driver, with servers that answer all sorts of things. */
#include "prober/redis.h"

#include <sys/resource.h>
#include <sys/un.h>

#include "prober/place.h"
#include "unit/asking.h"
#include "unit/suite.h"

static struct fake fake;

static struct ask ask_fake(const char *says, const char *format, const char *password)
{
	char target[256];
	fake_open(&fake, says);
	snprintf(target, sizeof(target), "redis://%s:%u/%s", "127.0.0.1", fake.port, format);
	struct ask ask = asking(&redis_way, target, password, 0.2);
	fake_close(&fake);
	return ask;
}

START_TEST(a_pong_is_success)
{
	struct ask ask = ask_fake("+PONG\r\n", "", NULL);
	ck_assert_str_eq(ask.reason, "");
	ck_assert_int_eq(ask.result, PROBE_SUCCESS);
	ck_assert_str_eq(fake.heard, "*1\r\n$4\r\nPING\r\n");
}
END_TEST

START_TEST(password_and_database_come_first)
{
	struct ask ask = ask_fake("+OK\r\n+OK\r\n+PONG\r\n", "7", "pass word");
	ck_assert_int_eq(ask.result, PROBE_SUCCESS);
	ck_assert_str_eq(fake.heard, "*2\r\n$4\r\nAUTH\r\n$9\r\npass word\r\n"
				     "*2\r\n$6\r\nSELECT\r\n$1\r\n7\r\n*1\r\n$4\r\nPING\r\n");
}
END_TEST

static const struct {
	const char *says, *password, *reason;
	bool hangs_up;
} refusals[] = {
	{"-NOAUTH Authentication required.\r\n", NULL, "PING: NOAUTH Authentication required.", 0},
	{"-LOADING Redis is loading the dataset in memory\r\n", NULL,
	 "PING: LOADING Redis is loading the dataset in memory", 0},
	{"-WRONGPASS invalid\r\n-NOAUTH\r\n", "x", "AUTH: WRONGPASS invalid", 0},
	{"-ERR you sent hunter2\r\n", "hunter2", "AUTH: ERR you sent ***", 0},
	{"+OK\r\n-ERR \033[31m\r\n", "x", "PING: ERR ?[31m", 0},
	{"+OK\r\n", NULL, "PING: answered with OK", 0},
	{"+PONG\r\n", "x", "AUTH: answered with PONG", 0},
	{"$4\r\nPONG\r\n", NULL, "PING: answered with a text", 0},
	{":1\r\n", NULL, "PING: answered with a number", 0},
	{"$-1\r\n", NULL, "PING: answered with nil", 0},
	{"*2\r\n+PONG\r\n*1\r\n:1\r\n", NULL, "PING: answered with an array", 0},
	{"*0\r\n", NULL, "PING: answered with an array", 0},
	{"+PO", NULL, "timeout", 0},
	{"*1000000000\r\n+PONG\r\n", NULL, "timeout", 0},
	{"$500000000\r\nPONG", NULL, "timeout", 0},
	{"", NULL, "timeout", 0},
	{"HTTP/1.1 400 Bad Request\r\n\r\n", NULL, "protocol error, got \"H\" as reply type byte", 0},
	{"*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n", NULL, "no support for nested", 0},
	{"", NULL, "server closed the connection", 1},
	{"+PO", NULL, "server closed the connection", 1},
	{"-ERR max number of clients reached\r\n", NULL, "PING: ERR max number of clients reached", 1},
};

START_TEST(all_else_is_a_failure_in_its_words)
{
	fake.hangs_up = false;
	char target[64];
	fake_open(&fake, refusals[_i].says);
	fake.hangs_up = refusals[_i].hangs_up;
	snprintf(target, sizeof(target), "redis://127.0.0.1:%u", fake.port);
	struct ask ask = asking(&redis_way, target, refusals[_i].password, 0.2);
	ck_assert_int_eq(ask.result, PROBE_FAILURE);
	ck_assert_msg(strstr(ask.reason, refusals[_i].reason) != NULL, "%s", ask.reason);
	ck_assert_int_eq(ask.is_late, strcmp(refusals[_i].reason, "timeout") == 0);
	fake_close(&fake);
}
END_TEST

START_TEST(a_server_that_raves_is_cut_off)
{
	static char flood[256 * 1024];
	memset(flood, 'x', sizeof(flood) - 1);
	memcpy(flood, "+", 1);
	struct ask ask = ask_fake(flood, "", NULL);
	ck_assert_str_eq(ask.reason, "the answer is longer than 65536 bytes");
}
END_TEST

START_TEST(each_address_is_tried)
{
	char target[64];
	fake_open(&fake, "+PONG\r\n");
	snprintf(target, sizeof(target), "redis://two:%u", fake.port);
	struct ask ask = asking(&redis_way, target, NULL, 1);
	ck_assert_str_eq(ask.reason, "");
	ck_assert_str_eq(ask.host, "two");
	fake_close(&fake);
	ask = asking(&redis_way, target, NULL, 1);
	ck_assert_str_eq(ask.reason, "connection refused");
}
END_TEST

START_TEST(no_address_no_socket_no_target)
{
	ck_assert_str_eq(asking(&redis_way, "redis://nowhere", NULL, 1).reason,
			 "no such host: nowhere");
	ck_assert_str_eq(asking(&redis_way, "unix:/nowhere/redis.sock", NULL, 1).reason,
			 "no such file or directory");
	ck_assert_str_eq(asking(&redis_way, "http://x", NULL, 1).reason,
			 "a redis target begins with redis:// or unix:");
}
END_TEST

START_TEST(a_full_queue_is_a_failure)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	char target[128];
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "/tmp/redis-test.%d", getpid());
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(fd, 0), 0);
	snprintf(target, sizeof(target), "unix://%s", address.sun_path);
	/* Nobody takes what waits there, nor does it go when its client does. */
	ck_assert_str_eq(asking(&redis_way, target, NULL, 0.1).reason, "timeout");
	ck_assert_str_eq(asking(&redis_way, target, NULL, 0.1).reason,
			 "the socket's queue of connections is full");
	close(fd);
	unlink(address.sun_path);
}
END_TEST

START_TEST(no_descriptor_is_unknown)
{
	struct rlimit none, before;
	asking_loop();
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 3;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	struct ask ask = asking(&redis_way, "redis://name", NULL, 0.1);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	ck_assert_int_eq(ask.result, PROBE_UNKNOWN);
	ck_assert_str_eq(ask.reason, "can't create socket: Too many open files");
}
END_TEST

/* ---- targets */

static const struct {
	const char *target, *path, *host, *user;
	unsigned port, database;
} places[] = {
	{"redis://h", "", "h", "", 6379, 0},
	{"redis://h/", "", "h", "", 6379, 0},
	{"redis://h:1/15", "", "h", "", 1, 15},
	{"redis://h:/15", "", "h", "", 6379, 15},
	{"redis://me@h?db=3", "", "h", "me", 6379, 3},
	{"redis://m%40%65:x@h", "", "h", "m@e", 6379, 0},
	{"redis://:x@h", "", "h", "", 6379, 0},
	{"redis://[::1]", "", "::1", "", 6379, 0},
	{"redis://me@[::1]:7", "", "::1", "me", 7, 0},
	{"unix:/a/b", "/a/b", "", "", 0, 0},
	{"unix:///a/b?db=2", "/a/b", "", "", 0, 2},
	{"unix://me@/a", "/a", "", "me", 0, 0},
	{"unix:/a%20b", "/a%20b", "", "", 0, 0},
	{"unix:/100%", "/100%", "", "", 0, 0},
};

START_TEST(a_place)
{
	struct place place;
	struct err err;
	ck_assert_msg(place_read(places[_i].target, &place, &err) == 0, "%s", err.text);
	ck_assert_str_eq(place.path, places[_i].path);
	ck_assert_str_eq(place.host, places[_i].host);
	ck_assert_str_eq(place.user, places[_i].user);
	ck_assert_uint_eq(place.port, places[_i].port);
	ck_assert_uint_eq(place.database, places[_i].database);
}
END_TEST

static const char *const no_places[] = {
	"",	       "h",	       "redis:h",      "rediss://h",   "redis://",   "redis:///1",
	"redis://h:x", "redis://h:65536", "redis://h/x", "redis://h/1/2", "redis://h?x=1",
	"redis://h/99999999", "unix:a", "unix:", "unix:/a?x", "redis://h%00", "redis://[]:1",
};

START_TEST(no_place)
{
	struct place place;
	struct err err;
	ck_assert_int_eq(place_read(no_places[_i], &place, &err), -1);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("redis");
	tcase_add_test(tests, a_pong_is_success);
	tcase_add_test(tests, password_and_database_come_first);
	tcase_add_loop_test(tests, all_else_is_a_failure_in_its_words, 0,
			    sizeof(refusals) / sizeof(refusals[0]));
	tcase_add_test(tests, a_server_that_raves_is_cut_off);
	tcase_add_test(tests, each_address_is_tried);
	tcase_add_test(tests, no_address_no_socket_no_target);
	tcase_add_test(tests, a_full_queue_is_a_failure);
	tcase_add_test(tests, no_descriptor_is_unknown);
	tcase_add_loop_test(tests, a_place, 0, sizeof(places) / sizeof(places[0]));
	tcase_add_loop_test(tests, no_place, 0, sizeof(no_places) / sizeof(no_places[0]));
	return suite_run("redis", tests);
}
