/*
 * sweep - what workers have left behind outside of their groups, when all of them are gone.
 *
 * We are the reaper of all descendants, so whatever lost its parent is our child by now, in
 * whatever group or session. What is in our own session was there before us, or is ours for a
 * moment: left.
 */
#ifndef ENGINE_SWEEP_H
#define ENGINE_SWEEP_H

#include "base/log.h"

/*
 * Send all of it SIGTERM, after 500 ms SIGKILL; name each in the log, and reap it. Waits for its
 * end, a second at most: for the way out alone. Returns how often something had to be killed.
 */
unsigned sweep_strays(struct log *log);

#endif
