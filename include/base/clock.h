/* clock - the two kinds of time: a stopwatch for deadlines, a wall clock for stamps shown to
 * people. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

typedef int64_t mono_ns; /* a moment on CLOCK_MONOTONIC, nanoseconds; >= 0 */
typedef int64_t span_ns; /* a length of time, nanoseconds; >= 0 */
typedef int64_t wall_ns; /* a moment on CLOCK_REALTIME, nanoseconds since 1970; for people only */

#define MONO_NEVER INT64_MAX
#define NS_US	   INT64_C(1000)
#define NS_MS	   INT64_C(1000000)
#define NS_S	   INT64_C(1000000000)

enum { WALL_TEXT_SIZE = 32 }; /* room for wall_format's text and its NUL */

/* The moment now, on CLOCK_MONOTONIC (it stands still while the machine is suspended). */
mono_ns mono_now(void);

/* The moment now, on CLOCK_REALTIME. */
wall_ns wall_now(void);

/* at + span, MONO_NEVER when that is too large or at is MONO_NEVER. Panics when either is < 0. */
mono_ns mono_add(mono_ns at, span_ns span);

/* The earlier of two moments. */
mono_ns mono_min(mono_ns a, mono_ns b);

/* The later of two moments. */
mono_ns mono_max(mono_ns a, mono_ns b);

/* Write at as RFC 3339 in UTC with milliseconds: 2026-01-02T03:04:05.678Z. Returns buf. */
char *wall_format(char buf[WALL_TEXT_SIZE], wall_ns at);

#endif
