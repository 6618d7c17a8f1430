#include "engine/slot.h"

#include <errno.h>
#include <stdlib.h>

#include "base/fd.h"
#include "base/must.h"
#include "engine/output.h"

int slots_init(struct slots *slots, const struct spec *spec, struct err *err)
{
	*slots = (struct slots){.spec = spec};
	slots->list = calloc(spec->n_instances + 1, sizeof *slots->list);
	if (slots->list == NULL)
		return err_set(err, ENOMEM, "make room for %u instances", spec->n_instances);
	for (uint32_t i = 0; i < spec->n_instances; i++) {
		struct slot *slot = &slots->list[i];
		for (int side = 0; side < SIDE_COUNT; side++)
			slot->sides[side].report = -1;
		slot->report_io.fd = slot->notify_io.fd = slot->ready_io.fd = -1;
	}
	/* A main, a stop and a reload command each, those who ask, and one main whose pid came
	 * again before its old group was seen empty. */
	if (pids_init(&slots->pids, 3 * spec->n_instances + spec->exec_probes + spec->n_probers + 1,
		      err) == -1) {
		slots_fini(slots);
		return -1;
	}
	return 0;
}

void slots_fini(struct slots *slots)
{
	for (uint32_t i = 0; slots->list != NULL && i < slots->spec->n_instances; i++) {
		struct slot *slot = &slots->list[i];
		for (int side = 0; side < SIDE_COUNT; side++)
			fd_close(&slot->sides[side].report);
		fd_close(&slot->report_io.fd);
		fd_close(&slot->notify_io.fd);
		fd_close(&slot->ready_io.fd);
		free(slot->status_text);
	}
	free(slots->list);
	pids_fini(&slots->pids);
	*slots = (struct slots){0};
}

struct slot *slots_get(const struct slots *slots, uint32_t instance)
{
	MUST(instance < slots->spec->n_instances);
	return &slots->list[instance];
}

const char *slots_name(const struct slots *slots, uint32_t instance, char buf[INSTANCE_NAME_SIZE])
{
	const struct worker_spec *worker = spec_worker_of(slots->spec, instance);

	return instance_name(buf, worker, instance - worker->first_instance);
}

bool slots_is_live(const struct slots *slots, uint32_t instance)
{
	const struct slot *slot = slots_get(slots, instance);

	return slot->pid != 0 || slot->pgid != 0 || slot->sides[SIDE_STOP].pid != 0 ||
	       slot->sides[SIDE_RELOAD].pid != 0;
}

void slots_run_begun(struct slots *slots, uint32_t instance, uint32_t gen, pid_t pid, mono_ns now)
{
	struct slot *slot = slots_get(slots, instance);

	MUST(slot->pid == 0 && slot->pgid == 0);
	slot->gen = gen;
	slot->pid = slot->pgid = pid;
	slot->started = now;
	slot->started_at = wall_now();
	slot->report = (struct spawn_report){0};
	slot->left_until = 0;
	free(slot->status_text);
	slot->status_text = NULL;
	pids_set(&slots->pids, pid, instance, PID_MAIN);
}

void slots_group_gone(struct slots *slots, uint32_t instance)
{
	struct slot *slot = slots_get(slots, instance);
	const struct pid_owner *owner = pids_find(&slots->pids, slot->pgid);

	/* A new process may have been given the number already. */
	if (owner != NULL && owner->instance == instance && owner->role == PID_MAIN)
		pids_remove(&slots->pids, slot->pgid);
	slot->pgid = 0;
	output_close(slots->outputs, instance);
}
