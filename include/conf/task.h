/* task - programs that are run again and again, as they are read. */
#ifndef CONF_TASK_H
#define CONF_TASK_H

#include "conf/loader.h"

/* Read the map `tasks`: loader->tasks, spec->n_tasks of them. loader->defaults are there. */
void tasks_read(struct loader *loader, const struct node *map);

#endif
