/* control - the socket on which fosterd is told what to do. */
#ifndef CONF_CONTROL_H
#define CONF_CONTROL_H

#include "conf/loader.h"

/* Report a control socket that is a listener as well, or whose path is too long; at: where to point
 * when nobody wrote it. Warn of a group that gets nothing. */
void control_check(struct loader *loader, struct place at);

#endif
