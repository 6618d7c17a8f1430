/* verb - what fosterctl can be told to do: a row each. */
#ifndef FOSTERCTL_VERB_H
#define FOSTERCTL_VERB_H

#include <stdbool.h>
#include <stddef.h>

#include "fosterctl/client.h"

struct verb {
	const char *name;
	const char *synopsis; /* of its words; "" */
	const char *help;
	int least, most; /* words; most -1: any number */
	bool waits;	 /* --wait means something */
	bool json;	 /* --json means something */
	bool dependents; /* --with-dependents means something */
	enum client_exit (*run)(struct client *client);
};

/* The n-th row; NULL past the last. */
const struct verb *verb_row(size_t n);

/* The verb of that name; NULL when there is none, and then *nearest is what may have been meant, or
 * NULL. */
const struct verb *verb_find(const char *name, const char **nearest);

#endif
