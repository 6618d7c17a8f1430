#include "service/body.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

enum { SIZE_MIN = 512 };

static bool reserve(struct body *body, size_t len)
{
	size_t size = body->size > 0 ? body->size : SIZE_MIN;

	while (size - body->len < len)
		size *= 2;
	if (size == body->size || body->failed)
		return !body->failed;
	char *text = realloc(body->text, size);
	if (text == NULL) {
		body->failed = true;
		return false;
	}
	body->text = text;
	body->size = size;
	return true;
}

void body_put(struct body *body, const char *bytes, size_t len)
{
	if (!reserve(body, len))
		return;
	memcpy(body->text + body->len, bytes, len);
	body->len += len;
}

void body_add(struct body *body, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	MUST(len >= 0);
	/* vsnprintf wants room for its NUL; the next text overwrites it. */
	if (!reserve(body, (size_t)len + 1))
		return;
	va_start(args, format);
	vsnprintf(body->text + body->len, (size_t)len + 1, format, args);
	va_end(args);
	body->len += (size_t)len;
}

void body_fini(struct body *body)
{
	free(body->text);
	*body = (struct body){0};
}
