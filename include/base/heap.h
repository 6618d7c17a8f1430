/*
 * heap - which of a fixed set of deadlines comes first.
 *
 * Every id from 0 to count - 1 is always in the heap, at MONO_NEVER when it waits for nothing. So
 * there is no insert or remove and nothing can be full. An array of slots is the whole heap: it
 * holds no pointers and may be copied or moved as bytes.
 */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stdint.h>

#include "base/clock.h"

/* Slot k is node k of a binary heap (parent (k - 1) / 2) and, in place_of_id, speaks for id k. */
struct heap_slot {
	mono_ns at;	      /* the deadline of node k; <= that of its children */
	uint32_t id;	      /* whose deadline it is */
	uint32_t place_of_id; /* at which node id k stands: slots[slots[k].place_of_id].id == k */
};

/* Put ids 0 ... count - 1 in, all at MONO_NEVER. */
void heap_init(struct heap_slot *slots, uint32_t count);

/* Set the deadline of id. O(log count). Panics when id >= count. */
void heap_set(struct heap_slot *slots, uint32_t count, uint32_t id, mono_ns at);

/* The deadline of id. */
mono_ns heap_get(const struct heap_slot *slots, uint32_t id);

/* Panics unless order and places hold everywhere. For tests; O(count). */
void heap_check(const struct heap_slot *slots, uint32_t count);

#endif
