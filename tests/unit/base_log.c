/* The log: what a line looks like, and that nothing ever makes it wait. */
#include "base/log.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/line.h"
#include "base/utf8.h"
#include "unit/suite.h"

#define AT (INT64_C(1795370400123) * NS_MS) /* 2026-11-22T18:00:00.123Z */

static const char *line_of(enum line_style style, const char *message, struct log_field field)
{
	static char buf[LINE_MAX_SIZE];
	const struct log_field fields[] = {field, {LOG_FIELD_END, "", "", 0}};

	ck_assert_uint_eq(line_format(buf, style, LOG_INFO, AT, message, fields), strlen(buf));
	return buf;
}

static const struct {
	const char *value, *logfmt, *json;
} values[] = {
	{"web", "v=web", "\"v\":\"web\""},
	{"", "v=\"\"", "\"v\":\"\""},
	{"two words", "v=\"two words\"", "\"v\":\"two words\""},
	{"a=b", "v=\"a=b\"", "\"v\":\"a=b\""},
	{"a\"b\\", "v=\"a\\\"b\\\\\"", "\"v\":\"a\\\"b\\\\\""},
	{"a\nb\tc", "v=\"a\\nb\\tc\"", "\"v\":\"a\\nb\\tc\""},
	{"\033[2J", "v=\"\\x1b[2J\"", "\"v\":\"\\u001b[2J\""},
	{"\x7f", "v=\"\\x7f\"", "\"v\":\"\\u007f\""},
	{"\xc2\x9b" "2J", "v=\"\\u009b2J\"", "\"v\":\"\\u009b2J\""},
	{"gr\xc3\xbc\xc3\x9f", "v=gr\xc3\xbc\xc3\x9f", "\"v\":\"gr\xc3\xbc\xc3\x9f\""},
	{"\xff", "v=\"\\xff\"", "\"v\":\"\\ufffd\""},
	{"\xc3", "v=\"\\xc3\"", "\"v\":\"\\ufffd\""},
	{"\xed\xa0\x80", "v=\"\\xed\\xa0\\x80\"", "\"v\":\"\\ufffd\\ufffd\\ufffd\""},
};

START_TEST(value_is_escaped)
{
	char want[256];

	snprintf(want, sizeof want, "2026-11-22T18:00:00.123Z level=info msg=\"it is\" %s\n",
		 values[_i].logfmt);
	ck_assert_str_eq(line_of(LINE_LOGFMT, "it is", F_STR("v", values[_i].value)), want);
	snprintf(want, sizeof want,
		 "{\"time\":\"2026-11-22T18:00:00.123Z\",\"level\":\"info\",\"msg\":\"it is\",%s}\n",
		 values[_i].json);
	ck_assert_str_eq(line_of(LINE_JSON, "it is", F_STR("v", values[_i].value)), want);
}
END_TEST

START_TEST(styles_differ)
{
	setenv("TZ", "UTC", 1);
	ck_assert_str_eq(line_of(LINE_JOURNAL, "it is", F_INT("pid", 12)), "<6>it is pid=12\n");
	ck_assert_str_eq(line_of(LINE_TERMINAL, "it is", F_INT("pid", 12)),
			 "18:00:00.123 info    it is pid=12\n");
	ck_assert_str_eq(line_of(LINE_TERMINAL_COLOUR, "it is", F_INT("pid", 12)),
			 "18:00:00.123 \033[32minfo   \033[0m it is\033[2m pid=12\033[0m\n");
}
END_TEST

START_TEST(span_and_integer)
{
	const span_ns span = 1234567890;

	ck_assert_ptr_nonnull(strstr(line_of(LINE_LOGFMT, "x", F_SPAN("run", span)), " run=1s234ms\n"));
	ck_assert_ptr_nonnull(strstr(line_of(LINE_LOGFMT, "x", F_SPAN("run", 1500)), " run=1us\n"));
	ck_assert_ptr_nonnull(strstr(line_of(LINE_JSON, "x", F_SPAN("run", span)), ",\"run_ms\":1234.567}\n"));
	ck_assert_ptr_nonnull(strstr(line_of(LINE_JSON, "x", F_INT("n", INT64_MIN)), ",\"n\":-9223372036854775808}\n"));
	ck_assert_str_eq(line_of(LINE_JOURNAL, "x", F_STR("gone", NULL)), "<6>x\n");
}
END_TEST

