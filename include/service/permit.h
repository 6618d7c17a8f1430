/* permit - who may tell fosterd what to do. */
#ifndef SERVICE_PERMIT_H
#define SERVICE_PERMIT_H

#include <stdbool.h>

#include "model/spec.h"
#include "sys/peer.h"

/*
 * Find out who is at the other end of fd, a connection on the control socket. True when he may
 * command: root, fosterd's own user, the file's group and all others when its mode lets them write
 * (as connect(2) asks). False also when it cannot be found out.
 */
bool permit_peer(const struct control_spec *control, int fd, struct peer *out);

#endif
