/*
 * unwind - something is stopped by hand, together with all that depends on it.
 *
 * Each is stopped when nothing that depends on it is left, so in the reverse of the order in which
 * they were started; until then it goes on, and nobody new may use it.
 */
#ifndef POLICY_UNWIND_H
#define POLICY_UNWIND_H

#include <stdint.h>

struct fleet;
struct orders;

/* Begin with an instance of a worker. A start or a restart of one of them by hand takes its part
 * back. */
void unwind_begin(struct fleet *fleet, uint32_t instance, struct orders *out);

/* Go on as far as it goes. */
void unwind_follow(struct fleet *fleet, struct orders *out);

/* A drain begins, and stops all in an order of its own. */
void unwind_end(struct fleet *fleet, struct orders *out);

#endif
