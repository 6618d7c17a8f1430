/* options - the command line of fosterd. */
#ifndef CONF_OPTIONS_H
#define CONF_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/log.h"

enum options_verb { OPTIONS_RUN, OPTIONS_CHECK, OPTIONS_EXPLAIN, OPTIONS_VERSION, OPTIONS_HELP };

struct options {
	enum options_verb verb;
	const char *file; /* -c; the default file when not given */
	enum log_level log_level;
	enum log_format log_format;
};

/* Read the command line (getopt_long(3)). -1 when it is wrong, told to errors with a hint. */
int options_read(int argc, char **argv, struct options *out, FILE *errors);

/* What --help prints. */
void options_help(FILE *out);

#endif
