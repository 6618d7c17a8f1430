/* slot - what the kernel knows of one instance: its processes and descriptors, and how its last run
 * ended. */
#ifndef ENGINE_SLOT_H
#define ENGINE_SLOT_H

#include <ev.h>
#include <stdbool.h>

#include "engine/pids.h"
#include "engine/supervisor.h"

/* Commands that are run beside an instance's main process. */
enum side_kind { SIDE_STOP, SIDE_RELOAD, SIDE_COUNT };

struct side {
	pid_t pid;    /* not reaped yet; 0: none */
	uint32_t gen; /* of the run that it is for */
	int report;   /* -1: none */
};

struct outputs; /* engine/output.h: who hears what programs write */

struct slot {
	uint32_t gen; /* of the run below */
	pid_t pid;    /* main, not reaped yet; 0: none */
	pid_t pgid;   /* its group while that may have members; 0: none */
	struct side sides[SIDE_COUNT];
	pid_t left;	    /* one of those that main has left in its group; 0: none is known */
	mono_ns left_until; /* that is worth looking for again from then on */
	mono_ns started;    /* the run */
	wall_ns started_at; /* the same; 0: none yet */
	struct spawn_report report; /* why a forked child failed, until it is reaped */
	ev_io report_io;   /* fd -1: nothing pending, it is known whether the program runs */
	ev_io notify_io;   /* fd -1: no notify socket */
	ev_io ready_io;	   /* fd -1: no readiness descriptor, or it is done */
	char *status_text; /* owned; NULL: none */
	struct last_exit last_exit;
};

struct slots {
	const struct spec *spec; /* borrowed */
	struct slot *list;	 /* owned; one an instance */
	struct pids pids;
	struct outputs *outputs; /* borrowed; NULL: none */
};

/* Empty slots for all instances. -1 with err when memory is refused. */
int slots_init(struct slots *slots, const struct spec *spec, struct err *err);

/* Free; every descriptor is closed, its watcher must be stopped. */
void slots_fini(struct slots *slots);

/* The instance's slot. */
struct slot *slots_get(const struct slots *slots, uint32_t instance);

/* The instance's name, as people see it. Returns buf. */
const char *slots_name(const struct slots *slots, uint32_t instance, char buf[INSTANCE_NAME_SIZE]);

/* True when a process of it may be there, a command of its included. */
bool slots_is_live(const struct slots *slots, uint32_t instance);

/* A main process was made for a new run. */
void slots_run_begun(struct slots *slots, uint32_t instance, uint32_t gen, pid_t pid, mono_ns now);

/* The run's group is empty: its number is the kernel's again, and nobody hears what it writes. */
void slots_group_gone(struct slots *slots, uint32_t instance);

#endif
