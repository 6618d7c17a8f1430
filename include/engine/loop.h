/*
 * loop - one turn after the other: what woke us becomes facts, deadlines become due, orders are
 * carried out, and we sleep.
 *
 * One thread; nothing in it waits for anything but the next event. The work of a turn is bounded:
 * 64 children reaped, 64 deadlines, 32 starts.
 */
#ifndef ENGINE_LOOP_H
#define ENGINE_LOOP_H

#include "engine/heed.h"
#include "engine/inquiry.h"
#include "engine/output.h"
#include "engine/reaper.h"
#include "engine/vigil.h"

struct loop {
	struct supervisor_config config;
	struct ev_loop *ev; /* owned */
	struct desk desk;   /* owned, as all down to outbox */
	struct slots slots;
	struct outputs outputs;
	struct inbox inbox;
	struct teller teller;
	struct stamps stamps;
	struct carry carry;
	struct inquiry inquiry;
	struct reaper reaper;
	struct heed heed;
	struct vigil vigil;
	struct outbox outbox;
	int tick_fd;
	mono_ns tick_at;	 /* what the timer is set to */
	mono_ns turn_at;	 /* the turn that config.turn has asked for */
	ev_check woken;		 /* first of a turn */
	ev_prepare before_sleep; /* last of a turn */
	ev_idle not_done;	 /* active while a turn left work for the next */
	ev_io tick_io;
};

/* Everything but the first start. -1 with err, and nothing to be undone. */
int loop_init(struct loop *loop, const struct supervisor_config *config, struct err *err);

/* Accepts what loop_init left after a failure, too. */
void loop_fini(struct loop *loop);

/* Begin, and turn until the fleet orders to quit. Returns its exit code. */
int loop_run(struct loop *loop);

/* Hear, out of turn, which signals have come and which children have ended: for an answer that must
 * be true now. */
void loop_catch_up(struct loop *loop);

#endif
