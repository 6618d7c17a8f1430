/* arguments - the command line of fosterctl. */
#ifndef FOSTERCTL_ARGUMENTS_H
#define FOSTERCTL_ARGUMENTS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/clock.h"

struct verb;

enum arguments_wish { ARGUMENTS_VERB, ARGUMENTS_HELP, ARGUMENTS_VERSION };

struct arguments {
	enum arguments_wish wish;
	const struct verb *verb; /* with ARGUMENTS_VERB alone */
	const char *socket;	 /* NULL: the default one */
	bool json;
	bool wait;
	bool with_dependents;
	span_ns timeout; /* MONO_NEVER: none was given */
	char **words;	 /* what follows the verb; in argv, which is rearranged */
	int n_words;
};

/*
 * Read the command line (getopt_long(3)); options stand before, behind and between the words.
 * -1 when it is wrong, told to errors with a hint.
 */
int arguments_read(int argc, char **argv, struct arguments *out, FILE *errors);

/* What --help prints. */
void arguments_help(FILE *out);

#endif
