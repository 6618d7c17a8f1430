/* reason - why something is not well, in words for people. */
#ifndef SERVICE_REASON_H
#define SERVICE_REASON_H

#include <jansson.h>

#include "service/verdict.h"

enum {
	REASON_SIZE = 256, /* room for one reason and its NUL */
	REASONS_MAX = 50,  /* as many are told, then "... and N more" */
};

/*
 * What keeps fosterd itself from passing ("draining", "fosterd is starting"); NULL when nothing
 * does.
 */
const char *reason_of_fleet(const struct inquiry *inquiry);

/*
 * What keeps the worker from being well: its first instance that is not, and how many more
 * ("web.2 is in backoff: the main process ended (and 3 more)"). Returns buf.
 */
const char *reason_of_worker(const struct inquiry *inquiry, uint32_t worker, char buf[REASON_SIZE]);

/*
 * Why the probe does not pass, as an array of texts (the caller's), empty when it does; NULL when
 * memory is refused. One for fosterd, one for each instance that is not ready of each worker that
 * counts; at most REASONS_MAX.
 */
json_t *reasons_of_all(const struct inquiry *inquiry);

#endif
