/*
 * fuzz - what all targets have in common.
 *
 * A target is one function from bytes to nothing, which aborts (MUST) when a promise is broken. It
 * is linked twice: with libFuzzer, which looks for bytes that reach new code, and with replay.c,
 * which feeds it the corpus.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

/* libFuzzer's entry; always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bytes that are taken from the front; at the end there are zeros. */
struct bytes {
	const uint8_t *at, *end;
};

static inline uint8_t bytes_take(struct bytes *bytes)
{
	return bytes->at < bytes->end ? *bytes->at++ : 0;
}

/* A number below bound (at most 256). */
static inline uint32_t bytes_below(struct bytes *bytes, uint32_t bound)
{
	return bytes_take(bytes) % bound;
}

/* The bytes as a text, which ends at the first NUL; the caller's to free. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	MUST(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

#endif
