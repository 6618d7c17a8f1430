#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/line.h"
#include "base/must.h"
#include "base/sink.h"

enum { BUFFER_SIZE = 64 * 1024, AT_ONCE = 16 };

struct log {
	enum log_level level;
	enum line_style style;
	struct sink sink;
	bool torn;	 /* the last line was lost after its beginning had been written */
	uint64_t untold; /* lines lost that no line has told of yet */
	unsigned lines;	 /* since the last log_flush; stays at AT_ONCE */
	size_t start;	 /* first byte not written yet, <= end */
	size_t end;	 /* <= BUFFER_SIZE; before it stand whole lines, the first perhaps begun */
	char buffer[BUFFER_SIZE];
};

static bool is_journal(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	return stream != NULL && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       fstat(fd, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

/* https://no-color.org: set and not empty means no colour. */
static bool wants_colour(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return (no_color == NULL || *no_color == '\0') && term != NULL && strcmp(term, "dumb") != 0;
}

static enum line_style style_of(int fd, enum log_format format)
{
	if (format == LOG_FORMAT_JSON)
		return LINE_JSON;
	if (format == LOG_FORMAT_LOGFMT)
		return LINE_LOGFMT;
	if (is_journal(fd))
		return LINE_JOURNAL;
	if (!isatty(fd))
		return LINE_LOGFMT;
	return wants_colour() ? LINE_TERMINAL_COLOUR : LINE_TERMINAL;
}

struct log *log_new(int fd, enum log_level level, enum log_format format)
{
	struct log *log = calloc(1, sizeof *log);

	if (log == NULL)
		return NULL;
	log->level = level;
	log->style = style_of(fd, format);
	sink_init(&log->sink, fd);
	return log;
}

void log_free(struct log **log)
{
	if (*log == NULL)
		return;
	log_flush(*log);
	sink_fini(&(*log)->sink);
	free(*log);
	*log = NULL;
}

/* Append whole lines, all of them or none. */
static bool put(struct log *log, const char *lines, size_t len)
{
	if (BUFFER_SIZE - log->end < len && log->start > 0) {
		memmove(log->buffer, log->buffer + log->start, log->end - log->start);
		log->end -= log->start;
		log->start = 0;
	}
	if (BUFFER_SIZE - log->end < len)
		return false;
	memcpy(log->buffer + log->end, lines, len);
	log->end += len;
	return true;
}

/* The descriptor refuses: nothing that waits will ever be written. */
static void lose_all(struct log *log)
{
	uint64_t lines = 0;

	for (size_t i = log->start; i < log->end; i++)
		lines += log->buffer[i] == '\n';
	log->torn = log->start > 0 && log->buffer[log->start - 1] != '\n';
	log->start = log->end = 0;
	log->untold += lines;
}

/* 1 when some bytes were written, 0 when the descriptor is busy, -1 when everything was lost. */
static int write_some(struct log *log)
{
	const char *from = log->buffer + log->start;
	size_t len = log->end - log->start;

	if (len > SINK_WRITE_MAX) {
		/*
		 * Whole lines in one write, which a pipe shared with the workers then keeps
		 * whole.
		 */
		const char *last = memrchr(from, '\n', SINK_WRITE_MAX);
		MUST(last != NULL);
		len = (size_t)(last - from) + 1;
	}
	ssize_t taken = sink_write(&log->sink, from, len);
	if (taken == -1) {
		lose_all(log);
		return -1;
	}
	log->start += (size_t)taken;
	return taken > 0;
}

/* False when the descriptor is busy. */
static bool write_all(struct log *log)
{
	while (log->start < log->end) {
		int result = write_some(log);
		if (result <= 0)
			return result == -1;
	}
	log->start = log->end = 0;
	return true;
}

/*
 * Write the line about lost lines, past the empty buffer: when it cannot be written either, the
 * count just stays. False when the descriptor is busy.
 */
static bool tell_loss(struct log *log)
{
	const struct log_field fields[] = {F_INT("count", log->untold), {LOG_FIELD_END, "", "", 0}};
	char text[1 + LINE_MAX_SIZE] = "\n";
	size_t skip = log->torn ? 0 : 1;

	size_t len = 1 + line_format(text + 1, log->style, LOG_WARNING, wall_now(),
				     "log lines lost", fields);
	ssize_t taken = sink_write(&log->sink, text + skip, len - skip);
	if (taken <= 0)
		return taken == -1;
	log->untold = 0;
	log->torn = false;
	put(log, text + skip + taken, len - skip - (size_t)taken);
	return log->start == log->end;
}

static bool flush(struct log *log)
{
	if (!write_all(log))
		return false;
	return log->untold == 0 || tell_loss(log);
}

bool log_flush(struct log *log)
{
	log->lines = 0;
	return flush(log);
}

/* So much waits that a write is full; or the line is one of few. held: what waited before it. */
static bool is_to_be_written(struct log *log, size_t held)
{
	if (log->lines == AT_ONCE)
		return held < SINK_WRITE_MAX && log->end - log->start >= SINK_WRITE_MAX;
	log->lines++;
	return held == 0;
}

void log_write(struct log *log, enum log_level level, const char *message,
	       const struct log_field *fields)
{
	char line[LINE_MAX_SIZE];

	if (level > log->level)
		return;
	/*
	 * After a loss nothing is taken until the loss has been told: one gap, and the word of
	 * it stands there.
	 */
	if (log->untold > 0)
		flush(log);
	size_t held = log->end - log->start;
	size_t len = line_format(line, log->style, level, wall_now(), message, fields);
	if (log->untold > 0 || !put(log, line, len))
		log->untold++;
	else if (is_to_be_written(log, held))
		flush(log);
}

int log_fd(const struct log *log)
{
	return log->sink.fd;
}
