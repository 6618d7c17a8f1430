#include "engine/desk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

/*
 * Carrying an order out can bring one more fact about one instance, and that a few orders; a fact
 * about the whole can come of it once. So the queue never holds more than this many steps' worth.
 * Pages that are never used are never touched.
 */
enum { STEPS_QUEUED = 5 };

int desk_init(struct desk *desk, const struct spec *spec, uint64_t seed, struct err *err)
{
	uint32_t step_max = fleet_orders_max(spec);
	void *block = malloc(fleet_size(spec));
	struct order *list = calloc((size_t)step_max * STEPS_QUEUED, sizeof *list);

	if (block == NULL || list == NULL) {
		free(block);
		free(list);
		return err_set(err, ENOMEM, "make room for %u instances", spec->n_instances);
	}
	*desk = (struct desk){.queue = {.list = list, .room = step_max * STEPS_QUEUED},
			      .step_max = step_max,
			      .now = mono_now()};
	desk->fleet = fleet_init(block, spec, seed, desk->now);
	return 0;
}

void desk_fini(struct desk *desk)
{
	free(desk->fleet);
	free(desk->queue.list);
	*desk = (struct desk){0};
}

void desk_wake(struct desk *desk)
{
	desk->now = mono_max(desk->now, mono_now());
}

static void make_room(struct desk *desk)
{
	struct orders *queue = &desk->queue;

	if (queue->room - queue->count >= desk->step_max)
		return;
	queue->count -= desk->head;
	memmove(queue->list, queue->list + desk->head, queue->count * sizeof *queue->list);
	desk->head = 0;
}

void desk_report(struct desk *desk, struct fact fact)
{
	make_room(desk);
	desk->facts++;
	fleet_step(desk->fleet, &fact, desk->now, &desk->queue);
}

bool desk_next(struct desk *desk, struct order *out)
{
	if (desk->head == desk->queue.count) {
		/* Begin again at the front: a queue that is mostly short stays in few pages. */
		desk->head = desk->queue.count = 0;
		return false;
	}
	*out = desk->queue.list[desk->head++];
	return true;
}
