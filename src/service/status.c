#include "service/status.h"

#include <string.h>

#include "base/text.h"
#include "service/json.h"
#include "sys/signals.h"

static void put_pid(struct body *body, pid_t pid)
{
	if (pid == 0)
		json_put_null(body, "pid");
	else
		json_put_int(body, "pid", pid);
}

static span_ns span_between(mono_ns from, mono_ns to)
{
	return to > from ? to - from : 0;
}

static void put_deadline(struct body *body, mono_ns deadline, mono_ns now)
{
	if (deadline == MONO_NEVER)
		json_put_null(body, "deadline_ms");
	else
		json_put_ms(body, "deadline_ms", span_between(now, deadline));
}

/* ---- an instance */

/* Why the program was never run: "could not execute: No such file or directory". */
static void put_spawn_error(struct body *body, const struct last_exit *last)
{
	char buf[128];
	struct text text;

	text_init(&text, buf, sizeof buf);
	text_add(&text, "could not %s: %s", spawn_step_text(last->step), strerror(last->num));
	json_put_str(body, "error", last->spawned ? NULL : buf);
}

static int64_t ms_of(struct timeval time)
{
	return (int64_t)time.tv_sec * 1000 + time.tv_usec / 1000;
}

static void put_rusage(struct body *body, const struct rusage *usage)
{
	json_object_begin(body, "rusage");
	json_put_int(body, "utime_ms", ms_of(usage->ru_utime));
	json_put_int(body, "stime_ms", ms_of(usage->ru_stime));
	json_put_int(body, "maxrss_kb", usage->ru_maxrss);
	json_object_end(body);
}

static void put_last_exit(struct body *body, const struct last_exit *last)
{
	if (last == NULL || !last->any) {
		json_put_null(body, "last_exit");
		return;
	}
	json_object_begin(body, "last_exit");
	if (last->spawned && !last->signaled)
		json_put_int(body, "code", last->code);
	else
		json_put_null(body, "code");
	json_put_str(body, "signal",
		 last->spawned && last->signaled ? signals_name(last->code) : NULL);
	json_put_bool(body, "core", last->core);
	json_put_wall(body, "at", last->at);
	json_put_ms(body, "run_ms", last->run);
	put_spawn_error(body, last);
	put_rusage(body, &last->rusage);
	json_object_end(body);
}

static void put_instance(struct body *body, const struct instance_view *instance, mono_ns now)
{
	const struct instance_status *status = &instance->status;
	const char *cause = status->cause == CAUSE_NONE ? NULL : instance_cause_text(status->cause);
	const char *said = instance->status_text;

	json_object_begin(body, NULL);
	json_put_str(body, "name", instance->name);
	put_pid(body, status->pid);
	json_put_str(body, "state", instance_state_name(status->state));
	json_put_str(body, "cause", cause);
	json_put_bool(body, "ready", status->state == INSTANCE_READY);
	json_put_ms(body, "since_ms", span_between(status->since, now));
	put_deadline(body, status->deadline, now);
	json_put_int(body, "restarts", status->restarts);
	json_put_str(body, "status_text", said != NULL && *said != '\0' ? said : NULL);
	put_last_exit(body, instance->last_exit);
	json_object_end(body);
}

/* ---- workers */

static void put_worker(struct body *body, const struct view *view, uint32_t worker)
{
	const struct worker_spec *spec = &view->spec->workers[worker];
	struct worker_status status;
	struct instance_view instance;

	view->worker(view->source, worker, &status);
	json_object_begin(body, NULL);
	json_put_str(body, "name", spec->name);
	json_put_str(body, "status", health_name(status.health));
	json_put_bool(body, "ready", status.ready);
	json_put_int(body, "ready_instances", status.n_ready);
	json_put_int(body, "replicas", spec->replicas);
	json_put_int(body, "min_ready", spec->min_ready);
	json_put_bool(body, "critical", spec->critical);
	/* The program alone: arguments may hold what is nobody's business. */
	json_put_str(body, "command", spec->command.argc > 0 ? spec->command.argv[0] : NULL);
	json_array_begin(body, "instances");
	for (uint32_t i = 0; i < spec->replicas; i++) {
		view->instance(view->source, spec->first_instance + i, &instance);
		put_instance(body, &instance, view->now);
	}
	json_array_end(body);
	json_object_end(body);
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

static void put_awaited(struct body *body, const struct view *view,
			const struct instance_view *instance, bool with_comm)
{
	const struct instance_status *status = &instance->status;
	char comm[COMM_SIZE];
	bool known = with_comm && status->pid != 0 && view->comm(status->pid, comm);

	json_object_begin(body, NULL);
	json_put_str(body, "name", instance->name);
	put_pid(body, status->pid);
	json_put_str(body, "comm", known ? comm : NULL);
	json_put_str(body, "state", instance_state_name(status->state));
	json_put_ms(body, "since_ms", span_between(status->since, view->now));
	put_deadline(body, status->deadline, view->now);
	json_object_end(body);
}

static void put_waiting_for(struct body *body, const struct view *view)
{
	struct instance_view instance;
	uint32_t told = 0;

	json_array_begin(body, "waiting_for");
	for (uint32_t i = 0; i < view->spec->n_instances; i++) {
		view->instance(view->source, i, &instance);
		if (is_awaited(&instance.status))
			put_awaited(body, view, &instance, told++ < STATUS_COMM_MAX);
	}
	json_array_end(body);
}

static void put_drain(struct body *body, const struct view *view)
{
	const struct drain_status *drain = &view->status.drain;

	if (view->status.state < FLEET_DRAINING) {
		json_put_null(body, "drain");
		return;
	}
	json_object_begin(body, "drain");
	json_put_str(body, "phase", fleet_state_name(view->status.state));
	json_put_ms(body, "elapsed_ms", span_between(drain->started, view->now));
	json_put_ms(body, "remaining_ms", span_between(view->now, drain->deadline));
	json_put_int(body, "signals", drain->signals);
	put_waiting_for(body, view);
	json_object_end(body);
}

/* ---- the whole */

static void put_counts(struct body *body, const struct supervisor_counts *counts)
{
	json_object_begin(body, "counts");
	json_put_int(body, "spawns", (int64_t)counts->spawns);
	json_put_int(body, "spawn_failures", (int64_t)counts->spawn_failures);
	json_put_int(body, "reaped", (int64_t)counts->reaped);
	json_put_int(body, "strangers", (int64_t)counts->strangers);
	json_object_end(body);
}

static void put_details(struct body *body, const struct view *view)
{
	json_put_int(body, "pid", view->pid);
	json_put_wall(body, "started_at", view->wall - span_between(view->started, view->now));
	json_put_str(body, "status", health_name(view->status.health));
	put_drain(body, view);
	put_counts(body, &view->counts);
	json_array_begin(body, "workers");
	for (uint32_t i = 0; i < view->spec->n_workers; i++)
		put_worker(body, view, i);
	json_array_end(body);
}

void status_answer(const struct view *view, struct answer *answer)
{
	struct body *body = &answer->body;

	answer->code = 200;
	answer->type = ANSWER_JSON;
	json_object_begin(body, NULL);
	json_put_str(body, "name", view->spec->name);
	json_put_str(body, "version", FOSTERD_VERSION);
	json_put_str(body, "state", fleet_state_name(view->status.state));
	json_put_seconds(body, "uptime_s", span_between(view->started, view->now));
	if (view->details)
		put_details(body, view);
	json_object_end(body);
	body_put(body, "\n", 1);
}
