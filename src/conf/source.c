#include "conf/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/must.h"

static int size_check(off_t size, struct err *err)
{
	if (size > SOURCE_BYTES_MAX)
		return err_set(err, 0, "the file is larger than 1 MiB");
	return 0;
}

/* Opened without waiting for anybody at the other end of a FIFO. */
static int regular_open(const char *path, struct stat *st, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd == -1)
		return err_set(err, errno, "cannot open the file");
	if (fstat(fd, st) == -1) {
		err_set(err, errno, "cannot read the file");
		goto fail;
	}
	if (!S_ISREG(st->st_mode)) {
		err_set(err, 0, "%s, not a regular file",
			S_ISDIR(st->st_mode)	? "it is a directory"
			: S_ISFIFO(st->st_mode) ? "it is a FIFO"
						: "it is a device or a socket");
		goto fail;
	}
	if (size_check(st->st_size, err) == -1)
		goto fail;
	return fd;
fail:
	fd_close(&fd);
	return -1;
}

/* Read to the end: what stat said of the size may be old, or 0 in /proc. */
static int all_read(int fd, char *buf, size_t room, size_t *len, struct err *err)
{
	*len = 0;
	while (*len < room) {
		ssize_t got = read(fd, buf + *len, room - *len);
		if (got == 0)
			break;
		if (got > 0)
			*len += (size_t)got;
		else if (errno != EINTR)
			return err_set(err, errno, "cannot read the file");
	}
	return size_check((off_t)*len, err);
}

int source_read(struct source *out, const char *path, struct arena *arena, struct err *err)
{
	struct stat st;
	int result = -1;
	int fd = regular_open(path, &st, err);

	if (fd == -1)
		return -1;
	/* One byte more than it should have, so that a file which grew is noticed. */
	size_t room = st.st_size > 0 ? (size_t)st.st_size + 1 : SOURCE_BYTES_MAX + 1;
	char *buf = arena_alloc(arena, room + 1);
	if (buf == NULL)
		err_set(err, ENOMEM, "cannot read the file");
	else
		result = all_read(fd, buf, room, &out->len, err);
	fd_close(&fd);
	out->text = result == -1 ? NULL : buf;
	out->device = st.st_dev;
	out->inode = st.st_ino;
	return result;
}

/* Bytes of the UTF-8 character at text, of which left bytes remain; 0 when it is none. RFC 3629. */
static size_t character_len(const unsigned char *text, size_t left)
{
	static const struct {
		unsigned char first, last, second_min, second_max;
		size_t len;
	} forms[] = {
		{0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
	};

	if (text[0] < 0x80)
		return text[0] >= ' ' || strchr("\t\n\r", text[0]) != NULL ? text[0] != 0 : 0;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		if (text[0] < forms[i].first || text[0] > forms[i].last || left < forms[i].len)
			continue;
		bool good = text[1] >= forms[i].second_min && text[1] <= forms[i].second_max;
		for (size_t k = 2; k < forms[i].len; k++)
			good = good && text[k] >= 0x80 && text[k] <= 0xbf;
		return good ? forms[i].len : 0;
	}
	return 0;
}

size_t source_valid_prefix(const struct source *source)
{
	const unsigned char *text = (const unsigned char *)source->text;
	size_t at = 0;

	while (at < source->len) {
		size_t len = character_len(text + at, source->len - at);
		if (len == 0)
			break;
		at += len;
	}
	return at;
}

struct position place_position(struct place place)
{
	const char *text = place.source->text;
	struct position position = {.line = 1, .column = 1, .start = text};

	MUST(place.offset <= place.source->len || text == NULL);
	if (text == NULL)
		return position;
	const char *end = text + place.source->len, *at = text + place.offset;
	for (const char *c = text; c < at; c++) {
		if (*c == '\n') {
			position.line++;
			position.start = c + 1;
		}
	}
	for (const char *c = position.start; c < at; c++) {
		/* Bytes 10xxxxxx continue a character. */
		position.column += ((unsigned char)*c & 0xc0) != 0x80;
	}
	const char *newline = memchr(position.start, '\n', (size_t)(end - position.start));
	position.len = (size_t)((newline == NULL ? end : newline) - position.start);
	if (position.len > 0 && position.start[position.len - 1] == '\r')
		position.len--;
	return position;
}

struct place place_at(const struct source *source, int line, int column)
{
	const char *at = source->text, *end = source->text + source->len;

	for (const char *newline; line > 1 && at < end; line--, at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (newline == NULL) {
			/* Behind the last line: the end of the file. */
			at = end;
			break;
		}
	}
	for (; column > 1 && at < end && *at != '\n'; column--) {
		at++;
		while (at < end && ((unsigned char)*at & 0xc0) == 0x80)
			at++;
	}
	return (struct place){.source = source, .offset = (size_t)(at - source->text)};
}
