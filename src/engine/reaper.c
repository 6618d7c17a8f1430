#include "engine/reaper.h"

#include <signal.h>

#include "engine/inquiry.h"
#include "engine/side.h"
#include "engine/strike.h"
#include "sys/kill.h"
#include "sys/reap.h"

enum { CHILDREN_A_WAKEUP = 64 };

static void note_exit(struct slot *slot, const struct reaped *child, mono_ns now)
{
	slot->last_exit = (struct last_exit){.any = true,
					     .spawned = true,
					     .signaled = child->signaled,
					     .core = child->core,
					     .code = child->code,
					     .at = wall_now(),
					     .run = now - slot->started,
					     .rusage = child->rusage};
}

static void main_ended(struct carry *carry, uint32_t instance, const struct reaped *child)
{
	struct slot *slot = slots_get(carry->slots, instance);
	struct fact fact = {.kind = FACT_EXITED,
			    .instance = instance,
			    .gen = slot->gen,
			    .signaled = child->signaled,
			    .code = child->code};

	slot->pid = 0;
	/* Only now, reaped, is it no member any more itself. */
	fact.empty = strike_settle_group(carry->slots, instance);
	inbox_close_ready(carry->inbox, instance);
	if (slot->report.step != SPAWN_STEP_NONE) {
		carry_note_failure(carry, instance, &slot->report);
		fact.kind = FACT_SPAWN_FAILED;
	} else {
		note_exit(slot, child, carry->desk->now);
		teller_ended(carry->teller, instance, carry->desk->now);
	}
	desk_report(carry->desk, fact);
}

/* An orphan: it may have been the last of a group whose main process has gone before. */
static void stranger_ended(struct reaper *reaper, pid_t pgid)
{
	struct carry *carry = reaper->carry;
	const struct pid_owner *owner = pids_find(&carry->slots->pids, pgid);

	reaper->strangers++;
	if (owner == NULL || owner->role != PID_MAIN)
		return;
	uint32_t instance = owner->instance;
	const struct slot *slot = slots_get(carry->slots, instance);
	if (strike_settle_group(carry->slots, instance))
		desk_report(
			carry->desk,
			(struct fact){.kind = FACT_EMPTY, .instance = instance, .gen = slot->gen});
}

/* While it is a zombie its pid is its own: find out whose it was, and hear it out. */
static struct pid_owner look_at(struct reaper *reaper, const struct reaped *child)
{
	struct carry *carry = reaper->carry;
	const struct pid_owner *owner = pids_find(&carry->slots->pids, child->pid);
	struct pid_owner found = owner == NULL ? (struct pid_owner){0} : *owner;

	/* A number kept for a group that has emptied unseen may have come to a stranger. */
	if (found.pid != 0 && found.role == PID_MAIN &&
	    slots_get(carry->slots, found.instance)->pid != child->pid)
		return (struct pid_owner){0};
	if (found.pid != 0 && found.role == PID_MAIN) {
		carry_read_report(carry, found.instance, true);
		inbox_drain(carry->inbox, found.instance);
		carry_orders(carry);
	} else if (found.pid != 0) {
		/* What a command or a probe leaves behind is nobody's. */
		kill_group(found.pid, SIGKILL);
	}
	return found;
}

static void reap_one(struct reaper *reaper, struct reaped *child)
{
	struct pid_owner owner = look_at(reaper, child);

	if (reap_take(child) == -1)
		return;
	reaper->reaped++;
	if (owner.pid == 0)
		stranger_ended(reaper, child->pgid);
	else if (owner.role == PID_MAIN)
		main_ended(reaper->carry, owner.instance, child);
	else if (owner.role == PID_STOP)
		side_ended(reaper->carry, owner.instance, SIDE_STOP, child);
	else if (owner.role == PID_RELOAD)
		side_ended(reaper->carry, owner.instance, SIDE_RELOAD, child);
	else
		inquiry_ended(reaper->carry->inquiry, &owner, child);
	carry_orders(reaper->carry);
}

bool reaper_run(struct reaper *reaper)
{
	struct reaped child;

	for (int n = 0; n < CHILDREN_A_WAKEUP; n++) {
		if (reap_peek(&child) == 0)
			return false;
		reap_one(reaper, &child);
	}
	return true;
}
