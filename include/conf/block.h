/* block - a text of lines, behind a | or >, and where its lines stand. */
#ifndef CONF_BLOCK_H
#define CONF_BLOCK_H

#include <libfyaml.h>
#include <stdbool.h>

#include "conf/source.h"

/* True for a block scalar (YAML 1.2, section 8.1). */
bool block_is(struct fy_event *event);

/*
 * True when the first of its lines that is not blank begins further to the right than parent, the
 * key or the list that it belongs to, or when there is none. The event is a block in parent's
 * source.
 */
bool block_is_further_in(struct fy_event *event, struct place parent);

#endif
