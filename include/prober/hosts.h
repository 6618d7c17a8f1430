/* hosts - the addresses of one host, by what this machine is set up to ask. */
#ifndef PROBER_HOSTS_H
#define PROBER_HOSTS_H

#include <stdbool.h>

#include "base/err.h"

/* Where a name leads to: numeric addresses, at most ASK_ADDRESSES of them, "127.0.0.1", "::1". */
enum { ASK_ADDRESSES = 8, ASK_ADDRESS_SIZE = 64 };

struct addresses {
	char list[ASK_ADDRESSES][ASK_ADDRESS_SIZE];
	unsigned count; /* >= 1 */
};

/* The addresses of a number, or of localhost, about which nobody need be asked. False: it is
 * another name. */
bool hosts_at_once(const char *host, struct addresses *out);

/*
 * Look a name up in files, DNS and what else is configured, as long as that takes; in any thread.
 * -1 with err when it leads nowhere; err->num is 0 but for a shortage (err_is_shortage) of ours.
 */
int hosts_find(const char *name, struct addresses *out, struct err *err);

#endif
