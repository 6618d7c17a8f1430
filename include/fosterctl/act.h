/* act - the verbs that change something. */
#ifndef FOSTERCTL_ACT_H
#define FOSTERCTL_ACT_H

#include "fosterctl/client.h"

/* One a verb; what came of it was told. */
enum client_exit act_start(struct client *client);
enum client_exit act_stop(struct client *client);
enum client_exit act_restart(struct client *client);
enum client_exit act_reload(struct client *client);
enum client_exit act_run(struct client *client);
enum client_exit act_signal(struct client *client);
enum client_exit act_drain(struct client *client);

#endif
