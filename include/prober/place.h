/* place - where a redis server is, and as whom and in which database it is asked. */
#ifndef PROBER_PLACE_H
#define PROBER_PLACE_H

#include <stdint.h>

#include "base/err.h"

enum { PLACE_TEXT_SIZE = 256 };

struct place {
	char path[PLACE_TEXT_SIZE]; /* of a unix socket; "": host and port count */
	char host[PLACE_TEXT_SIZE]; /* a name or a number, without brackets */
	uint16_t port;
	char user[PLACE_TEXT_SIZE]; /* "": none */
	uint32_t database;
};

/*
 * Take redis://[USER@]HOST[:PORT][/DB] or unix:PATH[?db=DB] apart; redis:// also with ?db=DB, unix:
 * also as unix://[USER@]PATH. %XX stands for a byte, not in a path. -1 with err when it is none of
 * these.
 */
int place_read(const char *target, struct place *out, struct err *err);

#endif
