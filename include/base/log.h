/*
 * log - fosterd's own log: one line an event, and never a wait.
 *
 * A line goes into a buffer of 64 KiB and from there to the descriptor as far as that takes it
 * without blocking; what finds the buffer full is dropped and counted. A line "log lines lost"
 * with count=N stands where the gap is, as soon as it can be written. Lines that the descriptor
 * refuses (disk full, no reader) are lost in the same way. Failures to write are never reported:
 * there is nowhere to report them to.
 *
 * The first 16 lines after log_flush are written at once, further ones together by 4 KiB or by the
 * next log_flush: whoever is killed between loses so much.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/*
 * auto: journal's "<N>" prefix when fd is the journal's stream; on a terminal a short time, the
 * level in colour and dim fields (no colour with NO_COLOR or TERM=dumb); else plain logfmt.
 */
enum log_format { LOG_FORMAT_AUTO, LOG_FORMAT_LOGFMT, LOG_FORMAT_JSON };

enum log_field_kind { LOG_FIELD_END, LOG_FIELD_STR, LOG_FIELD_INT, LOG_FIELD_SPAN };

/* One key=value of a line. Made by the F_ macros below. */
struct log_field {
	enum log_field_kind kind;
	const char *key; /* a fixed word: lower case, digits, _ */
	const char *str; /* borrowed for the call; NULL leaves the field out */
	int64_t num;	 /* the integer, or the span in nanoseconds */
};

#define F_STR(key_, value_) ((struct log_field){LOG_FIELD_STR, (key_), (value_), 0})
#define F_INT(key_, value_) ((struct log_field){LOG_FIELD_INT, (key_), "", (int64_t)(value_)})
#define F_SPAN(key_, value_) ((struct log_field){LOG_FIELD_SPAN, (key_), "", (value_)})

/*
 * Log one event: LOG_EVENT(log, LOG_INFO, "worker started", F_INT("pid", pid));
 * At least one field. The message is a fixed text without variable parts.
 */
#define LOG_EVENT(log, level, message, ...) \
	log_write((log), (level), (message), \
		  (const struct log_field[]){__VA_ARGS__, {LOG_FIELD_END, "", "", 0}})

struct log;

/*
 * A log that writes to fd (borrowed; normally standard error). A pipe or terminal is opened anew
 * through /proc/self/fd, so that O_NONBLOCK does not reach the programs that share the
 * descriptor. Returns NULL when memory is refused.
 */
struct log *log_new(int fd, enum log_level level, enum log_format format);

/* Write what is buffered as far as it goes without blocking, and free. Accepts NULL inside. */
void log_free(struct log **log);

/*
 * One event with fields up to LOG_FIELD_END. Left out when level is above the log's. Written at
 * once when nothing waits before it; but of more than 16 lines between two calls of log_flush those
 * after wait for it, or for 4 KiB of their kind. A line is at most 4 KiB, a value 1 KiB.
 */
void log_write(struct log *log, enum log_level level, const char *message,
	       const struct log_field *fields);

/*
 * Write buffered lines without blocking. Returns true when nothing is left or ever will be
 * written of it.
 */
bool log_flush(struct log *log);

/* The descriptor to watch for writability while log_flush returned false. */
int log_fd(const struct log *log);

#endif
