/* wire - messages come back as they were written; one byte less, more or other is none. */
#include "model/wire.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "unit/suite.h"

static const struct wire_message asked = {
	.kind = WIRE_ASK, .probe = 7, .serial = 4000000000u, .driver = DRIVER_HTTP, .timeout = NS_S,
	.target = "http://127.0.0.1:80/", .headers = "A: b\nC: d\n", .password = "secret", .body = "ok",
	.statuses = {1, 2, 3, [STATUS_WORDS - 1] = 0x80000000u}, .verify = true,
};

/* Written, then read from a block of just so many bytes. */
static int pass_on(const struct wire_message *message, char **bytes, struct wire_message *out)
{
	char buf[WIRE_MAX];
	struct err err;

	long len = wire_write(message, buf, sizeof buf, &err);
	ck_assert_int_gt(len, 0);
	*bytes = malloc((size_t)len);
	memcpy(*bytes, buf, (size_t)len);
	return wire_read(*bytes, (size_t)len, out, &err);
}

START_TEST(question_comes_back)
{
	struct wire_message out;
	char *bytes;

	ck_assert_int_eq(pass_on(&asked, &bytes, &out), 0);
	ck_assert_int_eq(out.kind, WIRE_ASK);
	ck_assert_uint_eq(out.probe, 7);
	ck_assert_uint_eq(out.serial, 4000000000u);
	ck_assert_int_eq(out.driver, DRIVER_HTTP);
	ck_assert_int_eq(out.timeout, NS_S);
	ck_assert_str_eq(out.target, asked.target);
	ck_assert_str_eq(out.headers, asked.headers);
	ck_assert_str_eq(out.password, "secret");
	ck_assert_str_eq(out.body, "ok");
	ck_assert_mem_eq(out.statuses, asked.statuses, sizeof out.statuses);
	ck_assert(out.verify);
	free(bytes);
}
END_TEST

START_TEST(what_is_missing_stays_missing)
{
	struct wire_message plain = asked, out;
	char *bytes;

	plain.password = plain.body = NULL;
	plain.headers = "";
	plain.verify = false;
	ck_assert_int_eq(pass_on(&plain, &bytes, &out), 0);
	ck_assert_ptr_null(out.password);
	ck_assert_ptr_null(out.body);
	ck_assert_str_eq(out.headers, "");
	ck_assert(!out.verify);
	free(bytes);
	plain.body = "";
	ck_assert_int_eq(pass_on(&plain, &bytes, &out), 0);
	ck_assert_ptr_null(out.password);
	ck_assert_str_eq(out.body, "");
	free(bytes);
}
END_TEST

static const struct wire_message others[] = {
	{.kind = WIRE_DROP, .probe = 3, .serial = 9},
	{.kind = WIRE_PING, .serial = 9},
	{.kind = WIRE_PONG, .serial = 9},
	{.kind = WIRE_ANSWER, .probe = 3, .serial = 9, .result = PROBE_FAILURE, .latency = 1840000, .error = "HTTP 503"},
	{.kind = WIRE_ANSWER, .probe = UINT32_MAX, .result = PROBE_SUCCESS, .error = ""},
};

START_TEST(others_come_back)
{
	const struct wire_message *in = &others[_i];
	struct wire_message out;
	char *bytes;

	ck_assert_int_eq(pass_on(in, &bytes, &out), 0);
	ck_assert_int_eq(out.kind, in->kind);
	ck_assert_uint_eq(out.probe, in->probe);
	ck_assert_uint_eq(out.serial, in->serial);
	ck_assert_int_eq(out.result, in->result);
	ck_assert_int_eq(out.latency, in->latency);
	if (in->error != NULL)
		ck_assert_str_eq(out.error, in->error);
	free(bytes);
}
END_TEST

START_TEST(no_byte_may_miss)
{
	struct wire_message out;
	char buf[WIRE_MAX];
	struct err err;

	long len = wire_write(&asked, buf, sizeof buf, &err);
	for (long part = 0; part < len; part++) {
		char *bytes = malloc((size_t)part + 1);
		memcpy(bytes, buf, (size_t)part);
		ck_assert_int_eq(wire_read(bytes, (size_t)part, &out, &err), -1);
		free(bytes);
		ck_assert_int_eq(wire_write(&asked, buf, (size_t)part, &err), -1);
	}
	ck_assert_int_eq(wire_write(&asked, buf, (size_t)len, &err), len);
	buf[len] = '\0';
	ck_assert_int_eq(wire_read(buf, (size_t)len + 1, &out, &err), -1);
}
END_TEST

