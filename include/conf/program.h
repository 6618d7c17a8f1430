/* program - workers, halves of steps and tasks, one behind the other as the spec has them. */
#ifndef CONF_PROGRAM_H
#define CONF_PROGRAM_H

#include "conf/loader.h"

/* Make the spec's programs of the drafts, which are complete: their instances numbered, who depends
 * on each, the steps and tasks. loader->workers are they. */
void programs_finish(struct loader *loader);

#endif
