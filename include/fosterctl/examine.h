/* examine - checks asked now, and what they answer. */
#ifndef FOSTERCTL_EXAMINE_H
#define FOSTERCTL_EXAMINE_H

#include "fosterctl/client.h"

/* Ask the checks that the words name, all at once, and tell what each answers. CLIENT_DONE when all
 * succeed; what went wrong was told. */
enum client_exit examine_checks(struct client *client);

#endif
