#include "service/summary.h"

#include "base/text.h"
#include "base/utf8.h"
#include "service/awaited.h"
#include "service/reason.h"

enum {
	REASON_SHOWN = 150, /* bytes of one reason */
	AWAITED_SHOWN = 3,  /* names of those that are waited for */
};

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

static void add_instances(struct text *text, const struct view *view, uint32_t count,
			  const char *what)
{
	uint32_t all = spec_worker_instances(view->spec);

	text_add(text, "%u of %u instance%s %s", (unsigned)count, (unsigned)all,
		 all == 1 ? "" : "s", what);
}

static void add_ready(struct text *text, const struct view *view)
{
	struct muster muster = muster_of(view);

	if (spec_worker_instances(view->spec) == 0)
		text_add(text, "no workers");
	else
		add_instances(text, view, muster.ready, "ready");
	if (muster.worker < view->spec->n_workers)
		add_reason(text, view, muster.worker);
	add_checks(text, view);
}

/* How long it has been at it: "12s". */
static void add_span(struct text *text, mono_ns from, mono_ns to)
{
	span_ns span = to > from ? to - from : 0;
	char buf[SPAN_TEXT_SIZE];

	text_add(text, "%s", span_format(buf, span - span % NS_S));
}

/* "lifespan step schema is starting, 12s" */
static void add_lifespan(struct text *text, const struct view *view)
{
	char plight[PLIGHT_SIZE];
	mono_ns since = view->now;

	const char *why = plight_of_lifespan(view, plight);
	for (uint32_t i = 0; i < view->spec->n_steps; i++) {
		struct step_view step;
		view->step(view->source, i, &step);
		if (step.status.state == STEP_STARTING)
			since = step.status.since;
	}
	text_add(text, "%s, ", why == NULL ? "the lifespan begins" : why);
	add_span(text, since, view->now);
}

/* "web.2 (pid 812, killed)" */
static void add_awaited(struct text *text, const struct awaited *awaited)
{
	bool killed = awaited->instance.status.killing;

	text_add(text, "%s", awaited->instance.name);
	if (awaited->pid != 0)
		text_add(text, " (pid %d%s)", (int)awaited->pid, killed ? ", killed" : "");
	else
		text_add(text, "%s", killed ? " (killed)" : "");
}

/* Those that are to be told of, and how many more there are. */
static void add_all_awaited(struct text *text, const struct view *view)
{
	uint32_t next = 0, count = 0;
	struct awaited awaited;

	while (awaited_next(view, &next, &awaited)) {
		if (!awaited.ending || ++count > AWAITED_SHOWN)
			continue;
		text_add(text, "%s", count == 1 ? "; waits for " : ", ");
		add_awaited(text, &awaited);
	}
	if (count > AWAITED_SHOWN)
		text_add(text, " and %u more", (unsigned)(count - AWAITED_SHOWN));
}

static uint32_t count_left(const struct view *view)
{
	uint32_t next = 0, count = 0;
	struct awaited awaited;

	while (awaited_next(view, &next, &awaited))
		count += awaited.kind == PROGRAM_SERVICE || awaited.kind == PROGRAM_JOB;
	return count;
}

static void add_left(struct text *text, const struct view *view)
{
	if (spec_worker_instances(view->spec) == 0)
		text_add(text, "no workers");
	else
		add_instances(text, view, count_left(view), "left");
	text_add(text, ", at most ");
	add_span(text, view->now, view->status.drain.deadline + NS_S - 1);
	if (view->status.state == FLEET_STOPPING)
		add_all_awaited(text, view);
}

/* Why fosterd ends though nobody told it to. */
static void add_failure(struct text *text, const struct view *view, const char *before)
{
	char plight[PLIGHT_SIZE];

	if (view->status.lifespan_up || view->status.drain.signals > 0)
		return;
	const char *why = plight_of_lifespan(view, plight);
	text_add(text, "%s%s", why == NULL ? "" : before, why == NULL ? "" : why);
}

const char *summary_of(const struct view *view, char buf[SUMMARY_SIZE])
{
	enum fleet_state state = view->status.state;
	struct text text;

	text_init(&text, buf, SUMMARY_SIZE);
	text_add(&text, "%s", fleet_state_name(state));
	if (state == FLEET_STOPPED) {
		add_failure(&text, view, ": ");
		return buf;
	}
	text_add(&text, ": ");
	if (state > FLEET_RUNNING) {
		add_left(&text, view);
		add_failure(&text, view, "; ");
	} else if (!view->status.lifespan_up && view->spec->n_steps > 0) {
		add_lifespan(&text, view);
	} else {
		add_ready(&text, view);
	}
	return buf;
}
