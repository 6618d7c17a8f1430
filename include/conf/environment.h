/* environment - the variables of a worker: inherited, its user's, from files, its own. */
#ifndef CONF_ENVIRONMENT_H
#define CONF_ENVIRONMENT_H

#include "conf/draft.h"
#include "conf/env_file.h"

/* Build the draft's whole environment in its spec. */
void environment_finish(struct loader *loader, struct draft *draft);

/* The variables of draft's `environment`, oldest first, each name once: in scratch memory, *count
 * of them. */
const struct binding **environment_bindings(struct loader *loader, const struct draft *draft,
					    size_t *count);

#endif
