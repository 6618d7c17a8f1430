/*
 * postgres - asks a PostgreSQL server to SELECT 1.
 *
 * The connection is kept for the probe's next question (see prober/kept.h): making one costs the
 * server a process. One that turns out to be dead is made anew once within the same question.
 */
#ifndef PROBER_POSTGRES_H
#define PROBER_POSTGRES_H

#include "prober/ask.h"

/*
 * The target is a conninfo or a URI, see "Connection Strings" in libpq's manual. Of several hosts
 * each is tried in turn, and all their names have to lead somewhere; one that says nothing takes
 * all the time there is.
 */
extern const struct way postgres_way;

#endif
