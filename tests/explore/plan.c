#include "explore/plan.h"

#include <signal.h>

static const char *argv[] = {"/bin/true", NULL};
static const struct command program = {.argv = argv, .argc = 1};

static struct worker_spec worker(const char *name, uint32_t index)
{
	return (struct worker_spec){
		.name = name,
		.command = program,
		.replicas = 1,
		.min_ready = 1,
		.first_instance = index,
		.restart_delay = 100 * NS_MS,
		.restart_delay_max = 30 * NS_S,
		.restart_reset = 600 * NS_S,
		.success_exit_codes = {1},
		.critical = true,
		.ready_timeout = 60 * NS_S,
		.stop_signal = SIGTERM,
		.stop_timeout = 10 * NS_S,
	};
}

/* One that has all there is, and a plain one; a drain with a delay. */
static void plan_patient(struct worker_spec w[SLOTS], struct spec *spec)
{
	w[0].ready_when = READY_NOTIFY;
	w[0].watchdog = 20 * NS_S;
	w[0].stop_command = w[0].command;
	spec->drain_delay = 5 * NS_S;
}

/* Two that are given up soon, the one to the end of all; no delay, and restarts at once. */
static void plan_brittle(struct worker_spec w[SLOTS], struct spec *spec)
{
	w[0].restart_limit_count = w[1].restart_limit_count = 1;
	w[0].restart_limit_within = w[1].restart_limit_within = 3600 * NS_S;
	w[0].restart_delay = 0;
	w[0].restart = RESTART_ON_FAILURE;
	w[0].on_failed = ON_FAILED_UNHEALTHY;
	w[0].ready_when = READY_NOTIFY;
	w[0].stop_to = STOP_TO_GROUP;
	w[1].on_failed = ON_FAILED_SHUTDOWN;
	w[1].stop_timeout = 60 * NS_S;
	spec->drain_delay = 0;
}

/* One that has most there is, and is given up soon; wishes by hand meet all of it. */
static void plan_handled(struct worker_spec w[SLOTS], struct spec *spec)
{
	w[0].ready_when = READY_NOTIFY;
	w[0].watchdog = 20 * NS_S;
	w[0].stop_command = w[0].command;
	w[0].restart_limit_count = 1;
	w[0].restart_limit_within = 3600 * NS_S;
	w[1].restart = RESTART_ON_FAILURE;
	spec->drain_delay = 5 * NS_S;
}

static const uint32_t first_check[] = {0};

static struct probe_spec probe(uint32_t failure_threshold)
{
	return (struct probe_spec){.driver = DRIVER_TCP,
				   .target = "127.0.0.1:1",
				   .period = 10 * NS_S,
				   .timeout = NS_S,
				   .success_threshold = 1,
				   .failure_threshold = failure_threshold};
}

/* One that is asked whether it is ready and alive, one that has to say first that it has started,
 * and a check that both go by. */
static void plan_asked(struct worker_spec w[SLOTS], struct spec *spec)
{
	static struct probe_spec readiness, liveness, patient, startup;
	static struct check_spec check;

	readiness = probe(1);
	liveness = probe(1);
	patient = probe(2);
	startup = probe(1);
	check = (struct check_spec){.name = "c", .probe = probe(1), .critical = true};
	liveness.has_termination_grace = true;
	liveness.termination_grace = 2 * NS_S;
	w[0].ready_when = w[1].ready_when = READY_PROBE;
	w[0].probes[PROBE_READINESS] = &readiness;
	w[0].probes[PROBE_LIVENESS] = &liveness;
	w[0].n_probes = 2;
	w[0].restart_delay = 0;
	w[1].probes[PROBE_STARTUP] = &startup;
	w[1].probes[PROBE_LIVENESS] = &patient;
	w[1].n_probes = 2;
	w[1].first_probe = 2;
	w[0].gates = w[1].gates = first_check;
	w[0].n_gates = w[1].n_gates = 1;
	spec->checks = &check;
	spec->n_checks = 1;
	spec->n_probes = 5;
	spec->drain_delay = 5 * NS_S;
}

/* Run for its end. */
static struct worker_spec oneshot(const char *name, uint32_t index, enum program_kind kind)
{
	struct worker_spec w = worker(name, index);

	w.kind = kind;
	w.restart = kind == PROGRAM_JOB ? RESTART_ON_FAILURE : RESTART_NEVER;
	w.run_timeout = kind == PROGRAM_JOB ? 0 : 10 * NS_S;
	w.ready_timeout = 0;
	if (kind == PROGRAM_STEP_START || kind == PROGRAM_STEP_STOP)
		w.stop_timeout = 2 * NS_S;
	return w;
}

/* A job, one that needs its end, one that needs that one to be ready and goes down with it, a task
 * that does so too; and a step around them. */
