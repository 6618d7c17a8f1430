/*
 * json - jansson's objects and arrays, put together so that refused memory shows at the end.
 *
 * Where memory is refused a value is NULL, and NULL is then whatever it is put into. So nothing
 * is ever told with a part missing, and only who writes the whole has to look. See
 * https://jansson.readthedocs.io/ for json_object() and the other makers.
 */
#ifndef SERVICE_JSON_H
#define SERVICE_JSON_H

#include <jansson.h>
#include <sys/types.h>

#include "base/clock.h"

/* Put value (taken) into the object under key, a fixed word; fields stay in that order. */
void json_put(json_t **object, const char *key, json_t *value);

/* Put value (taken) at the end of the array. */
void json_add(json_t **array, json_t *value);

/* Text from anywhere: bytes that are no UTF-8 become U+FFFD. NULL is null. */
json_t *json_text(const char *text);

/* A span of time in seconds, with milliseconds behind the point. */
json_t *json_seconds(span_ns span);

/* A span of time in whole milliseconds. */
json_t *json_ms(span_ns span);

/* How long ago a moment was, and how far ahead one is, in ms: 0 when it is not. MONO_NEVER ahead is
 * null. */
json_t *json_since(mono_ns moment, mono_ns now);
json_t *json_ahead(mono_ns moment, mono_ns now);

/* A process; 0 is null. */
json_t *json_pid(pid_t pid);

/* A moment for people, RFC 3339 in UTC. */
json_t *json_wall(wall_ns at);

#endif
