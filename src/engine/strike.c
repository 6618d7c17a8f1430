#include "engine/strike.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "engine/subject.h"
#include "sys/kill.h"
#include "sys/procs.h"

/* As systemd does, so that a stopped process can act on what it was sent. */
static bool wants_sigcont(int signo)
{
	return signo != SIGKILL && signo != SIGCONT;
}

static int signal_process(pid_t pid, int signo)
{
	int result = kill_process(pid, signo);

	if (result == 0 && wants_sigcont(signo))
		kill_process(pid, SIGCONT);
	return result;
}

static int signal_group(pid_t pgid, int signo)
{
	int result = kill_group(pgid, signo);

	if (result == 0 && wants_sigcont(signo))
		kill_group(pgid, SIGCONT);
	return result;
}

/* While a group has a member its leader's number is given to nobody: once the leader has been
 * reaped, a process of that number is a stranger, and so is its group. */
static bool has_members(pid_t pgid)
{
	return !kill_group_is_empty(pgid) && !kill_process_is_there(pgid);
}

bool strike_settle_group(struct slots *slots, uint32_t instance)
{
	struct slot *slot = slots_get(slots, instance);

	if (slot->pid != 0 || (slot->pgid != 0 && has_members(slot->pgid)))
		return false;
	if (slot->pgid != 0)
		slots_group_gone(slots, instance);
	return true;
}

/* The last of them may have been somebody else's child, whose end nobody told us; or is a zombie of
 * a parent that has left the group and does not care. */
static bool nobody_is_left(const struct strike *strike, uint32_t instance, int signo)
{
	struct slot *slot = slots_get(strike->slots, instance);

	if (strike_settle_group(strike->slots, instance))
		return true;
	if (signo != SIGKILL || slot->pid != 0 || !procs_group_is_dead(slot->pgid))
		return false;
	slots_group_gone(strike->slots, instance);
	return true;
}

static int strike_main_and_group(const struct strike *strike, const struct order *order)
{
	struct slot *slot = slots_get(strike->slots, order->instance);
	int result = 0;

	/* A child on its way may not lead its group yet, so main is always meant by itself as well.
	 */
	if (slot->pid != 0 && order->target != ORDER_TO_GROUP)
		result = signal_process(slot->pid, order->signo);
	if (slot->pgid == 0 || order->target == ORDER_TO_MAIN)
		return result;
	if (!nobody_is_left(strike, order->instance, order->signo))
		result = signal_group(slot->pgid, order->signo);
	/* The last may also have left it alive, for a session of its own, a moment ago. */
	if (strike_settle_group(strike->slots, order->instance)) {
		desk_report(strike->desk, (struct fact){.kind = FACT_EMPTY,
							.instance = order->instance,
							.gen = order->gen});
		return 0;
	}
	if (result == 0 && order->signo == SIGKILL)
		teller_killed(strike->teller, order->instance);
	return result;
}

static void tell_refusal(const struct strike *strike, uint32_t instance, int num)
{
	struct subject subject;

	subject_of(strike->slots->spec, instance, &subject);
	LOG_EVENT(strike->log, LOG_WARNING, "a signal could not be sent", subject.who, subject.half,
		  F_STR("error", strerror(num)));
}

/* Its group may not be there yet. */
static void signal_side(const struct side *side, int signo)
{
	if (side->pid == 0)
		return;
	kill_process(side->pid, signo);
	kill_group(side->pid, signo);
}

void strike_order(const struct strike *strike, const struct order *order)
{
	const struct slot *slot = slots_get(strike->slots, order->instance);

	if (slot->gen != order->gen)
		return;
	if (order->target != ORDER_TO_RELOAD && strike_main_and_group(strike, order) == -1 &&
	    errno != ESRCH)
		tell_refusal(strike, order->instance, errno);
	if (order->target == ORDER_TO_ALL)
		signal_side(&slot->sides[SIDE_STOP], order->signo);
	if (order->target == ORDER_TO_ALL || order->target == ORDER_TO_RELOAD)
		signal_side(&slot->sides[SIDE_RELOAD], order->signo);
}

void strike_disown(struct desk *desk, struct slots *slots, pid_t pid)
{
	const struct pid_owner *owner = pids_find(&slots->pids, pid);

	if (owner == NULL || owner->role != PID_MAIN)
		return;
	uint32_t instance = owner->instance;
	slots_group_gone(slots, instance);
	desk_report(desk, (struct fact){.kind = FACT_EMPTY,
					.instance = instance,
					.gen = slots_get(slots, instance)->gen});
}
