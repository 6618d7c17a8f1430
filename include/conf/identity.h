/* identity - as whom a worker runs. */
#ifndef CONF_IDENTITY_H
#define CONF_IDENTITY_H

#include "conf/draft.h"

/* Put user, group, groups and capabilities of the draft together in its spec. */
void identity_finish(struct loader *loader, struct draft *draft);

#endif
