#include "base/heap.h"

#include "base/must.h"

void heap_init(struct heap_slot *slots, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		slots[i] = (struct heap_slot){.at = MONO_NEVER, .id = i, .place_of_id = i};
}

static void place(struct heap_slot *slots, uint32_t node, mono_ns at, uint32_t id)
{
	slots[node].at = at;
	slots[node].id = id;
	slots[id].place_of_id = node;
}

static uint32_t sift_up(struct heap_slot *slots, uint32_t node, mono_ns at)
{
	while (node > 0 && slots[(node - 1) / 2].at > at) {
		uint32_t parent = (node - 1) / 2;
		place(slots, node, slots[parent].at, slots[parent].id);
		node = parent;
	}
	return node;
}

static uint32_t sift_down(struct heap_slot *slots, uint32_t count, uint32_t node, mono_ns at)
{
	while (node < count / 2) {
		uint32_t child = 2 * node + 1;
		if (child + 1 < count && slots[child + 1].at < slots[child].at)
			child++;
		if (slots[child].at >= at)
			break;
		place(slots, node, slots[child].at, slots[child].id);
		node = child;
	}
	return node;
}

void heap_set(struct heap_slot *slots, uint32_t count, uint32_t id, mono_ns at)
{
	MUST(id < count);
	uint32_t node = slots[id].place_of_id;
	node = at < slots[node].at ? sift_up(slots, node, at) : sift_down(slots, count, node, at);
	place(slots, node, at, id);
}

mono_ns heap_get(const struct heap_slot *slots, uint32_t id)
{
	return slots[slots[id].place_of_id].at;
}

void heap_check(const struct heap_slot *slots, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		MUST(slots[i].id < count && slots[i].place_of_id < count);
		MUST(slots[slots[i].place_of_id].id == i);
		MUST(i == 0 || slots[(i - 1) / 2].at <= slots[i].at);
	}
}
