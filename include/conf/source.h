/* source - a configuration file in memory, and a place in it. */
#ifndef CONF_SOURCE_H
#define CONF_SOURCE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

enum { SOURCE_BYTES_MAX = 1024 * 1024 };

struct source {
	const char *name; /* the path as people are to see it */
	const char *text; /* len bytes and a NUL; NULL: could not be read */
	size_t len;
	unsigned order; /* files are told of in the order in which they were first met */
	dev_t device;
	ino_t inode;
};

/* A byte of a source. */
struct place {
	const struct source *source; /* NULL: nowhere; a default of ours */
	size_t offset;		     /* <= source->len */
};

/* Line and column of a place, both from 1; columns count characters, a tab is one. */
struct position {
	size_t line;
	size_t column;
	const char *start; /* of the line, in source->text */
	size_t len;	   /* of the line, without its newline */
};

/*
 * Read the regular file at path, at most SOURCE_BYTES_MAX, into the arena: *out gets text, len,
 * device, inode. Returns 0, or -1 with err: what the system said, not a regular file, or too large.
 * Never waits for a FIFO's writer.
 */
int source_read(struct source *out, const char *path, struct arena *arena, struct err *err);

/* The first byte that is not part of valid UTF-8 text (control characters other than tab and
 * newlines count as invalid); len when all is well. */
size_t source_valid_prefix(const struct source *source);

/* The place at a line and column, both from 1; columns count characters. The end of the line, or of
 * the source, where that is nearer. */
struct place place_at(const struct source *source, int line, int column);

/* Where in its source the place is. Panics when it has none. */
struct position place_position(struct place place);

#endif
