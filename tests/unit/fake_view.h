/* fake_view - a fleet that is what a test says, without a supervisor. */
#ifndef UNIT_FAKE_VIEW_H
#define UNIT_FAKE_VIEW_H

#include <stdio.h>
#include <string.h>

#include "service/route.h"

enum { FAKE_MAX = 200 };

struct fake {
	struct worker_spec workers[3]; /* web (3 instances), db (1, not critical), big (100) */
	struct worker_status status[3];
	struct instance_status instances[FAKE_MAX];
	struct last_exit last_exit;
	const char *status_text;
	struct spec spec;
	struct view view;
	unsigned asked; /* instances looked at */
};

static inline void fake_worker(const void *source, uint32_t worker, struct worker_status *out)
{
	*out = ((const struct fake *)source)->status[worker];
}

static inline void fake_instance(const void *source, uint32_t instance, struct instance_view *out)
{
	struct fake *fake = (struct fake *)(uintptr_t)source;
	const struct worker_spec *worker = spec_worker_of(&fake->spec, instance);

	fake->asked++;
	*out = (struct instance_view){.ordinal = instance - worker->first_instance,
				      .status = fake->instances[instance],
				      .last_exit = &fake->last_exit,
				      .status_text = fake->status_text};
	instance_name(out->name, worker, out->ordinal);
}

static inline bool fake_comm(pid_t pid, char out[COMM_SIZE])
{
	snprintf(out, COMM_SIZE, "comm%d\xff", (int)pid);
	return pid != 13;
}

/* Everything runs and is ready; n_workers of the three are there. */
static inline void fake_init(struct fake *fake, uint32_t n_workers)
{
	static const char *argv[] = {"/usr/bin/web", "--password=secret", NULL};

	*fake = (struct fake){
		.workers = {{.name = "web", .replicas = 3, .min_ready = 2, .critical = true,
			     .command = {.argv = argv, .argc = 2},
			     .on_failed = ON_FAILED_UNHEALTHY},
			    {.name = "db", .replicas = 1, .min_ready = 1, .first_instance = 3},
			    {.name = "big", .replicas = 100, .min_ready = 100, .critical = true,
			     .first_instance = 4}},
		.status_text = "",
	};
	fake->spec = (struct spec){.name = "shop", .workers = fake->workers, .n_workers = n_workers};
	for (uint32_t i = 0; i < n_workers; i++) {
		fake->spec.n_instances += fake->workers[i].replicas;
		fake->status[i] = (struct worker_status){HEALTH_HEALTHY, true, fake->workers[i].replicas};
	}
	for (uint32_t i = 0; i < FAKE_MAX; i++)
		fake->instances[i] = (struct instance_status){.state = INSTANCE_READY,
							      .since = 2 * NS_S,
							      .deadline = MONO_NEVER,
							      .gen = 1,
							      .pid = (pid_t)(10 + i)};
	fake->view = (struct view){
		.spec = &fake->spec,
		.status = {.state = FLEET_RUNNING, .live = true, .ready = true, .started = true},
		.now = 10 * NS_S,
		.wall = INT64_C(1795370400123) * NS_MS,
		.started = NS_S,
		.pid = 7,
		.details = true,
		.source = fake,
		.worker = fake_worker,
		.instance = fake_instance,
		.comm = fake_comm,
	};
}

/* One worker is down: its instance is in that state and the sums say so. */
static inline void fake_break(struct fake *fake, uint32_t worker, uint32_t ordinal,
			      enum instance_state state, enum instance_cause cause)
{
	struct instance_status *instance =
		&fake->instances[fake->workers[worker].first_instance + ordinal];
	struct worker_status *status = &fake->status[worker];

	instance->state = state;
	instance->cause = cause;
	status->n_ready--;
	status->ready = status->n_ready >= fake->workers[worker].min_ready;
	status->health = status->ready ? HEALTH_DEGRADED : HEALTH_UNHEALTHY;
	if (fake->workers[worker].critical && !status->ready) {
		fake->view.status.ready = false;
		fake->view.status.health = HEALTH_UNHEALTHY;
	} else if (fake->view.status.health == HEALTH_HEALTHY) {
		fake->view.status.health = HEALTH_DEGRADED;
	}
}

/* The body of the answer to a URI, NUL-terminated; *code is its status code, 400 when the URI is malformed. */
static inline const char *fake_get(struct fake *fake, const char *uri, unsigned *code)
{
	static char copy[512], text[256 * 1024];
	struct answer answer = {0};
	struct request request;
	struct err err;

	snprintf(copy, sizeof copy, "%s", uri);
	*code = 400;
	if (request_parse(&request, copy, &err) == -1)
		return "";
	route_answer(&fake->view, &request, &answer);
	*code = answer.code;
	snprintf(text, sizeof text, "%.*s", (int)answer.body.len, answer.body.text);
	body_fini(&answer.body);
	return text;
}

#endif
