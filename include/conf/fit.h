/* fit - whether what is to be stopped has the time for it within the drain. */
#ifndef CONF_FIT_H
#define CONF_FIT_H

#include "conf/loader.h"

/*
 * Report a drain that leaves no time between its delay and the last SIGKILL; else warn of each
 * worker whose stop timeout is longer than that time. Top level and workers have been read.
 */
void fit_check(struct loader *loader);

#endif
