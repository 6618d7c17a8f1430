/* fit - whether what is to be stopped has the time for it within the drain. */
#ifndef CONF_FIT_H
#define CONF_FIT_H

#include "conf/loader.h"

/*
 * Say how much is kept for the lifespan where nobody did. Report a drain whose delay and reserve
 * leave no time for the workers, at root when nothing was said of it; else warn of each worker
 * whose stop timeout is longer than that time, or when one level after the other is. Top level and
 * workers have been read, and levels are known.
 */
void fit_check(struct loader *loader, struct place root);

#endif
