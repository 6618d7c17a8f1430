#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

enum { CHUNK_MIN = 4096 };

struct arena_chunk {
	struct arena_chunk *next;
	size_t size; /* bytes in data */
	size_t used; /* <= size */
	alignas(max_align_t) unsigned char data[];
};

static struct arena_chunk *chunk_add(struct arena *arena, size_t want)
{
	/* Each chunk is as large as all before it: few chunks, at most half of the memory unused.
	 */
	size_t size =
		arena->total > CHUNK_MIN ? arena->total : CHUNK_MIN - sizeof(struct arena_chunk);
	if (size < want)
		size = want;
	struct arena_chunk *chunk = malloc(sizeof *chunk + size);
	if (chunk == NULL)
		return NULL;
	*chunk = (struct arena_chunk){.next = arena->chunks, .size = size};
	arena->chunks = chunk;
	arena->total += size;
	return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);

	if (size > SIZE_MAX / 4)
		return NULL;
	size = (size + align - 1) / align * align;
	struct arena_chunk *chunk = arena->chunks;
	if (chunk == NULL || chunk->size - chunk->used < size)
		chunk = chunk_add(arena, size);
	if (chunk == NULL)
		return NULL;
	void *piece = chunk->data + chunk->used;
	chunk->used += size;
	return memset(piece, 0, size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	return copy == NULL ? NULL : memcpy(copy, text, len);
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	MUST(len >= 0);
	char *text = arena_alloc(arena, (size_t)len + 1);
	if (text == NULL)
		return NULL;
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return text;
}

void arena_reset(struct arena *arena)
{
	struct arena_chunk *keep = arena->chunks;

	if (keep == NULL)
		return;
	/* The newest chunk is the largest: what one round needed fits the next time without malloc.
	 */
	struct arena rest = {.chunks = keep->next};
	arena_fini(&rest);
	keep->next = NULL;
	keep->used = 0;
	arena->total = keep->size;
}

void arena_fini(struct arena *arena)
{
	while (arena->chunks != NULL) {
		struct arena_chunk *next = arena->chunks->next;
		free(arena->chunks);
		arena->chunks = next;
	}
	arena->total = 0;
}
