/* identity - as whom a worker runs. */
#ifndef CONF_IDENTITY_H
#define CONF_IDENTITY_H

#include "conf/draft.h"

/* The user of that name, looked up once in a load; NULL when there is none. */
const struct conf_user *identity_find_user(struct loader *loader, const char *name);

/* Put user, group, groups and capabilities of the draft together in its spec. */
void identity_finish(struct loader *loader, struct draft *draft);

#endif
