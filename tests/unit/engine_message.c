/* message - what a datagram says, and what is passed over. */
#include "engine/message.h"

#include <string.h>

#include "unit/suite.h"

static const struct {
	const char *text;
	const char *said; /* R ready, S stopping, W watchdog, T trigger, E extends, x refused */
	span_ns extend;
	const char *status;
} cases[] = {
	{"READY=1", "R", 0, NULL},
	{"READY=1\n", "R", 0, NULL},
	{"READY=0", "", 0, NULL},
	{"READY=11", "", 0, NULL},
	{"READY=", "", 0, NULL},
	{"READY", "", 0, NULL},
	{" READY=1", "", 0, NULL},
	{"READY =1", "", 0, NULL},
	{"ready=1", "", 0, NULL},
	{"XREADY=1", "", 0, NULL},
	{"READY=1\nREADY=0", "R", 0, NULL},
	{"STOPPING=1", "S", 0, NULL},
	{"WATCHDOG=1", "W", 0, NULL},
	{"WATCHDOG=trigger", "T", 0, NULL},
	{"WATCHDOG=1\nWATCHDOG=trigger", "WT", 0, NULL},
	{"WATCHDOG=2", "", 0, NULL},
	{"BARRIER=1", "", 0, NULL},
	{"EXTEND_TIMEOUT_USEC=1500", "E", 1500 * NS_US, NULL},
	{"EXTEND_TIMEOUT_USEC=0", "E", 0, NULL},
	{"EXTEND_TIMEOUT_USEC=", "", 0, NULL},
	{"EXTEND_TIMEOUT_USEC=-1", "", 0, NULL},
	{"EXTEND_TIMEOUT_USEC=1s", "", 0, NULL},
	{"EXTEND_TIMEOUT_USEC=7\nEXTEND_TIMEOUT_USEC=x", "E", 7 * NS_US, NULL},
	{"EXTEND_TIMEOUT_USEC=99999999999999999999999999", "E", INT64_MAX / NS_US * NS_US, NULL},
	{"EXTEND_TIMEOUT_USEC=9223372036854775807", "E", INT64_MAX / NS_US * NS_US, NULL},
	{"STATUS=", "", 0, ""},
	{"STATUS=two words = fine", "", 0, "two words = fine"},
	{"STATUS=a\nSTATUS=b", "", 0, "b"},
	{"STATUS=up\nREADY=1\nWATCHDOG=1\n", "RW", 0, "up"},
	{"MAINPID=12", "x", 0, NULL},
	{"FDSTORE=1", "x", 0, NULL},
	{"READY=1\nMAINPID=12\nX_MINE=7", "Rx", 0, NULL},
	{"MAINPIDFD=1", "", 0, NULL},
	{"", "", 0, NULL},
	{"\n\n\n", "", 0, NULL},
	{"=", "", 0, NULL},
	{"=1\nREADY=1", "R", 0, NULL},
	{"no assignment at all\nSTOPPING=1", "S", 0, NULL},
};

/* A copy without a NUL, so that reading past the end is seen. */
static struct message read_exactly(const char *text, char **copy)
{
	size_t len = strlen(text);

	*copy = malloc(len + (len == 0));
	ck_assert_ptr_nonnull(*copy);
	memcpy(*copy, text, len);
	return message_read(*copy, len);
}

START_TEST(says)
{
	char *copy;
	struct message m = read_exactly(cases[_i].text, &copy);
	const bool found[] = {m.ready, m.stopping, m.watchdog, m.trigger, m.extends, m.refused != NULL};

	for (size_t i = 0; i < sizeof found / sizeof found[0]; i++)
		ck_assert_msg(found[i] == (strchr(cases[_i].said, "RSWTEx"[i]) != NULL), "%c of %s",
			      "RSWTEx"[i], cases[_i].text);
	ck_assert_int_eq(m.extend, cases[_i].extend);
	if (cases[_i].status == NULL) {
		ck_assert_ptr_null(m.status);
	} else {
		ck_assert_uint_eq(m.status_len, strlen(cases[_i].status));
		ck_assert_int_eq(memcmp(m.status, cases[_i].status, m.status_len), 0);
	}
	free(copy);
}
END_TEST

START_TEST(names_what_it_refuses)
{
	ck_assert_str_eq(message_read("MAINPID=1", 9).refused, "MAINPID");
	ck_assert_str_eq(message_read("FDSTORE=1", 9).refused, "FDSTORE");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("message");

	tcase_add_loop_test(tests, says, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tests, names_what_it_refuses);
	return suite_run("engine/message", tests);
}
