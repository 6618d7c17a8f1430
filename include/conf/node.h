/*
 * node - what a file says, as a tree of texts, lists and maps.
 *
 * Types are not YAML's but those of the option table.
 */
#ifndef CONF_NODE_H
#define CONF_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/source.h"

struct loader;

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP };

/* An entry of a list or a map. An aliased value is shared by several. */
struct item {
	const char *key; /* NULL in lists */
	struct place key_place;
	const struct node *value;
	struct item *next; /* NULL: the last */
};

struct node {
	enum node_kind kind;
	struct place place;
	const char *text; /* NODE_TEXT; no NUL inside */
	bool plain;	  /* NODE_TEXT: neither quoted nor a block */
	bool open;	  /* still being read: an alias to it would be a circle */
	uint32_t size;	  /* nodes in it, itself and expanded aliases included */
	size_t count;	  /* of items */
	struct item *first, *last;
};

/* Items by key, for maps of any size. All zero is empty; memory is the load's scratch. */
struct key_index {
	struct item **slots;
	size_t room; /* a power of two, or 0 */
	size_t count;
};

/* Put item in unless its key is there: then returns the one that is, else NULL. */
struct item *key_index_put(struct key_index *index, struct loader *loader, struct item *item);

/* The item with that key, or NULL. */
struct item *key_index_find(const struct key_index *index, const char *key);

/* The value of a key of a map; NULL when it is not there. O(items). */
const struct node *node_find(const struct node *map, const char *key);

/* True for a value that was left out, as in "defaults:" with nothing behind it. */
bool node_is_empty(const struct node *node);

/* Append a copy of item (its value shared) to a list or map. */
void node_append(struct node *node, struct loader *loader, const struct item *item);

/* A list, or one text where a list of one is meant. */
struct list_walk {
	const struct node *single;
	const struct item *next;
};

/* Before the first value of the node. */
struct list_walk list_walk(const struct node *node);

/* The next value; NULL at the end. */
const struct node *list_walk_next(struct list_walk *walk);

/* How many values list_walk gives. */
size_t list_count(const struct node *node);

#endif
