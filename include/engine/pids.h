/* pids - whose process a pid is: a hash table with room for all that can live at once. */
#ifndef ENGINE_PIDS_H
#define ENGINE_PIDS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

enum pid_role {
	PID_MAIN,    /* an instance's main process, and as a number its process group until that is
			empty */
	PID_STOP,    /* its stop command */
	PID_RELOAD,  /* its reload command */
	PID_PROBE,   /* the program of an exec probe: instance is its job */
	PID_PROBER,  /* a fosterd-prober: instance is its index */
};

struct pid_owner {
	pid_t pid; /* 0: a free place */
	uint32_t instance;
	enum pid_role role;
};

struct pids {
	struct pid_owner
		*places; /* owned; a power of two of them, at least twice what is ever in use */
	uint32_t mask;
};

/* Room for count pids. -1 with err when memory is refused. */
int pids_init(struct pids *pids, uint32_t count, struct err *err);
void pids_fini(struct pids *pids);

/* Note the owner of a pid, in place of an earlier one. */
void pids_set(struct pids *pids, pid_t pid, uint32_t instance, enum pid_role role);

/* The owner; NULL when it is nobody's. Borrowed until the next change. */
const struct pid_owner *pids_find(const struct pids *pids, pid_t pid);

/* Forget a pid; nothing when it is not there. */
void pids_remove(struct pids *pids, pid_t pid);

#endif
