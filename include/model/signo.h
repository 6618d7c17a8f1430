/* signo - signals by the names that people give them. */
#ifndef MODEL_SIGNO_H
#define MODEL_SIGNO_H

#include "base/err.h"

/*
 * The number of a signal: TERM, SIGTERM, RTMIN+3, RTMAX-1, 15. 0, or -1 with err; *hint is then the
 * name that was likely meant, a static text, or NULL.
 */
int signo_find(const char *text, int *out, const char **hint, struct err *err);

#endif
