#include "engine/message.h"

#include <string.h>

struct word {
	const char *text;
	size_t len;
};

static bool is(struct word word, const char *text)
{
	return word.len == strlen(text) && memcmp(word.text, text, word.len) == 0;
}

/* Microseconds in decimal, as a span. Too large is as long as a span can be. */
static bool read_usec(struct word word, span_ns *out)
{
	const span_ns most = INT64_MAX / NS_US;
	span_ns usec = 0;

	if (word.len == 0)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (word.text[i] < '0' || word.text[i] > '9')
			return false;
		int digit = word.text[i] - '0';
		usec = usec > (most - digit) / 10 ? most : usec * 10 + digit;
	}
	*out = usec * NS_US;
	return true;
}

static void read_assignment(struct message *m, struct word name, struct word value)
{
	if (is(name, "READY"))
		m->ready = m->ready || is(value, "1");
	else if (is(name, "STOPPING"))
		m->stopping = m->stopping || is(value, "1");
	else if (is(name, "WATCHDOG") && is(value, "trigger"))
		m->trigger = true;
	else if (is(name, "WATCHDOG"))
		m->watchdog = m->watchdog || is(value, "1");
	else if (is(name, "EXTEND_TIMEOUT_USEC"))
		m->extends = read_usec(value, &m->extend) || m->extends;
	else if (is(name, "MAINPID"))
		m->refused = "MAINPID";
	else if (is(name, "FDSTORE"))
		m->refused = "FDSTORE";
	else if (is(name, "STATUS")) {
		m->status = value.text;
		m->status_len = value.len;
	}
}

struct message message_read(const char *text, size_t len)
{
	struct message message = {0};
	const char *end = text + len;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *line_end = newline == NULL ? end : newline;
		const char *equals = memchr(text, '=', (size_t)(line_end - text));
		if (equals != NULL)
			read_assignment(&message, (struct word){text, (size_t)(equals - text)},
					(struct word){equals + 1, (size_t)(line_end - equals - 1)});
		text = line_end + 1;
	}
	return message;
}
