/* limits - resource limits by systemd's names. */
#ifndef CONF_LIMITS_H
#define CONF_LIMITS_H

#include <stdbool.h>

/* The n-th name (from 0), lower case, in alphabetical order; NULL past the last. */
const char *limit_name(unsigned n);

/* True when the n-th limits time: a duration is wanted there, and a size elsewhere. */
bool limit_is_time(unsigned n);

#endif
