/* strike - signals that are ordered, sent to the processes they are meant for. */
#ifndef ENGINE_STRIKE_H
#define ENGINE_STRIKE_H

#include "engine/desk.h"
#include "engine/teller.h"

struct strike {
	struct desk *desk; /* borrowed, as all here */
	struct slots *slots;
	struct teller *teller;
	struct log *log;
};

/*
 * Carry out an ORDER_SIGNAL; nothing when its run is over. A group that turns out to be empty, or
 * to have dead members alone that nobody reaps, is reported as empty: it is looked at before each
 * SIGKILL.
 */
void strike_order(const struct strike *strike, const struct order *order);

/* True when the run's main process has been reaped and its group has no member left. Its number is
 * given up then. */
bool strike_settle_group(struct slots *slots, uint32_t instance);

/* The kernel has given this number to a new process of ours: whose group it once was has no member
 * left, and that is told to the desk. */
void strike_disown(struct desk *desk, struct slots *slots, pid_t pid);

#endif
