#include "service/life.h"

#include <string.h>

#include "base/text.h"
#include "service/probing.h"
#include "sys/signals.h"

/* ---- an instance */

/* Why the program was never run: "could not execute: No such file or directory". */
static json_t *spawn_error_json(const struct last_exit *last)
{
	char buf[128];
	struct text text;

	if (last->spawned)
		return json_null();
	text_init(&text, buf, sizeof buf);
	text_add(&text, "could not %s: %s", spawn_step_text(last->step), strerror(last->num));
	return json_text(buf);
}

static json_t *ms_of(struct timeval time)
{
	return json_integer((json_int_t)time.tv_sec * 1000 + time.tv_usec / 1000);
}

static json_t *rusage_json(const struct rusage *usage)
{
	json_t *json = json_object();

	json_put(&json, "utime_ms", ms_of(usage->ru_utime));
	json_put(&json, "stime_ms", ms_of(usage->ru_stime));
	json_put(&json, "maxrss_kb", json_integer(usage->ru_maxrss));
	return json;
}

json_t *life_last_exit(const struct last_exit *last)
{
	if (last == NULL || !last->any)
		return json_null();
	json_t *json = json_object();
	bool exited = last->spawned && !last->signaled;
	const char *signal = last->spawned && last->signaled ? signals_name(last->code) : NULL;

	json_put(&json, "code", exited ? json_integer(last->code) : json_null());
	json_put(&json, "signal", json_text(signal));
	json_put(&json, "core", json_boolean(last->core));
	json_put(&json, "at", json_wall(last->at));
	json_put(&json, "run_ms", json_ms(last->run));
	json_put(&json, "error", spawn_error_json(last));
	json_put(&json, "rusage", rusage_json(&last->rusage));
	return json;
}

/* The check for which it is not restarted, or restarted slowly. */
static json_t *holder_json(const struct view *view, const struct instance_status *status)
{
	const struct spec *spec = view->spec;

	return json_text(status->held_by < spec->n_checks ? spec->checks[status->held_by].name
							  : NULL);
}

/* A job is ready when it has done its work. */
static bool is_ready(const struct worker_spec *worker, enum instance_state state)
{
	return state == INSTANCE_READY ||
	       (worker->kind == PROGRAM_JOB && state == INSTANCE_COMPLETED);
}

/* Without whom it is not started. */
static json_t *waits_for_json(const struct view *view, const struct instance_status *status)
{
	if (status->state != INSTANCE_WAITING || status->waits_for == PROGRAM_NONE)
		return json_null();
	json_t *json = json_object();
	json_put(&json, "name", json_text(view->spec->workers[status->waits_for].name));
	json_put(&json, "when", json_text(depend_when_name(status->waits_when)));
	return json;
}

json_t *life_of_instance(const struct view *view, const struct worker_spec *worker,
			 const struct instance_view *instance)
{
	const struct instance_status *status = &instance->status;
	const char *cause = status->cause == CAUSE_NONE ? NULL : instance_cause_text(status->cause);
	const char *said = instance->status_text;
	json_t *json = json_object();

	json_put(&json, "name", json_text(instance->name));
	json_put(&json, "pid", json_pid(status->pid));
	json_put(&json, "state", json_text(instance_state_name(status->state)));
	json_put(&json, "cause", json_text(cause));
	json_put(&json, "ready", json_boolean(is_ready(worker, status->state)));
	json_put(&json, "since_ms", json_since(status->since, view->now));
	json_put(&json, "deadline_ms", json_ahead(status->deadline, view->now));
	json_put(&json, "restarts", json_integer(status->restarts));
	json_put(&json, "status_text", json_text(said != NULL && *said != '\0' ? said : NULL));
	json_put(&json, "last_exit", life_last_exit(instance->last_exit));
	json_put(&json, "waits_for", waits_for_json(view, status));
	json_put(&json, "to_stop", json_boolean(status->to_stop));
	json_put(&json, "reloading", json_boolean(status->reloading));
	json_put(&json, "held_by", holder_json(view, status));
	json_put(&json, "probes", probing_of_instance(view, worker, instance->ordinal));
	return json;
}
