/* carry - orders carried out: processes started, signalled, and what came of it reported. */
#ifndef ENGINE_CARRY_H
#define ENGINE_CARRY_H

#include "base/arena.h"
#include "engine/inbox.h"
#include "engine/launch.h"
#include "engine/stamps.h"
#include "engine/teller.h"

/* A process that is ordered and waits for its turn: a run's main, its stop or reload command. */
struct waiting {
	enum order_kind kind;
	uint32_t instance;
	uint32_t gen;
};

struct inquiry; /* engine/inquiry.h: who asks how the workers are */

struct carry {
	struct ev_loop *loop; /* borrowed, as far as log */
	struct desk *desk;
	struct slots *slots;
	struct inbox *inbox;
	struct teller *teller;
	struct stamps *stamps;
	struct inquiry *inquiry;
	const struct heritage *heritage;
	struct log *log;
	struct arena arena;   /* texts of the process being started */
	int null_fd;	      /* /dev/null */
	struct waiting *line; /* owned; a ring */
	uint32_t line_first, line_count, line_room;
	struct waiting put_off; /* the last step of the lifespan that was refused a process */
	mono_ns again_at;	/* when it is put in line again; MONO_NEVER: not */
	uint64_t spawned, spawn_failures; /* runs begun, and those that could not be */
	bool quit;			  /* ORDER_QUIT came */
	int quit_code;
};

/* Borrowed fields are set by the caller. -1 with err. */
int carry_init(struct carry *carry, struct err *err);
void carry_fini(struct carry *carry);

/* Carry out every order in the queue, those included that come of it. Starts are only put in line.
 */
void carry_orders(struct carry *carry);

/* Start those whose turn it is, at most 32. */
void carry_line(struct carry *carry);

/* What the instance's programs are launched with; command is its own. */
struct launch_request carry_request(const struct carry *carry, uint32_t instance);

/* Put in line again what was put off, 100 ms after that: a step of the lifespan that was refused a
 * process for now. It is tried until the policy wants it no more. */
void carry_time(struct carry *carry);

/* True while starts are waiting. */
bool carry_has_line(const struct carry *carry);

/*
 * A forked child has ended, or its report is readable: take the report, if it is there. From a
 * child that has ended none can come any more. Afterwards slot->report.step tells of a failure.
 * Reports the run as begun unless the child failed.
 */
void carry_read_report(struct carry *carry, uint32_t instance, bool ended);

/* Note why a run could not begin, for /status and the log. */
void carry_note_failure(struct carry *carry, uint32_t instance, const struct spawn_report *report);

#endif
