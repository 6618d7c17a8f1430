/* plan - the steps of the lifespan and the tasks as JSON. */
#ifndef SERVICE_PLAN_H
#define SERVICE_PLAN_H

#include "service/json.h"
#include "service/view.h"

/* All steps, in the order in which they are started; all tasks. */
json_t *plan_of_lifespan(const struct view *view);
json_t *plan_of_tasks(const struct view *view);

#endif
