/* The postgres driver, with servers that answer all sorts of things. */
#include "prober/postgres.h"

#include <sys/resource.h>

#include "prober/kept.h"
#include "unit/asking.h"
#include "unit/suite.h"

/* See "Message Formats" in PostgreSQL's manual. */
#define WELCOME "R\0\0\0\10\0\0\0\0"
#define READY	"Z\0\0\0\5I"
#define COLUMN	"T\0\0\0\32\0\1a\0\0\0\0\0\0\0\0\0\0\27\0\4\377\377\377\377\0\0"
#define ROW	"D\0\0\0\13\0\1\0\0\0\1" "1"
#define DONE	"C\0\0\0\15SELECT 1\0"
#define FATAL(length, text) "E\0\0\0" length "SFATAL\0VFATAL\0C57P01\0M" text "\0\0"
#define LEAVING FATAL("\43", "go away")
#define SAY(text) text, sizeof(text) - 1

static struct fake fake;

static void open_fake(const char *says, size_t says_len, const char *then, size_t then_len)
{
	fake_open(&fake, says);
	fake.says_len = says_len;
	fake.then = then;
	fake.then_len = then_len;
}

static struct ask ask_fake(const char *format)
{
	char target[256];
	snprintf(target, sizeof(target), "%s port=%u user=me dbname=d sslmode=disable", format,
		 fake.port);
	return asking(&postgres_way, target, NULL, 0.3);
}

START_TEST(a_row_is_success_and_the_connection_is_kept)
{
	open_fake(SAY(WELCOME READY), SAY(COLUMN ROW DONE READY));
	for (int i = 0; i < 3; i++) {
		struct ask ask = ask_fake("host=name");
		ck_assert_str_eq(ask.reason, "");
		ck_assert_int_eq(ask.result, PROBE_SUCCESS);
		ck_assert_uint_eq(ask.resolved, i == 0);
	}
	ck_assert_uint_eq(fake.clients, 1);
	/* For another target or password it is none. */
	ck_assert_int_eq(ask_fake("host=other").result, PROBE_SUCCESS);
	ck_assert_uint_eq(fake.clients, 2);
	fake_close(&fake);
}
END_TEST

START_TEST(a_kept_connection_that_is_dead_is_made_anew)
{
	open_fake(SAY(WELCOME READY), SAY(COLUMN ROW DONE READY));
	ck_assert_int_eq(ask_fake("host=name").result, PROBE_SUCCESS);
	/* Unseen: the loop has not turned since. */
	fake_drop(&fake);
	struct ask ask = ask_fake("host=name");
	ck_assert_str_eq(ask.reason, "");
	ck_assert_uint_eq(fake.clients, 2);
	/* It says why, and goes: once is enough. */
	fake.then = LEAVING;
	fake.then_len = sizeof(LEAVING) - 1;
	fake.hangs_up_then = true;
	ask = ask_fake("host=name");
	ck_assert_str_eq(ask.reason, "FATAL:  go away");
	ck_assert_uint_eq(fake.clients, 3);
	fake_close(&fake);
}
END_TEST

START_TEST(a_kept_connection_that_is_heard_of_is_closed)
{
	char target[256];
	open_fake(SAY(WELCOME READY), SAY(COLUMN ROW DONE READY));
	snprintf(target, sizeof(target), "host=name port=%u sslmode=disable", fake.port);
	ck_assert_int_eq(asking(&postgres_way, target, NULL, 0.3).result, PROBE_SUCCESS);
	struct session *session = kept_take(1, target, NULL);
	ck_assert_ptr_nonnull(session);
	ck_assert_ptr_null(kept_take(1, target, NULL));
	kept_put(asking_loop(), session);
	fake_drop(&fake);
	ev_run(asking_loop(), EVRUN_ONCE);
	ck_assert_ptr_null(kept_take(1, target, NULL));
	fake_close(&fake);
}
END_TEST

START_TEST(an_old_connection_is_not_kept)
{
	char target[256];
	open_fake(SAY(WELCOME READY), SAY(COLUMN ROW DONE READY));
	snprintf(target, sizeof(target), "host=name port=%u sslmode=disable", fake.port);
	ck_assert_int_eq(asking(&postgres_way, target, NULL, 0.3).result, PROBE_SUCCESS);
	struct session *session = kept_take(1, target, NULL);
	session->made -= 301 * NS_S;
	kept_put(asking_loop(), session);
	ck_assert_ptr_null(kept_take(1, target, NULL));
	fake_close(&fake);
}
END_TEST

START_TEST(what_is_asked_is_told_by_name_and_sent_by_number)
{
	open_fake(SAY(WELCOME READY), SAY(COLUMN ROW DONE READY));
	struct ask ask = ask_fake("host=a,two,/nowhere");
	ck_assert_str_eq(ask.reason, "");
	ck_assert_uint_eq(ask.resolved, 2);
	ck_assert_str_eq(ask.host, "two");
	ck_assert(memmem(fake.heard, fake.n_heard, SAY("user\0me\0")) != NULL);
	ck_assert(memmem(fake.heard, fake.n_heard, SAY("database\0d\0")) != NULL);
	ck_assert(memmem(fake.heard, fake.n_heard, SAY("application_name\0fosterd\0")) != NULL);
	ck_assert(memmem(fake.heard, fake.n_heard, SAY("client_encoding\0UTF8\0")) != NULL);
	fake_close(&fake);
}
END_TEST

