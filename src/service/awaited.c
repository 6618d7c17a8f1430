#include "service/awaited.h"

/* A process of it may exist. */
static bool is_live(enum instance_state state)
{
	switch (state) {
	case INSTANCE_STARTING:
	case INSTANCE_RUNNING:
	case INSTANCE_READY:
	case INSTANCE_STOPPING:
		return true;
	case INSTANCE_WAITING:
	case INSTANCE_BACKOFF:
	case INSTANCE_COMPLETED:
	case INSTANCE_STOPPED:
	case INSTANCE_FAILED:
	case INSTANCE_STATE_COUNT:
		break;
	}
	return false;
}

bool awaited_next(const struct view *view, uint32_t *next, struct awaited *out)
{
	while (*next < view->spec->n_instances) {
		uint32_t instance = (*next)++;
		view->instance(view->source, instance, &out->instance);
		if (!is_live(out->instance.status.state))
			continue;
		out->kind = spec_worker_of(view->spec, instance)->kind;
		out->pid = out->instance.awaited;
		out->ending = out->instance.status.state == INSTANCE_STOPPING ||
			      (out->kind != PROGRAM_SERVICE && out->kind != PROGRAM_JOB);
		return true;
	}
	return false;
}
