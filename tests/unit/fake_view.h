/* fake_view - a fleet that is what a test says, without a supervisor. */
#ifndef UNIT_FAKE_VIEW_H
#define UNIT_FAKE_VIEW_H

#include <stdio.h>
#include <string.h>

#include "service/route.h"

enum { FAKE_MAX = 200, FAKE_PROBES = 16 };

struct fake {
	struct worker_spec workers[6]; /* web (3 instances), db (1, not critical), big (100); behind
					  those there are: schema.start, schema.stop, vacuum */
	struct worker_status status[3];
	struct instance_status instances[FAKE_MAX];
	struct last_exit last_exit;
	struct probe_spec probe_specs[PROBE_ROLE_COUNT]; /* of web, after fake_probes */
	struct check_spec checks[2]; /* database (critical), cache (not), after fake_checks */
	struct check_status check_status[2];
	struct probe_view probes[FAKE_PROBES]; /* by number */
	struct prober_spec probers[2];
	struct prober_view prober;
	struct step_spec steps[1]; /* schema, after fake_plan */
	struct step_status step_status;
	struct task_spec tasks[1]; /* vacuum, after fake_plan */
	struct task_status task_status;
	const char *status_text, *output;
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
				      .status_text = fake->status_text,
				      .output = fake->output,
				      .awaited = fake->instances[instance].pid};
	instance_name(out->name, worker, out->ordinal);
}

static inline void fake_probe(const void *source, uint32_t probe, struct probe_view *out)
{
	*out = ((const struct fake *)source)->probes[probe];
}

static inline void fake_check(const void *source, uint32_t check, struct check_status *out)
{
	*out = ((const struct fake *)source)->check_status[check];
}

static inline void fake_prober(const void *source, uint32_t prober, struct prober_view *out)
{
	(void)prober;
	*out = ((const struct fake *)source)->prober;
}

static inline void fake_task(const void *source, uint32_t task, struct task_view *out)
{
	const struct fake *fake = source;

	out->status = fake->task_status;
	fake_instance(source, spec_task_instance(&fake->spec, task), &out->instance);
	out->started_at = INT64_C(1795370399711) * NS_MS;
}

