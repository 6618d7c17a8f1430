/* inquiry - the questions that the policy orders: given to whoever can ask them, and answered. */
#ifndef ENGINE_INQUIRY_H
#define ENGINE_INQUIRY_H

#include "engine/exec.h"
#include "engine/herald.h"
#include "engine/probers.h"
#include "sys/reap.h"

struct inquiry {
	struct questions questions;
	struct probers probers; /* who ask over the network */
	struct exec exec;	/* who run a program */
	struct herald herald;
};

/* Carry is borrowed. -1 with err, and nothing to be undone but by inquiry_fini. */
int inquiry_init(struct inquiry *inquiry, struct carry *carry, struct err *err);
void inquiry_fini(struct inquiry *inquiry);

/* An ORDER_PROBE, ORDER_PROBE_STOP or ORDER_TELL_PROBE. */
void inquiry_order(struct inquiry *inquiry, const struct order *order);

/* Run the programs whose turn it is. */
void inquiry_line(struct inquiry *inquiry);

/* True when it is somebody's turn. */
bool inquiry_has_line(const struct inquiry *inquiry);

/* When inquiry_time is due; MONO_NEVER: not. */
mono_ns inquiry_deadline(const struct inquiry *inquiry);
void inquiry_time(struct inquiry *inquiry);

/* A child that is one of ours has been reaped. */
void inquiry_ended(struct inquiry *inquiry, const struct pid_owner *owner,
		   const struct reaped *child);

/* Nothing is asked any more: end all processes of ours and see them gone, for half a second at
 * most. For the way out alone. */
void inquiry_end(struct inquiry *inquiry);

#endif
