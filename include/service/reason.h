/* reason - why something is not well, in words for people. */
#ifndef SERVICE_REASON_H
#define SERVICE_REASON_H

#include <jansson.h>

#include "service/plight.h"
#include "service/verdict.h"

enum {
	REASON_SIZE = PLIGHT_SIZE + 80, /* room for one reason and its NUL */
	REASONS_MAX = 50,		/* as many are told, then "... and N more" */
};

/*
 * What keeps fosterd itself from passing: "draining", "fosterd is starting", "lifespan step schema
 * is starting". Returns buf; NULL when nothing does.
 */
const char *reason_of_fleet(const struct inquiry *inquiry, char buf[REASON_SIZE]);

/*
 * What keeps the component from being well. Of a worker: its first instance that is not, and how
 * many more ("web.2 is in backoff: the main process ended (and 3 more)"); of a check: "database is
 * unhealthy: timeout: no answer within 1s"; the same of a task. Returns buf.
 */
const char *reason_of_component(const struct inquiry *inquiry, uint32_t component,
				char buf[REASON_SIZE]);

/*
 * Why the endpoint does not pass, as an array of texts (the caller's), empty when it does; NULL
 * when memory is refused. One for fosterd, one for each check that is not ready and each instance
 * that is not ready of each worker that counts; at most REASONS_MAX.
 */
json_t *reasons_of_all(const struct inquiry *inquiry);

#endif
