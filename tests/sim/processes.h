/* processes - what exists of one instance in the world, and how it behaves. */
#ifndef SIM_PROCESSES_H
#define SIM_PROCESSES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/fact.h"

#define FOR_EVER MONO_NEVER

/*
 * How the processes of an instance behave. Without one (automatic false) the script answers every
 * order.
 */
struct habit {
	bool automatic;
	bool spawn_fails;
	span_ns runs;	       /* until it ends by itself, or FOR_EVER */
	int code;	       /* what it ends with by itself */
	bool signaled;	       /* and whether code is a signal */
	bool leaves_rest;      /* main ends and leaves a process in its group */
	span_ns ready_in;      /* FOR_EVER: never says so */
	span_ns stops_in;      /* from a stop signal to its end */
	bool ignores;	       /* stop signals; not SIGKILL */
	bool unkillable;       /* not even that: it sleeps in the kernel */
	span_ns command_takes; /* the stop command; FOR_EVER: it hangs */
	span_ns reload_takes;  /* the reload command, likewise */
};

/* What exists of an instance. Moments are FOR_EVER when nothing will come. */
struct processes {
	uint32_t gen;
	bool spawning, main, rest, command, reload;
	mono_ns ready_at, exit_at, rest_at, command_at, reload_at;
	int code;
	bool signaled; /* what main will end with at exit_at */
};

/* None. */
void processes_init(struct processes *processes);

/* What a fact changes about them; one about another run changes nothing. */
void processes_happen(struct processes *processes, const struct fact *fact);

/* True while there is one. */
bool processes_are_live(const struct processes *processes);

/* A run begins, now, as its habit has it. */
void processes_begin(struct processes *processes, const struct habit *habit, mono_ns now);

/* Main is to end at this moment by this signal, unless it ends before. */
void processes_die_of(struct processes *processes, mono_ns at, int signo);

/* SIGKILL to all. */
void processes_kill(struct processes *processes, const struct habit *habit, mono_ns now);

/* When something happens by itself; FOR_EVER: nothing does. */
mono_ns processes_moment(const struct processes *processes);

#endif
