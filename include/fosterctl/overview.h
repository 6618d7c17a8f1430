/* overview - all at one glance: a sentence for the whole, then tables, the worst first. */
#ifndef FOSTERCTL_OVERVIEW_H
#define FOSTERCTL_OVERVIEW_H

#include <jansson.h>

#include "fosterctl/screen.h"

enum { OVERVIEW_SICK_MAX = 8 }; /* instances of one worker that have a row of their own */

/* -1 when memory is refused. */
int overview_print(const json_t *document, const struct screen *screen);

#endif
