#include "engine/teller.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/chronicle.h"
#include "engine/storm.h"
#include "engine/subject.h"
#include "sys/signals.h"

struct teller_worker {
	struct storm storm; /* of ends; a task's or step's: of failures */
	uint32_t last;	    /* the instance of the last that was not told */
};

int teller_init(struct teller *teller, struct log *log, const struct slots *slots, struct err *err)
{
	uint32_t count = spec_programs(slots->spec);

	*teller = (struct teller){.log = log, .slots = slots, .deadline = MONO_NEVER};
	teller->workers = calloc(count + 1, sizeof *teller->workers);
	if (teller->workers == NULL)
		return err_set(err, ENOMEM, "make room for %u programs", count);
	for (uint32_t i = 0; i < count; i++)
		storm_init(&teller->workers[i].storm);
	return 0;
}

void teller_fini(struct teller *teller)
{
	free(teller->workers);
	*teller = (struct teller){0};
}

static struct teller_worker *worker_of(const struct teller *teller, uint32_t instance)
{
	const struct spec *spec = teller->slots->spec;

	return &teller->workers[spec_worker_of(spec, instance) - spec->workers];
}

static bool in_storm(const struct teller *teller, uint32_t instance)
{
	return worker_of(teller, instance)->storm.untold > 0;
}

static bool is_worker(const struct teller *teller, uint32_t instance)
{
	return subject_noun_of(teller->slots->spec, instance) == SUBJECT_WORKER;
}

void teller_started(struct teller *teller, uint32_t instance)
{
	const struct chronicle chronicle = {.log = teller->log, .slots = teller->slots};
	char name[INSTANCE_NAME_SIZE];

	if (!is_worker(teller, instance))
		chronicle_started(&chronicle, instance);
	else if (!in_storm(teller, instance))
		LOG_EVENT(teller->log, LOG_INFO, "worker started",
			  F_STR("worker", slots_name(teller->slots, instance, name)),
			  F_INT("pid", slots_get(teller->slots, instance)->pid));
}

/* For people: no finer than a millisecond once it is one. */
static span_ns rounded(span_ns span)
{
	return span < NS_MS ? span : (span + NS_MS / 2) / NS_MS * NS_MS;
}

static void tell_end(const struct teller *teller, uint32_t instance)
{
	const struct last_exit *last = &slots_get(teller->slots, instance)->last_exit;
	char name[INSTANCE_NAME_SIZE];

	slots_name(teller->slots, instance, name);
	if (!last->spawned)
		LOG_EVENT(teller->log, LOG_ERROR, "worker could not be started",
			  F_STR("worker", name), F_STR("could_not", spawn_step_text(last->step)),
			  F_STR("error", strerror(last->num)));
	else if (last->signaled)
		LOG_EVENT(teller->log, LOG_INFO, "worker ended", F_STR("worker", name),
			  F_STR("signal", signals_name(last->code)),
			  F_STR("core", last->core ? "yes" : NULL),
			  F_SPAN("ran", rounded(last->run)));
	else
		LOG_EVENT(teller->log, LOG_INFO, "worker ended", F_STR("worker", name),
			  F_INT("code", last->code), F_SPAN("ran", rounded(last->run)));
}

void teller_unprepared(struct teller *teller, uint32_t instance, const char *error)
{
	struct subject subject;

	if (storm_is_full(&worker_of(teller, instance)->storm))
		return;
	subject_of(teller->slots->spec, instance, &subject);
	LOG_EVENT(teller->log, LOG_WARNING, "a start could not be prepared", subject.who,
		  subject.half, F_STR("error", error));
}

/* True when that is to be told in full. */
static bool count(struct teller *teller, uint32_t instance, mono_ns now)
{
	struct teller_worker *worker = worker_of(teller, instance);
	bool full = storm_happens(&worker->storm, now);

	if (!full)
		worker->last = instance;
	teller->deadline = mono_min(teller->deadline, worker->storm.window_end);
	return full;
}

void teller_ended(struct teller *teller, uint32_t instance, mono_ns now)
{
	/* What a task's end means, the state that follows tells. */
	if (is_worker(teller, instance) && count(teller, instance, now))
		tell_end(teller, instance);
}

/* The check for which it is held; NULL: it is not. */
static const char *holder_of(const struct teller *teller, const struct order *order)
{
	const struct spec *spec = teller->slots->spec;

	return order->probe < spec->n_checks ? spec->checks[order->probe].name : NULL;
}

/* The program that it waits for; NULL: none. */
static const char *missing_of(const struct teller *teller, const struct order *order)
{
	const struct spec *spec = teller->slots->spec;
	bool waits = order->state == INSTANCE_WAITING && order->cause == CAUSE_DEPENDENCY;

	return waits && order->waits_for < spec->n_workers ? spec->workers[order->waits_for].name
							   : NULL;
}

/* It runs, though a probe wants its end. */
static bool is_held(const struct teller *teller, const struct order *order)
{
	return holder_of(teller, order) != NULL &&
	       (order->state == INSTANCE_RUNNING || order->state == INSTANCE_STARTING);
}

static enum log_level level_of(const struct order *order)
{
	if (instance_cause_is_by_hand(order->cause))
		return LOG_INFO;
	switch (order->state) {
	case INSTANCE_FAILED:
		return LOG_ERROR;
	case INSTANCE_RUNNING:
		return LOG_WARNING;
	case INSTANCE_READY:
	case INSTANCE_STOPPING:
	case INSTANCE_BACKOFF:
	case INSTANCE_COMPLETED:
		return LOG_INFO;
	case INSTANCE_WAITING:
		return order->cause == CAUSE_DEPENDENCY ? LOG_INFO : LOG_DEBUG;
	case INSTANCE_STOPPED:
	case INSTANCE_STARTING:
	case INSTANCE_STATE_COUNT:
		break;
	}
	return LOG_DEBUG;
}

