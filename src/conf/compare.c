#include "conf/compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "conf/draft.h"
#include "conf/option.h"
#include "conf/probe.h"
#include "conf/shown.h"

enum { VALUE_MAX = 256 };

struct comparison {
	const struct spec *was, *is;
	compare_tell *tell;
	void *data;
	const char *worker; /* or the check; NULL: the top level */
	size_t differences;
};

static void differ(struct comparison *c, const char *option, const char *was, const char *is)
{
	c->differences++;
	c->tell(c->data, c->worker, option, was, is);
}

_Static_assert(offsetof(struct draft, spec) == 0,
	       "a worker's options are at the same place in spec and draft");

static const void *member(const void *base, size_t offset)
{
	return (const char *)base + offset;
}

static void compare_value(struct comparison *c, const struct option *row, const void *was,
			  const void *is)
{
	char was_buf[VALUE_MAX], is_buf[VALUE_MAX];
	struct text was_text, is_text;

	text_init(&was_text, was_buf, sizeof was_buf);
	text_init(&is_text, is_buf, sizeof is_buf);
	if (shown_value(&was_text, row, was) && shown_value(&is_text, row, is) &&
	    strcmp(was_buf, is_buf) != 0)
		differ(c, row->path, was_buf, is_buf);
}

static void compare_environment(struct comparison *c, const struct worker_spec *was,
				const struct worker_spec *is)
{
	bool same = was->n_environment == is->n_environment;

	for (size_t i = 0; same && i < was->n_environment; i++)
		same = strcmp(was->environment[i].line, is->environment[i].line) == 0;
	/* Its values may be secrets. */
	if (!same)
		differ(c, "environment", NULL, NULL);
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
		differ(c, "limits", NULL, NULL);
}

static void compare_user(struct comparison *c, const char *option, const struct identity *was,
			 const struct identity *is)
{
	if (was->has_user != is->has_user || (is->has_user && was->uid != is->uid))
		differ(c, option, was->user_name, is->user_name);
}

