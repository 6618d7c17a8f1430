#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"

int err_set(struct err *err, int num, const char *format, ...)
{
	struct text text;
	va_list args;

	text_init(&text, err->text, sizeof err->text);
	va_start(args, format);
	text_vadd(&text, format, args);
	va_end(args);
	err->num = num;
	if (num != 0)
		text_add(&text, ": %s", strerror(num));
	return -1;
}

int err_wrap(struct err *err, const char *format, ...)
{
	struct err inner = *err;
	struct text text;
	va_list args;

	text_init(&text, err->text, sizeof err->text);
	va_start(args, format);
	text_vadd(&text, format, args);
	va_end(args);
	text_add(&text, ": %s", inner.text);
	return -1;
}

bool err_is_shortage(int num)
{
	return num == EMFILE || num == ENFILE || num == ENOMEM || num == ENOBUFS;
}
