#include "conf/program.h"

#include "conf/draft.h"

/* From SIGTERM to SIGKILL, for what has no `stop.timeout` of its own. */
static const span_ns STEP_STOP_TIMEOUT = 2 * NS_S;

/* What is not started again by itself. */
static struct worker_spec oneshot(const struct draft *draft, enum program_kind kind)
{
	struct worker_spec program = draft->spec;

	program.kind = kind;
	program.restart = RESTART_NEVER;
	return program;
}

static struct worker_spec half(struct loader *loader, const struct draft *draft, bool start)
{
	struct worker_spec program = oneshot(draft, start ? PROGRAM_STEP_START : PROGRAM_STEP_STOP);

	program.name =
		loader_must(loader, arena_printf(&loader->spec->arena, "%s.%s", draft->spec.name,
						 start ? "start" : "stop"));
	program.critical = false;
	program.stop_command = (struct command){0};
	program.stop_timeout = STEP_STOP_TIMEOUT;
	if (!start) {
		program.command = draft->spec.stop_command;
		program.run_timeout = draft->step_stop_timeout;
	}
	program.stop_to = program.command.shell ? STOP_TO_GROUP : STOP_TO_MAIN;
	return program;
}

static void program_put(struct loader *loader, uint32_t *n, struct worker_spec program)
{
	struct spec *spec = loader->spec;

	program.first_instance = spec->n_instances;
	spec->n_instances += program.replicas;
	loader->workers[(*n)++] = program;
}

static void steps_put(struct loader *loader, uint32_t *n)
{
	struct spec *spec = loader->spec;
	struct step_spec *steps = loader_keep(loader, (spec->n_steps + 1) * sizeof steps[0]);

	for (uint32_t i = 0; i < spec->n_steps; i++) {
		const struct draft *draft = &loader->steps[i];
		steps[i].name = draft->spec.name;
		program_put(loader, n, half(loader, draft, true));
		program_put(loader, n, half(loader, draft, false));
	}
	spec->steps = steps;
}

static void tasks_put(struct loader *loader, uint32_t *n)
{
	struct spec *spec = loader->spec;
	struct task_spec *tasks = loader_keep(loader, (spec->n_tasks + 1) * sizeof tasks[0]);

	for (uint32_t i = 0; i < spec->n_tasks; i++) {
		const struct draft *draft = &loader->tasks[i];
		tasks[i] = draft->task;
		program_put(loader, n, oneshot(draft, PROGRAM_TASK));
	}
	spec->tasks = tasks;
}

/* Counted first, so that each has its part of one array. */
static void dependents_find(struct loader *loader)
{
	struct worker_spec *programs = loader->workers;
	uint32_t n = spec_programs(loader->spec);
	size_t sum = 0;

	for (uint32_t p = 0; p < n; p++) {
		for (uint32_t i = 0; i < programs[p].n_depends_on; i++)
			programs[programs[p].depends_on[i].worker].n_dependents++;
		sum += programs[p].n_depends_on;
	}
	uint32_t *all = loader_keep(loader, (sum + 1) * sizeof all[0]);
	uint32_t **ends = loader_scratch(loader, (n + 1) * sizeof ends[0]);
	for (uint32_t p = 0; p < n; p++) {
		ends[p] = all;
		programs[p].dependents = programs[p].n_dependents > 0 ? all : NULL;
		all += programs[p].n_dependents;
	}
	for (uint32_t p = 0; p < n; p++) {
		for (uint32_t i = 0; i < programs[p].n_depends_on; i++)
			*ends[programs[p].depends_on[i].worker]++ = p;
	}
}

void programs_finish(struct loader *loader)
{
	struct spec *spec = loader->spec;
	uint32_t n = 0;

	loader->workers =
		loader_keep(loader, (spec_programs(spec) + 1) * sizeof loader->workers[0]);
	for (uint32_t i = 0; i < spec->n_workers; i++)
		program_put(loader, &n, loader->drafts[i].spec);
	steps_put(loader, &n);
	tasks_put(loader, &n);
	spec->workers = loader->workers;
	dependents_find(loader);
}
