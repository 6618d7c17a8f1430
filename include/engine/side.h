/* side - the commands that are run beside a worker's main process: to stop it, to reload it. */
#ifndef ENGINE_SIDE_H
#define ENGINE_SIDE_H

#include "engine/carry.h"
#include "sys/reap.h"

/* Start one for the run, now; main is to be there. That it could not be started is told, and to the
 * desk that it is done. Panics when one of its kind runs for the instance. */
void side_start(struct carry *carry, uint32_t instance, uint32_t gen, enum side_kind kind);

/* Its process has been reaped: told when it has failed, and to the desk. */
void side_ended(struct carry *carry, uint32_t instance, enum side_kind kind,
		const struct reaped *child);

/* What the desk is told of its end. */
enum fact_kind side_done(enum side_kind kind);

#endif
