/* text - building and comparing short texts without overrunning anything. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

enum { SPAN_TEXT_SIZE = 48 }; /* room for span_format's text and its NUL */

/* A text that grows inside a caller's buffer; always NUL-terminated. */
struct text {
	char *buf;	/* borrowed */
	size_t size;	/* bytes in buf, >= 1 */
	size_t len;	/* < size */
	bool truncated; /* something did not fit */
};

/* Start an empty text in buf. Panics when size is 0. */
void text_init(struct text *text, char *buf, size_t size);

/* Append formatted text; what does not fit is cut and sets truncated. */
void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with the arguments in a va_list. */
void text_vadd(struct text *text, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Append len bytes as they are; what does not fit is cut and sets truncated. */
void text_put(struct text *text, const char *bytes, size_t len);

/* Edits (insert, delete, replace, swap of neighbours) that turn a into b; case counts. Texts over
 * 63 bytes: 64. */
unsigned text_distance(const char *a, const char *b);

/* The nearest of the count candidates to word if it is near enough for "did you mean", else NULL.
 */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);

/* Write span as a configuration duration, largest units first: 1m30s, 250ms, 1h; 0 is "0s". Returns
 * buf. */
char *span_format(char buf[SPAN_TEXT_SIZE], span_ns span);

#endif
