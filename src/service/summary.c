#include "service/summary.h"

#include "base/text.h"
#include "base/utf8.h"
#include "service/reason.h"

enum { REASON_SHOWN = 150 }; /* bytes of one reason */

/* How many instances are ready, and which worker is to be named. */
struct muster {
	uint32_t ready;
	uint32_t worker; /* n_workers: none, all is well */
	bool grave;	 /* it is critical and not ready */
};

static struct muster muster_of(const struct view *view)
{
	struct muster muster = {.worker = view->spec->n_workers};

	for (uint32_t i = 0; i < view->spec->n_workers; i++) {
		const struct worker_spec *spec = &view->spec->workers[i];
		struct worker_status status;
		view->worker(view->source, i, &status);
		muster.ready += status.n_ready;
		bool well = status.n_ready == spec->replicas && status.health == HEALTH_HEALTHY;
		if (well || muster.grave)
			continue;
		muster.grave = spec->critical && !status.ready;
		if (muster.grave || muster.worker == view->spec->n_workers)
			muster.worker = i;
	}
	return muster;
}

/* What stands in one line with others is short, and cut between letters. */
static void add_reason(struct text *text, const struct view *view, uint32_t component)
{
	static const struct request nothing_left_out;
	const struct inquiry inquiry = {.view = view,
					.request = &nothing_left_out,
					.endpoint = ENDPOINT_READYZ,
					.component = INQUIRY_WHOLE};
	char reason[REASON_SIZE];
	size_t len = 0;

	reason_of_component(&inquiry, component, reason);
	while (reason[len] != '\0') {
		size_t letter = utf8_length(reason + len);
		letter = letter > 0 ? letter : 1;
		if (len + letter > REASON_SHOWN)
			break;
		len += letter;
	}
	text_add(text, "; ");
	text_put(text, reason, len);
	text_add(text, "%s", reason[len] == '\0' ? "" : "...");
}

/* The first check that fails, a critical one if there is such a one, and how many more do. */
static void add_checks(struct text *text, const struct view *view)
{
	uint32_t failing = 0, named = 0;
	bool grave = false;

	for (uint32_t i = 0; i < view->spec->n_checks; i++) {
		struct check_status status;
		view->check(view->source, i, &status);
		if (status.health != HEALTH_UNHEALTHY)
			continue;
		if (failing++ == 0 || (!grave && view->spec->checks[i].critical)) {
			named = i;
			grave = view->spec->checks[i].critical;
		}
	}
	if (failing == 0)
		return;
	add_reason(text, view, view->spec->n_workers + named);
	if (failing > 1)
		text_add(text, " (and %u more check%s)", (unsigned)(failing - 1),
			 failing == 2 ? "" : "s");
}

static void add_ready(struct text *text, const struct view *view)
{
	struct muster muster = muster_of(view);

	if (view->spec->n_instances == 0)
		text_add(text, "no workers");
	else
		text_add(text, "%u of %u instance%s ready", (unsigned)muster.ready,
			 (unsigned)view->spec->n_instances,
			 view->spec->n_instances == 1 ? "" : "s");
	if (muster.worker < view->spec->n_workers)
		add_reason(text, view, muster.worker);
	add_checks(text, view);
}

/* The first instance that still runs; false when none does. */
static bool find_left(const struct view *view, struct instance_view *out)
{
	for (uint32_t i = 0; i < view->spec->n_instances; i++) {
		view->instance(view->source, i, out);
		if (out->status.state == INSTANCE_STOPPING || out->status.pid != 0)
			return true;
	}
	return false;
}

static void add_left(struct text *text, const struct view *view)
{
	uint32_t left = view->status.instances_live;
	struct instance_view first;

	text_add(text, "%u of %u instance%s left", (unsigned)left,
		 (unsigned)view->spec->n_instances, view->spec->n_instances == 1 ? "" : "s");
	if (view->status.state == FLEET_STOPPING && find_left(view, &first))
		text_add(text, "; %s is %s%s", first.name, instance_state_name(first.status.state),
			 first.status.killing ? ", it was killed" : "");
}

const char *summary_of(const struct view *view, char buf[SUMMARY_SIZE])
{
	enum fleet_state state = view->status.state;
	struct text text;

	text_init(&text, buf, SUMMARY_SIZE);
	text_add(&text, "%s", fleet_state_name(state));
	if (state == FLEET_STOPPED)
		return buf;
	text_add(&text, ": ");
	if (state <= FLEET_RUNNING)
		add_ready(&text, view);
	else if (view->spec->n_instances == 0)
		text_add(&text, "no workers");
	else
		add_left(&text, view);
	return buf;
}
