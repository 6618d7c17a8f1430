/* chance - numbers that nobody can foresee, from one word of state: equal words, equal numbers. */
#ifndef POLICY_CHANCE_H
#define POLICY_CHANCE_H

#include <stdint.h>

#include "base/clock.h"

/* A span from 0 to max, each as likely as the others. Panics when max < 0. */
span_ns chance_span(uint64_t *chance, span_ns max);

#endif
