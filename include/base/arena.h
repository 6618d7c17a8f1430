/* arena - memory that is given out piece by piece and taken back all at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_chunk;

/* All zero is an empty arena. Memory is given from chunks that never move. */
struct arena {
	struct arena_chunk *chunks; /* owned; newest first */
	size_t total;		    /* bytes in all chunks */
};

/* size bytes, zeroed, aligned for any type; NULL when memory is refused. The arena owns them. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of the text; NULL when memory is refused. */
char *arena_strdup(struct arena *arena, const char *text);

/* A copy of the first len bytes of text with a NUL after them; NULL when memory is refused. */
char *arena_strndup(struct arena *arena, const char *text, size_t len);

/* Formatted text; NULL when memory is refused. */
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Forget all that was given out but keep one chunk for the next round. */
void arena_reset(struct arena *arena);

/* Give everything back; the arena is empty and usable again. */
void arena_fini(struct arena *arena);

#endif
