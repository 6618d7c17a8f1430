/* lifespan - the steps that are begun before the workers and ended after them, as they are read. */
#ifndef CONF_LIFESPAN_H
#define CONF_LIFESPAN_H

#include "conf/loader.h"

/* Read the list `lifespan`: loader->steps, spec->n_steps of them. loader->defaults are there. */
void lifespan_read(struct loader *loader, const struct node *list);

#endif
