/* level - the order that dependencies make: who comes above whom, and who waits in a circle. */
#ifndef CONF_LEVEL_H
#define CONF_LEVEL_H

#include "conf/loader.h"

/*
 * Set the level of each worker and task draft and the spec's n_levels. Workers that wait for one
 * another are reported, each knot of them once, with one whole circle in it. O(dependencies), and
 * no recursion. After depends_finish.
 */
void levels_finish(struct loader *loader);

#endif
