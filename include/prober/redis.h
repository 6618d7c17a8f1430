/*
 * redis - asks a redis server for its PONG.
 *
 * Every question has a connection of its own: AUTH and SELECT where the target says so, then PING,
 * and +PONG alone is success. That tries what a client of the server would have to go through, and
 * nothing is held between questions.
 */
#ifndef PROBER_REDIS_H
#define PROBER_REDIS_H

#include "prober/ask.h"

/* The target is redis://[USER@]HOST[:PORT][/DB] or unix:PATH[?db=DB]. */
extern const struct way redis_way;

#endif
