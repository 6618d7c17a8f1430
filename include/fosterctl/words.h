/* words - how an instance is, in words for people. All text made is safe for a terminal. */
#ifndef FOSTERCTL_WORDS_H
#define FOSTERCTL_WORDS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"
#include "fosterctl/screen.h"

/* A length of time in its two largest units: 3m12s, 4d2h; below a second: 0s. */
void words_span(struct text *text, span_ns span);

/* How bad the instance's state is: 0 well (ready, completed, in a drain stopped) ... 9 given up. */
unsigned words_rank(const json_t *instance);

/* The colour of its state. */
enum paint words_paint(const json_t *instance);

/* How a program ended, by a last_exit or last_run of the document: "exit 3", "signal KILL", "could
 * not execute: ..."; nothing when it never did. */
void words_end(struct text *text, const json_t *last);

/* Why it is as it is and what comes next: "exit 3, again in 4s"; nothing when it is well. */
void words_why(struct text *text, const json_t *instance);

/* "web.2 is backoff: exit 3, again in 4s" */
void words_instance(struct text *text, const json_t *instance);

#endif
