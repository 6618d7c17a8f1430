/*
 * value - one scalar of the configuration from its text.
 *
 * All return 0, or -1 with err that says what was expected.
 */
#ifndef CONF_VALUE_H
#define CONF_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

/* A decimal number with an optional sign. */
int value_integer(const char *text, int64_t *out, struct err *err);

/* Octal digits, with or without 0 or 0o before them. */
int value_octal(const char *text, int64_t *out, struct err *err);

/* A duration: 250ms 10s 5m 2h 1d and sums, largest unit first (1m30s); also us. A bare number is
 * refused, except 0. */
int value_span(const char *text, span_ns *out, struct err *err);

/* A number of bytes: 4096 64K 10M 2G 1T, in steps of 1024. */
int value_size(const char *text, uint64_t *out, struct err *err);

/* true false yes no on off. */
int value_bool(const char *text, bool *out, struct err *err);

/* A capability: CAP_CHOWN ... *hint: the nearest name, or NULL; a static text. */
int value_capability(const char *text, unsigned *out, const char **hint, struct err *err);

/* The n-th name that value_capability knows (from 0, which is also its number); NULL past the last.
 */
const char *value_capability_name(unsigned n);

#endif
