/* errand - one command under way: whom it means, and what speaks against it. */
#ifndef SERVICE_ERRAND_H
#define SERVICE_ERRAND_H

#include "service/control.h"
#include "service/name.h"
#include "service/view.h"

struct errand {
	const struct control_request *request; /* borrowed */
	struct supervisor *supervisor;	       /* borrowed */
	struct view view;		       /* as of its coming */
	struct name_range range; /* which instances are meant; nobody but for workers' verbs */
	uint32_t check;		 /* which check is meant, for CONTROL_RUN_CHECK */
	uint32_t task;		 /* which task is meant, for CONTROL_RUN_TASK */
	struct refusal refusal;	 /* code 0: none */
};

/* Find whom the request names. A name that is none is a refusal: no_such_worker, no_such_check,
 * no_such_task. */
void errand_find(struct errand *errand);

/*
 * Refuse what is not to be done now: draining, starting (a task while the lifespan is not up),
 * has_dependents (a stop of the last that runs of what others need, without with_dependents),
 * cannot_reload, not_running (a reload), already_running (a task with overlap: skip).
 */
void errand_judge(struct errand *errand);

/* Refuse, with a status code of HTTP and a word for programs; why is to be set. */
void errand_refuse(struct errand *errand, unsigned code, const char *name);

/* The instance is up, so that a reload means something to it. */
bool errand_is_up(const struct errand *errand, uint32_t instance);

/* Look at an instance, at the task that is meant, as they are now. */
void errand_look(const struct errand *errand, uint32_t instance, struct instance_view *out);
void errand_look_at_task(const struct errand *errand, struct task_view *out);

#endif
