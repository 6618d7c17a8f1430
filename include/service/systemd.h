/* systemd - what fosterd tells the service manager that started it. See sd_notify(3). */
#ifndef SERVICE_SYSTEMD_H
#define SERVICE_SYSTEMD_H

#include "base/log.h"
#include "service/notice.h"
#include "service/summary.h"

struct systemd {
	const char *address; /* NOTIFY_SOCKET; NULL: nobody wants to know */
	struct log *log;     /* borrowed */
	struct notice notice;
	char summary[SUMMARY_SIZE]; /* the last STATUS= that was told */
	bool failed;		    /* the last message could not be told, and that was logged */
};

/* Find out whether there is somebody to tell, and whether he wants WATCHDOG=1: NOTIFY_SOCKET,
 * WATCHDOG_USEC, WATCHDOG_PID. */
void systemd_init(struct systemd *systemd, struct log *log);

/* SIGHUP: a reload begins, or could not. */
void systemd_reload(struct systemd *systemd);

/*
 * Tell what is due, at the end of a turn of the loop. Returns when to call again at the latest.
 * Never waits: what finds a full socket, or no descriptor, is told later; a failure is logged, once
 * in a row.
 *
 *   reading  a reload has begun and not ended
 */
mono_ns systemd_turn(struct systemd *systemd, const struct supervisor *supervisor,
		     const struct turn *turn, bool reading);

#endif
