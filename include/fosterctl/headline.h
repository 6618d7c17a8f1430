/* headline - the whole in one sentence. */
#ifndef FOSTERCTL_HEADLINE_H
#define FOSTERCTL_HEADLINE_H

#include "base/text.h"
#include "fosterctl/census.h"
#include "fosterctl/screen.h"

enum { HEADLINE_SIZE = 4096, HEADLINE_AWAITED_MAX = 4 };

/* Append it, safe for a terminal: name, state, uptime; then its health and the worst reason, or,
 * while it drains, the time left and who is waited for. */
void headline_add(struct text *text, const json_t *document, const struct census *census);

/* The colour of its health. */
enum paint headline_paint(const json_t *document);

/* Append what is left of a drain: "waits for web.0 (pid 12, python3) and 3 more". */
void headline_add_drain(struct text *text, const json_t *drain);

#endif
