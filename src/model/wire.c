#include "model/wire.h"

#include <string.h>

#include "base/utf8.h"

/* Which texts that may be missing are there. */
enum { HAS_PASSWORD = 1, HAS_BODY = 2 };

/* What is written to, or read from: an error is found once, at the end. */
struct strip {
	char *to;	  /* written */
	const char *from; /* read */
	size_t left;
	bool bad; /* it did not fit, or was not there */
};

/* ---- writing */

static void put(struct strip *strip, const void *bytes, size_t len)
{
	if (strip->bad || len > strip->left) {
		strip->bad = true;
		return;
	}
	memcpy(strip->to, bytes, len);
	strip->to += len;
	strip->left -= len;
}

static void put_number(struct strip *strip, uint32_t number)
{
	put(strip, &number, sizeof number);
}

static void put_span(struct strip *strip, span_ns span)
{
	put(strip, &span, sizeof span);
}

static void put_text(struct strip *strip, const char *text)
{
	if (text != NULL)
		put(strip, text, strlen(text) + 1);
}

static void put_ask(struct strip *strip, const struct wire_message *message)
{
	put_number(strip, message->driver);
	put_span(strip, message->timeout);
	put(strip, message->statuses, sizeof message->statuses);
	put_number(strip, message->verify);
	put_number(strip, (message->password != NULL ? (uint32_t)HAS_PASSWORD : 0) |
				  (message->body != NULL ? (uint32_t)HAS_BODY : 0));
	put_text(strip, message->target);
	put_text(strip, message->headers);
	put_text(strip, message->password);
	put_text(strip, message->body);
}

/* One line of whole letters: what is none becomes a question mark. */
static void put_line(struct strip *strip, const char *line)
{
	char clean[WIRE_ERROR_MAX + 1];
	size_t len = 0;

	while (*line != '\0') {
		size_t letter = utf8_letter(line), size = letter == 0 ? 1 : letter;
		if (len + size > WIRE_ERROR_MAX)
			break;
		memcpy(clean + len, letter == 0 ? "?" : line, size);
		len += size;
		line += size;
	}
	clean[len] = '\0';
	put_text(strip, clean);
}

static void put_answer(struct strip *strip, const struct wire_message *message)
{
	put_number(strip, message->result);
	put_span(strip, message->latency);
	put_line(strip, message->error);
}

long wire_write(const struct wire_message *message, void *bytes, size_t size, struct err *err)
{
	struct strip strip = {.to = bytes, .left = size};
	enum wire_kind kind = message->kind;

	put_number(&strip, kind);
	if (kind == WIRE_ASK || kind == WIRE_DROP || kind == WIRE_ANSWER)
		put_number(&strip, message->probe);
	put_number(&strip, message->serial);
	if (kind == WIRE_ASK)
		put_ask(&strip, message);
	if (kind == WIRE_ANSWER)
		put_answer(&strip, message);
	if (strip.bad)
		return err_set(err, 0, "a message of more than %zu bytes", size);
	return (long)(size - strip.left);
}

/* ---- reading */

static void get(struct strip *strip, void *out, size_t len)
{
	if (strip->bad || len > strip->left) {
		strip->bad = true;
		memset(out, 0, len);
		return;
	}
	memcpy(out, strip->from, len);
	strip->from += len;
	strip->left -= len;
}

/* A number; one above most is none. */
static uint32_t get_number(struct strip *strip, uint32_t most)
{
	uint32_t number;

	get(strip, &number, sizeof number);
	if (number <= most)
		return number;
	strip->bad = true;
	return 0;
}

static span_ns get_span(struct strip *strip, span_ns least)
{
	span_ns span;

	get(strip, &span, sizeof span);
	if (span < least)
		strip->bad = true;
	return span;
}

static const char *get_text(struct strip *strip)
{
	const char *text = strip->from, *end = NULL;

	if (!strip->bad && strip->left > 0)
		end = memchr(text, '\0', strip->left);
	if (end == NULL) {
		strip->bad = true;
		return "";
	}
	strip->left -= (size_t)(end + 1 - text);
	strip->from = end + 1;
	return text;
}

static void get_ask(struct strip *strip, struct wire_message *out)
{
	out->driver = (enum driver)get_number(strip, DRIVER_COUNT - 1);
	out->timeout = get_span(strip, 1);
	get(strip, out->statuses, sizeof out->statuses);
	out->verify = get_number(strip, 1) != 0;
	uint32_t has = get_number(strip, HAS_PASSWORD | HAS_BODY);
	out->target = get_text(strip);
	out->headers = get_text(strip);
	out->password = (has & HAS_PASSWORD) != 0 ? get_text(strip) : NULL;
	out->body = (has & HAS_BODY) != 0 ? get_text(strip) : NULL;
	if (out->driver == DRIVER_EXEC)
		strip->bad = true;
}

static const char *get_line(struct strip *strip)
{
	const char *line = get_text(strip), *at = line;

	while (*at != '\0') {
		size_t letter = utf8_letter(at);
		if (letter == 0) {
			strip->bad = true;
			break;
		}
		at += letter;
	}
	if (at - line > WIRE_ERROR_MAX)
		strip->bad = true;
	return line;
}

static void get_answer(struct strip *strip, struct wire_message *out)
{
	out->result = (enum probe_result)get_number(strip, PROBE_FAILURE);
	out->latency = get_span(strip, 0);
	out->error = get_line(strip);
}

int wire_read(const void *bytes, size_t len, struct wire_message *out, struct err *err)
{
	struct strip strip = {.from = bytes, .left = len};

	*out = (struct wire_message){.target = "", .headers = "", .error = ""};
	out->kind = (enum wire_kind)get_number(&strip, WIRE_PONG);
	if (out->kind == WIRE_ASK || out->kind == WIRE_DROP || out->kind == WIRE_ANSWER)
		out->probe = get_number(&strip, UINT32_MAX);
	out->serial = get_number(&strip, UINT32_MAX);
	if (out->kind == WIRE_ASK)
		get_ask(&strip, out);
	if (out->kind == WIRE_ANSWER)
		get_answer(&strip, out);
	if (strip.bad || strip.left != 0)
		return err_set(err, 0, "%zu bytes that are no message", len);
	return 0;
}
