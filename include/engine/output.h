/*
 * output - what tasks and the steps of the lifespan write, line by line in fosterd's log.
 *
 * The standard output and error of a run go through one pipe. Nobody ever waits for its end: a run
 * is over when its processes are, and then the pipe is closed, whoever still holds the other end.
 * Who writes faster than is read (about 5,000 lines a second, fewer while the log is busy) waits.
 * The last 4 KiB are kept until the next run.
 */
#ifndef ENGINE_OUTPUT_H
#define ENGINE_OUTPUT_H

#include <ev.h>

#include "base/log.h"
#include "engine/desk.h"
#include "engine/outbox.h"

struct output;

struct outputs {
	struct ev_loop *loop; /* borrowed, as all down to outbox */
	const struct spec *spec;
	const struct desk *desk;
	struct log *log;
	const struct outbox *outbox;
	struct output *list; /* owned; one for each instance that is no worker's, from first on */
	uint32_t first, count;
	bool refused;	  /* the last pipe could not be made, and that was told */
	mono_ns deadline; /* when output_time is due; MONO_NEVER: not */
};

/* Borrowed fields are set by the caller. -1 with err when memory is refused. */
int output_init(struct outputs *outputs, struct err *err);
void output_fini(struct outputs *outputs);

/*
 * A run of the instance is about to be made: a pipe for it, what the last one wrote is forgotten.
 * Returns the end for the child (the caller's); -1 when it is to write where fosterd does: the
 * instance is a worker's, or a pipe was refused, which is told once.
 */
int output_open(struct outputs *outputs, uint32_t instance);

/* Nothing of the run is left, or there is none: read the rest, at most 64 KiB, and close the pipe.
 * Nothing when outputs is NULL or there is no pipe. */
void output_close(struct outputs *outputs, uint32_t instance);

/* Read on where it was time to pause. */
void output_time(struct outputs *outputs);

/* The last that the present or last run wrote, and the last line of that; "" none. Borrowed until
 * the next call into the loop. */
const char *output_text(const struct outputs *outputs, uint32_t instance);
const char *output_last_line(const struct outputs *outputs, uint32_t instance);

#endif
