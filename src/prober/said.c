/* said - what a server or a library said, as one line that can be shown to people. */
#include "prober/said.h"

#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

/* The length of the line that text begins with, without what is white at its end. */
static size_t line_length(const char *text)
{
	size_t len = strcspn(text, "\r\n");
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	return len;
}

/* One character, or the secret, or what stands for a byte that cannot be shown. Returns the bytes
 * that were taken. */
static size_t add_piece(struct text *out, const char *text, const char *secret)
{
	if (secret != NULL && secret[0] != '\0' && strncmp(text, secret, strlen(secret)) == 0) {
		text_add(out, "***");
		return strlen(secret);
	}
	size_t len = utf8_letter(text);
	if (len == 0)
		text_add(out, text[0] == '\t' ? " " : "?");
	else if (out->len + len < out->size)
		text_put(out, text, len);
	else
		out->truncated = true;
	return len == 0 ? 1 : len;
}

char *said_tidy(char out[SAID_SIZE], const char *text, const char *secret)
{
	struct text line;
	const char *before = "";
	size_t before_len = 0;
	text_init(&line, out, SAID_SIZE);
	while (*text != '\0' && !line.truncated) {
		text += strspn(text, " \r\n");
		size_t len = line_length(text);
		const char *shown_end = text + len;
		const char *end = text + strcspn(text, "\r\n");
		bool is_news = len > 0 && text[0] != '\t' &&
			       (len != before_len || memcmp(text, before, len) != 0);
		if (is_news && line.len > 0)
			text_add(&line, "; ");
		before = text;
		before_len = len;
		while (is_news && text < shown_end && !line.truncated)
			text += add_piece(&line, text, secret);
		if (text < end)
			text = end;
	}
	return out;
}
