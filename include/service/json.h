/*
 * json - JSON values written into a body: no tree in between, so that a status of thousands of
 * instances is cheap.
 *
 * key names the value inside an object (a fixed word, not escaped); it is NULL inside an array
 * and at the top. The caller closes what it opened, in order.
 */
#ifndef SERVICE_JSON_H
#define SERVICE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "service/body.h"

/* Open and close an object. */
void json_object_begin(struct body *body, const char *key);
void json_object_end(struct body *body);

/* Open and close an array. */
void json_array_begin(struct body *body, const char *key);
void json_array_end(struct body *body);

/* Text from anywhere: bytes that are no UTF-8 become U+FFFD. NULL is null. */
void json_put_str(struct body *body, const char *key, const char *text);

/* Values of the plain kinds. */
void json_put_int(struct body *body, const char *key, int64_t value);
void json_put_bool(struct body *body, const char *key, bool value);
void json_put_null(struct body *body, const char *key);

/* A span of time in seconds, with three decimals. */
void json_put_seconds(struct body *body, const char *key, span_ns span);

/* A span of time in whole milliseconds. */
void json_put_ms(struct body *body, const char *key, span_ns span);

/* A moment for people, RFC 3339 in UTC. */
void json_put_wall(struct body *body, const char *key, wall_ns at);

#endif
