#include "fosterctl/census.h"

#include <stdlib.h>

#include "fosterctl/asked.h"
#include "fosterctl/document.h"
#include "fosterctl/plan.h"
#include "fosterctl/words.h"

static int by_gravity(const void *left, const void *right)
{
	const struct sick *a = left, *b = right;

	if (a->grave != b->grave)
		return a->grave ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank > b->rank ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static size_t count_instances(const json_t *workers)
{
	const json_t *worker;
	size_t i, count = 0;

	json_array_foreach(workers, i, worker) count +=
		json_array_size(document_list(worker, "instances"));
	return count;
}

/* The instances of the worker at that place; order: of the first of them. */
static void take_worker(struct census *census, const json_t *worker, size_t place, size_t order)
{
	const json_t *instance;
	struct sick sick = {.worker = place,
			    .grave = document_flag(worker, "critical") &&
				     document_is(worker, "status", "unhealthy")};
	size_t i;

	json_array_foreach(document_list(worker, "instances"), i, instance)
	{
		sick.instance = instance;
		sick.rank = words_rank(instance);
		sick.order = order + i;
		if (sick.rank > 0)
			census->sick[census->n_sick++] = sick;
	}
}

/* order: of the first of them. */
static void take_checks(struct census *census, const json_t *checks, size_t order)
{
	const json_t *check;
	size_t i;

	json_array_foreach(checks, i, check)
	{
		struct sick sick = {.check = check,
				    .grave = document_flag(check, "critical") &&
					     document_is(check, "status", "unhealthy"),
				    .rank = asked_check_rank(check),
				    .order = order + i};
		if (sick.rank > 0)
			census->sick[census->n_sick++] = sick;
	}
}

/* The same. */
static void take_tasks(struct census *census, const json_t *tasks, size_t order)
{
	const json_t *task;
	size_t i;

	json_array_foreach(tasks, i, task)
	{
		struct sick sick = {.task = task,
				    .grave = document_flag(task, "critical") &&
					     document_is(task, "status", "unhealthy"),
				    .rank = plan_task_rank(task),
				    .order = order + i};
		if (sick.rank > 0)
			census->sick[census->n_sick++] = sick;
	}
}

int census_take(struct census *census, const json_t *document, struct arena *arena)
{
	const json_t *workers = document_list(document, "workers"), *worker;
	const json_t *checks = document_list(document, "checks");
	const json_t *tasks = document_list(document, "tasks");
	size_t i, order = 0;

	*census = (struct census){.n_all = count_instances(workers) + json_array_size(checks) +
					   json_array_size(tasks)};
	census->sick = arena_alloc(arena, (census->n_all + 1) * sizeof *census->sick);
	if (census->sick == NULL)
		return -1;
	json_array_foreach(workers, i, worker)
	{
		take_worker(census, worker, i, order);
		order += json_array_size(document_list(worker, "instances"));
	}
	take_checks(census, checks, order);
	take_tasks(census, tasks, order + json_array_size(checks));
	qsort(census->sick, census->n_sick, sizeof *census->sick, by_gravity);
	return 0;
}
