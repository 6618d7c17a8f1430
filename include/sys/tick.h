/* tick - one timer on the monotonic clock, at a moment and not after a delay. */
#ifndef SYS_TICK_H
#define SYS_TICK_H

#include "base/clock.h"
#include "base/err.h"

/* A timerfd (CLOCK_MONOTONIC, non-blocking, CLOEXEC), not set; -1 with err. The caller owns it. */
int tick_open(struct err *err);

/*
 * Become readable at `at` (at once when it is past), never for MONO_NEVER. Replaces what was set.
 */
void tick_set(int fd, mono_ns at);

/* Stop being readable until the next tick_set's moment. */
void tick_clear(int fd);

#endif
