/* systemd - what fosterd tells the service manager that started it. See sd_notify(3). */
#ifndef SERVICE_SYSTEMD_H
#define SERVICE_SYSTEMD_H

#include "base/log.h"
#include "model/status.h"

struct systemd {
	const char *address; /* NOTIFY_SOCKET; NULL: nobody wants to know */
	struct log *log;     /* borrowed */
};

/* Find out whether there is somebody to tell. */
void systemd_init(struct systemd *systemd, struct log *log);

/* Tell the state: READY=1 with running, STOPPING=1 from draining on, and STATUS= with each. Never
 * waits; a failure is logged. */
void systemd_tell(const struct systemd *systemd, enum fleet_state state);

#endif
