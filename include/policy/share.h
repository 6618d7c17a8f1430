/* share - how much of the time that is left one of the lifespan's stops may take. */
#ifndef POLICY_SHARE_H
#define POLICY_SHARE_H

#include <stdint.h>

#include "base/clock.h"

/* How long a stop may take, though its own timeout or its own wish be longer. */
struct share {
	span_ns term; /* until TERM, <= kill */
	span_ns kill; /* until SIGKILL, > 0 */
};

/*
 * Of what is left for n stops, the share of the first of them: what the timeouts of the others
 * (their sum) leave it, but the n-th part in any case. TERM comes 2 s before the end of a share, or
 * a fifth of it.
 *
 *   panics  when left or n is 0
 */
struct share share_of_stops(span_ns left, uint32_t n, span_ns others);

#endif
