/* details - all that is known of one worker, instance, check, task or step of the lifespan. */
#ifndef FOSTERCTL_DETAILS_H
#define FOSTERCTL_DETAILS_H

#include <jansson.h>

#include "fosterctl/screen.h"

/* The worker and each of its instances. */
void details_worker(const json_t *worker, const struct screen *screen);

/* The instance, below a line about its worker. */
void details_instance(const json_t *worker, const json_t *instance, const struct screen *screen);

/* The check. */
void details_check(const json_t *check, const struct screen *screen);

/* The task; the step. */
void details_task(const json_t *task, const struct screen *screen);
void details_step(const json_t *step, const struct screen *screen);

#endif
