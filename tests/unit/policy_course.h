/* policy_course - a yard whose fleet has a lifespan and tasks as well. */
#ifndef UNIT_POLICY_COURSE_H
#define UNIT_POLICY_COURSE_H

#include "policy_yard.h"

static struct step_spec course_steps[4];
static struct task_spec course_tasks[4];

static inline struct worker_spec *course_add(const char *name, enum program_kind kind)
{
	struct worker_spec *program = &yard.workers[spec_programs(&yard.spec)];

	*program = kit_worker(name);
	program->kind = kind;
	program->restart = RESTART_NEVER;
	program->ready_timeout = 0;
	program->critical = false;
	program->first_instance = yard.spec.n_instances++;
	return program;
}

/* A step: half a minute to start, ten seconds to stop; before any task. */
static inline void course_step(const char *name, bool has_start, bool has_stop)
{
	struct worker_spec *start = course_add(name, PROGRAM_STEP_START);
	struct worker_spec *stop = start + 1;

	*stop = *start;
	stop->kind = PROGRAM_STEP_STOP;
	stop->first_instance = yard.spec.n_instances++;
	start->run_timeout = 30 * NS_S;
	stop->run_timeout = 10 * NS_S;
	start->stop_timeout = stop->stop_timeout = 2 * NS_S;
	start->command.argc = has_start;
	stop->command.argc = has_stop;
	course_steps[yard.spec.n_steps++].name = name;
	yard.spec.steps = course_steps;
	yard.spec.drain_reserve = 5 * NS_S;
}

/* A task: each minute, for a minute at the most. */
static inline struct task_spec *course_task(const char *name)
{
	struct worker_spec *program = course_add(name, PROGRAM_TASK);

	program->run_timeout = 60 * NS_S;
	yard.spec.tasks = course_tasks;
	course_tasks[yard.spec.n_tasks] = (struct task_spec){.name = name, .every = 60 * NS_S};
	return &course_tasks[yard.spec.n_tasks++];
}

static inline void end_of(uint32_t instance, int code, bool empty)
{
	struct instance_status status;

	fleet_instance_status(yard.fleet, instance, &status);
	step((struct fact){.kind = FACT_EXITED,
			   .instance = instance,
			   .gen = status.gen,
			   .code = code,
			   .empty = empty});
}

/* Time passes until then, as the fleet wants to be woken. */
static inline void pass_to(mono_ns at)
{
	while (fleet_deadline(yard.fleet) <= at) {
		yard.now = mono_max(yard.now, fleet_deadline(yard.fleet));
		tell(FACT_TIME);
	}
	yard.now = at;
}

#define AT(s) (T0 + (mono_ns)((s)*1e3) * NS_MS)

static inline struct step_status step_of(uint32_t n)
{
	struct step_status out;

	fleet_step_status(yard.fleet, n, &out);
	return out;
}

static inline struct task_status task_of(uint32_t n)
{
	struct task_status out;

	fleet_task_status(yard.fleet, n, &out);
	return out;
}

#endif