static inline void fake_step(const void *source, uint32_t step, struct step_view *out)
{
	const struct fake *fake = source;

	out->status = fake->step_status;
	fake_instance(source, spec_step_start(&fake->spec, step), &out->start);
	fake_instance(source, spec_step_stop(&fake->spec, step), &out->stop);
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
							      .held_by = PROBE_NONE,
							      .waits_for = PROGRAM_NONE,
							      .pid = (pid_t)(10 + i)};
	fake->view = (struct view){
		.spec = &fake->spec,
		.status = {.state = FLEET_RUNNING, .live = true, .ready = true, .lifespan_up = true, .started = true},
		.now = 10 * NS_S,
		.wall = INT64_C(1795370400123) * NS_MS,
		.started = NS_S,
		.pid = 7,
		.details = true,
		.source = fake,
		.worker = fake_worker,
		.instance = fake_instance,
		.probe = fake_probe,
		.check = fake_check,
		.prober = fake_prober,
		.task = fake_task,
		.step = fake_step,
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

/* A probe or check that was answered so, 412 ms ago, in 1.84 ms. */
static inline struct probe_view fake_answer(enum probe_result result, const char *error)
{
	const wall_ns at = INT64_C(1795370399711) * NS_MS;

	return (struct probe_view){.status = {.verdict = result,
					      .last = result,
					      .streak = 2,
					      .next = 15 * NS_S,
					      .answered = 9588 * NS_MS,
					      .last_success = 9588 * NS_MS,
					      .latency = 1849 * NS_US},
				   .error = error,
				   .checked_at = at,
				   .succeeded_at = result == PROBE_SUCCESS ? at : at - 3 * NS_S};
}

/* The number of a probe of web, the one worker that has some. */
static inline uint32_t fake_number(const struct fake *fake, uint32_t ordinal, enum probe_role role)
{
	return probe_of_instance(&fake->workers[0], ordinal, role);
}

/* web has a startup and a readiness probe, and they succeed. Before fake_checks. */
static inline void fake_probes(struct fake *fake)
{
	struct worker_spec *web = &fake->workers[0];

	web->probes[PROBE_STARTUP] = &fake->probe_specs[PROBE_STARTUP];
	web->probes[PROBE_READINESS] = &fake->probe_specs[PROBE_READINESS];
	web->n_probes = 2;
	fake->spec.n_probes = 6;
	for (uint32_t i = 1; i < fake->spec.n_workers; i++)
		fake->workers[i].first_probe = 6;
	for (uint32_t i = 0; i < 6; i++)
		fake->probes[i] = fake_answer(PROBE_SUCCESS, NULL);
}

/* database and cache are there, and healthy. */
static inline void fake_checks(struct fake *fake)
{
	struct probe_spec probe = {.driver = DRIVER_POSTGRES,
				   .target = "host=db user=shop",
				   .password = "secret",
				   .period = 10 * NS_S,
				   .timeout = NS_S,
				   .failure_threshold = 3};

	fake->checks[0] = (struct check_spec){
		.name = "database", .probe = probe, .critical = true, .degraded_above = 200 * NS_MS};
	probe.driver = DRIVER_REDIS;
	fake->checks[1] = (struct check_spec){.name = "cache", .probe = probe};
	fake->probers[0].identity.user_name = "fosterd-prober";
	fake->prober = (struct prober_view){.pid = 77, .restarts = 1, .waiting = 2};
	fake->spec.checks = fake->checks;
	fake->spec.n_checks = 2;
	fake->spec.n_probes += 2;
	fake->spec.probers = fake->probers;
	fake->spec.n_probers = 2;
	for (uint32_t i = 0; i < 2; i++) {
		struct probe_view *view = &fake->probes[probe_of_check(&fake->spec, i)];
		*view = fake_answer(PROBE_SUCCESS, NULL);
		fake->check_status[i] =
			(struct check_status){.ready = true, .probe = view->status};
	}
}

/* A program behind the workers, with one instance. */
static inline void fake_program(struct fake *fake, const char *name, enum program_kind kind,
				enum instance_state state)
{
	struct worker_spec *program = &fake->workers[spec_programs(&fake->spec)];
	struct instance_status *instance = &fake->instances[fake->spec.n_instances];

	*program = (struct worker_spec){.name = name,
					.kind = kind,
					.replicas = 1,
					.min_ready = 1,
					.first_instance = fake->spec.n_instances,
					.command = fake->workers[0].command};
	instance->state = state;
	instance->pid = state == INSTANCE_READY ? instance->pid : 0;
}

/* There are a lifespan of one step, schema, that is up, and a task, vacuum, that has run well. */
static inline void fake_plan(struct fake *fake)
{
	fake_program(fake, "schema.start", PROGRAM_STEP_START, INSTANCE_COMPLETED);
	fake->workers[fake->spec.n_workers + 1] = fake->workers[fake->spec.n_workers];
	fake->spec.n_instances++;
	fake->spec.n_steps = 1;
	struct worker_spec *stop = &fake->workers[fake->spec.n_workers + 1];
	stop->name = "schema.stop";
	stop->kind = PROGRAM_STEP_STOP;
	stop->first_instance = fake->spec.n_instances;
	fake->instances[fake->spec.n_instances++].state = INSTANCE_WAITING;
	fake_program(fake, "vacuum", PROGRAM_TASK, INSTANCE_COMPLETED);
	fake->spec.n_instances++;
	fake->spec.n_tasks = 1;
	fake->steps[0] = (struct step_spec){"schema"};
	fake->tasks[0] = (struct task_spec){.name = "vacuum", .every = 300 * NS_S};
	fake->spec.steps = fake->steps;
	fake->spec.tasks = fake->tasks;
	fake->step_status = (struct step_status){
		.state = STEP_UP, .since = 3 * NS_S, .deadline = MONO_NEVER};
	fake->task_status = (struct task_status){.next = 130 * NS_S,
						 .runs = 4,
						 .failures = 1,
						 .skipped = 2,
						 .started = 6 * NS_S,
						 .duration = 1500 * NS_MS,
						 .ran = true};
	fake->last_exit = (struct last_exit){.any = true,
					     .spawned = true,
					     .at = INT64_C(1795370397900) * NS_MS,
					     .run = 1500 * NS_MS};
}

/* A check was answered so; what that makes of it, and of the whole. */
static inline void fake_check_is(struct fake *fake, uint32_t check, enum health health,
				 enum probe_result result, const char *error)
{
	struct probe_view *view = &fake->probes[probe_of_check(&fake->spec, check)];
	bool down = health == HEALTH_UNHEALTHY && fake->checks[check].critical;

	*view = fake_answer(result, error);
	fake->check_status[check] = (struct check_status){
		.health = health, .ready = health != HEALTH_UNHEALTHY, .probe = view->status};
	if (down)
		fake->view.status.ready = false;
	if (down || fake->view.status.health == HEALTH_HEALTHY)
		fake->view.status.health = down ? HEALTH_UNHEALTHY : HEALTH_DEGRADED;
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