START_TEST(long_value_is_cut_and_long_line_says_so)
{
	char buf[LINE_MAX_SIZE], value[9000];
	const struct log_field fields[] = {
		F_STR("a", value), F_STR("b", value), F_STR("c", value),
		F_STR("d", value), F_STR("e", value), {LOG_FIELD_END, "", "", 0},
	};

	memset(value, 'x', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	size_t len = line_format(buf, LINE_JSON, LOG_ERROR, AT, "x", fields);
	ck_assert_uint_lt(len, LINE_MAX_SIZE);
	ck_assert_ptr_nonnull(strstr(buf, "xxx...\",\"b\":\"xxx"));
	ck_assert_str_eq(buf + len - strlen(",\"truncated\":true}\n"), ",\"truncated\":true}\n");
}
END_TEST

/* A pipe filled to the brim by somebody else who shares it. Returns what was put in. */
static size_t fill(int fd)
{
	char block[4096] = {0};
	size_t sum = 0;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	for (ssize_t n; (n = write(fd, block, sizeof block)) > 0;)
		sum += (size_t)n;
	fcntl(fd, F_SETFL, 0);
	return sum;
}

static void skip(int fd, size_t len)
{
	char block[4096];

	while (len > 0) {
		ssize_t n = read(fd, block, len < sizeof block ? len : sizeof block);
		ck_assert_int_gt(n, 0);
		len -= (size_t)n;
	}
}

/* Read what is there; the text is NUL-terminated. */
static size_t drain(int fd, char *buf, size_t size)
{
	size_t len = 0;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	for (ssize_t n; len < size - 1 && (n = read(fd, buf + len, size - 1 - len)) > 0;)
		len += (size_t)n;
	fcntl(fd, F_SETFL, 0);
	buf[len] = '\0';
	return len;
}

static unsigned count_lines(const char *text)
{
	unsigned lines = 0;

	for (; (text = strchr(text, '\n')) != NULL; text++)
		lines++;
	return lines;
}

/* The count of the one line about lost lines. */
static unsigned lost(const char *text)
{
	const char *notice = strstr(text, "level=warning msg=\"log lines lost\" count=");

	ck_assert_ptr_nonnull(notice);
	ck_assert_ptr_null(strstr(strchr(notice, '\n'), "log lines lost"));
	return (unsigned)strtoul(strstr(notice, "count=") + strlen("count="), NULL, 10);
}

START_TEST(full_pipe_drops_and_tells)
{
	static char out[512 * 1024];
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	struct log *log = log_new(fds[1], LOG_INFO, LOG_FORMAT_AUTO);
	ck_assert_int_ne(log_fd(log), fds[1]);
	ck_assert_int_eq(fcntl(fds[1], F_GETFL) & O_NONBLOCK, 0);
	size_t filled = fill(fds[1]);
	for (int i = 0; i < 3000; i++)
		LOG_EVENT(log, LOG_INFO, "worker started", F_INT("n", i));
	ck_assert(!log_flush(log));
	skip(fds[0], filled);
	/* The buffer is as large as the pipe: the notice waits for the second round. */
	ck_assert(!log_flush(log));
	size_t len = drain(fds[0], out, sizeof out);
	ck_assert(log_flush(log));
	LOG_EVENT(log, LOG_INFO, "worker started", F_INT("n", 3000));
	drain(fds[0], out + len, sizeof out - len);
	ck_assert_uint_eq(count_lines(out) - 2 + lost(out), 3000);
	ck_assert_ptr_nonnull(strstr(strstr(out, "lost"), " n=3000\n"));
	log_free(&log);
	ck_assert_ptr_null(log);
}
END_TEST

START_TEST(pipe_without_reader_loses_without_signal)
{
	char path[] = "/tmp/fosterd-log.XXXXXX", out[1024];

	/* The default: SIGPIPE would end this test. */
	signal(SIGPIPE, SIG_DFL);
	ck_assert_ptr_nonnull(mkdtemp(path));
	char *fifo = strcat(strcpy(out + 512, path), "/fifo");
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	int reader = open(fifo, O_RDONLY | O_NONBLOCK), writer = open(fifo, O_WRONLY);
	struct log *log = log_new(writer, LOG_INFO, LOG_FORMAT_AUTO);
	close(reader);
	for (int i = 0; i < 10; i++)
		LOG_EVENT(log, LOG_INFO, "worker started", F_INT("n", i));
	ck_assert(log_flush(log));
	reader = open(fifo, O_RDONLY | O_NONBLOCK);
	LOG_EVENT(log, LOG_INFO, "worker started", F_INT("n", 10));
	unlink(fifo);
	rmdir(path);
	drain(reader, out, 512);
	ck_assert_uint_eq(lost(out), 10);
	ck_assert_ptr_nonnull(strstr(out, " n=10\n"));
	log_free(&log);
	close(reader);
	close(writer);
}
END_TEST

START_TEST(full_disk_does_not_stop_it)
{
	int fd = open("/dev/full", O_WRONLY);

	struct log *log = log_new(fd, LOG_INFO, LOG_FORMAT_JSON);
	for (int i = 0; i < 10; i++)
		LOG_EVENT(log, LOG_INFO, "worker started", F_INT("n", i));
	ck_assert(log_flush(log));
	log_free(&log);
	close(fd);
}
END_TEST

START_TEST(socket_never_waits)
{
	static char out[1024 * 1024];
	int fds[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	struct log *log = log_new(fds[0], LOG_INFO, LOG_FORMAT_AUTO);
	ck_assert_int_eq(log_fd(log), fds[0]);
	for (int i = 0; i < 20000; i++)
		LOG_EVENT(log, LOG_INFO, "worker started", F_INT("n", i));
	size_t len = 0;
	do {
		len += drain(fds[1], out + len, sizeof out - len);
	} while (!log_flush(log));
	drain(fds[1], out + len, sizeof out - len);
	ck_assert_uint_eq(count_lines(out) - 1 + lost(out), 20000);
	log_free(&log);
}
END_TEST

START_TEST(journal_is_recognised)
{
	char name[64], out[256];
	struct stat st;
	int fds[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	ck_assert_int_eq(fstat(fds[0], &st), 0);
	snprintf(name, sizeof name, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", name, 1);
	struct log *log = log_new(fds[0], LOG_WARNING, LOG_FORMAT_AUTO);
	LOG_EVENT(log, LOG_INFO, "left out", F_INT("n", 1));
	LOG_EVENT(log, LOG_ERROR, "shown", F_INT("n", 2));
	drain(fds[1], out, sizeof out);
	ck_assert_str_eq(out, "<3>shown n=2\n");
	log_free(&log);
}
END_TEST

static unsigned lines_in(int fd)
{
	static char text[64 * 1024];
	ssize_t len = pread(fd, text, sizeof text, 0);
	unsigned lines = 0;

	for (ssize_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	return lines;
}

static void log_lines(struct log *log, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		LOG_EVENT(log, LOG_INFO, "a line", F_INT("n", i));
}

START_TEST(many_lines_of_one_turn_are_written_together)
{
	int fd = memfd_create("log", MFD_CLOEXEC);
	struct log *log = log_new(fd, LOG_INFO, LOG_FORMAT_LOGFMT);

	for (int turn = 1; turn <= 2; turn++) {
		log_lines(log, 20);
		ck_assert_uint_eq(lines_in(fd), turn == 1 ? 16 : 220 + 16);
		log_lines(log, 200);
		ck_assert_uint_gt(lines_in(fd), turn == 1 ? 100 : 320);
		ck_assert_uint_lt(lines_in(fd), (unsigned)turn * 220);
		ck_assert(log_flush(log));
		ck_assert_uint_eq(lines_in(fd), (unsigned)turn * 220);
	}
	log_lines(log, 20);
	log_free(&log);
	ck_assert_uint_eq(lines_in(fd), 2 * 220 + 20);
	close(fd);
}
END_TEST

START_TEST(closed_descriptor_harms_nobody)
{
	struct log *log = log_new(999, LOG_INFO, LOG_FORMAT_AUTO);

	LOG_EVENT(log, LOG_INFO, "x", F_INT("n", 1));
	ck_assert(log_flush(log));
	log_free(&log);
	log_free(&log);
}
END_TEST

START_TEST(utf8_lengths)
{
	ck_assert_uint_eq(utf8_length(""), 1);
	ck_assert_uint_eq(utf8_length("\xc3\xbc"), 2);
	ck_assert_uint_eq(utf8_length("\xe2\x82\xac"), 3);
	ck_assert_uint_eq(utf8_length("\xf0\x9f\x98\x80"), 4);
	ck_assert_uint_eq(utf8_length("\xc0\x80"), 0);
	ck_assert_uint_eq(utf8_length("\xf4\x90\x80\x80"), 0);
	ck_assert_uint_eq(utf8_length("\xe2\x82"), 0);
	ck_assert_uint_eq(utf8_length("\x80"), 0);
}
END_TEST

START_TEST(utf8_letters)
{
	ck_assert_uint_eq(utf8_letter(""), 0);
	ck_assert_uint_eq(utf8_letter("a"), 1);
	ck_assert_uint_eq(utf8_letter("\n"), 0);
	ck_assert_uint_eq(utf8_letter("\x7f"), 0);
	ck_assert_uint_eq(utf8_letter("\xc2\x9f"), 0);
	ck_assert_uint_eq(utf8_letter("\xc2\xa0"), 2);
	ck_assert_uint_eq(utf8_letter("\xe2\x82\xac"), 3);
	ck_assert_uint_eq(utf8_letter("\x80"), 0);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("log");

	tcase_add_loop_test(tests, value_is_escaped, 0, sizeof values / sizeof values[0]);
	tcase_add_test(tests, styles_differ);
	tcase_add_test(tests, span_and_integer);
	tcase_add_test(tests, long_value_is_cut_and_long_line_says_so);
	tcase_add_test(tests, full_pipe_drops_and_tells);
	tcase_add_test(tests, pipe_without_reader_loses_without_signal);
	tcase_add_test(tests, full_disk_does_not_stop_it);
	tcase_add_test(tests, socket_never_waits);
	tcase_add_test(tests, journal_is_recognised);
	tcase_add_test(tests, many_lines_of_one_turn_are_written_together);
	tcase_add_test(tests, closed_descriptor_harms_nobody);
	tcase_add_test(tests, utf8_lengths);
	tcase_add_test(tests, utf8_letters);
	return suite_run("base/log", tests);
}
