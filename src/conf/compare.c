#include "conf/compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "conf/compare_probe.h"
#include "conf/comparison.h"
#include "conf/draft.h"
#include "conf/option.h"
#include "conf/probe.h"

_Static_assert(offsetof(struct draft, spec) == 0,
	       "a worker's options are at the same place in spec and draft");

static const void *member(const void *base, size_t offset)
{
	return (const char *)base + offset;
}

static void compare_environment(struct comparison *c, const struct worker_spec *was,
				const struct worker_spec *is)
{
	bool same = was->n_environment == is->n_environment;

	for (size_t i = 0; same && i < was->n_environment; i++)
		same = strcmp(was->environment[i].line, is->environment[i].line) == 0;
	/* Its values may be secrets. */
	if (!same)
		comparison_tell(c, "environment", NULL, NULL);
}

static void compare_limits(struct comparison *c, const struct worker_spec *was,
			   const struct worker_spec *is)
{
	bool same = was->n_limits == is->n_limits;

	for (size_t i = 0; same && i < was->n_limits; i++)
		same = was->limits[i].resource == is->limits[i].resource &&
		       was->limits[i].soft == is->limits[i].soft &&
		       was->limits[i].hard == is->limits[i].hard;
	if (!same)
		comparison_tell(c, "limits", NULL, NULL);
}

static void compare_identity(struct comparison *c, const struct identity *was,
			     const struct identity *is)
{
	comparison_user(c, "user", was, is);
	if (was->has_gid != is->has_gid || was->gid != is->gid)
		comparison_tell(c, "group", NULL, NULL);
	if (was->has_groups != is->has_groups || was->n_groups != is->n_groups ||
	    (is->n_groups > 0 &&
	     memcmp(was->groups, is->groups, is->n_groups * sizeof *is->groups) != 0))
		comparison_tell(c, "supplementary_groups", NULL, NULL);
}

/* True when one of the two says nothing of the option, which is another thing than any value. */
static bool is_said_once(enum option_id id, const struct worker_spec *was,
			 const struct worker_spec *is)
{
	if (id == OPTION_UMASK)
		return was->has_umask != is->has_umask;
	if (id == OPTION_NICE)
		return was->has_nice != is->has_nice;
	if (id == OPTION_OOM_SCORE_ADJUST)
		return was->has_oom_score_adj != is->has_oom_score_adj;
	if (id == OPTION_CAPABILITIES)
		return was->identity.has_capabilities != is->identity.has_capabilities;
	return false;
}

/* By name: their order may have changed. */
static void compare_gates(struct comparison *c, const struct worker_spec *was,
			  const struct worker_spec *is)
{
	bool same = was->n_gates == is->n_gates;

	for (uint32_t i = 0; same && i < was->n_gates; i++)
		same = strcmp(c->was->checks[was->gates[i]].name,
			      c->is->checks[is->gates[i]].name) == 0;
	if (!same)
		comparison_tell(c, "depends_on_checks", NULL, NULL);
}

/* "db: ready, migrate: completed"; NULL when that is too long for a line. */
static const char *dependencies_text(const struct spec *spec, const struct worker_spec *worker,
				     char buf[COMPARISON_VALUE_MAX])
{
	struct text text;

	text_init(&text, buf, COMPARISON_VALUE_MAX);
	for (uint32_t i = 0; i < worker->n_depends_on; i++)
		text_add(&text, "%s%s: %s", i > 0 ? ", " : "",
			 spec->workers[worker->depends_on[i].worker].name,
			 depend_when_name(worker->depends_on[i].when));
	return text.truncated ? NULL : buf;
}

/* By name as well. */
static void compare_dependencies(struct comparison *c, const struct worker_spec *was,
				 const struct worker_spec *is)
{
	bool same = was->n_depends_on == is->n_depends_on;
	char was_buf[COMPARISON_VALUE_MAX], is_buf[COMPARISON_VALUE_MAX];

	for (uint32_t i = 0; same && i < was->n_depends_on; i++) {
		const struct dependency *before = &was->depends_on[i], *after = &is->depends_on[i];
		same = before->when == after->when &&
		       strcmp(c->was->workers[before->worker].name,
			      c->is->workers[after->worker].name) == 0;
	}
	if (!same)
		comparison_tell(c, "depends_on", dependencies_text(c->was, was, was_buf),
				dependencies_text(c->is, is, is_buf));
}

/* All that is in a program's spec. */
static void compare_program(struct comparison *c, enum option_scope scope,
			    const struct worker_spec *was, const struct worker_spec *is)
{
	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		const struct option *row = option_row(id);
		/* What a draft alone holds has become environment, limits and identity in the spec.
		 */
		if ((row->scopes & (unsigned)scope) == 0 ||
		    row->offset >= sizeof(struct worker_spec))
			continue;
		if (is_said_once(id, was, is))
			comparison_tell(c, row->path, NULL, NULL);
		else
			comparison_value(c, row, member(was, row->offset), member(is, row->offset));
	}
	compare_identity(c, &was->identity, &is->identity);
	compare_environment(c, was, is);
	compare_limits(c, was, is);
	compare_dependencies(c, was, is);
}

static void compare_choice(struct comparison *c, enum option_id id, bool was, bool is)
{
	const struct option *row = option_row(id);

	if (was != is)
		comparison_tell(c, row->path, row->words[was], row->words[is]);
}

