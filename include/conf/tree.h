/* tree - YAML text turned into nodes. */
#ifndef CONF_TREE_H
#define CONF_TREE_H

#include "conf/loader.h"

/* What is said of a file that is a list or a text. */
#define TREE_NO_MAP "a configuration file is a map: `workers:` and so on"

enum { TREE_ALIAS_NODES_MAX = 100000, TREE_DEPTH_MAX = 16 };

/*
 * Read the YAML document in source. Aliases are expanded by sharing, under a budget of
 * TREE_ALIAS_NODES_MAX nodes a file; duplicate keys, tags, `<<` and NUL bytes are errors. An empty
 * source is an empty map. Returns the tree (scratch memory), or NULL when the file could not be
 * understood. Errors are in the report.
 */
const struct node *tree_parse(struct loader *loader, const struct source *source);

#endif
