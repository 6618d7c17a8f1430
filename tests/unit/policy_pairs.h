/* policy_pairs - every situation of an instance and every event, and what comes of the two. */
#ifndef UNIT_POLICY_PAIRS_H
#define UNIT_POLICY_PAIRS_H

#include "policy_rig.h"

#define EVENTS(X)                                                                                  \
	X(SPAWNED, "spawned")                                                                      \
	X(SPAWN_FAILED, "spawn-failed")                                                            \
	X(EXITED_WELL, "exited 0")                                                                 \
	X(EXITED_BADLY, "exited 1")                                                                \
	X(EXITED_SIGNAL,                                                                           \
	  "exited by a signal") /* whose number is a success code: no success for that */          \
	X(EXITED_REST, "exited leaving the rest")                                                  \
	X(EMPTY, "empty")                                                                          \
	X(COMMAND_DONE, "command done")                                                            \
	X(READY, "ready")                                                                          \
	X(STOPPING, "stopping")                                                                    \
	X(EXTEND, "extend")                                                                        \
	X(WATCHDOG, "watchdog")                                                                    \
	X(TRIGGER, "trigger")                                                                      \
	X(TIME, "time")                                                                            \
	X(HOLD, "hold")                                                                            \
	X(STOP, "stop")                                                                            \
	X(KILL, "kill")                                                                            \
	X(HAND_START, "start by hand")                                                             \
	X(HAND_STOP, "stop by hand")                                                               \
	X(HAND_RESTART, "restart by hand")

enum event {
#define X(name, text) ON_##name,
	EVENTS(X)
#undef X
		EVENT_COUNT
};

#define X(name, text) text,
static const char *const event_names[] = {EVENTS(X)};
static const char *const situation_names[] = {SITUATIONS(X)};
#undef X

#define SAME NULL /* nothing changes and nothing is ordered */

/*
 * All that changes anything: what comes of it, and what in a drain that began 1 s before and kills
 * 5 s after its start.
 */
