/* overview - all at one glance: a line for the whole, then a table of the workers and one of the
 * checks, the worst first. */
#ifndef FOSTERCTL_OVERVIEW_H
#define FOSTERCTL_OVERVIEW_H

#include <jansson.h>

#include "fosterctl/screen.h"

enum { OVERVIEW_SICK_MAX = 8 }; /* instances of one worker that have a row of their own */

/* -1 when memory is refused. */
int overview_print(const json_t *document, const struct screen *screen);

#endif
