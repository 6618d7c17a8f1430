#include "engine/chronicle.h"

#include <string.h>

#include "engine/output.h"
#include "engine/subject.h"
#include "sys/signals.h"

enum { FIELDS_MAX = 12 };
static const span_ns SELDOM = 60 * NS_S;

struct fields {
	struct log_field list[FIELDS_MAX];
	size_t count;
};

static void add(struct fields *fields, struct log_field field)
{
	fields->list[fields->count++] = field;
}

/* For people: no finer than a millisecond once it is one. */
static span_ns rounded(span_ns span)
{
	return span < NS_MS ? span : (span + NS_MS / 2) / NS_MS * NS_MS;
}

static bool is_seldom(const struct chronicle *chronicle, uint32_t instance)
{
	const struct spec *spec = chronicle->slots->spec;

	return subject_noun_of(spec, instance) == SUBJECT_STEP ||
	       spec->tasks[spec_task_of(spec, instance)].every >= SELDOM;
}

void chronicle_started(const struct chronicle *chronicle, uint32_t instance)
{
	struct subject subject;

	subject_of(chronicle->slots->spec, instance, &subject);
	LOG_EVENT(chronicle->log, subject.noun == SUBJECT_STEP ? LOG_INFO : LOG_DEBUG,
		  subject.noun == SUBJECT_STEP ? "step started" : "task run started", subject.who,
		  subject.half, F_INT("pid", slots_get(chronicle->slots, instance)->pid));
}

static bool has_run(const struct chronicle *chronicle, const struct order *order)
{
	return slots_get(chronicle->slots, order->instance)->last_exit.any;
}

static enum log_level level_of(const struct chronicle *chronicle, const struct order *order)
{
	bool step = subject_noun_of(chronicle->slots->spec, order->instance) == SUBJECT_STEP;

	switch (order->state) {
	case INSTANCE_FAILED:
		return step ? LOG_ERROR : LOG_WARNING;
	case INSTANCE_COMPLETED:
		return is_seldom(chronicle, order->instance) ? LOG_INFO : LOG_DEBUG;
	case INSTANCE_STOPPING:
		return order->cause == CAUSE_RUN_TIMEOUT || order->cause == CAUSE_DRAIN ? LOG_INFO
											: LOG_DEBUG;
	case INSTANCE_STOPPED:
		return step && has_run(chronicle, order) ? LOG_INFO : LOG_DEBUG;
	case INSTANCE_WAITING:
		return order->cause == CAUSE_DEPENDENCY ? LOG_INFO : LOG_DEBUG;
	case INSTANCE_STARTING:
	case INSTANCE_RUNNING:
	case INSTANCE_READY:
	case INSTANCE_BACKOFF:
	case INSTANCE_STATE_COUNT:
		break;
	}
	return LOG_DEBUG;
}

static const char *message_of(const struct subject *subject, enum instance_state state)
{
	static const char *const runs[INSTANCE_STATE_COUNT] = {
		[INSTANCE_WAITING] = "task waits",
		[INSTANCE_STARTING] = "task run is being started",
		[INSTANCE_STOPPING] = "task run is being ended",
		[INSTANCE_COMPLETED] = "task run finished",
		[INSTANCE_STOPPED] = "task is not run any more",
		[INSTANCE_FAILED] = "task run failed",
	};
	static const char *const steps[INSTANCE_STATE_COUNT] = {
		[INSTANCE_WAITING] = "step waits",
		[INSTANCE_STARTING] = "step is being started",
		[INSTANCE_STOPPING] = "step is being ended",
		[INSTANCE_COMPLETED] = "step is up",
		[INSTANCE_STOPPED] = "step was interrupted",
		[INSTANCE_FAILED] = "step failed",
	};

	if (subject->noun == SUBJECT_TASK)
		return runs[state];
	if (state == INSTANCE_COMPLETED && strcmp(subject->half.str, "stop") == 0)
		return "step is down";
	return steps[state];
}

/* Why it is so, unless that goes without saying. */
static const char *reason_of(const struct order *order)
{
	bool goes = order->cause == CAUSE_NONE || order->cause == CAUSE_ENDED_WELL ||
		    order->cause == CAUSE_EXITED || order->cause == CAUSE_SPAWN_FAILED;

	return goes ? NULL : instance_cause_text(order->cause);
}

static void add_end(struct fields *fields, const struct last_exit *last)
{
	if (!last->any)
		return;
	if (!last->spawned) {
		add(fields, F_STR("could_not", spawn_step_text(last->step)));
		add(fields, F_STR("error", strerror(last->num)));
		return;
	}
	add(fields,
	    last->signaled ? F_STR("signal", signals_name(last->code)) : F_INT("code", last->code));
	add(fields, F_SPAN("ran", rounded(last->run)));
}

static void add_said(const struct chronicle *chronicle, struct fields *fields, uint32_t instance)
{
	const char *said = output_last_line(chronicle->slots->outputs, instance);

	add(fields, F_STR("said", *said == '\0' ? NULL : said));
}

void chronicle_order(const struct chronicle *chronicle, const struct order *order, mono_ns now)
{
	const struct spec *spec = chronicle->slots->spec;
	struct subject subject;
	struct fields fields = {.count = 0};

	subject_of(spec, order->instance, &subject);
	const char *message = message_of(&subject, order->state);
	if (message == NULL)
		return;
	add(&fields, subject.who);
	add(&fields, subject.half);
	add(&fields, F_STR("why", reason_of(order)));
	if (order->state == INSTANCE_WAITING && order->cause == CAUSE_DEPENDENCY &&
	    order->waits_for < spec->n_workers)
		add(&fields, F_STR("for", spec->workers[order->waits_for].name));
	if (order->state == INSTANCE_COMPLETED || order->state == INSTANCE_FAILED ||
	    (order->state == INSTANCE_STOPPED && subject.noun == SUBJECT_STEP))
		add_end(&fields, &slots_get(chronicle->slots, order->instance)->last_exit);
	if (order->state == INSTANCE_FAILED)
		add_said(chronicle, &fields, order->instance);
	if (order->state == INSTANCE_STOPPING && order->until != MONO_NEVER && order->until > now)
		add(&fields, F_SPAN("within", rounded(order->until - now)));
	add(&fields, (struct log_field){LOG_FIELD_END, "", "", 0});
	log_write(chronicle->log, level_of(chronicle, order), message, fields.list);
}