static const struct {
	enum situation situation;
	enum event event;
	const char *outcome, *in_drain;
} rows[] = {
	{IN_WAITING, ON_HOLD, "stopped - tell=stopped", SAME},
	{IN_WAITING, ON_STOP, "stopped - tell=stopped", SAME},

	{IN_SPAWNING, ON_SPAWNED, "starting 60", "stopping/main 4 tell=stopping TERM>main"},
	{IN_SPAWNING, ON_SPAWN_FAILED, "backoff! 9e-09 tell=backoff", "stopped - tell=stopped"},
	{IN_SPAWNING, ON_READY, "starting 59", SAME},
	{IN_SPAWNING, ON_EXTEND, "starting 70", SAME},
	{IN_SPAWNING, ON_TIME, "stopping/spawn! 10 tell=stopping", "stopping/kill 1 KILL>all"},
	{IN_SPAWNING, ON_HOLD, "stopping/spawn 10 tell=stopping", SAME},
	{IN_SPAWNING, ON_STOP, "stopping/spawn 10 tell=stopping", SAME},
	{IN_SPAWNING, ON_KILL, "stopping/kill 1 tell=stopping KILL>all",
	 "stopping/kill 1 KILL>all"},

	{IN_STARTING, ON_EXITED_WELL, "backoff 9e-09 tell=backoff", "stopped - tell=stopped"},
	{IN_STARTING, ON_EXITED_BADLY, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STARTING, ON_EXITED_SIGNAL, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STARTING, ON_EXITED_REST, "stopping/rest 10 tell=stopping TERM>group",
	 "stopping/rest 4 tell=stopping TERM>group"},
	{IN_STARTING, ON_READY, "ready 30 tell=ready", "ready 30 tell=ready"},
	{IN_STARTING, ON_EXTEND, "starting 70", "starting 70"},
	{IN_STARTING, ON_TIME, "stopping/main! 10 tell=stopping TERM>main",
	 "stopping/main! 0 tell=stopping TERM>main"},
	{IN_STARTING, ON_STOP, "stopping/main 10 tell=stopping TERM>main",
	 "stopping/main 4 tell=stopping TERM>main"},
	{IN_STARTING, ON_KILL, "stopping/kill 1 tell=stopping KILL>all",
	 "stopping/kill 1 tell=stopping KILL>all"},

	{IN_READY, ON_EXITED_WELL, "backoff 9e-09 tell=backoff", "stopped - tell=stopped"},
	{IN_READY, ON_EXITED_BADLY, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_READY, ON_EXITED_SIGNAL, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_READY, ON_EXITED_REST, "stopping/rest 10 tell=stopping TERM>group",
	 "stopping/rest 4 tell=stopping TERM>group"},
	{IN_READY, ON_STOPPING, "running 10 tell=running", "running 10 tell=running"},
	{IN_READY, ON_WATCHDOG, "ready 30", "ready 30"},
	{IN_READY, ON_TRIGGER, "stopping/main! 10 tell=stopping ABRT>main",
	 "stopping/main! 4 tell=stopping ABRT>main"},
	{IN_READY, ON_TIME, "stopping/main! 10 tell=stopping ABRT>main",
	 "stopping/main! 0 tell=stopping ABRT>main"},
	{IN_READY, ON_STOP, "stopping/main 10 tell=stopping TERM>main",
	 "stopping/main 4 tell=stopping TERM>main"},
	{IN_READY, ON_KILL, "stopping/kill 1 tell=stopping KILL>all",
	 "stopping/kill 1 tell=stopping KILL>all"},

	{IN_RUNNING, ON_EXITED_WELL, "backoff 9e-09 tell=backoff", "stopped - tell=stopped"},
	{IN_RUNNING, ON_EXITED_BADLY, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_RUNNING, ON_EXITED_SIGNAL, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_RUNNING, ON_EXITED_REST, "stopping/rest 10 tell=stopping TERM>group",
	 "stopping/rest 4 tell=stopping TERM>group"},
	{IN_RUNNING, ON_EXTEND, "running 70", "running 70"},
	{IN_RUNNING, ON_TIME, "stopping/main! 10 tell=stopping TERM>main",
	 "stopping/main! 0 tell=stopping TERM>main"},
	{IN_RUNNING, ON_STOP, "stopping/main 10 tell=stopping TERM>main",
	 "stopping/main 4 tell=stopping TERM>main"},
	{IN_RUNNING, ON_KILL, "stopping/kill 1 tell=stopping KILL>all",
	 "stopping/kill 1 tell=stopping KILL>all"},

	{IN_STOP_SPAWN, ON_SPAWNED, "stopping/main! 10 tell=stopping TERM>main",
	 "stopping/main! 4 tell=stopping TERM>main"},
	{IN_STOP_SPAWN, ON_SPAWN_FAILED, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_SPAWN, ON_EXTEND, "stopping/spawn! 70", SAME},
	{IN_STOP_SPAWN, ON_TIME, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},
	{IN_STOP_SPAWN, ON_KILL, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},

	{IN_STOP_COMMAND, ON_EXITED_WELL, "stopping/command! 9", "stopping/command! 4"},
	{IN_STOP_COMMAND, ON_EXITED_BADLY, "stopping/command! 9", "stopping/command! 4"},
	{IN_STOP_COMMAND, ON_EXITED_SIGNAL, "stopping/command! 9", "stopping/command! 4"},
	{IN_STOP_COMMAND, ON_EXITED_REST, "stopping/rest! 9 TERM>group",
	 "stopping/rest! 4 TERM>group"},
	{IN_STOP_COMMAND, ON_COMMAND_DONE, "stopping/main! 9 TERM>main",
	 "stopping/main! 4 TERM>main"},
	{IN_STOP_COMMAND, ON_EXTEND, "stopping/command! 70", SAME},
	{IN_STOP_COMMAND, ON_TIME, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},
	{IN_STOP_COMMAND, ON_KILL, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},

	{IN_STOP_ALONE, ON_COMMAND_DONE, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_ALONE, ON_EXTEND, "stopping/command! 70", SAME},
	{IN_STOP_ALONE, ON_TIME, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},
	{IN_STOP_ALONE, ON_KILL, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},

	{IN_STOP_MAIN, ON_EXITED_WELL, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_MAIN, ON_EXITED_BADLY, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_MAIN, ON_EXITED_SIGNAL, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_MAIN, ON_EXITED_REST, "stopping/rest! 9 TERM>group",
	 "stopping/rest! 4 TERM>group"},
	{IN_STOP_MAIN, ON_EXTEND, "stopping/main! 70", SAME},
	{IN_STOP_MAIN, ON_TIME, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},
	{IN_STOP_MAIN, ON_KILL, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},

	{IN_STOP_REST, ON_EMPTY, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_REST, ON_EXTEND, "stopping/rest! 70", SAME},
	{IN_STOP_REST, ON_TIME, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},
	{IN_STOP_REST, ON_KILL, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},

	{IN_STOP_KILL, ON_EXITED_WELL, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_KILL, ON_EXITED_BADLY, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_KILL, ON_EXITED_SIGNAL, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_KILL, ON_EXITED_REST, "stopping/kill! 0", "stopping/kill! 0"},
	{IN_STOP_KILL, ON_TIME, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},
	{IN_STOP_KILL, ON_KILL, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},

	{IN_BACKOFF, ON_TIME, "starting 60 tell=starting spawn", SAME},
	{IN_BACKOFF, ON_HOLD, "stopped! - tell=stopped", SAME},
	{IN_BACKOFF, ON_STOP, "stopped! - tell=stopped", SAME},

	/* By hand; in a drain nobody listens. */
	{IN_WAITING, ON_HAND_START, "starting 60 tell=starting spawn", SAME},
	{IN_STOP_SPAWN, ON_HAND_START, "stopping/spawn=up! 9", SAME},
	{IN_STOP_COMMAND, ON_HAND_START, "stopping/command=up! 9", SAME},
	{IN_STOP_ALONE, ON_HAND_START, "stopping/command=up! 9", SAME},
	{IN_STOP_MAIN, ON_HAND_START, "stopping/main=up! 9", SAME},
	{IN_STOP_REST, ON_HAND_START, "stopping/rest=up! 9", SAME},
	{IN_STOP_KILL, ON_HAND_START, "stopping/kill=up! 0", SAME},
	{IN_HAND_DOWN, ON_HAND_START, "stopping/main=up 9 tell=stopping", SAME},
	{IN_BACKOFF, ON_HAND_START, "starting 60 tell=starting spawn", SAME},
	{IN_COMPLETED, ON_HAND_START, "starting 60 tell=starting spawn", SAME},
	{IN_STOPPED, ON_HAND_START, "starting 60 tell=starting spawn", SAME},
	{IN_FAILED, ON_HAND_START, "starting 60 tell=starting spawn", SAME},

	{IN_WAITING, ON_HAND_STOP, "stopped - tell=stopped", SAME},
	{IN_SPAWNING, ON_HAND_STOP, "stopping/spawn=down 10 tell=stopping", SAME},
	{IN_STARTING, ON_HAND_STOP, "stopping/main=down 10 tell=stopping TERM>main", SAME},
	{IN_READY, ON_HAND_STOP, "stopping/main=down 10 tell=stopping TERM>main", SAME},
	{IN_RUNNING, ON_HAND_STOP, "stopping/main=down 10 tell=stopping TERM>main", SAME},
	{IN_STOP_SPAWN, ON_HAND_STOP, "stopping/spawn=down! 9", SAME},
	{IN_STOP_COMMAND, ON_HAND_STOP, "stopping/command=down! 9", SAME},
	{IN_STOP_ALONE, ON_HAND_STOP, "stopping/command=down! 9", SAME},
	{IN_STOP_MAIN, ON_HAND_STOP, "stopping/main=down! 9", SAME},
	{IN_STOP_REST, ON_HAND_STOP, "stopping/rest=down! 9", SAME},
	{IN_STOP_KILL, ON_HAND_STOP, "stopping/kill=down! 0", SAME},
	{IN_HAND_UP, ON_HAND_STOP, "stopping/main=down 9 tell=stopping", SAME},
	{IN_BACKOFF, ON_HAND_STOP, "stopped! - tell=stopped", SAME},
	{IN_COMPLETED, ON_HAND_STOP, "stopped - tell=stopped", SAME},
	{IN_FAILED, ON_HAND_STOP, "stopped! - tell=stopped", SAME},

	{IN_WAITING, ON_HAND_RESTART, "starting 60 tell=starting spawn", SAME},
	{IN_SPAWNING, ON_HAND_RESTART, "stopping/spawn=up 10 tell=stopping", SAME},
	{IN_STARTING, ON_HAND_RESTART, "stopping/main=up 10 tell=stopping TERM>main", SAME},
	{IN_READY, ON_HAND_RESTART, "stopping/main=up 10 tell=stopping TERM>main", SAME},
	{IN_RUNNING, ON_HAND_RESTART, "stopping/main=up 10 tell=stopping TERM>main", SAME},
	{IN_STOP_SPAWN, ON_HAND_RESTART, "stopping/spawn=up! 9", SAME},
	{IN_STOP_COMMAND, ON_HAND_RESTART, "stopping/command=up! 9", SAME},
	{IN_STOP_ALONE, ON_HAND_RESTART, "stopping/command=up! 9", SAME},
	{IN_STOP_MAIN, ON_HAND_RESTART, "stopping/main=up! 9", SAME},
	{IN_STOP_REST, ON_HAND_RESTART, "stopping/rest=up! 9", SAME},
	{IN_STOP_KILL, ON_HAND_RESTART, "stopping/kill=up! 0", SAME},
	{IN_HAND_DOWN, ON_HAND_RESTART, "stopping/main=up 9 tell=stopping", SAME},
	{IN_BACKOFF, ON_HAND_RESTART, "starting 60 tell=starting spawn", SAME},
	{IN_COMPLETED, ON_HAND_RESTART, "starting 60 tell=starting spawn", SAME},
	{IN_STOPPED, ON_HAND_RESTART, "starting 60 tell=starting spawn", SAME},
	{IN_FAILED, ON_HAND_RESTART, "starting 60 tell=starting spawn", SAME},

	{IN_HAND_DOWN, ON_EXITED_WELL, "stopped - tell=stopped", "stopped - tell=stopped"},
	{IN_HAND_DOWN, ON_EXITED_BADLY, "stopped - tell=stopped", "stopped - tell=stopped"},
	{IN_HAND_DOWN, ON_EXITED_SIGNAL, "stopped - tell=stopped", "stopped - tell=stopped"},
	{IN_HAND_DOWN, ON_EXITED_REST, "stopping/rest=down 9 TERM>group",
	 "stopping/rest=down 4 TERM>group"},
	{IN_HAND_DOWN, ON_EXTEND, "stopping/main=down 70", SAME},
	{IN_HAND_DOWN, ON_TIME, "stopping/kill=down 1 KILL>all", "stopping/kill=down 1 KILL>all"},
	{IN_HAND_DOWN, ON_KILL, "stopping/kill=down 1 KILL>all", "stopping/kill=down 1 KILL>all"},
	{IN_HAND_UP, ON_EXITED_WELL, "starting 60 tell=starting spawn", "stopped - tell=stopped"},
	{IN_HAND_UP, ON_EXITED_BADLY, "starting 60 tell=starting spawn", "stopped - tell=stopped"},
	{IN_HAND_UP, ON_EXITED_SIGNAL, "starting 60 tell=starting spawn", "stopped - tell=stopped"},
	{IN_HAND_UP, ON_EXITED_REST, "stopping/rest=up 9 TERM>group",
	 "stopping/rest=up 4 TERM>group"},
	{IN_HAND_UP, ON_EXTEND, "stopping/main=up 70", SAME},
	{IN_HAND_UP, ON_TIME, "stopping/kill=up 1 KILL>all", "stopping/kill=up 1 KILL>all"},
	{IN_HAND_UP, ON_KILL, "stopping/kill=up 1 KILL>all", "stopping/kill=up 1 KILL>all"},
};

#endif
