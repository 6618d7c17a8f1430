/* program - the fosterd program, found and run for what it can tell of a configuration. */
#ifndef FOSTERCTL_PROGRAM_H
#define FOSTERCTL_PROGRAM_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/err.h"

struct program {
	pid_t pid;
	FILE *output; /* owned; NULL: it has our standard output */
};

/*
 * Start fosterd with arguments (of them the first is its name; NULL-terminated): the one beside our
 * own executable, or in ../sbin from there, or in PATH. piped: its standard output is read from
 * out->output. -1 with err.
 */
int program_start(struct program *out, char *const *arguments, bool piped, struct err *err);

/* Wait for its end. Its exit code, 128 + N for signal N. */
int program_wait(struct program *program);

#endif