START_TEST(every_host_and_address_is_tried)
{
	open_fake(SAY(WELCOME READY), SAY(COLUMN ROW DONE READY));
	ck_assert_str_eq(ask_fake("host=/nowhere,two").reason, "");
	ck_assert_str_eq(ask_fake("hostaddr=127.0.0.1 host=nowhere").reason, "");
	ck_assert_str_eq(ask_fake("host=nowhere").reason, "no such host: nowhere");
	fake_close(&fake);
	struct ask ask = ask_fake("host=two");
	ck_assert(strstr(ask.reason, "server at \"127.9.9.9\", port") != NULL);
	ck_assert(strstr(ask.reason, "server at \"127.0.0.1\", port") != NULL);
	ck_assert(strstr(ask.reason, "Connection refused") != NULL);
}
END_TEST

static const struct {
	const char *says, *then, *reason;
	size_t says_len, then_len;
} refusals[] = {
#define CASE(s, t, r) {.says = s, .says_len = sizeof(s) - 1, .then = t, .then_len = sizeof(t) - 1, .reason = r}
	CASE(LEAVING, "", "FATAL:  go away"),
	CASE("", "", "timeout"),
	CASE(WELCOME, "", "timeout"),
	CASE(WELCOME READY, "", "timeout"),
	CASE(WELCOME READY, COLUMN ROW, "timeout"),
	CASE(WELCOME READY, COLUMN DONE READY, "SELECT 1: no row"),
	CASE(WELCOME READY, LEAVING READY, "FATAL:  go away"),
	CASE(WELCOME READY, "G\0\0\0\7\0\0\0" READY, "SELECT 1: answered with COPY"),
	CASE(WELCOME READY, "H\0\0\0\7\0\0\0" READY, "SELECT 1: answered with COPY"),
	CASE(WELCOME READY, "W\0\0\0\7\0\0\0" READY, "SELECT 1: answered with COPY"),
	CASE(WELCOME READY, "garbage", "lost synchronization with server"),
	CASE("HTTP/1.1 400 Bad Request\r\n\r\n", "", "expected authentication request"),
	CASE("R\0\0\0\10\0\0\0\3", "", "no password supplied"),
	CASE("R\0\0\0\10\0\0\0\143", "", "authentication method 99 not supported"),
};

START_TEST(all_else_is_a_failure_in_its_words)
{
	open_fake(refusals[_i].says, refusals[_i].says_len, refusals[_i].then,
		  refusals[_i].then_len);
	struct ask ask = ask_fake("host=name");
	ck_assert_int_eq(ask.result, PROBE_FAILURE);
	ck_assert_msg(strstr(ask.reason, refusals[_i].reason) != NULL, "%s", ask.reason);
	ck_assert_int_eq(ask.is_late, strcmp(refusals[_i].reason, "timeout") == 0);
	fake_close(&fake);
}
END_TEST

START_TEST(a_server_that_raves_is_cut_off)
{
	/* A row that says it is 16 MB long; and begins. */
	static char flood[256 * 1024] = COLUMN "D\1\0\0\0\0\1\0\377\0\0";
	open_fake(SAY(WELCOME READY), flood, sizeof(flood));
	ck_assert_str_eq(ask_fake("host=name").reason, "the answer is longer than 65536 bytes");
	fake_close(&fake);
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
	struct ask ask = asking(&postgres_way, "host=name user=me", NULL, 0.1);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	ck_assert_msg(ask.result == PROBE_UNKNOWN, "%s", ask.reason);
}
END_TEST

static const struct {
	const char *target, *reason;
} bad[] = {
	{"host", "conninfo: missing \"=\" after \"host\" in connection info string"},
	{"hots=x", "conninfo: invalid connection option \"hots\""},
	{"service=x", "conninfo: a service is not looked up"},
	{"postgresql://h/d?service=x", "conninfo: a service is not looked up"},
	{"host=1,2,3,4,5,6,7,8,9", "conninfo: more than 8 hosts"},
	{"host=a,b port=1,2,3", "could not match 3 port numbers to 2 hosts"},
	{"hostaddr=name", "could not parse network address \"name\""},
	{"sslmode=maybe", "invalid sslmode value"},
	{"host=/nowhere", "No such file or directory"},
};

START_TEST(what_is_no_target)
{
	struct ask ask = asking(&postgres_way, bad[_i].target, "secret", 0.3);
	ck_assert_int_eq(ask.result, PROBE_FAILURE);
	ck_assert_msg(strstr(ask.reason, bad[_i].reason) != NULL, "%s", ask.reason);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("postgres");
	tcase_add_test(tests, a_row_is_success_and_the_connection_is_kept);
	tcase_add_test(tests, a_kept_connection_that_is_dead_is_made_anew);
	tcase_add_test(tests, a_kept_connection_that_is_heard_of_is_closed);
	tcase_add_test(tests, an_old_connection_is_not_kept);
	tcase_add_test(tests, what_is_asked_is_told_by_name_and_sent_by_number);
	tcase_add_test(tests, every_host_and_address_is_tried);
	tcase_add_loop_test(tests, all_else_is_a_failure_in_its_words, 0,
			    sizeof(refusals) / sizeof(refusals[0]));
	tcase_add_test(tests, a_server_that_raves_is_cut_off);
	tcase_add_test(tests, no_descriptor_is_unknown);
	tcase_add_loop_test(tests, what_is_no_target, 0, sizeof(bad) / sizeof(bad[0]));
	return suite_run("postgres", tests);
}
