/* check - components that fosterd asks about and does not run, and those that ask. */
#ifndef CONF_CHECK_H
#define CONF_CHECK_H

#include "conf/draft.h"

/* Read the map `checks`; loader->blank is there, `defaults` and the workers are not yet. */
void checks_read(struct loader *loader, const struct node *map);

/* When the programs are there as well: the numbers of all probes, who asks what; the spec's checks,
 * probers and exec_probes are complete then. */
void checks_finish(struct loader *loader);

#endif
