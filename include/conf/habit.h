/* habit - what people write from habit, in the form that is read here. */
#ifndef CONF_HABIT_H
#define CONF_HABIT_H

#include "base/text.h"

/* "10 sec", "1.5h", "2 Minutes" or cron's "@hourly" as the duration that was meant: 10s, 1h30m, 2m,
 * 1h. Returns buf, or NULL when it is none that can be told. */
const char *habit_span(const char *text, char buf[SPAN_TEXT_SIZE]);

enum { HABIT_SIZE_MAX = 24 };

/* "64KB", "64kib" or "10 MB" as the size that was meant: 64K, 10M. As above. */
const char *habit_size(const char *text, char buf[HABIT_SIZE_MAX]);

#endif
