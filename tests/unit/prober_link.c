/* link - messages of fosterd heard one by one, answers that wait when fosterd does not listen, and the
 * ways in which it ends. */
#include "prober/link.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/must.h"
#include "unit/suite.h"

static struct ev_loop *loop;
static struct link prober;
static int ours, theirs; /* fosterd's end and the prober's */
static unsigned heard;
static struct wire_message last;

static void hear(void *data, const struct wire_message *message)
{
	MUST(data == &prober);
	heard++;
	last = *message;
}

static void set_up(void)
{
	int ends[2];

	MUST(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
	ours = ends[0];
	theirs = ends[1];
	loop = ev_loop_new(EVFLAG_NOENV);
	MUST(loop != NULL);
	prober = (struct link){.hear = hear, .data = &prober};
	link_init(&prober, loop, theirs);
	heard = 0;
}

static void tear_down(void)
{
	link_fini(&prober);
	ev_loop_destroy(loop);
	close(ours);
	close(theirs);
}

/* What there is to do now. */
static void turn(void)
{
	for (int i = 0; i < 10; i++)
		ev_run(loop, EVRUN_NOWAIT);
}

static void say(const struct wire_message *message)
{
	char bytes[WIRE_MAX];
	struct err err;
	long len = wire_write(message, bytes, sizeof bytes, &err);

	ck_assert_int_gt(len, 0);
	ck_assert_int_eq(send(ours, bytes, (size_t)len, 0), len);
}

static void say_ping(uint32_t serial)
{
	say(&(struct wire_message){.kind = WIRE_PING, .serial = serial});
}

static void send_pong(uint32_t serial)
{
	struct wire_message message = {.kind = WIRE_PONG, .serial = serial};
	struct letter *letter = malloc(sizeof *letter);
	struct err err;

	MUST(letter != NULL);
	letter->len = (size_t)wire_write(&message, letter->bytes, sizeof letter->bytes, &err);
	link_send(&prober, letter);
}

/* The next pong that fosterd hears; 0: none yet. */
static uint32_t next_pong(void)
{
	char bytes[WIRE_MAX];
	struct wire_message message;
	struct err err;

	ssize_t len = recv(ours, bytes, sizeof bytes, MSG_DONTWAIT);
	if (len == -1)
		return 0;
	ck_assert_int_eq(wire_read(bytes, (size_t)len, &message, &err), 0);
	return message.serial;
}

START_TEST(every_answer_fits)
{
	char error[WIRE_ERROR_MAX + 1];
	struct wire_message message = {
		.kind = WIRE_ANSWER, .probe = UINT32_MAX, .serial = UINT32_MAX, .latency = INT64_MAX, .error = error};
	struct letter letter;
	struct err err;

	memset(error, 'x', WIRE_ERROR_MAX);
	error[WIRE_ERROR_MAX] = '\0';
	ck_assert_int_gt(wire_write(&message, letter.bytes, sizeof letter.bytes, &err), 0);
}
END_TEST

START_TEST(hears_and_answers)
{
	say_ping(5);
	say(&(struct wire_message){.kind = WIRE_DROP, .probe = 3, .serial = 4});
	turn();
	ck_assert_uint_eq(heard, 2);
	ck_assert_int_eq(last.kind, WIRE_DROP);
	ck_assert_uint_eq(last.probe, 3);
	send_pong(5);
	ck_assert_uint_eq(next_pong(), 5);
	ck_assert_int_eq(prober.end, LINK_OPEN);
}
END_TEST

/* Nothing is read while something waits, and nothing is lost or out of order. */
START_TEST(answers_wait_for_a_deaf_fosterd)
{
	uint32_t sent = 0, got = 0, serial;

	while (prober.first == NULL && sent < 100000)
		send_pong(++sent);
	ck_assert_ptr_nonnull(prober.first);
	for (int i = 0; i < 100; i++)
		send_pong(++sent);
	say_ping(1);
	turn();
	ck_assert_uint_eq(heard, 0);
	while (got < sent) {
		while ((serial = next_pong()) != 0)
			ck_assert_uint_eq(serial, ++got);
		turn();
	}
	ck_assert_ptr_null(prober.first);
	turn();
	ck_assert_uint_eq(heard, 1);
	send_pong(sent + 1);
	ck_assert_uint_eq(next_pong(), sent + 1);
}
END_TEST

START_TEST(one_turn_is_bounded)
{
	for (uint32_t i = 0; i < 100; i++)
		say_ping(i);
	ev_run(loop, EVRUN_NOWAIT);
	ck_assert_uint_gt(heard, 0);
	ck_assert_uint_lt(heard, 100);
	turn();
	ck_assert_uint_eq(heard, 100);
}
END_TEST

START_TEST(ends_with_fosterd)
{
	say_ping(1);
	shutdown(ours, SHUT_RDWR);
	ev_run(loop, 0);
	ck_assert_uint_eq(heard, 1);
	ck_assert_int_eq(prober.end, LINK_CLOSED);
	send_pong(1);
}
END_TEST

START_TEST(ends_with_fosterd_while_answers_wait)
{
	for (uint32_t i = 0; i < 100000 && prober.first == NULL; i++)
		send_pong(i);
	send_pong(1);
	close(ours);
	ev_run(loop, 0);
	ck_assert_int_eq(prober.end, LINK_CLOSED);
	ours = -1;
}
END_TEST

static const struct {
	const char *bytes;
	size_t len;
} garbage[] = {{"x", 1}, {"\4\0\0\0\1\0\0\0", 8}, {"\2\0\0\0\1\0\0\0x", 9}, {"", WIRE_MAX + 1}};

START_TEST(ends_with_garbage)
{
	char bytes[WIRE_MAX + 1] = "";

	memcpy(bytes, garbage[_i].bytes, garbage[_i].len < 100 ? garbage[_i].len : 0);
	say_ping(1);
	ck_assert_int_eq(send(ours, bytes, garbage[_i].len, 0), (ssize_t)garbage[_i].len);
	say_ping(2);
	ev_run(loop, 0);
	ck_assert_uint_eq(heard, 1);
	ck_assert_int_eq(prober.end, LINK_GARBAGE);
	ck_assert_uint_ne(strlen(prober.err.text), 0);
}
END_TEST

/* One byte behind the longest message there can be. */
START_TEST(ends_with_one_byte_too_many)
{
	char target[WIRE_MAX] = "", bytes[WIRE_MAX + 1] = "";
	struct wire_message message = {
		.kind = WIRE_ASK, .driver = DRIVER_TCP, .timeout = 1, .target = target, .headers = ""};
	struct err err;

	long rest = WIRE_MAX - wire_write(&message, bytes, WIRE_MAX, &err);
	memset(target, 'x', (size_t)rest);
	ck_assert_int_eq(wire_write(&message, bytes, WIRE_MAX, &err), WIRE_MAX);
	ck_assert_int_eq(send(ours, bytes, WIRE_MAX, 0), WIRE_MAX);
	turn();
	ck_assert_uint_eq(heard, 1);
	ck_assert_int_eq(send(ours, bytes, WIRE_MAX + 1, 0), WIRE_MAX + 1);
	ev_run(loop, 0);
	ck_assert_uint_eq(heard, 1);
	ck_assert_int_eq(prober.end, LINK_GARBAGE);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("link");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, every_answer_fits);
	tcase_add_test(tests, hears_and_answers);
	tcase_add_test(tests, answers_wait_for_a_deaf_fosterd);
	tcase_add_test(tests, one_turn_is_bounded);
	tcase_add_test(tests, ends_with_fosterd);
	tcase_add_test(tests, ends_with_fosterd_while_answers_wait);
	tcase_add_loop_test(tests, ends_with_garbage, 0, sizeof garbage / sizeof garbage[0]);
	tcase_add_test(tests, ends_with_one_byte_too_many);
	return suite_run("prober/link", tests);
}
