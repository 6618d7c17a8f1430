/* include - configuration files and those that they include, merged into one tree. */
#ifndef CONF_INCLUDE_H
#define CONF_INCLUDE_H

#include "conf/loader.h"

enum { INCLUDE_FILES_MAX = 1000 };

/*
 * Read the file and all that it includes. Maps are merged; the same leaf or the same worker twice
 * is reported, with both places. Returns the tree, whose root is a map, or NULL when the file
 * itself could not be understood. Errors are in the report.
 */
const struct node *include_read(struct loader *loader, const char *path);

#endif
