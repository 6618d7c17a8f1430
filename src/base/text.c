#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/must.h"

enum { WORD_MAX = 63, SHORT_WORD_MAX = 4 };

void text_init(struct text *text, char *buf, size_t size)
{
	MUST(size > 0);
	*text = (struct text){.buf = buf, .size = size};
	buf[0] = '\0';
}

void text_vadd(struct text *text, const char *format, va_list args)
{
	size_t room = text->size - text->len;

	int len = vsnprintf(text->buf + text->len, room, format, args);
	MUST(len >= 0);
	if ((size_t)len >= room) {
		text->truncated = true;
		text->len = text->size - 1;
	} else {
		text->len += (size_t)len;
	}
}

void text_add(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vadd(text, format, args);
	va_end(args);
}

void text_put(struct text *text, const char *bytes, size_t len)
{
	size_t room = text->size - text->len - 1;

	if (len > room) {
		text->truncated = true;
		len = room;
	}
	memcpy(text->buf + text->len, bytes, len);
	text->len += len;
	text->buf[text->len] = '\0';
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Damerau-Levenshtein, restricted (optimal string alignment). */
unsigned text_distance(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);
	unsigned rows[3][WORD_MAX + 1];

	if (a_len > WORD_MAX || b_len > WORD_MAX)
		return WORD_MAX + 1;
	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a_len; i++) {
		unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3],
			 *above2 = rows[(i + 1) % 3];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			unsigned change = a[i - 1] != b[j - 1];
			row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + change);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    above2[j - 2] + 1 < row[j])
				row[j] = above2[j - 2] + 1;
		}
	}
	return rows[a_len % 3][b_len];
}

const char *text_nearest(const char *word, const char *const *candidates, size_t count)
{
	/* A third of the letters and one may be wrong, of a short word's just one: two edits make
	 * nearly any short word of any other. */
	size_t len = strlen(word);
	unsigned best = len <= SHORT_WORD_MAX ? 1 : (unsigned)(len / 3) + 1;
	const char *nearest = NULL;

	for (size_t i = 0; i < count; i++) {
		unsigned distance = text_distance(word, candidates[i]);
		/* Overlong texts are near to nothing. */
		if (distance > WORD_MAX)
			continue;
		if (distance < best || (distance == best && nearest == NULL)) {
			best = distance;
			nearest = candidates[i];
		}
	}
	return nearest;
}

char *span_format(char buf[SPAN_TEXT_SIZE], span_ns span)
{
	static const struct {
		const char *name;
		span_ns length;
	} units[] = {
		{"d", 86400 * NS_S}, {"h", 3600 * NS_S}, {"m", 60 * NS_S}, {"s", NS_S},
		{"ms", NS_MS},	     {"us", NS_US},	 {"ns", 1},
	};
	struct text text;

	text_init(&text, buf, SPAN_TEXT_SIZE);
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (span >= units[i].length)
			text_add(&text, "%" PRId64 "%s", span / units[i].length, units[i].name);
		span %= units[i].length;
	}
	if (text.len == 0)
		text_add(&text, "0s");
	return buf;
}
