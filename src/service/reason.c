#include "service/reason.h"

#include <string.h>

#include "base/text.h"
#include "service/json.h"

const char *reason_of_fleet(const struct inquiry *inquiry)
{
	enum fleet_state state = inquiry->view->status.state;

	if (inquiry->endpoint == ENDPOINT_STARTUPZ && !inquiry->view->status.started &&
	    state == FLEET_STARTING)
		return "fosterd is starting";
	if (verdict_fleet_passes(inquiry))
		return NULL;
	return state == FLEET_STARTING ? "fosterd is starting" : fleet_state_name(state);
}

static bool is_well(const struct inquiry *inquiry, const struct instance_status *status)
{
	if (inquiry->endpoint == ENDPOINT_LIVEZ)
		return status->state != INSTANCE_FAILED;
	return status->state == INSTANCE_READY;
}

static const char *describe(const struct instance_view *instance, char buf[REASON_SIZE])
{
	const struct instance_status *status = &instance->status;
	struct text text;

	text_init(&text, buf, REASON_SIZE);
	text_add(&text, "%s is %s%s", instance->name,
		 status->state == INSTANCE_BACKOFF ? "in " : "",
		 instance_state_name(status->state));
	/* That a first start is a first start is no news. */
	if (status->cause != CAUSE_NONE && status->cause != CAUSE_FIRST_START)
		text_add(&text, ": %s", instance_cause_text(status->cause));
	return buf;
}

/* The worker's first instance from *next on that is not well; *next is then the one after it. */
static bool find_unwell(const struct inquiry *inquiry, uint32_t worker, uint32_t *next,
			struct instance_view *out)
{
	const struct view *view = inquiry->view;
	const struct worker_spec *spec = &view->spec->workers[worker];

	while (*next < spec->replicas) {
		view->instance(view->source, spec->first_instance + (*next)++, out);
		if (!is_well(inquiry, &out->status))
			return true;
	}
	return false;
}

/* How many instances are not ready. */
static uint32_t count_unready(const struct view *view, uint32_t worker)
{
	struct worker_status status;

	view->worker(view->source, worker, &status);
	return view->spec->workers[worker].replicas - status.n_ready;
}

const char *reason_of_worker(const struct inquiry *inquiry, uint32_t worker, char buf[REASON_SIZE])
{
	uint32_t next = 0, unready = count_unready(inquiry->view, worker);
	struct instance_view instance;
	struct text text;

	text_init(&text, buf, REASON_SIZE);
	if (!find_unwell(inquiry, worker, &next, &instance)) {
		text_add(&text, "not ready");
		return buf;
	}
	describe(&instance, buf);
	text.len = strlen(buf);
	if (inquiry->endpoint != ENDPOINT_LIVEZ && unready > 1)
		text_add(&text, " (and %u more)", (unsigned)(unready - 1));
	return buf;
}

/* Tell of the worker's instances, at most room. Returns how many were told. */
static uint32_t add_worker(json_t **reasons, const struct inquiry *inquiry, uint32_t worker,
			   uint32_t room)
{
	struct instance_view instance;
	char buf[REASON_SIZE];
	uint32_t next = 0, told = 0;

	while (told < room && find_unwell(inquiry, worker, &next, &instance)) {
		json_add(reasons, json_text(describe(&instance, buf)));
		told++;
	}
	return told;
}

static void add_workers(json_t **reasons, const struct inquiry *inquiry, uint32_t room)
{
	uint64_t all = 0, told = 0;
	char more[64];
	struct text text;

	for (uint32_t i = 0; i < inquiry->view->spec->n_workers; i++) {
		if (!verdict_counts(inquiry, i) || verdict_worker_passes(inquiry, i))
			continue;
		uint32_t here = add_worker(reasons, inquiry, i, room - (uint32_t)told);
		told += here;
		all += inquiry->endpoint == ENDPOINT_LIVEZ ? here : count_unready(inquiry->view, i);
	}
	if (all == told)
		return;
	text_init(&text, more, sizeof more);
	text_add(&text, "... and %llu more", (unsigned long long)(all - told));
	json_add(reasons, json_text(more));
}

json_t *reasons_of_all(const struct inquiry *inquiry)
{
	json_t *reasons = json_array();

	if (!inquiry->view->details || verdict_passes(inquiry))
		return reasons;
	const char *fleet = reason_of_fleet(inquiry);
	if (fleet != NULL)
		json_add(&reasons, json_text(fleet));
	/* In a drain everything ends: that it does explains nothing. */
	if (inquiry->view->status.state <= FLEET_RUNNING || fleet == NULL)
		add_workers(&reasons, inquiry, REASONS_MAX - (fleet != NULL));
	return reasons;
}