/* What nobody should write. */
static const struct wire_message wrong[] = {
	{.kind = (enum wire_kind)(WIRE_PONG + 1)},
	{.kind = WIRE_ASK, .driver = DRIVER_EXEC, .timeout = 1, .target = "", .headers = ""},
	{.kind = WIRE_ASK, .driver = DRIVER_COUNT, .timeout = 1, .target = "", .headers = ""},
	{.kind = WIRE_ASK, .driver = DRIVER_TCP, .timeout = 0, .target = "", .headers = ""},
	{.kind = WIRE_ASK, .driver = DRIVER_TCP, .timeout = -1, .target = "", .headers = ""},
	{.kind = WIRE_ANSWER, .result = (enum probe_result)(PROBE_FAILURE + 1), .error = ""},
	{.kind = WIRE_ANSWER, .latency = -1, .error = ""},
};

START_TEST(wrong_is_refused)
{
	struct wire_message out;
	char *bytes;

	ck_assert_int_eq(pass_on(&wrong[_i], &bytes, &out), -1);
	free(bytes);
}
END_TEST

static const struct {
	const char *said, *heard;
} errors[] = {
	{"plain", "plain"},
	{"a\nb\tc\x7f", "a?b?c?"},
	{"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
	{"\xc3(\xff", "?(?"},
	{"\xc2\x9b\xc2\xa0\xc2", "??\xc2\xa0?"},
};

START_TEST(errors_are_lines)
{
	struct wire_message in = {.kind = WIRE_ANSWER, .error = errors[_i].said}, out;
	char *bytes;

	ck_assert_int_eq(pass_on(&in, &bytes, &out), 0);
	ck_assert_str_eq(out.error, errors[_i].heard);
	free(bytes);
}
END_TEST

START_TEST(long_errors_are_cut_between_letters)
{
	char text[2000] = "x";
	struct wire_message in = {.kind = WIRE_ANSWER, .error = text}, out;
	char *bytes;

	memset(text, 'x', WIRE_ERROR_MAX - 1);
	strcpy(text + WIRE_ERROR_MAX - 1, "\xc3\xbc and more");
	ck_assert_int_eq(pass_on(&in, &bytes, &out), 0);
	ck_assert_uint_eq(strlen(out.error), WIRE_ERROR_MAX - 1);
	free(bytes);
	text[0] = '\0';
	memset(text, 'x', sizeof text - 1);
	ck_assert_int_eq(pass_on(&in, &bytes, &out), 0);
	ck_assert_uint_eq(strlen(out.error), WIRE_ERROR_MAX);
	free(bytes);
}
END_TEST

/* The error is the last that stands in an answer. */
static int read_with_error(const char *error)
{
	struct wire_message in = {.kind = WIRE_ANSWER, .error = ""}, out;
	char buf[WIRE_MAX];
	struct err err;

	long len = wire_write(&in, buf, sizeof buf, &err) - 1;
	size_t more = strlen(error) + 1;
	memcpy(buf + len, error, more);
	return wire_read(buf, (size_t)len + more, &out, &err);
}

START_TEST(errors_of_others_are_not_trusted)
{
	char text[WIRE_ERROR_MAX + 2];

	memset(text, 'x', sizeof text);
	text[WIRE_ERROR_MAX] = '\0';
	ck_assert_int_eq(read_with_error(text), 0);
	text[WIRE_ERROR_MAX] = 'x';
	text[WIRE_ERROR_MAX + 1] = '\0';
	ck_assert_int_eq(read_with_error(text), -1);
	ck_assert_int_eq(read_with_error("a\nb"), -1);
	ck_assert_int_eq(read_with_error("\x1b[2J"), -1);
	ck_assert_int_eq(read_with_error("\xff"), -1);
	ck_assert_int_eq(read_with_error("\xc3"), -1);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("wire");

	tcase_add_test(tests, question_comes_back);
	tcase_add_test(tests, what_is_missing_stays_missing);
	tcase_add_loop_test(tests, others_come_back, 0, sizeof others / sizeof others[0]);
	tcase_add_test(tests, no_byte_may_miss);
	tcase_add_loop_test(tests, wrong_is_refused, 0, sizeof wrong / sizeof wrong[0]);
	tcase_add_loop_test(tests, errors_are_lines, 0, sizeof errors / sizeof errors[0]);
	tcase_add_test(tests, long_errors_are_cut_between_letters);
	tcase_add_test(tests, errors_of_others_are_not_trusted);
	return suite_run("model/wire", tests);
}
