/* asked - what the answers to probes and checks come to, in words safe for a terminal. */
#ifndef FOSTERCTL_ASKED_H
#define FOSTERCTL_ASKED_H

#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"
#include "fosterctl/screen.h"

/* How long the last answer of a probe or check took: "1.8 ms"; nothing when there was none. */
void asked_latency(struct text *text, const json_t *probe);

/* A length of time between questions, for which a second may be long: 412ms, 3s, 3m12s. */
void asked_span(struct text *text, span_ns span);

/* How a probe is: "fails: HTTP 503 (3 in a row), 1s ago" */
void asked_probe(struct text *text, const json_t *probe);

/* The probe that explains an instance's state: "its readiness probe fails: HTTP 503"; nothing when
 * none does. True when something was appended. */
bool asked_instance(struct text *text, const json_t *instance);

/* How bad it is with a check: 0 healthy ... 10 unhealthy and critical; and its colour. */
unsigned asked_check_rank(const json_t *check);
enum paint asked_check_paint(const json_t *check);

/* Why a check is not healthy; nothing when it is. */
void asked_check_why(struct text *text, const json_t *check);

/* "database is unhealthy: timeout: no answer within 1s", "cache is healthy, 1.8 ms" */
void asked_check(struct text *text, const json_t *check);

#endif