static void compare_identity(struct comparison *c, const struct identity *was,
			     const struct identity *is)
{
	compare_user(c, "user", was, is);
	if (was->has_gid != is->has_gid || was->gid != is->gid)
		differ(c, "group", NULL, NULL);
	if (was->has_groups != is->has_groups || was->n_groups != is->n_groups ||
	    (is->n_groups > 0 &&
	     memcmp(was->groups, is->groups, is->n_groups * sizeof *is->groups) != 0))
		differ(c, "supplementary_groups", NULL, NULL);
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

static bool texts_differ(const char *a, const char *b)
{
	return (a == NULL) != (b == NULL) || (a != NULL && strcmp(a, b) != 0);
}

static bool headers_differ(const struct probe_spec *was, const struct probe_spec *is)
{
	bool differ = was->n_headers != is->n_headers;

	for (size_t i = 0; !differ && i < was->n_headers; i++)
		differ = strcmp(was->headers[i], is->headers[i]) != 0;
	return differ;
}

/* What a driver asks, its password left out. */
static void compare_target(struct comparison *c, const struct option *row,
			   const struct probe_spec *was, const struct probe_spec *is)
{
	if (was->driver == DRIVER_EXEC)
		compare_value(c, row, &was->command, &is->command);
	else if (texts_differ(was->target, is->target))
		differ(c, row->path, was->target, is->target);
	else if (texts_differ(was->password, is->password))
		differ(c, row->path, NULL, NULL);
}

static void compare_probe_key(struct comparison *c, enum probe_key key, const struct option *row,
			      const struct probe_spec *was, const struct probe_spec *is)
{
	size_t offset = row->offset - offsetof(struct draft, probes[0].spec);

	if (key <= PROBE_KEY_POSTGRES)
		compare_target(c, row, was, is);
	else if (key == PROBE_KEY_HEADERS && headers_differ(was, is))
		differ(c, row->path, NULL, NULL);
	else if (key == PROBE_KEY_TERMINATION_GRACE &&
		 was->has_termination_grace != is->has_termination_grace)
		differ(c, row->path, NULL, NULL);
	else if (key == PROBE_KEY_STATUS &&
		 memcmp(was->statuses, is->statuses, sizeof was->statuses) != 0)
		differ(c, row->path, NULL, NULL);
	else if (row->kind == KIND_TEXT || row->kind == KIND_BOOL || row->kind == KIND_SPAN ||
		 row->kind == KIND_NUMBER)
		compare_value(c, row, member(was, offset % sizeof(struct probe_draft)),
			      member(is, offset % sizeof(struct probe_draft)));
}

/* One probe; what: what to call it when there is only one of the two. */
static void compare_probe(struct comparison *c, enum option_id first, const char *what,
			  const struct probe_spec *was, const struct probe_spec *is)
{
	int n_was = was != NULL, n_is = is != NULL;

	if (n_was != n_is)
		differ(c, what, n_was ? "present" : "absent", n_is ? "present" : "absent");
	if (n_was + n_is < 2)
		return;
	if (was->driver != is->driver) {
		differ(c, what, driver_name(was->driver), driver_name(is->driver));
		return;
	}
	for (enum probe_key key = 0; key < PROBE_KEY_COUNT; key++) {
		enum probe_key which;
		enum option_id id = probe_option(first, key);
		if (probe_find(id, &which) != -1 && which == key &&
		    probe_key_fits(key, was->driver))
			compare_probe_key(c, key, option_row(id), was, is);
	}
}

/* Who asks, where something is asked before and after. */
static void compare_probers(struct comparison *c)
{
	if (c->was->n_probers > 0 && c->is->n_probers > 0)
		compare_user(c, "prober.user", &c->was->probers[0].identity,
			     &c->is->probers[0].identity);
}

/* As whom the check is made. */
static const struct identity *asker(const struct spec *spec, const struct check_spec *check)
{
	return check->runner != NULL ? &check->runner->identity
				     : &spec->probers[check->probe.prober].identity;
}

static void compare_check(struct comparison *c, const struct check_spec *was,
			  const struct check_spec *is)
{
	c->worker = is->name;
	compare_probe(c, OPTION_CHECK, "check", &was->probe, &is->probe);
	compare_value(c, option_row(OPTION_CHECK_CRITICAL), &was->critical, &is->critical);
	compare_value(c, option_row(OPTION_CHECK_DEGRADED_ABOVE), &was->degraded_above,
		      &is->degraded_above);
	if (was->probe.driver == is->probe.driver)
		compare_user(c, "user", asker(c->was, was), asker(c->is, is));
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
		differ(c, "depends_on_checks", NULL, NULL);
}

/* What it waits for, by name as well. */
static void compare_dependencies(struct comparison *c, const struct worker_spec *was,
				 const struct worker_spec *is)
{
	bool same = was->n_depends_on == is->n_depends_on;

	for (uint32_t i = 0; same && i < was->n_depends_on; i++) {
		const struct dependency *before = &was->depends_on[i], *after = &is->depends_on[i];
		same = before->when == after->when &&
		       strcmp(c->was->workers[before->worker].name,
			      c->is->workers[after->worker].name) == 0;
	}
	if (!same)
		differ(c, "depends_on", NULL, NULL);
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
			differ(c, row->path, NULL, NULL);
		else
			compare_value(c, row, member(was, row->offset), member(is, row->offset));
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
		differ(c, row->path, row->words[was], row->words[is]);
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
		compare_value(c, option_row(OPTION_READY_TIMEOUT), &was->run_timeout,
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
	compare_value(c, option_row(OPTION_STEP_STOP_COMMAND), &was_stop->command,
		      &is_stop->command);
	compare_value(c, option_row(OPTION_STEP_STOP_TIMEOUT), &was_stop->run_timeout,
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
			compare_value(c, option_row(id), member(before, offset),
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
			compare_value(c, row, member(was, row->offset), member(is, row->offset));
	}
	if (was->control.group.given != is->control.group.given ||
	    was->control.group.gid != is->control.group.gid)
		differ(c, "control.group", NULL, NULL);
	for (size_t i = 0; same && i < was->n_listen; i++)
		same = strcmp(was->listen[i].text, is->listen[i].text) == 0;
	if (!same)
		differ(c, "listen", NULL, NULL);
}

static const struct worker_spec *find(const struct spec *spec, const char *name)
{
	for (uint32_t w = 0; w < spec->n_workers; w++)
		if (strcmp(spec->workers[w].name, name) == 0)
			return &spec->workers[w];
	return NULL;
}

static const struct check_spec *find_check(const struct spec *spec, const char *name)
{
	for (uint32_t i = 0; i < spec->n_checks; i++)
		if (strcmp(spec->checks[i].name, name) == 0)
			return &spec->checks[i];
	return NULL;
}

static void came(struct comparison *c, const char *name, const char *what)
{
	c->worker = name;
	differ(c, what, "absent", "new");
}

static void went(struct comparison *c, const char *name, const char *what)
{
	c->worker = name;
	differ(c, what, "present", "gone");
}

static void compare_checks(struct comparison *c)
{
	for (uint32_t i = 0; i < c->is->n_checks; i++) {
		const struct check_spec *is = &c->is->checks[i],
					*was = find_check(c->was, is->name);
		if (was == NULL)
			came(c, is->name, "check");
		else
			compare_check(c, was, is);
	}
	for (uint32_t i = 0; i < c->was->n_checks; i++)
		if (find_check(c->is, c->was->checks[i].name) == NULL)
			went(c, c->was->checks[i].name, "check");
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
			came(c, c->is->steps[i].name, "step");
		else
			compare_step(c, was, i);
		same = same && was == i;
	}
	for (uint32_t i = 0; i < c->was->n_steps; i++)
		if (find_step(c->is, c->was->steps[i].name) == c->is->n_steps)
			went(c, c->was->steps[i].name, "step");
	c->worker = NULL;
	if (!same)
		differ(c, "lifespan", NULL, NULL);
}

static void compare_tasks(struct comparison *c)
{
	for (uint32_t i = 0; i < c->is->n_tasks; i++) {
		uint32_t was = find_task(c->was, c->is->tasks[i].name);
		if (was == c->was->n_tasks)
			came(c, c->is->tasks[i].name, "task");
		else
			compare_task(c, was, i);
	}
	for (uint32_t i = 0; i < c->was->n_tasks; i++)
		if (find_task(c->is, c->was->tasks[i].name) == c->is->n_tasks)
			went(c, c->was->tasks[i].name, "task");
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
			came(&c, is->workers[w].name, "worker");
		else
			compare_worker(&c, before, &is->workers[w]);
	}
	for (uint32_t w = 0; w < was->n_workers; w++)
		if (find(is, was->workers[w].name) == NULL)
			went(&c, was->workers[w].name, "worker");
	return c.differences;
}
