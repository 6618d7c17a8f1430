#include "base/line.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "base/utf8.h"

enum { VALUE_MAX = 1024, TAIL_ROOM = 64 };

static const struct {
	const char *name;
	const char *colour;
	int syslog; /* the number in the journal's prefix: sd-daemon(3) */
} levels[] = {
	[LOG_ERROR] = {"error", "\033[31m", 3},
	[LOG_WARNING] = {"warning", "\033[33m", 4},
	[LOG_INFO] = {"info", "\033[32m", 6},
	[LOG_DEBUG] = {"debug", "\033[36m", 7},
};

/* C0, DEL, and C1 (C2 80 ... C2 9F), which terminals obey as well. */
static bool is_control(const char *at, size_t length)
{
	unsigned char first = (unsigned char)at[0];

	return length == 1 ? first < 0x20 || first == 0x7f
			   : first == 0xc2 && (unsigned char)at[1] < 0xa0;
}

static void put_escape(struct text *line, bool json, const char *at, size_t length)
{
	unsigned byte = (unsigned char)at[length == 2 ? 1 : 0];

	if (*at == '\n')
		text_add(line, "\\n");
	else if (*at == '\t')
		text_add(line, "\\t");
	else if (json)
		text_add(line, length == 0 ? "\\ufffd" : "\\u%04x", byte);
	else if (length == 2)
		text_add(line, "\\u%04x", byte);
	else
		text_add(line, "\\x%02x", byte);
}

static void put_escaped(struct text *line, bool json, const char *value)
{
	size_t limit = line->len + VALUE_MAX;

	for (const char *at = value; *at != '\0';) {
		size_t length = utf8_length(at);
		if (line->len >= limit) {
			text_add(line, "...");
			return;
		}
		if (length == 0 || is_control(at, length))
			put_escape(line, json, at, length);
		else if (*at == '"' || *at == '\\')
			text_add(line, "\\%c", *at);
		else
			text_put(line, at, length);
		at += length == 0 ? 1 : length;
	}
}

static bool is_plain(const char *value)
{
	const char *at = value;

	for (; *at != '\0'; at += utf8_length(at)) {
		size_t length = utf8_length(at);
		if (length == 0 || is_control(at, length) || strchr(" \"=\\", *at) != NULL)
			return false;
	}
	return at > value;
}

static void put_value(struct text *line, bool json, const char *value)
{
	const char *quote = json || !is_plain(value) ? "\"" : "";

	text_add(line, "%s", quote);
	put_escaped(line, json, value);
	text_add(line, "%s", quote);
}

/* As short as a person wants it: milliseconds from a second on, else microseconds. */
static void put_span(struct text *line, span_ns span)
{
	char buf[SPAN_TEXT_SIZE];
	span_ns unit = span >= NS_S ? NS_MS : NS_US;

	text_add(line, "%s", span_format(buf, span / unit * unit));
}

static void put_json_field(struct text *line, const struct log_field *field)
{
	const char *unit = field->kind == LOG_FIELD_SPAN ? "_ms" : "";

	text_add(line, ",\"%s%s\":", field->key, unit);
	if (field->kind == LOG_FIELD_STR)
		put_value(line, true, field->str);
	else if (field->kind == LOG_FIELD_INT)
		text_add(line, "%" PRId64, field->num);
	else
		text_add(line, "%" PRId64 ".%03d", field->num / NS_MS,
			 (int)(field->num % NS_MS / NS_US));
}

static void put_word_field(struct text *line, const struct log_field *field)
{
	text_add(line, " %s=", field->key);
	if (field->kind == LOG_FIELD_STR)
		put_value(line, false, field->str);
	else if (field->kind == LOG_FIELD_INT)
		text_add(line, "%" PRId64, field->num);
	else
		put_span(line, field->num);
}

/* A field stands in the line whole or not at all, so that what is there can be parsed. */
static void put_fields(struct text *line, bool json, const struct log_field *fields)
{
	for (const struct log_field *field = fields; field->kind != LOG_FIELD_END; field++) {
		size_t before = line->len;
		if (field->str == NULL)
			continue;
		if (json)
			put_json_field(line, field);
		else
			put_word_field(line, field);
		if (line->truncated) {
			line->buf[line->len = before] = '\0';
			return;
		}
	}
}

static void put_clock(struct text *line, wall_ns at)
{
	time_t seconds = (time_t)(at / NS_S);
	struct tm tm;

	if (localtime_r(&seconds, &tm) == NULL)
		return;
	text_add(line, "%02d:%02d:%02d.%03d ", tm.tm_hour, tm.tm_min, tm.tm_sec,
		 (int)(at % NS_S / NS_MS));
}

static void put_head(struct text *line, enum line_style style, enum log_level level, wall_ns at)
{
	char stamp[WALL_TEXT_SIZE];

	switch (style) {
	case LINE_LOGFMT:
		text_add(line, "%s level=%s msg=", wall_format(stamp, at), levels[level].name);
		break;
	case LINE_JSON:
		text_add(line, "{\"time\":\"%s\",\"level\":\"%s\",\"msg\":", wall_format(stamp, at),
			 levels[level].name);
		break;
	case LINE_JOURNAL:
		text_add(line, "<%d>", levels[level].syslog);
		break;
	case LINE_TERMINAL:
		put_clock(line, at);
		text_add(line, "%-7s ", levels[level].name);
		break;
	case LINE_TERMINAL_COLOUR:
		put_clock(line, at);
		text_add(line, "%s%-7s\033[0m ", levels[level].colour, levels[level].name);
		break;
	}
}

size_t line_format(char buf[LINE_MAX_SIZE], enum line_style style, enum log_level level,
		   wall_ns at, const char *message, const struct log_field *fields)
{
	const bool json = style == LINE_JSON, colour = style == LINE_TERMINAL_COLOUR;
	struct text line;

	text_init(&line, buf, LINE_MAX_SIZE - TAIL_ROOM);
	put_head(&line, style, level, at);
	if (style == LINE_LOGFMT || json)
		put_value(&line, json, message);
	else
		put_escaped(&line, false, message);
	if (colour)
		text_add(&line, "\033[2m");
	put_fields(&line, json, fields);
	line.size = LINE_MAX_SIZE;
	if (line.truncated)
		text_add(&line, json ? ",\"truncated\":true" : " truncated=true");
	text_add(&line, "%s%s\n", colour ? "\033[0m" : "", json ? "}" : "");
	return line.len;
}
