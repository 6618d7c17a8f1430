#include "model/spec.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/must.h"

bool worker_spec_is_success(const struct worker_spec *worker, int code)
{
	MUST(code >= 0 && code <= 255);
	return (worker->success_exit_codes[code / 32] >> (code % 32)) & 1;
}

const struct worker_spec *spec_worker_of(const struct spec *spec, uint32_t instance)
{
	uint32_t low = 0, high = spec->n_workers;

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