static void compare_worker(struct comparison *c, const struct worker_spec *was,
			   const struct worker_spec *is)
{
	c->worker = is->name;
	compare_program(c, SCOPE_WORKER, was, is);
	compare_choice(c, OPTION_ON_DEPENDENCY_RESTART, was->restart_with_dependency,
		       is->restart_with_dependency);
	/* A job's is kept where it is used. */
	if (was->kind == PROGRAM_JOB && is->kind == PROGRAM_JOB)
		comparison_value(c, option_row(OPTION_READY_TIMEOUT), &was->run_timeout,
				 &is->run_timeout);
	compare_gates(c, was, is);
	for (enum probe_role role = 0; role < PROBE_ROLE_COUNT; role++)
		compare_probe(c, probe_first(role), probe_role_name(role), was->probes[role],
			      is->probes[role]);
}

static void compare_step(struct comparison *c, uint32_t was, uint32_t is)
{
	const struct worker_spec *was_stop = spec_worker_of(c->was, spec_step_stop(c->was, was)),
				 *is_stop = spec_worker_of(c->is, spec_step_stop(c->is, is));

	c->worker = c->is->steps[is].name;
	compare_program(c, SCOPE_STEP, spec_worker_of(c->was, spec_step_start(c->was, was)),
			spec_worker_of(c->is, spec_step_start(c->is, is)));
	comparison_value(c, option_row(OPTION_STEP_STOP_COMMAND), &was_stop->command,
			 &is_stop->command);
	comparison_value(c, option_row(OPTION_STEP_STOP_TIMEOUT), &was_stop->run_timeout,
			 &is_stop->run_timeout);
}

static void compare_task(struct comparison *c, uint32_t was, uint32_t is)
{
	const struct task_spec *before = &c->was->tasks[was], *after = &c->is->tasks[is];

	c->worker = after->name;
	compare_program(c, SCOPE_TASK, spec_worker_of(c->was, spec_task_instance(c->was, was)),
			spec_worker_of(c->is, spec_task_instance(c->is, is)));
	for (enum option_id id = OPTION_TASK_EVERY; id <= OPTION_TASK_CRITICAL; id++) {
		size_t offset = option_row(id)->offset - offsetof(struct draft, task);
		if (offset < sizeof(struct task_spec))
			comparison_value(c, option_row(id), member(before, offset),
					 member(after, offset));
	}
	compare_choice(c, OPTION_TASK_ON_DRAIN, before->cancel, after->cancel);
}

static void compare_top(struct comparison *c, const struct spec *was, const struct spec *is)
{
	bool same = was->n_listen == is->n_listen;

	for (int id = 0; id < OPTION_COUNT; id++) {
		const struct option *row = option_row((enum option_id)id);
		if (row->scopes == SCOPE_TOP && row->kind != KIND_INCLUDE)
			comparison_value(c, row, member(was, row->offset), member(is, row->offset));
	}
	if (was->control.group.given != is->control.group.given ||
	    was->control.group.gid != is->control.group.gid)
		comparison_tell(c, "control.group", NULL, NULL);
	for (size_t i = 0; same && i < was->n_listen; i++)
		same = strcmp(was->listen[i].text, is->listen[i].text) == 0;
	if (!same)
		comparison_tell(c, "listen", NULL, NULL);
}

static const struct worker_spec *find(const struct spec *spec, const char *name)
{
	for (uint32_t w = 0; w < spec->n_workers; w++)
		if (strcmp(spec->workers[w].name, name) == 0)
			return &spec->workers[w];
	return NULL;
}

static uint32_t find_step(const struct spec *spec, const char *name)
{
	uint32_t i = 0;

	while (i < spec->n_steps && strcmp(spec->steps[i].name, name) != 0)
		i++;
	return i;
}

static uint32_t find_task(const struct spec *spec, const char *name)
{
	uint32_t i = 0;

	while (i < spec->n_tasks && strcmp(spec->tasks[i].name, name) != 0)
		i++;
	return i;
}

/* Their order counts, too. */
static void compare_steps(struct comparison *c)
{
	bool same = c->was->n_steps == c->is->n_steps;

	for (uint32_t i = 0; i < c->is->n_steps; i++) {
		uint32_t was = find_step(c->was, c->is->steps[i].name);
		if (was == c->was->n_steps)
			comparison_came(c, c->is->steps[i].name, "step");
		else
			compare_step(c, was, i);
		same = same && was == i;
	}
	for (uint32_t i = 0; i < c->was->n_steps; i++)
		if (find_step(c->is, c->was->steps[i].name) == c->is->n_steps)
			comparison_went(c, c->was->steps[i].name, "step");
	c->worker = NULL;
	if (!same)
		comparison_tell(c, "lifespan", NULL, NULL);
}

static void compare_tasks(struct comparison *c)
{
	for (uint32_t i = 0; i < c->is->n_tasks; i++) {
		uint32_t was = find_task(c->was, c->is->tasks[i].name);
		if (was == c->was->n_tasks)
			comparison_came(c, c->is->tasks[i].name, "task");
		else
			compare_task(c, was, i);
	}
	for (uint32_t i = 0; i < c->was->n_tasks; i++)
		if (find_task(c->is, c->was->tasks[i].name) == c->is->n_tasks)
			comparison_went(c, c->was->tasks[i].name, "task");
}

size_t conf_compare(const struct spec *was, const struct spec *is, compare_tell *tell, void *data)
{
	struct comparison c = {.was = was, .is = is, .tell = tell, .data = data};

	compare_top(&c, was, is);
	compare_probers(&c);
	compare_checks(&c);
	compare_steps(&c);
	compare_tasks(&c);
	for (uint32_t w = 0; w < is->n_workers; w++) {
		const struct worker_spec *before = find(was, is->workers[w].name);
		if (before == NULL)
			comparison_came(&c, is->workers[w].name, "worker");
		else
			compare_worker(&c, before, &is->workers[w]);
	}
	for (uint32_t w = 0; w < was->n_workers; w++)
		if (find(is, was->workers[w].name) == NULL)
			comparison_went(&c, was->workers[w].name, "worker");
	return c.differences;
}
