/* depend - what a worker or a task waits for, from names to workers. */
#ifndef CONF_DEPEND_H
#define CONF_DEPEND_H

#include "conf/draft.h"

/*
 * Find the workers that `depends_on` of each worker and task names; what is no worker, or cannot be
 * what it is wanted to be, is reported. The drafts' specs have depends_on afterwards. All drafts
 * are there, and the components gathered.
 */
void depends_finish(struct loader *loader);

#endif
