#include "fosterctl/shown.h"

#include <limits.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

/* The character that text begins with: its bytes, and its columns, 0 when it must not be shown. At
 * what is no character: one byte. */
static size_t character(const char *text, size_t *columns)
{
	mbstate_t state = {0};
	wchar_t wide;
	size_t len = mbrtowc(&wide, text, MB_LEN_MAX, &state);

	*columns = 0;
	if (len == 0 || len == (size_t)-1 || len == (size_t)-2)
		return 1;
	int width = iswprint((wint_t)wide) ? wcwidth(wide) : 0;
	*columns = width > 0 ? (size_t)width : 0;
	return len;
}

static bool has_room(const struct text *text, size_t len)
{
	return text->size - text->len > len;
}

void shown_add(struct text *text, const char *raw)
{
	size_t columns, len;

	for (; raw != NULL && *raw != '\0'; raw += len) {
		len = character(raw, &columns);
		if (!has_room(text, columns > 0 ? len : 4 * len)) {
			text->truncated = true;
			return;
		}
		if (columns > 0)
			text_put(text, raw, len);
		for (size_t i = 0; columns == 0 && i < len; i++)
			text_add(text, "\\x%02x", (unsigned)(unsigned char)raw[i]);
	}
}

size_t shown_width(const char *text)
{
	size_t width = 0, columns;

	for (; *text != '\0'; width += columns)
		text += character(text, &columns);
	return width;
}

size_t shown_fit(const char *text, size_t columns)
{
	size_t used = 0, at = 0, width;

	while (text[at] != '\0') {
		size_t len = character(text + at, &width);
		if (used + width > columns)
			break;
		used += width;
		at += len;
	}
	return at;
}

void shown_cut(struct text *text, const char *safe, size_t columns)
{
	size_t width = shown_width(safe);

	if (width <= columns) {
		text_put(text, safe, strlen(safe));
		return;
	}
	size_t tail = (columns - 2) / 2;
	text_put(text, safe, shown_fit(safe, columns - 2 - tail));
	text_put(text, "..", 2);
	safe += shown_fit(safe, width - tail);
	text_put(text, safe, strlen(safe));
}
