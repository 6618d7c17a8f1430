#include "model/probe.h"

#include "base/must.h"

/* Which of the worker's probes has that place among them. */
static enum probe_role role_at(const struct worker_spec *worker, uint32_t place)
{
	enum probe_role role = 0;

	for (;; role++) {
		MUST(role < PROBE_ROLE_COUNT);
		if (worker->probes[role] != NULL && place-- == 0)
			return role;
	}
}

/* The last worker whose first probe is not after this one and that has probes. */
static const struct worker_spec *worker_of(const struct spec *spec, uint32_t probe)
{
	uint32_t low = 0, high = spec->n_workers;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (spec->workers[middle].first_probe <= probe)
			low = middle;
		else
			high = middle;
	}
	return &spec->workers[low];
}

struct probe_owner probe_owner_of(const struct spec *spec, uint32_t probe)
{
	struct probe_owner owner = {0};

	MUST(probe < spec->n_probes);
	if (probe >= spec->n_probes - spec->n_checks) {
		owner.check = &spec->checks[probe - (spec->n_probes - spec->n_checks)];
		owner.spec = &owner.check->probe;
		return owner;
	}
	owner.worker = worker_of(spec, probe);
	uint32_t behind = probe - owner.worker->first_probe;
	owner.ordinal = behind / owner.worker->n_probes;
	owner.instance = owner.worker->first_instance + owner.ordinal;
	owner.role = role_at(owner.worker, behind % owner.worker->n_probes);
	owner.spec = owner.worker->probes[owner.role];
	return owner;
}

uint32_t probe_of_instance(const struct worker_spec *worker, uint32_t ordinal, enum probe_role role)
{
	uint32_t place = 0;

	MUST(ordinal < worker->replicas && role < PROBE_ROLE_COUNT);
	if (worker->probes[role] == NULL)
		return PROBE_NONE;
	for (enum probe_role before = 0; before < role; before++)
		place += worker->probes[before] != NULL;
	return worker->first_probe + ordinal * worker->n_probes + place;
}

uint32_t probe_of_check(const struct spec *spec, uint32_t check)
{
	MUST(check < spec->n_checks);
	return spec->n_probes - spec->n_checks + check;
}

const char *probe_role_name(enum probe_role role)
{
	static const char *const names[] = {
#define X(name, text) [name] = text,
		PROBE_ROLES(X)
#undef X
	};

	MUST(role < PROBE_ROLE_COUNT);
	return names[role];
}

const char *driver_name(enum driver driver)
{
	static const char *const names[] = {
#define X(name, text) [name] = text,
		DRIVERS(X)
#undef X
	};

	MUST(driver < DRIVER_COUNT);
	return names[driver];
}

const char *probe_result_name(enum probe_result result)
{
	static const char *const names[] = {
		[PROBE_UNKNOWN] = "unknown",
		[PROBE_SUCCESS] = "success",
		[PROBE_FAILURE] = "failure",
	};

	MUST(result <= PROBE_FAILURE);
	return names[result];
}
