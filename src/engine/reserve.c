#include "engine/reserve.h"

#include <errno.h>
#include <ev.h>
#include <malloc.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { BASE_SIZE = 256 * 1024, SIZE_PER_INSTANCE = 1024 };

/* In front of each piece of the reserve. */
struct piece {
	alignas(max_align_t) size_t size;
};

/* libev knows one allocator for the whole process, and hands it no data of ours. */
static struct {
	char *begin;
	size_t size, used;
} reserve;

static bool is_reserved(const void *memory)
{
	const char *at = memory;

	return at != NULL && at >= reserve.begin && at < reserve.begin + reserve.size;
}

static size_t size_of(void *memory)
{
	if (is_reserved(memory))
		return ((struct piece *)memory)[-1].size;
	return memory == NULL ? 0 : malloc_usable_size(memory);
}

/* A piece with what memory holds; NULL when the reserve is used up, and then libev ends us. */
static void *take(void *memory, size_t size)
{
	size_t old = size_of(memory);
	size_t whole = sizeof(struct piece) + (size + alignof(max_align_t) - 1) /
						      alignof(max_align_t) * alignof(max_align_t);

	if (reserve.size - reserve.used < whole)
		return NULL;
	struct piece *piece = (void *)(reserve.begin + reserve.used);
	reserve.used += whole;
	piece->size = size;
	if (old > 0)
		memcpy(piece + 1, memory, old < size ? old : size);
	if (!is_reserved(memory))
		free(memory);
	return piece + 1;
}

static void *allocate(void *memory, long size)
{
	void *bigger = NULL;

	if (size == 0) {
		if (!is_reserved(memory))
			free(memory);
		return NULL;
	}
	if (!is_reserved(memory))
		bigger = realloc(memory, (size_t)size);
	return bigger != NULL ? bigger : take(memory, (size_t)size);
}

int reserve_set_aside(uint32_t instances, struct err *err)
{
	if (reserve.begin != NULL)
		return 0;
	size_t size = BASE_SIZE + (size_t)instances * SIZE_PER_INSTANCE;
	void *begin = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (begin == MAP_FAILED)
		return err_set(err, errno, "set memory aside");
	reserve.begin = begin;
	reserve.size = size;
	ev_set_allocator(allocate);
	return 0;
}