static const char *message_of(enum instance_state state)
{
	static const char *const messages[INSTANCE_STATE_COUNT] = {
		[INSTANCE_WAITING] = "worker waits",
		[INSTANCE_STARTING] = "worker is being started",
		[INSTANCE_RUNNING] = "worker is not ready any more",
		[INSTANCE_READY] = "worker ready",
		[INSTANCE_STOPPING] = "worker stopping",
		[INSTANCE_BACKOFF] = "worker will be started again",
		[INSTANCE_COMPLETED] = "worker completed",
		[INSTANCE_STOPPED] = "worker stopped",
		[INSTANCE_FAILED] = "worker failed",
	};

	return messages[state];
}

static void tell_state(const struct teller *teller, const struct order *order, mono_ns now)
{
	const char *cause = instance_cause_text(order->cause);
	bool held = is_held(teller, order);
	char name[INSTANCE_NAME_SIZE];
	struct log_field fields[] = {
		F_STR("worker", slots_name(teller->slots, order->instance, name)),
		F_STR("why", *cause == '\0' ? NULL : cause),
		F_STR("for", missing_of(teller, order)),
		F_STR("held_by", holder_of(teller, order)),
		{LOG_FIELD_END, "", "", 0},
		{LOG_FIELD_END, "", "", 0},
	};

	if (order->until != MONO_NEVER && order->until > now)
		fields[4] = F_SPAN(order->state == INSTANCE_BACKOFF ? "in" : "within",
				   rounded(order->until - now));
	log_write(teller->log, held ? LOG_WARNING : level_of(order),
		  held ? "worker is held" : message_of(order->state), fields);
}

/* That one who is ready once started has become so was said with his start. */
static bool is_news(const struct teller *teller, const struct order *order)
{
	const struct worker_spec *worker = spec_worker_of(teller->slots->spec, order->instance);

	if (order->state == INSTANCE_FAILED || instance_cause_is_by_hand(order->cause))
		return true;
	if (order->state == INSTANCE_READY && worker->ready_when == READY_STARTED)
		return false;
	/* So was that a job is under way. */
	if (order->state == INSTANCE_RUNNING && worker_spec_is_oneshot(worker))
		return false;
	return !in_storm(teller, order->instance);
}

void teller_order(struct teller *teller, const struct order *order, mono_ns now)
{
	const struct chronicle chronicle = {.log = teller->log, .slots = teller->slots};

	if (order->kind == ORDER_TELL_FLEET)
		LOG_EVENT(teller->log, LOG_INFO, "fosterd is now",
			  F_STR("state", fleet_state_name(order->fleet_state)));
	else if (!is_worker(teller, order->instance)) {
		if (order->state != INSTANCE_FAILED || count(teller, order->instance, now))
			chronicle_order(&chronicle, order, now);
	} else if (is_news(teller, order))
		tell_state(teller, order, now);
}

void teller_killed(struct teller *teller, uint32_t instance)
{
	static const char *const messages[SUBJECT_NOUN_COUNT] = {[SUBJECT_WORKER] = "worker killed",
								 [SUBJECT_TASK] = "task run killed",
								 [SUBJECT_STEP] = "step killed"};
	struct subject subject;

	subject_of(teller->slots->spec, instance, &subject);
	LOG_EVENT(teller->log, LOG_WARNING, messages[subject.noun], subject.who, subject.half,
		  F_STR("signal", "SIGKILL"));
}

/* In a few words: "code 1", "SIGKILL", "could not execute: No such file or directory". */
static void describe(const struct last_exit *last, struct text *out)
{
	if (!last->spawned)
		text_add(out, "could not %s: %s", spawn_step_text(last->step), strerror(last->num));
	else if (last->signaled)
		text_add(out, "%s", signals_name(last->code));
	else
		text_add(out, "code %d", last->code);
}

static void sum_up(const struct teller *teller, uint32_t w)
{
	struct teller_worker *worker = &teller->workers[w];
	uint32_t untold = storm_pass(&worker->storm);
	char buf[128];
	struct text how;

	const struct spec *spec = teller->slots->spec;

	if (untold == 0)
		return;
	text_init(&how, buf, sizeof buf);
	describe(&slots_get(teller->slots, worker->last)->last_exit, &how);
	if (w < spec->n_workers)
		LOG_EVENT(teller->log, LOG_WARNING, "worker ended more often than is told",
			  F_STR("worker", spec->workers[w].name), F_INT("times", untold),
			  F_SPAN("within", STORM_WINDOW), F_STR("last", buf));
	else
		LOG_EVENT(teller->log, LOG_WARNING, "task runs failed more often than is told",
			  F_STR("task", spec->workers[w].name), F_INT("times", untold),
			  F_SPAN("within", STORM_WINDOW), F_STR("last", buf));
}

void teller_time(struct teller *teller, mono_ns now)
{
	if (now < teller->deadline)
		return;
	teller->deadline = MONO_NEVER;
	for (uint32_t w = 0; w < spec_programs(teller->slots->spec); w++) {
		struct teller_worker *worker = &teller->workers[w];
		if (worker->storm.window_end <= now)
			sum_up(teller, w);
		teller->deadline = mono_min(teller->deadline, worker->storm.window_end);
	}
}
