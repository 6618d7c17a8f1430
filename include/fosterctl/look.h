/* look - the verbs that show something. */
#ifndef FOSTERCTL_LOOK_H
#define FOSTERCTL_LOOK_H

#include "fosterctl/client.h"

/* One a verb; what came of it was told. */
enum client_exit look_status(struct client *client);
enum client_exit look_explain(struct client *client);
enum client_exit look_check(struct client *client);

#endif
