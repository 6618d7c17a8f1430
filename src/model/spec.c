#include "model/spec.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/must.h"

uint32_t spec_programs(const struct spec *spec)
{
	return spec->n_workers + 2 * spec->n_steps + spec->n_tasks;
}

uint32_t spec_worker_instances(const struct spec *spec)
{
	return spec->n_instances - 2 * spec->n_steps - spec->n_tasks;
}

uint32_t spec_step_start(const struct spec *spec, uint32_t step)
{
	MUST(step < spec->n_steps);
	return spec_worker_instances(spec) + 2 * step;
}

uint32_t spec_step_stop(const struct spec *spec, uint32_t step)
{
	return spec_step_start(spec, step) + 1;
}

uint32_t spec_task_instance(const struct spec *spec, uint32_t task)
{
	MUST(task < spec->n_tasks);
	return spec->n_instances - spec->n_tasks + task;
}

uint32_t spec_step_of(const struct spec *spec, uint32_t instance)
{
	uint32_t first = spec_worker_instances(spec);

	MUST(instance >= first && instance < first + 2 * spec->n_steps);
	return (instance - first) / 2;
}

uint32_t spec_task_of(const struct spec *spec, uint32_t instance)
{
	uint32_t first = spec->n_instances - spec->n_tasks;

	MUST(instance >= first && instance < spec->n_instances);
	return instance - first;
}

bool worker_spec_is_oneshot(const struct worker_spec *worker)
{
	return worker->kind != PROGRAM_SERVICE;
}

#define X(name, text) [name] = text,

const char *program_kind_name(enum program_kind kind)
{
	static const char *const names[] = {PROGRAM_KINDS(X)};

	MUST(kind < PROGRAM_KIND_COUNT);
	return names[kind];
}

const char *depend_when_name(enum depend_when when)
{
	static const char *const names[] = {DEPEND_WHENS(X)};

	MUST(when < DEPEND_WHEN_COUNT);
	return names[when];
}

#undef X

bool worker_spec_is_success(const struct worker_spec *worker, int code)
{
	MUST(code >= 0 && code <= 255);
	return (worker->success_exit_codes[code / 32] >> (code % 32)) & 1;
}

const struct worker_spec *spec_worker_of(const struct spec *spec, uint32_t instance)
{
	uint32_t low = 0, high = spec_programs(spec);

	MUST(instance < spec->n_instances);
	/* The last worker whose first instance is not after this one; those with 0 replicas sort
	 * before it. */
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (spec->workers[middle].first_instance <= instance)
			low = middle;
		else
			high = middle;
	}
	return &spec->workers[low];
}

const char *instance_name(char buf[INSTANCE_NAME_SIZE], const struct worker_spec *worker,
			  uint32_t ordinal)
{
	if (worker->replicas == 1)
		snprintf(buf, INSTANCE_NAME_SIZE, "%s", worker->name);
	else
		snprintf(buf, INSTANCE_NAME_SIZE, "%s.%u", worker->name, (unsigned)ordinal);
	return buf;
}

void spec_free(struct spec **spec)
{
	if (*spec == NULL)
		return;
	/* The arena is inside the struct that goes with it: take it out first. */
	struct arena arena = (*spec)->arena;
	arena_fini(&arena);
	free(*spec);
	*spec = NULL;
}
