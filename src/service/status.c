#include "service/status.h"

#include <string.h>

#include "base/text.h"
#include "service/json.h"
#include "service/probing.h"
#include "sys/signals.h"

static json_t *pid_json(pid_t pid)
{
	return pid == 0 ? json_null() : json_integer(pid);
}

static span_ns span_between(mono_ns from, mono_ns to)
{
	return to > from ? to - from : 0;
}

static json_t *deadline_json(mono_ns deadline, mono_ns now)
{
	return deadline == MONO_NEVER ? json_null() : json_ms(span_between(now, deadline));
}

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

static json_t *last_exit_json(const struct last_exit *last)
{
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

static json_t *instance_json(const struct view *view, const struct worker_spec *worker,
			     const struct instance_view *instance)
{
	const struct instance_status *status = &instance->status;
	const struct last_exit *last = instance->last_exit;
	const char *cause = status->cause == CAUSE_NONE ? NULL : instance_cause_text(status->cause);
	const char *said = instance->status_text;
	bool ended = last != NULL && last->any;
	json_t *json = json_object();

	json_put(&json, "name", json_text(instance->name));
	json_put(&json, "pid", pid_json(status->pid));
	json_put(&json, "state", json_text(instance_state_name(status->state)));
	json_put(&json, "cause", json_text(cause));
	json_put(&json, "ready", json_boolean(status->state == INSTANCE_READY));
	json_put(&json, "since_ms", json_ms(span_between(status->since, view->now)));
	json_put(&json, "deadline_ms", deadline_json(status->deadline, view->now));
	json_put(&json, "restarts", json_integer(status->restarts));
	json_put(&json, "status_text", json_text(said != NULL && *said != '\0' ? said : NULL));
	json_put(&json, "last_exit", ended ? last_exit_json(last) : json_null());
	json_put(&json, "held_by", holder_json(view, status));
	json_put(&json, "probes", probing_of_instance(view, worker, instance->ordinal));
	return json;
}

/* ---- workers */

static json_t *instances_json(const struct view *view, const struct worker_spec *spec)
{
	struct instance_view instance;
	json_t *list = json_array();

	for (uint32_t i = 0; i < spec->replicas; i++) {
		view->instance(view->source, spec->first_instance + i, &instance);
		json_add(&list, instance_json(view, spec, &instance));
	}
	return list;
}

static json_t *worker_json(const struct view *view, uint32_t worker)
{
	const struct worker_spec *spec = &view->spec->workers[worker];
	/* The program alone: arguments may hold what is nobody's business. */
	const char *program = spec->command.argc > 0 ? spec->command.argv[0] : NULL;
	json_t *json = json_object();
	struct worker_status status;

	view->worker(view->source, worker, &status);
	json_put(&json, "name", json_text(spec->name));
	json_put(&json, "status", json_text(health_name(status.health)));
	json_put(&json, "ready", json_boolean(status.ready));
	json_put(&json, "ready_instances", json_integer(status.n_ready));
	json_put(&json, "replicas", json_integer(spec->replicas));
	json_put(&json, "min_ready", json_integer(spec->min_ready));
	json_put(&json, "critical", json_boolean(spec->critical));
	json_put(&json, "command", json_text(program));
	json_put(&json, "instances", instances_json(view, spec));
	return json;
}

static json_t *workers_json(const struct view *view)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < view->spec->n_workers; i++)
		json_add(&list, worker_json(view, i));
	return list;
}

/* ---- the drain */

/* A process of it may exist. */
static bool is_awaited(const struct instance_status *status)
{
	switch (status->state) {
	case INSTANCE_STARTING:
	case INSTANCE_RUNNING:
	case INSTANCE_READY:
	case INSTANCE_STOPPING:
		return true;
	case INSTANCE_WAITING:
	case INSTANCE_BACKOFF:
	case INSTANCE_COMPLETED:
	case INSTANCE_STOPPED:
	case INSTANCE_FAILED:
	case INSTANCE_STATE_COUNT:
		break;
	}
	return false;
}

static json_t *awaited_json(const struct view *view, const struct instance_view *instance,
			    bool with_comm)
{
	const struct instance_status *status = &instance->status;
	char comm[COMM_SIZE];
	bool known = with_comm && status->pid != 0 && view->comm(status->pid, comm);
	json_t *json = json_object();

	json_put(&json, "name", json_text(instance->name));
	json_put(&json, "pid", pid_json(status->pid));
	json_put(&json, "comm", json_text(known ? comm : NULL));
	json_put(&json, "state", json_text(instance_state_name(status->state)));
	json_put(&json, "since_ms", json_ms(span_between(status->since, view->now)));
	json_put(&json, "deadline_ms", deadline_json(status->deadline, view->now));
	return json;
}

static json_t *waiting_for_json(const struct view *view)
{
	struct instance_view instance;
	uint32_t told = 0;
	json_t *list = json_array();

	for (uint32_t i = 0; i < view->spec->n_instances; i++) {
		view->instance(view->source, i, &instance);
		if (is_awaited(&instance.status))
			json_add(&list, awaited_json(view, &instance, told++ < STATUS_COMM_MAX));
	}
	return list;
}

static json_t *drain_json(const struct view *view)
{
	const struct drain_status *drain = &view->status.drain;

	if (view->status.state < FLEET_DRAINING)
		return json_null();
	json_t *json = json_object();
	json_put(&json, "phase", json_text(fleet_state_name(view->status.state)));
	json_put(&json, "elapsed_ms", json_ms(span_between(drain->started, view->now)));
	json_put(&json, "remaining_ms", json_ms(span_between(view->now, drain->deadline)));
	json_put(&json, "signals", json_integer(drain->signals));
	json_put(&json, "waiting_for", waiting_for_json(view));
	return json;
}

/* ---- the whole */

static json_t *counts_json(const struct supervisor_counts *counts)
{
	json_t *json = json_object();

	json_put(&json, "spawns", json_integer((json_int_t)counts->spawns));
	json_put(&json, "spawn_failures", json_integer((json_int_t)counts->spawn_failures));
	json_put(&json, "reaped", json_integer((json_int_t)counts->reaped));
	json_put(&json, "strangers", json_integer((json_int_t)counts->strangers));
	return json;
}

static void put_details(json_t **json, const struct view *view)
{
	span_ns uptime = span_between(view->started, view->now);

	json_put(json, "pid", json_integer(view->pid));
	json_put(json, "started_at", json_wall(view->wall - uptime));
	json_put(json, "status", json_text(health_name(view->status.health)));
	json_put(json, "drain", drain_json(view));
	json_put(json, "counts", counts_json(&view->counts));
	if (view->config != NULL) {
		json_put(json, "config", json_text(view->config));
		json_put(json, "control", json_text(view->spec->control.path));
	}
	json_put(json, "workers", workers_json(view));
	json_put(json, "checks", probing_of_checks(view));
	json_put(json, "probers", probing_of_probers(view));
}

void status_answer(const struct view *view, struct answer *answer)
{
	json_t *json = json_object();

	json_put(&json, "name", json_text(view->spec->name));
	json_put(&json, "version", json_text(FOSTERD_VERSION));
	json_put(&json, "state", json_text(fleet_state_name(view->status.state)));
	json_put(&json, "uptime_s", json_seconds(span_between(view->started, view->now)));
	if (view->details)
		put_details(&json, view);
	answer_json(answer, 200, json);
}
