#include "service/plight.h"

#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "sys/signals.h"

enum { ERROR_MAX = 400 }; /* bytes of an error in one line */

/* The last line with something on it: there programs say what it comes to. */
static const char *last_line(const char *error, size_t *len)
{
	size_t end = strlen(error), begin;

	while (end > 0 && strchr(" \t\r\n", error[end - 1]) != NULL)
		end--;
	for (begin = end; begin > 0 && error[begin - 1] != '\n'; begin--)
		;
	while (begin < end && (error[begin] == ' ' || error[begin] == '\t'))
		begin++;
	*len = end - begin;
	return error + begin;
}

/* The error may be what a program wrote: bytes that are no text of one line become '?'. */
static void add_error(struct text *text, const char *error)
{
	size_t len, room = ERROR_MAX;
	const char *at = last_line(error, &len), *end = at + len;

	while (at < end) {
		size_t letter = utf8_letter(at);
		bool plain = letter > 0;
		letter = plain ? letter : 1;
		if (letter > room) {
			text_add(text, "...");
			return;
		}
		text_put(text, plain ? at : *at == '\t' ? " " : "?", plain ? letter : 1);
		room -= letter;
		at += letter;
	}
}

/* ": HTTP 503" */
static void add_behind(struct text *text, const char *error)
{
	if (error == NULL || *error == '\0')
		return;
	text_add(text, ": ");
	add_error(text, error);
}

/* ---- an instance */

static bool is_held(const struct view *view, const struct instance_status *status)
{
	return status->held_by < view->spec->n_checks;
}

static void add_holder(struct text *text, const struct view *view, uint32_t check)
{
	struct check_status status;

	view->check(view->source, check, &status);
	text_add(text, "held: check %s is %s", view->spec->checks[check].name,
		 health_name(status.health));
}

/* False when the worker has no such probe. */
static bool find_probe(const struct view *view, uint32_t worker, uint32_t ordinal,
		       enum probe_role role, struct probe_view *out)
{
	uint32_t probe = probe_of_instance(&view->spec->workers[worker], ordinal, role);

	if (probe != PROBE_NONE)
		view->probe(view->source, probe, out);
	return probe != PROBE_NONE;
}

/* The probe for which an instance that is starting still waits; false: for none. */
static bool find_awaited(const struct view *view, uint32_t worker, uint32_t ordinal,
			 enum probe_role *role, struct probe_view *out)
{
	for (*role = PROBE_STARTUP; *role <= PROBE_READINESS; (*role)++)
		if (find_probe(view, worker, ordinal, *role, out) &&
		    out->status.verdict != PROBE_SUCCESS)
			return true;
	return false;
}

static void add_awaited(struct text *text, enum probe_role role, const struct probe_view *probe)
{
	text_add(text, "its %s probe ", probe_role_name(role));
	if (probe->status.last == PROBE_UNKNOWN) {
		text_add(text, "has no answer yet");
		add_behind(text, probe->error);
	} else if (probe->status.last == PROBE_SUCCESS) {
		text_add(text, "has not succeeded often enough yet");
	} else {
		text_add(text, "fails");
		add_behind(text, probe->error);
	}
}

static void add_starting(struct text *text, const struct view *view, uint32_t worker,
			 const struct instance_view *instance)
{
	enum instance_cause cause = instance->status.cause;
	struct probe_view probe;
	enum probe_role role;

	bool awaited = find_awaited(view, worker, instance->ordinal, &role, &probe);
	/* That a first start is a first start is no news, nor that a restart is one when there is
	 * more to say. */
	bool told = cause != CAUSE_NONE && cause != CAUSE_FIRST_START &&
		    (cause != CAUSE_RESTART || !awaited);
	if (told)
		text_add(text, ": %s", instance_cause_text(cause));
	if (awaited) {
		text_add(text, told ? ", " : ": ");
		add_awaited(text, role, &probe);
	}
}

static void add_cause(struct text *text, const struct view *view, uint32_t worker,
		      const struct instance_view *instance)
{
	enum instance_cause cause = instance->status.cause;
	struct probe_view probe;

	if (cause == CAUSE_NONE || cause == CAUSE_FIRST_START)
		return;
	text_add(text, ": %s", instance_cause_text(cause));
	if (cause == CAUSE_READINESS &&
	    find_probe(view, worker, instance->ordinal, PROBE_READINESS, &probe))
		add_behind(text, probe.error);
}

/* "web waits for db to be ready" */
static void add_dependency(struct text *text, const struct view *view,
			   const struct instance_view *instance)
{
	static const char *const words[DEPEND_WHEN_COUNT] = {
		[DEPEND_STARTED] = "to be started",
		[DEPEND_READY] = "to be ready",
		[DEPEND_COMPLETED] = "to complete",
	};
	const struct instance_status *status = &instance->status;

	text_add(text, "%s waits for %s %s", instance->name,
		 view->spec->workers[status->waits_for].name, words[status->waits_when]);
}

