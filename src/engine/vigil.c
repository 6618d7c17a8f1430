#include "engine/vigil.h"

#include "base/text.h"
#include "engine/subject.h"
#include "sys/kill.h"
#include "sys/procs.h"

enum { NAMED = 4, NAMES_SIZE = 512 };
static const span_ns PERIOD = NS_S;
static const span_ns CENSUS_GOOD = 100 * NS_MS;

struct census {
	const struct slots *slots;
};

static bool is_left(const struct slot *slot)
{
	return slot->pid == 0 && slot->pgid != 0;
}

static bool note_member(void *data, const struct proc *proc)
{
	const struct slots *slots = ((const struct census *)data)->slots;
	const struct pid_owner *owner = pids_find(&slots->pids, proc->pgid);

	if (owner == NULL || owner->role != PID_MAIN || proc->dead)
		return true;
	struct slot *slot = slots_get(slots, owner->instance);
	if (is_left(slot) && slot->left == 0)
		slot->left = proc->pid;
	return true;
}

/* One pass for all of them. */
static void take_census(const struct slots *slots, mono_ns now)
{
	struct census census = {.slots = slots};

	for (uint32_t i = 0; i < slots->spec->n_instances; i++) {
		struct slot *slot = slots_get(slots, i);
		if (!is_left(slot))
			continue;
		slot->left = 0;
		slot->left_until = mono_add(now, CENSUS_GOOD);
	}
	procs_each(note_member, &census);
}

static pid_t member_of(const struct slots *slots, uint32_t instance, mono_ns now)
{
	const struct slot *slot = slots_get(slots, instance);

	if (now >= slot->left_until)
		take_census(slots, now);
	return slot->left;
}

pid_t vigil_awaited(const struct slots *slots, uint32_t instance, mono_ns now)
{
	const struct slot *slot = slots_get(slots, instance);
	pid_t pid = slot->pid;

	if (is_left(slot))
		pid = member_of(slots, instance, now);
	for (int side = 0; side < SIDE_COUNT && pid == 0; side++)
		pid = slot->sides[side].pid;
	return pid;
}

void vigil_turn(struct vigil *vigil, const struct status *status)
{
	bool draining = status->drain.deadline != 0 && status->state != FLEET_STOPPED;

	if (!draining)
		vigil->deadline = MONO_NEVER;
	else if (vigil->deadline == MONO_NEVER || vigil->phase != status->drain.phase)
		vigil->deadline = mono_add(vigil->desk->now, PERIOD);
	vigil->phase = status->drain.phase;
}

/* It is its end that is waited for; those whose turn has not come yet only count. */
static bool is_ending(const struct vigil *vigil, uint32_t instance,
		      const struct instance_status *status)
{
	return status->state == INSTANCE_STOPPING ||
	       subject_noun_of(vigil->slots->spec, instance) != SUBJECT_WORKER;
}

static void add_name(const struct vigil *vigil, struct text *text, uint32_t instance, mono_ns since)
{
	mono_ns now = vigil->desk->now;
	pid_t pid = vigil_awaited(vigil->slots, instance, now);
	char name[INSTANCE_NAME_SIZE], comm[PROC_COMM_SIZE];
	int64_t tenths = (now - since) / (100 * NS_MS);

	text_add(text, "%s%s (", text->len == 0 ? "" : ", ",
		 slots_name(vigil->slots, instance, name));
	if (pid != 0 && procs_comm(pid, comm))
		text_add(text, "%s, ", comm);
	if (pid != 0)
		text_add(text, "pid %d, ", (int)pid);
	text_add(text, "%d.%ds)", (int)(tenths / 10), (int)(tenths % 10));
}

/* Returns how many are named. */
static uint32_t add_names(const struct vigil *vigil, struct text *text)
{
	struct instance_status status;
	uint32_t named = 0;

	for (uint32_t i = 0; i < vigil->slots->spec->n_instances && named < NAMED; i++) {
		if (!slots_is_live(vigil->slots, i))
			continue;
		fleet_instance_status(vigil->desk->fleet, i, &status);
		if (!is_ending(vigil, i, &status))
			continue;
		add_name(vigil, text, i, status.since);
		named++;
	}
	return named;
}

void vigil_time(struct vigil *vigil)
{
	char buf[NAMES_SIZE];
	struct status status;
	struct text names;

	if (vigil->desk->now < vigil->deadline)
		return;
	vigil->deadline = mono_add(vigil->desk->now, PERIOD);
	fleet_status(vigil->desk->fleet, &status);
	/* It has begun in this turn. */
	if (status.drain.phase != vigil->phase)
		return;
	text_init(&names, buf, sizeof buf);
	uint32_t named = add_names(vigil, &names);
	uint32_t more = status.instances_live > named ? status.instances_live - named : 0;
	span_ns left = mono_max(status.drain.deadline - vigil->desk->now, 0);
	LOG_EVENT(vigil->log, LOG_INFO, "still waiting",
		  F_STR("phase", drain_phase_name(status.drain.phase)),
		  F_STR("waiting_for", named > 0 ? buf : NULL),
		  more > 0 ? F_INT("more", more) : F_STR("", NULL),
		  F_SPAN("left", left / (100 * NS_MS) * (100 * NS_MS)));
}
