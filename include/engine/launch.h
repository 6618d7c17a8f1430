/* launch - from a worker's spec to the exact texts one process is started with. */
#ifndef ENGINE_LAUNCH_H
#define ENGINE_LAUNCH_H

#include "base/arena.h"
#include "base/err.h"
#include "sys/spawn.h"

/* For whom, and what only the engine knows. */
struct launch_request {
	const struct spec *spec;
	const struct worker_spec *worker;
	uint32_t ordinal;
	const struct command *command; /* the worker's own, or its stop command */
	const char *notify_path;       /* NULL: no NOTIFY_SOCKET */
	pid_t main_pid;		       /* MAINPID for a stop command; 0: none */
	const struct heritage *heritage;
	int null_fd;
};

/*
 * Fill in out: arguments, environment and directory with their specifiers replaced. What needed no
 * change is borrowed from the spec, the rest is in the arena and lives until that is reset.
 * Descriptors to pass are left to the caller. -1 with err when memory is refused or a specifier
 * does not work out.
 */
int launch_make(const struct launch_request *request, struct arena *arena, struct launch *out,
		struct err *err);

#endif
