/* level - the order that dependencies make: who comes above whom, and who waits in a circle. */
#ifndef CONF_LEVEL_H
#define CONF_LEVEL_H

#include "conf/loader.h"

/*
 * Set the level of each worker and task draft and the spec's n_levels. Workers that wait for one
 * another are reported circle by circle, so that each is in one that is told (up to ten in one
 * knot). O(dependencies), and no recursion. After depends_finish.
 */
void levels_finish(struct loader *loader);

#endif
