#include "service/json.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

static void begin(struct body *body, const char *key)
{
	if (body->comma)
		body_put(body, ",", 1);
	if (key != NULL) {
		body_put(body, "\"", 1);
		body_put(body, key, strlen(key));
		body_put(body, "\":", 2);
	}
	body->comma = true;
}

static void open_with(struct body *body, const char *key, const char *bracket)
{
	begin(body, key);
	body_put(body, bracket, 1);
	body->comma = false;
}

static void close_with(struct body *body, const char *bracket)
{
	body_put(body, bracket, 1);
	body->comma = true;
}

void json_object_begin(struct body *body, const char *key)
{
	open_with(body, key, "{");
}

void json_object_end(struct body *body)
{
	close_with(body, "}");
}

void json_array_begin(struct body *body, const char *key)
{
	open_with(body, key, "[");
}

void json_array_end(struct body *body)
{
	close_with(body, "]");
}

static bool is_plain(char c)
{
	unsigned char byte = (unsigned char)c;

	return byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\';
}

/* The bytes at the start of text that stand for themselves in JSON and are ASCII. */
static size_t plain_length(const char *text)
{
	size_t len = 0;

	while (is_plain(text[len]))
		len++;
	return len;
}

/* One character that is not plain. Returns its length in text. */
static size_t put_special(struct body *body, const char *text)
{
	size_t len = utf8_length(text);

	if (len == 0) {
		body_put(body, REPLACEMENT, strlen(REPLACEMENT));
		return 1;
	}
	if (len > 1)
		body_put(body, text, len);
	else if (*text == '"' || *text == '\\')
		body_add(body, "\\%c", *text);
	else
		body_add(body, "\\u%04x", (unsigned)*text);
	return len;
}

void json_put_str(struct body *body, const char *key, const char *text)
{
	if (text == NULL) {
		json_put_null(body, key);
		return;
	}
	begin(body, key);
	body_put(body, "\"", 1);
	while (*text != '\0') {
		size_t len = plain_length(text);
		body_put(body, text, len);
		text += len;
		if (*text != '\0')
			text += put_special(body, text);
	}
	body_put(body, "\"", 1);
}

void json_put_int(struct body *body, const char *key, int64_t value)
{
	begin(body, key);
	body_add(body, "%" PRId64, value);
}

void json_put_bool(struct body *body, const char *key, bool value)
{
	begin(body, key);
	body_add(body, value ? "true" : "false");
}

void json_put_null(struct body *body, const char *key)
{
	begin(body, key);
	body_put(body, "null", 4);
}

void json_put_seconds(struct body *body, const char *key, span_ns span)
{
	begin(body, key);
	body_add(body, "%" PRId64 ".%03d", span / NS_S, (int)(span % NS_S / NS_MS));
}

void json_put_ms(struct body *body, const char *key, span_ns span)
{
	json_put_int(body, key, span / NS_MS);
}

void json_put_wall(struct body *body, const char *key, wall_ns at)
{
	char text[WALL_TEXT_SIZE];

	json_put_str(body, key, wall_format(text, at));
}
