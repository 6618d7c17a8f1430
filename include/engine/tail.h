/* tail - the last 4 KiB of what a program says. */
#ifndef ENGINE_TAIL_H
#define ENGINE_TAIL_H

#include <stdbool.h>
#include <stddef.h>

enum { TAIL_MAX = 4096 };

/* All zero is an empty one. */
struct tail {
	char *text; /* owned; NULL: nothing came yet, or memory was refused */
	size_t len; /* <= TAIL_MAX */
};

/* Read what is there, at most 64 KiB, without waiting (fd is non-blocking). False: no more will
 * come. Without memory it is read and forgotten. */
bool tail_read(struct tail *tail, int fd);

/* Keep these bytes; without memory they are forgotten. */
void tail_add(struct tail *tail, const char *bytes, size_t len);

/* The text, without what does not show at its end, a question mark for each NUL; "" none. */
const char *tail_text(struct tail *tail);

/* Empty again. */
void tail_fini(struct tail *tail);

#endif
