#include "service/reason.h"

#include "base/text.h"
#include "service/component.h"
#include "service/json.h"

/* fosterd is starting, or it is for one of its steps that it ends. */
static const char *starting_or_ending(const struct view *view, char buf[REASON_SIZE])
{
	enum fleet_state state = view->status.state;
	char step[PLIGHT_SIZE];
	struct text text;

	const char *why = view->status.lifespan_up ? NULL : plight_of_lifespan(view, step);
	text_init(&text, buf, REASON_SIZE);
	if (state > FLEET_RUNNING)
		text_add(&text, "%s%s", fleet_state_name(state), why == NULL ? "" : ": ");
	else if (why == NULL)
		text_add(&text, "fosterd is starting");
	text_add(&text, "%s", why == NULL ? "" : why);
	return buf;
}

const char *reason_of_fleet(const struct inquiry *inquiry, char buf[REASON_SIZE])
{
	const struct status *status = &inquiry->view->status;
	bool starts = inquiry->endpoint == ENDPOINT_STARTUPZ && !status->started &&
		      (status->state == FLEET_STARTING || !status->lifespan_up);

	if (!starts && verdict_fleet_passes(inquiry))
		return NULL;
	return starting_or_ending(inquiry->view, buf);
}

static bool is_well(const struct inquiry *inquiry, const struct worker_spec *worker,
		    const struct instance_status *status)
{
	if (inquiry->endpoint == ENDPOINT_LIVEZ)
		return status->state != INSTANCE_FAILED;
	if (worker->kind == PROGRAM_JOB && status->state == INSTANCE_COMPLETED)
		return true;
	/* One that is held is to be down, though its process may be ready. */
	return status->state == INSTANCE_READY && status->held_by >= inquiry->view->spec->n_checks;
}

/* The worker's first instance from *next on that is not well; *next is then the one after it. */
static bool find_unwell(const struct inquiry *inquiry, uint32_t worker, uint32_t *next,
			struct instance_view *out)
{
	const struct view *view = inquiry->view;
	const struct worker_spec *spec = &view->spec->workers[worker];

	while (*next < spec->replicas) {
		view->instance(view->source, spec->first_instance + (*next)++, out);
		if (!is_well(inquiry, spec, &out->status))
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

static void add_worker_reason(struct text *text, const struct inquiry *inquiry, uint32_t worker)
{
	uint32_t next = 0, unready = count_unready(inquiry->view, worker);
	struct instance_view instance;
	char buf[PLIGHT_SIZE];

	if (!find_unwell(inquiry, worker, &next, &instance)) {
		text_add(text, "not ready");
		return;
	}
	text_add(text, "%s", plight_of_instance(inquiry->view, worker, &instance, buf));
	if (inquiry->endpoint != ENDPOINT_LIVEZ && unready > 1)
		text_add(text, " (and %u more)", (unsigned)(unready - 1));
}

/* Of a check or a task. */
static void add_other_reason(struct text *text, const struct view *view, uint32_t number)
{
	struct component component = component_of(view->spec, number);
	struct component_status status;
	char buf[PLIGHT_SIZE];

	component_look(view, number, &status);
	const char *why = component.kind == COMPONENT_CHECK
				  ? plight_of_check(view, component.index, buf)
				  : plight_of_task(view, component.index, buf);
	text_add(text, "%s is %s", component.name, health_name(status.health));
	if (why != NULL)
		text_add(text, ": %s", why);
}

const char *reason_of_component(const struct inquiry *inquiry, uint32_t number,
				char buf[REASON_SIZE])
{
	struct component component = component_of(inquiry->view->spec, number);
	struct text text;

	text_init(&text, buf, REASON_SIZE);
	if (component.kind == COMPONENT_WORKER)
		add_worker_reason(&text, inquiry, component.index);
	else
		add_other_reason(&text, inquiry->view, number);
	return buf;
}

/* Reasons as they are gathered. */
struct gathering {
	const struct inquiry *inquiry;
	json_t *reasons; /* owned; NULL: memory was refused */
	uint64_t told, all;
	uint32_t room;
};

/* Tell of the worker's instances that are not well. */
static void add_worker(struct gathering *gathering, uint32_t worker)
{
	const struct view *view = gathering->inquiry->view;
	struct instance_view instance;
	char buf[PLIGHT_SIZE];
	uint32_t next = 0, here = 0, all = 0;

	while (gathering->told + here < gathering->room &&
	       find_unwell(gathering->inquiry, worker, &next, &instance)) {
		json_add(&gathering->reasons,
			 json_text(plight_of_instance(view, worker, &instance, buf)));
		here++;
	}
	if (gathering->inquiry->endpoint != ENDPOINT_LIVEZ)
		all = count_unready(view, worker);
	gathering->told += here;
	gathering->all += all > here ? all : here;
}

static void add_other(struct gathering *gathering, uint32_t number)
{
	char buf[REASON_SIZE];

	gathering->all++;
	if (gathering->told == gathering->room)
		return;
	gathering->told++;
	json_add(&gathering->reasons,
		 json_text(reason_of_component(gathering->inquiry, number, buf)));
}

/* Checks first: they are what workers wait for. */
static void add_components(struct gathering *gathering)
{
	const struct inquiry *inquiry = gathering->inquiry;
	const uint32_t count = component_count(inquiry->view->spec);
	const uint32_t n_workers = inquiry->view->spec->n_workers;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t number = (n_workers + i) % count;
		if (!verdict_counts(inquiry, number) || verdict_component_passes(inquiry, number))
			continue;
		if (number < n_workers)
			add_worker(gathering, number);
		else
			add_other(gathering, number);
	}
}

static void add_rest(struct gathering *gathering)
{
	char more[64];
	struct text text;

	if (gathering->all == gathering->told)
		return;
	text_init(&text, more, sizeof more);
	text_add(&text, "... and %llu more",
		 (unsigned long long)(gathering->all - gathering->told));
	json_add(&gathering->reasons, json_text(more));
}

json_t *reasons_of_all(const struct inquiry *inquiry)
{
	char buf[REASON_SIZE];
	struct gathering gathering = {
		.inquiry = inquiry, .reasons = json_array(), .room = REASONS_MAX};

	if (!inquiry->view->details || verdict_passes(inquiry))
		return gathering.reasons;
	const char *fleet = reason_of_fleet(inquiry, buf);
	if (fleet != NULL) {
		json_add(&gathering.reasons, json_text(fleet));
		gathering.room--;
	}
	/* In a drain everything ends: that it does explains nothing. */
	if (inquiry->view->status.state <= FLEET_RUNNING || fleet == NULL)
		add_components(&gathering);
	add_rest(&gathering);
	return gathering.reasons;
}
