/* wait - --wait: the daemon asked again and again until what was wished is true. */
#ifndef FOSTERCTL_WAIT_H
#define FOSTERCTL_WAIT_H

#include "fosterctl/client.h"
#include "fosterctl/goal.h"

/* CLIENT_DONE when the goal is reached; else who is still waited for, or what went wrong, was told.
 */
enum client_exit wait_goal(struct client *client, const struct goal *goal);

/* Until the daemon has gone. */
enum client_exit wait_end(struct client *client);

#endif
