/*
 * document - the daemon's status document, read with mistrust: what is missing or of another type
 * than it should be counts as not there.
 */
#ifndef FOSTERCTL_DOCUMENT_H
#define FOSTERCTL_DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/clock.h"

/* The member's text; NULL when there is none. Not safe for a terminal. */
const char *document_text(const json_t *object, const char *key);

/* Its name, "?" when it has none. Not safe for a terminal. */
const char *document_name(const json_t *object);

/* The member's whole number (of a real its whole part); fallback when there is none. */
json_int_t document_number(const json_t *object, const char *key, json_int_t fallback);

/* The member's number; fallback when there is none. */
double document_real(const json_t *object, const char *key, double fallback);

/* The member in milliseconds as a span; fallback when there is none or it is negative. */
span_ns document_span(const json_t *object, const char *key, span_ns fallback);

/* The member is true. */
bool document_flag(const json_t *object, const char *key);

/* The member if it is an array or an object; NULL (for jansson: an empty one) when it is not. */
const json_t *document_list(const json_t *object, const char *key);
const json_t *document_object(const json_t *object, const char *key);

/* The member's text is that word. */
bool document_is(const json_t *object, const char *key, const char *word);

/* The worker of that name; NULL when there is none. */
const json_t *document_worker(const json_t *document, const char *name);

/* The instance of that name, and its worker in *worker; NULL when there is none. A single instance
 * has its worker's name. */
const json_t *document_instance(const json_t *document, const char *name, const json_t **worker);

/* The check, the task, the step of the lifespan of that name; NULL when there is none. */
const json_t *document_check(const json_t *document, const char *name);
const json_t *document_task(const json_t *document, const char *name);
const json_t *document_step(const json_t *document, const char *name);

/* The worker, instance, check, task or step whose name is nearest to the name ("did you mean");
 * NULL: none is near. */
const char *document_nearest(const json_t *document, const char *name);

#endif