const char *plight_of_instance(const struct view *view, uint32_t worker,
			       const struct instance_view *instance, char buf[PLIGHT_SIZE])
{
	const struct instance_status *status = &instance->status;
	bool waits = status->state == INSTANCE_BACKOFF, held = is_held(view, status);
	struct text text;

	text_init(&text, buf, PLIGHT_SIZE);
	if (status->state == INSTANCE_WAITING && status->waits_for != PROGRAM_NONE) {
		add_dependency(&text, view, instance);
		return buf;
	}
	text_add(&text, "%s is ", instance->name);
	if (held && !waits) {
		add_holder(&text, view, status->held_by);
		return buf;
	}
	text_add(&text, "%s%s", waits ? "in " : "", instance_state_name(status->state));
	if (status->state == INSTANCE_STARTING)
		add_starting(&text, view, worker, instance);
	else
		add_cause(&text, view, worker, instance);
	if (held) {
		text_add(&text, ", ");
		add_holder(&text, view, status->held_by);
	}
	return buf;
}

/* ---- a check */

static void add_age(struct text *text, const struct view *view, const struct probe_status *probe)
{
	span_ns age = view->now > probe->answered ? view->now - probe->answered : 0;
	char span[SPAN_TEXT_SIZE];

	text_add(text, "no answer for %s", span_format(span, age - age % NS_S));
}

static void add_slow(struct text *text, const struct check_spec *check,
		     const struct probe_status *probe)
{
	char limit[SPAN_TEXT_SIZE];

	text_add(text, "slow: %.1f ms, more than %s", (double)probe->latency / (double)NS_MS,
		 span_format(limit, check->degraded_above));
}

static void add_failure(struct text *text, const char *error)
{
	if (error != NULL)
		add_error(text, error);
	if (text->len == 0)
		text_add(text, "it fails");
}

const char *plight_of_check(const struct view *view, uint32_t check, char buf[PLIGHT_SIZE])
{
	const struct check_spec *spec = &view->spec->checks[check];
	struct check_status status;
	struct probe_view probe;
	struct text text;

	view->check(view->source, check, &status);
	view->probe(view->source, probe_of_check(view->spec, check), &probe);
	if (status.health == HEALTH_HEALTHY)
		return NULL;
	text_init(&text, buf, PLIGHT_SIZE);
	if (status.probe.answered == 0) {
		text_add(&text, "no answer yet");
		add_behind(&text, probe.error);
	} else if (status.stale) {
		add_age(&text, view, &status.probe);
	} else if (status.probe.last == PROBE_FAILURE) {
		add_failure(&text, probe.error);
	} else if (status.slow) {
		add_slow(&text, spec, &status.probe);
	} else {
		text_add(&text, "it has not succeeded often enough yet");
	}
	return buf;
}

/* ---- a task, the lifespan */

/* "exit code 3: could not open x", "took too long, signal TERM": with the last line that it
 * wrote. */
static void add_end(struct text *text, const struct instance_view *instance)
{
	const struct last_exit *last = instance->last_exit;

	if (instance->status.cause == CAUSE_RUN_TIMEOUT)
		text_add(text, "%s, ", instance_cause_text(CAUSE_RUN_TIMEOUT));
	if (last == NULL || !last->any)
		text_add(text, "it did not run");
	else if (!last->spawned)
		text_add(text, "could not %s: %s", spawn_step_text(last->step),
			 strerror(last->num));
	else if (last->signaled)
		text_add(text, "signal %s", signals_name(last->code));
	else
		text_add(text, "exit code %d", last->code);
	add_behind(text, instance->output);
}

const char *plight_of_task(const struct view *view, uint32_t task, char buf[PLIGHT_SIZE])
{
	struct task_view seen;
	struct text text;

	view->task(view->source, task, &seen);
	if (seen.status.health == HEALTH_HEALTHY)
		return NULL;
	text_init(&text, buf, PLIGHT_SIZE);
	text_add(&text, "its last run failed");
	/* While the next one runs nothing but that is known of the one before. */
	if (seen.instance.status.state != INSTANCE_FAILED)
		return buf;
	text_add(&text, ": ");
	add_end(&text, &seen.instance);
	return buf;
}

static const struct instance_view *failed_half(const struct step_view *step)
{
	if (step->status.start_failed)
		return &step->start;
	return step->status.stop_failed ? &step->stop : NULL;
}

const char *plight_of_lifespan(const struct view *view, char buf[PLIGHT_SIZE])
{
	struct text text;

	text_init(&text, buf, PLIGHT_SIZE);
	for (uint32_t i = 0; i < view->spec->n_steps; i++) {
		const char *name = view->spec->steps[i].name;
		struct step_view step;
		view->step(view->source, i, &step);
		const struct instance_view *failed = failed_half(&step);
		if (failed != NULL) {
			text_add(&text, "the %s of lifespan step %s failed: ",
				 failed == &step.start ? "start" : "stop", name);
			add_end(&text, failed);
			return buf;
		}
		if (step.status.state != STEP_STARTING && step.status.state != STEP_STOPPING)
			continue;
		text_add(&text, "lifespan step %s is %s", name, step_state_name(step.status.state));
		return buf;
	}
	return NULL;
}
