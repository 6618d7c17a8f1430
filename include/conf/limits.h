/* limits - resource limits by systemd's names. */
#ifndef CONF_LIMITS_H
#define CONF_LIMITS_H

/* The n-th name (from 0), lower case, in alphabetical order; NULL past the last. */
const char *limit_name(unsigned n);

#endif
