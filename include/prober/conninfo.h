/* conninfo - how to connect to a PostgreSQL server, with numbers in place of its names. */
#ifndef PROBER_CONNINFO_H
#define PROBER_CONNINFO_H

#include <libpq-fe.h>

#include "base/err.h"
#include "prober/ask.h"

struct conninfo;

/* Take a target apart. NULL with err when it is none, err->num is ENOMEM for lack of memory. */
struct conninfo *conninfo_read(const char *target, struct err *err);

/* The next host whose addresses are to be found, for conninfo_add; NULL when there is none left. */
const char *conninfo_next(struct conninfo *info);

/* That host's addresses: libpq tries them in turn, before those of the hosts after it. */
void conninfo_add(struct conninfo *info, const struct addresses *addresses);

/*
 * Begin to connect, see PQconnectStartParams; call it when there is no host left. libpq resolves no
 * name, since it has numbers, and looks for no Kerberos ticket unless the target has a gssencmode:
 * it would wait for both. password may be NULL: the target's own, or the one in HOME/.pgpass. NULL
 * for lack of memory.
 */
PGconn *conninfo_connect(const struct conninfo *info, const char *password);

/* Release it and null the pointer; accepts NULL. */
void conninfo_free(struct conninfo **info);

#endif
