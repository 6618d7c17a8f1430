#include "engine/herald.h"

#include <errno.h>
#include <stdlib.h>

#include "engine/storm.h"

struct herald_item {
	struct storm storm;
	struct order last; /* of those that were not told */
	bool is_bad;	   /* some of them were no good news */
};

static uint32_t n_items(const struct herald *herald)
{
	return herald->questions->spec->n_workers + herald->questions->spec->n_checks;
}

int herald_init(struct herald *herald, const struct questions *questions, struct err *err)
{
	*herald = (struct herald){.questions = questions, .deadline = MONO_NEVER};
	herald->items = calloc(n_items(herald) + 1, sizeof *herald->items);
	if (herald->items == NULL)
		return err_set(err, ENOMEM, "make room for %u checks", questions->spec->n_checks);
	for (uint32_t i = 0; i < n_items(herald); i++)
		storm_init(&herald->items[i].storm);
	return 0;
}

void herald_fini(struct herald *herald)
{
	free(herald->items);
	*herald = (struct herald){.deadline = MONO_NEVER};
}

static struct log *log_of(const struct herald *herald)
{
	return herald->questions->carry->log;
}

static mono_ns now_of(const struct herald *herald)
{
	return herald->questions->carry->desk->now;
}

static struct herald_item *item_of(const struct herald *herald, const struct probe_owner *owner)
{
	const struct spec *spec = herald->questions->spec;

	if (owner->check != NULL)
		return &herald->items[spec->n_workers + (uint32_t)(owner->check - spec->checks)];
	return &herald->items[owner->worker - spec->workers];
}

static void tell_probe(const struct herald *herald, const struct probe_owner *owner,
		       const struct order *order)
{
	const struct question *question = question_get(herald->questions, order->probe);
	const char *role = probe_role_name(owner->role);
	char name[INSTANCE_NAME_SIZE];

	instance_name(name, owner->worker, owner->ordinal);
	if (order->verdict == PROBE_FAILURE)
		LOG_EVENT(log_of(herald), LOG_WARNING, "probe failed", F_STR("worker", name),
			  F_STR("probe", role), F_STR("error", question->error));
	else if (question->told == PROBE_FAILURE)
		LOG_EVENT(log_of(herald), LOG_INFO, "probe succeeds again", F_STR("worker", name),
			  F_STR("probe", role));
	else
		LOG_EVENT(log_of(herald), LOG_INFO, "probe succeeds", F_STR("worker", name),
			  F_STR("probe", role));
}

/* For people: no finer than a microsecond. */
static span_ns rounded(span_ns span)
{
	return (span + NS_US / 2) / NS_US * NS_US;
}

static void tell_check(const struct herald *herald, const struct probe_owner *owner,
		       const struct order *order)
{
	static const char *const messages[HEALTH_COUNT] = {
		[HEALTH_HEALTHY] = "check is healthy",
		[HEALTH_DEGRADED] = "check is degraded",
		[HEALTH_UNHEALTHY] = "check is unhealthy",
	};
	const struct spec *spec = herald->questions->spec;
	const struct question *question = question_get(herald->questions, order->probe);
	const char *error = question->error;
	struct check_status status;

	fleet_check_status(herald->questions->carry->desk->fleet,
			   (uint32_t)(owner->check - spec->checks), &status);
	/* Before the first answer it may be known why there is none. */
	if (status.stale && (question->checked_at != 0 || error == NULL))
		error = "no answer of late";
	LOG_EVENT(log_of(herald), order->health == HEALTH_HEALTHY ? LOG_INFO : LOG_WARNING,
		  messages[order->health], F_STR("check", owner->check->name),
		  F_STR("error", error),
		  status.slow ? F_SPAN("latency", rounded(status.probe.latency))
			      : F_STR("latency", NULL));
}

/* A new verdict that leaves the component as it was told to be is told when it does not. */
static bool is_news(const struct question *question, const struct probe_owner *owner,
		    const struct order *order)
{
	return owner->check == NULL || question->told != (uint8_t)(order->health + 1);
}

static void tell(const struct herald *herald, const struct probe_owner *owner,
		 const struct order *order)
{
	if (owner->check != NULL)
		tell_check(herald, owner, order);
	else
		tell_probe(herald, owner, order);
}

static bool is_bad(const struct probe_owner *owner, const struct order *order)
{
	return owner->check != NULL ? order->health != HEALTH_HEALTHY
				    : order->verdict != PROBE_SUCCESS;
}

/* Not told in full. */
static void keep(struct herald_item *item, const struct probe_owner *owner,
		 const struct order *order)
{
	item->last = *order;
	item->is_bad = item->is_bad || is_bad(owner, order);
}

static void note(const struct herald *herald, const struct probe_owner *owner,
		 const struct order *order)
{
	struct question *question = question_get(herald->questions, order->probe);

	if (owner->check != NULL)
		question->told = (uint8_t)(order->health + 1);
	else
		question->told = (uint8_t)order->verdict;
}

void herald_order(struct herald *herald, const struct order *order)
{
	struct probe_owner owner = probe_owner_of(herald->questions->spec, order->probe);
	struct herald_item *item = item_of(herald, &owner);

	if (!is_news(question_get(herald->questions, order->probe), &owner, order))
		return;
	if (storm_happens(&item->storm, now_of(herald)))
		tell(herald, &owner, order);
	else
		keep(item, &owner, order);
	note(herald, &owner, order);
	herald->deadline = mono_min(herald->deadline, item->storm.window_end);
}

static void sum_up(const struct herald *herald, struct herald_item *item)
{
	uint32_t untold = storm_pass(&item->storm);
	enum log_level level = item->is_bad ? LOG_WARNING : LOG_INFO;
	struct probe_owner owner;
	char name[INSTANCE_NAME_SIZE];

	item->is_bad = false;
	if (untold == 0)
		return;
	owner = probe_owner_of(herald->questions->spec, item->last.probe);
	if (owner.check != NULL)
		LOG_EVENT(log_of(herald), level, "check changed more often than is told",
			  F_STR("check", owner.check->name), F_INT("times", untold),
			  F_SPAN("within", STORM_WINDOW),
			  F_STR("last", health_name(item->last.health)));
	else
		LOG_EVENT(log_of(herald), level, "probes changed more often than is told",
			  F_STR("worker", owner.worker->name), F_INT("times", untold),
			  F_SPAN("within", STORM_WINDOW),
			  F_STR("last", instance_name(name, owner.worker, owner.ordinal)),
			  F_STR("probe", probe_role_name(owner.role)),
			  F_STR("verdict", probe_result_name(item->last.verdict)));
}

void herald_time(struct herald *herald)
{
	mono_ns now = now_of(herald);

	if (now < herald->deadline)
		return;
	herald->deadline = MONO_NEVER;
	for (uint32_t i = 0; i < n_items(herald); i++) {
		struct herald_item *item = &herald->items[i];
		if (item->storm.window_end <= now)
			sum_up(herald, item);
		herald->deadline = mono_min(herald->deadline, item->storm.window_end);
	}
}
