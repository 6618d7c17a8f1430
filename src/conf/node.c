#include "conf/node.h"

#include <string.h>

#include "conf/loader.h"

enum { INDEX_ROOM_MIN = 16 };

/* FNV-1a. */
static size_t key_hash(const char *key)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *key != '\0'; key++)
		hash = (hash ^ (unsigned char)*key) * 0x100000001b3;
	return (size_t)(hash ^ hash >> 32);
}

/* The slot of the key, or the empty one where it belongs. Less than full: there is always one. */
static struct item **slot_of(const struct key_index *index, const char *key)
{
	size_t at = key_hash(key) & (index->room - 1);

	while (index->slots[at] != NULL && strcmp(index->slots[at]->key, key) != 0)
		at = (at + 1) & (index->room - 1);
	return &index->slots[at];
}

static void index_grow(struct key_index *index, struct loader *loader)
{
	struct key_index old = *index;

	index->room = old.room == 0 ? INDEX_ROOM_MIN : old.room * 2;
	index->slots = loader_scratch(loader, index->room * sizeof index->slots[0]);
	for (size_t i = 0; i < old.room; i++) {
		if (old.slots[i] != NULL)
			*slot_of(index, old.slots[i]->key) = old.slots[i];
	}
}

struct item *key_index_put(struct key_index *index, struct loader *loader, struct item *item)
{
	if (index->count * 2 >= index->room)
		index_grow(index, loader);
	struct item **slot = slot_of(index, item->key);
	if (*slot != NULL)
		return *slot;
	*slot = item;
	index->count++;
	return NULL;
}

struct item *key_index_find(const struct key_index *index, const char *key)
{
	return index->room == 0 ? NULL : *slot_of(index, key);
}

const struct node *node_find(const struct node *map, const char *key)
{
	for (const struct item *item = map->first; item != NULL; item = item->next) {
		if (strcmp(item->key, key) == 0)
			return item->value;
	}
	return NULL;
}

bool node_is_empty(const struct node *node)
{
	return node->kind == NODE_TEXT && node->plain && node->text[0] == '\0';
}

void node_append(struct node *node, struct loader *loader, const struct item *item)
{
	struct item *copy = loader_scratch(loader, sizeof *copy);

	*copy = *item;
	copy->next = NULL;
	if (node->last == NULL)
		node->first = copy;
	else
		node->last->next = copy;
	node->last = copy;
	node->count++;
}

struct list_walk list_walk(const struct node *node)
{
	if (node->kind == NODE_LIST)
		return (struct list_walk){.next = node->first};
	return (struct list_walk){.single = node};
}

const struct node *list_walk_next(struct list_walk *walk)
{
	const struct node *value = walk->single;

	walk->single = NULL;
	if (value == NULL && walk->next != NULL) {
		value = walk->next->value;
		walk->next = walk->next->next;
	}
	return value;
}

size_t list_count(const struct node *node)
{
	return node->kind == NODE_LIST ? node->count : 1;
}
