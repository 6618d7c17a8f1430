/* body - the text of an answer, written from front to back into memory that grows. */
#ifndef SERVICE_BODY_H
#define SERVICE_BODY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * All zero is an empty body. After memory was refused it takes nothing more and failed stays
 * set.
 */
struct body {
	char *text; /* owned; NULL when empty; no NUL at its end */
	size_t len;
	size_t size;
	bool failed;
};

/* Append formatted text. */
void body_add(struct body *body, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Append len bytes as they are. */
void body_put(struct body *body, const char *bytes, size_t len);

/* Give the memory back; the body is empty and usable again. */
void body_fini(struct body *body);

#endif