static void plan_ordered(struct worker_spec w[SLOTS], struct spec *spec)
{
	static const struct dependency on_job = {0, DEPEND_COMPLETED}, on_first = {1, DEPEND_READY};
	static const uint32_t of_job[] = {1}, of_first[] = {2, 5};
	static const struct step_spec step = {"step"};
	static const struct task_spec task = {
		.name = "task", .every = 7 * NS_S, .overlap = OVERLAP_QUEUE};

	w[0] = oneshot("job", 0, PROGRAM_JOB);
	w[1] = worker("first", 1);
	w[1].ready_when = READY_NOTIFY;
	w[2] = worker("second", 2);
	w[2].restart_with_dependency = true;
	w[3] = oneshot("step.start", 3, PROGRAM_STEP_START);
	w[4] = oneshot("step.stop", 4, PROGRAM_STEP_STOP);
	w[5] = oneshot("task", 5, PROGRAM_TASK);
	w[1].depends_on = &on_job;
	w[2].depends_on = w[5].depends_on = &on_first;
	w[1].n_depends_on = w[2].n_depends_on = w[5].n_depends_on = 1;
	w[0].dependents = of_job;
	w[0].n_dependents = 1;
	w[1].dependents = of_first;
	w[1].n_dependents = 2;
	w[1].level = 1;
	w[2].level = w[5].level = 2;
	*spec = (struct spec){.drain_timeout = 15 * NS_S,
			      .drain_delay = 2 * NS_S,
			      .drain_reserve = 4 * NS_S,
			      .n_workers = 3,
			      .n_levels = 3,
			      .n_instances = 6,
			      .steps = &step,
			      .n_steps = 1,
			      .tasks = &task,
			      .n_tasks = 1};
}

/* Two steps around a worker that is given up, and with it all; a task that gives way to its next
 * run and to the drain. */
static void plan_framed(struct worker_spec w[SLOTS], struct spec *spec)
{
	static const struct dependency on_worker = {0, DEPEND_STARTED};
	static const uint32_t of_worker[] = {5};
	static const struct step_spec steps[] = {{"outer"}, {"inner"}};
	static const struct task_spec task = {.name = "task",
					      .every = 7 * NS_S,
					      .overlap = OVERLAP_REPLACE,
					      .cancel = true,
					      .run_at_start = true};

	w[0] = worker("worker", 0);
	w[0].on_failed = ON_FAILED_SHUTDOWN;
	w[0].restart = RESTART_NEVER;
	w[0].dependents = of_worker;
	w[0].n_dependents = 1;
	w[1] = oneshot("outer.start", 1, PROGRAM_STEP_START);
	w[2] = oneshot("outer.stop", 2, PROGRAM_STEP_STOP);
	w[3] = oneshot("inner.start", 3, PROGRAM_STEP_START);
	w[4] = oneshot("inner.stop", 4, PROGRAM_STEP_STOP);
	w[5] = oneshot("task", 5, PROGRAM_TASK);
	w[5].depends_on = &on_worker;
	w[5].n_depends_on = 1;
	w[5].level = 1;
	*spec = (struct spec){.drain_timeout = 12 * NS_S,
			      .drain_reserve = 5 * NS_S,
			      .n_workers = 1,
			      .n_levels = 1,
			      .n_instances = 6,
			      .steps = steps,
			      .n_steps = 2,
			      .tasks = &task,
			      .n_tasks = 1};
}

/* A chain that is meddled with by hand, and a task that is not to be disturbed. */
static void plan_meddled(struct worker_spec w[SLOTS], struct spec *spec)
{
	static const struct dependency on_first = {0, DEPEND_READY},
				       on_second = {1, DEPEND_STARTED};
	static const uint32_t of_first[] = {1, 3}, of_second[] = {2};
	static const struct task_spec task = {.name = "task", .every = 7 * NS_S};

	w[0] = worker("first", 0);
	w[0].ready_when = READY_NOTIFY;
	w[0].reload_command = program;
	w[1] = worker("second", 1);
	w[1].reload_signal = SIGHUP;
	w[1].restart_with_dependency = true;
	w[2] = worker("third", 2);
	w[3] = oneshot("task", 3, PROGRAM_TASK);
	w[1].depends_on = w[3].depends_on = &on_first;
	w[2].depends_on = &on_second;
	w[1].n_depends_on = w[2].n_depends_on = w[3].n_depends_on = 1;
	w[0].dependents = of_first;
	w[0].n_dependents = 2;
	w[1].dependents = of_second;
	w[1].n_dependents = 1;
	w[1].level = w[3].level = 1;
	w[2].level = 2;
	*spec = (struct spec){.drain_timeout = 10 * NS_S,
			      .n_workers = 3,
			      .n_levels = 3,
			      .n_instances = 4,
			      .tasks = &task,
			      .n_tasks = 1};
}

static const struct {
	struct plan plan;
	void (*make)(struct worker_spec w[SLOTS], struct spec *spec);
} plans[] = {
	{{.name = "patient", .floors = {166000, 304000}}, plan_patient},
	{{.name = "brittle", .floors = {112000, 215000}}, plan_brittle},
	{{.name = "handled", .by_hand = true, .deeper = {-1, -1}, .floors = {193000, 293000}},
	 plan_handled},
	{{.name = "asked", .warm = true, .deeper = {-1, -1}, .floors = {116000, 174000}},
	 plan_asked},
	{{.name = "ordered",
	  .terse = true,
	  .warm = true,
	  .deeper = {1, -1},
	  .floors = {322000, 273000}},
	 plan_ordered},
	{{.name = "framed",
	  .terse = true,
	  .warm = true,
	  .deeper = {1, -1},
	  .floors = {201000, 250000}},
	 plan_framed},
	{{.name = "meddled",
	  .by_hand = true,
	  .terse = true,
	  .warm = true,
	  .deeper = {-2, -2},
	  .floors = {209000, 401000}},
	 plan_meddled},
};

bool plan_make(uint32_t n, struct plan *out)
{
	if (n >= sizeof plans / sizeof plans[0])
		return false;
	*out = plans[n].plan;
	out->programs[0] = worker("a", 0);
	out->programs[1] = worker("b", 1);
	out->spec = (struct spec){
		.drain_timeout = 30 * NS_S, .n_workers = 2, .n_levels = 1, .n_instances = 2};
	plans[n].make(out->programs, &out->spec);
	out->spec.workers = out->programs;
	return true;
}
