/*
 * view - the fleet as the pages see it: a picture of one instant, and ways to ask for the parts.
 *
 * The pages know nothing else, so that a test can show them any fleet.
 */
#ifndef SERVICE_VIEW_H
#define SERVICE_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"
#include "engine/supervisor.h"
#include "model/spec.h"
#include "model/status.h"

enum { COMM_SIZE = 17 }; /* room for a process's name: proc_pid_comm(5) */

struct view {
	const struct spec *spec;
	struct status status;
	struct supervisor_counts counts;
	mono_ns now;
	wall_ns wall;	    /* the same instant */
	mono_ns started;    /* when fosterd began */
	pid_t pid;	    /* fosterd's */
	bool details;	    /* the client may see reasons, components and details */
	const char *config; /* the configuration's path, for who may command; else NULL */
	const void *source; /* handed to: */
	void (*worker)(const void *source, uint32_t worker, struct worker_status *out);
	void (*instance)(const void *source, uint32_t instance, struct instance_view *out);
	void (*probe)(const void *source, uint32_t probe, struct probe_view *out);
	void (*check)(const void *source, uint32_t check, struct check_status *out);
	void (*prober)(const void *source, uint32_t prober, struct prober_view *out);
	void (*task)(const void *source, uint32_t task, struct task_view *out);
	void (*step)(const void *source, uint32_t step, struct step_view *out);
	bool (*comm)(pid_t pid, char out[COMM_SIZE]); /* the process's name; false: it has gone */
};

/* The supervisor as of the end of a turn. counts and details are left out. */
void view_of_turn(const struct supervisor *supervisor, const struct turn *turn, struct view *out);

/*
 * The supervisor as of this instant: signals delivered so far are taken into account. Good until
 * control goes back to the loop. details is left false.
 */
void view_of(struct supervisor *supervisor, struct view *out);

#endif
