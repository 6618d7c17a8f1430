/* line - one event of the log as the line of text that stands for it. */
#ifndef BASE_LINE_H
#define BASE_LINE_H

#include <stddef.h>

#include "base/clock.h"
#include "base/log.h"

/* A line with its newline and a NUL; fields that do not fit are left out, and it says so. */
enum { LINE_MAX_SIZE = 4096 };

enum line_style {
	LINE_LOGFMT,	 /* 2026-01-02T03:04:05.678Z level=info msg="worker started" worker=web */
	LINE_JSON,	 /* {"time":"...","level":"info","msg":"worker started","worker":"web"} */
	LINE_JOURNAL,	 /* <6>worker started worker=web */
	LINE_TERMINAL,	 /* 18:00:00.123 info    worker started worker=web */
	LINE_TERMINAL_COLOUR, /* the same, the level in colour, the fields dim */
};

/*
 * Write the event into buf, ending in a newline and a NUL. Returns its length without the NUL.
 * Control characters and bytes that are no UTF-8 are escaped; a value is cut at 1 KiB.
 */
size_t line_format(char buf[LINE_MAX_SIZE], enum line_style style, enum log_level level,
		   wall_ns at, const char *message, const struct log_field *fields);

#endif
