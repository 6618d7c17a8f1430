/* order - something to be done: the only way in which the policy acts. */
#ifndef MODEL_ORDER_H
#define MODEL_ORDER_H

#include <stdint.h>

#include "base/clock.h"
#include "model/status.h"

#define ORDER_KINDS(X)                                                                             \
	X(ORDER_SPAWN, "spawn")	  /* start it; answered by one SPAWNED or SPAWN_FAILED */          \
	X(ORDER_SIGNAL, "signal") /* send signo to target */                                       \
	/* Run stop.command, or reload.command; answered by one ..._COMMAND_DONE. */               \
	X(ORDER_STOP_COMMAND, "stop-command")                                                      \
	X(ORDER_RELOAD_COMMAND, "reload-command")                                                  \
	X(ORDER_PROBE, "probe") /* ask; answered by exactly one PROBED with its serial */          \
	X(ORDER_PROBE_STOP, "probe-stop") /* end it; it is answered all the same */                \
	X(ORDER_TELL_PROBE, "tell-probe") /* the probe's verdict, or a check's health, is new */   \
	X(ORDER_TELL, "tell")		  /* the instance is now in state, for cause: log it */    \
	X(ORDER_TELL_FLEET, "tell-fleet") /* fosterd is in fleet_state: log it, tell systemd */    \
	X(ORDER_QUIT, "quit")		  /* leave the loop and exit with code */

enum order_kind {
#define X(name, text) name,
	ORDER_KINDS(X)
#undef X
		ORDER_KIND_COUNT
};

enum order_target {
	ORDER_TO_MAIN,	/* the main process */
	ORDER_TO_GROUP, /* every process of the instance's group */
	ORDER_TO_ALL,	/* the group, and the stop or reload command's as well */
	ORDER_TO_RELOAD /* the reload command's group alone */
};

struct order {
	enum order_kind kind;
	uint32_t instance;
	uint32_t gen; /* of the run that is meant; the engine drops an order whose run is over */
	int signo;    /* ORDER_SIGNAL; SIGCONT follows any signal but SIGKILL and SIGCONT, as with
			 systemd's KillSignal= */
	enum order_target target;     /* ORDER_SIGNAL */
	enum instance_state state;    /* ORDER_TELL */
	enum instance_cause cause;    /* ORDER_TELL */
	mono_ns until;		      /* ORDER_TELL: the deadline of the state, or MONO_NEVER */
	enum fleet_state fleet_state; /* ORDER_TELL_FLEET */
	uint32_t waits_for;	      /* ORDER_TELL: for that program, or PROGRAM_NONE */
	int code;		      /* ORDER_QUIT: 0, 10, 11, 12 or 13 */
	uint32_t probe;	 /* ORDER_..PROBE..; ORDER_TELL: the check it is held for, or PROBE_NONE */
	uint32_t serial; /* ORDER_PROBE, ORDER_PROBE_STOP */
	enum probe_result verdict; /* ORDER_TELL_PROBE */
	enum health health;	   /* ORDER_TELL_PROBE of a check */
};

/* What one step ordered, in the order in which it is to be done. */
struct orders {
	struct order *list; /* owned by whoever made it; room for fleet_orders_max() */
	uint32_t count;	    /* <= room */
	uint32_t room;
};

/* Append one. Panics when full: room is computed at load so that this cannot happen. */
void orders_add(struct orders *orders, struct order order);

/* The kind's name as .sim scripts and logs use it. */
const char *order_kind_name(enum order_kind kind);

#endif
