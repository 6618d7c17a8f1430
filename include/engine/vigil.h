/* vigil - whom a drain waits for: found out for whoever asks, and once a second in the log. */
#ifndef ENGINE_VIGIL_H
#define ENGINE_VIGIL_H

#include "base/log.h"
#include "engine/desk.h"
#include "engine/slot.h"

struct vigil {
	struct log *log; /* borrowed, as all here */
	const struct slots *slots;
	const struct desk *desk;
	mono_ns deadline;	/* when vigil_time is due; MONO_NEVER: not */
	enum drain_phase phase; /* at the end of the last turn */
};

/*
 * A process of the instance that is there: main; when that has gone, one that it left in its group,
 * else the command that is run for its stop or reload. 0: none is known. The first of those left
 * costs a look at all processes of the machine, at most each 100 ms.
 */
pid_t vigil_awaited(const struct slots *slots, uint32_t instance, mono_ns now);

/* The end of a turn: a drain, or a phase of it, may have begun. */
void vigil_turn(struct vigil *vigil, const struct status *status);

/* Say who is waited for, a second after the last time and after the beginning of a phase. */
void vigil_time(struct vigil *vigil);

#endif
