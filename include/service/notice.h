/*
 * notice - when the service manager is told what: the moments, neither the words nor the socket.
 *
 * READY=1 once the fleet runs, and again when a reload has ended; STOPPING=1 once it drains.
 * STATUS= with each state of the fleet, and a second after the last at the earliest when a part has
 * changed, or each second while the words tell of time. While it starts or drains the manager's own
 * timeouts are moved on for 30 s, each 10 s: so a drain may be longer than TimeoutStopSec=, and a
 * fosterd that hangs in one is not waited for. Its WATCHDOG=1 comes at half of the time it has.
 * Pure: the time is an argument. See sd_notify(3).
 */
#ifndef SERVICE_NOTICE_H
#define SERVICE_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/status.h"

/* What can be due; a set. */
enum notice_part {
	NOTICE_READY = 1,
	NOTICE_STOPPING = 2,
	NOTICE_RELOADING = 4,
	NOTICE_STATUS = 8,
	NOTICE_EXTEND = 16,
	NOTICE_WATCHDOG = 32,
};

#define NOTICE_EXTENSION (30 * NS_S) /* EXTEND_TIMEOUT_USEC= */

/* How things are, as far as it matters here. */
struct notice_news {
	enum fleet_state state;
	uint64_t facts; /* grows with whatever may have changed a part of the fleet */
	bool reading;	/* a reload has begun and not ended */
	bool ticks;	/* what is told changes with time alone */
};

struct notice {
	struct notice_news news; /* the last */
	bool ready_told, stopping_told, status_told;
	enum fleet_state state_told; /* if status_told */
	uint64_t facts_told;
	bool reload_wanted;  /* a reload began of which nothing is told yet */
	bool reloading_told; /* RELOADING=1 is to be followed by READY=1 */
	mono_ns reload_at;   /* when the reload began */
	mono_ns status_from; /* no STATUS= for a mere part before this */
	mono_ns extend_at;
	span_ns watchdog_pace; /* 0: none is wanted */
	mono_ns watchdog_at;   /* MONO_NEVER: none is wanted */
	mono_ns silent_until;  /* after a refusal */
};

/* Nothing is told yet. watchdog: how long the manager waits for one WATCHDOG=1; 0: it does not. */
void notice_init(struct notice *notice, span_ns watchdog, mono_ns now);

/* A reload begins. One while the fleet does not run is not told of: READY=1 would be a lie. */
void notice_reload(struct notice *notice, mono_ns now);

/* Take the news; returns the set of what is due now, 0 when nothing is. */
unsigned notice_due(struct notice *notice, const struct notice_news *news, mono_ns now);

/* What was due has been told, as of the last news. */
void notice_told(struct notice *notice, unsigned parts, mono_ns now);

/* It could not be told now: all stays due, and is tried again in a second. */
void notice_refused(struct notice *notice, mono_ns now);

/* When something becomes due without news; MONO_NEVER: nothing does. */
mono_ns notice_deadline(const struct notice *notice);

#endif
