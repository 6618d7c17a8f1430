/* unknown - keys that are not in the option table, and what was likely meant. */
#ifndef CONF_UNKNOWN_H
#define CONF_UNKNOWN_H

#include "conf/loader.h"

/*
 * Report that the key of item is not known in the map at path ("" for the outermost of the scope):
 * with the place where it belongs, or with the key that was likely meant.
 */
void unknown_key(struct loader *loader, enum option_scope scope, const char *path,
		 const struct item *item);

#endif
