/* awaited - who is waited for in a drain: instances of which a process may exist. */
#ifndef SERVICE_AWAITED_H
#define SERVICE_AWAITED_H

#include <stdbool.h>
#include <stdint.h>

#include "service/view.h"

struct awaited {
	struct instance_view instance;
	enum program_kind kind;
	pid_t pid;   /* a process of it that is there; 0: none is known */
	bool ending; /* its turn has come; else it is a worker that waits for it */
};

/*
 * The first from instance *next on, workers' and others'; *next is then the one behind it. False
 * when there is none. O(instances passed over).
 */
bool awaited_next(const struct view *view, uint32_t *next, struct awaited *out);

#endif
