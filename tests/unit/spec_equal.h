/* spec_equal - whether two configurations mean the same. */
#ifndef UNIT_SPEC_EQUAL_H
#define UNIT_SPEC_EQUAL_H

#include <string.h>

#include "model/probe.h"
#include "model/spec.h"

static inline bool kit_commands_equal(const struct command *a, const struct command *b)
{
	if (a->argc != b->argc || a->shell != b->shell || a->specifiers != b->specifiers)
		return false;
	for (unsigned i = 0; i < a->argc; i++) {
		if (strcmp(a->argv[i], b->argv[i]) != 0)
			return false;
	}
	return true;
}

static inline bool kit_texts_equal(const char *a, const char *b)
{
	return (a == NULL) == (b == NULL) && (a == NULL || strcmp(a, b) == 0);
}

/* Two header lines, of which one may be without a value that is nobody's business. */
static inline bool kit_headers_equal(const char *a, const char *b)
{
	size_t name = strcspn(a, ":");

	return strcmp(a, b) == 0 || (strncmp(a, b, name) == 0 && strcmp(b + name, ": ***") == 0);
}

static inline bool kit_probes_equal(const struct probe_spec *a, const struct probe_spec *b)
{
	struct probe_spec x, y;

	if (a == NULL || b == NULL)
		return a == b;
	if (!kit_texts_equal(a->target, b->target) || !kit_texts_equal(a->body, b->body) ||
	    (a->password == NULL) != (b->password == NULL) ||
	    !kit_commands_equal(&a->command, &b->command) || a->n_headers != b->n_headers)
		return false;
	for (size_t i = 0; i < a->n_headers; i++) {
		if (!kit_headers_equal(a->headers[i], b->headers[i]))
			return false;
	}
	x = *a;
	y = *b;
	x.target = y.target = x.password = y.password = x.body = y.body = NULL;
	x.headers = y.headers = NULL;
	x.command = y.command = (struct command){0};
	return memcmp(&x, &y, sizeof x) == 0;
}

static inline bool kit_dependencies_equal(const struct worker_spec *a, const struct worker_spec *b)
{
	bool equal = a->n_depends_on == b->n_depends_on && a->n_dependents == b->n_dependents;

	for (uint32_t i = 0; equal && i < a->n_depends_on; i++)
		equal = a->depends_on[i].worker == b->depends_on[i].worker && a->depends_on[i].when == b->depends_on[i].when;
	for (uint32_t i = 0; equal && i < a->n_dependents; i++)
		equal = a->dependents[i] == b->dependents[i];
	return equal;
}

/* All that is behind pointers compared by what it says, the rest as bytes. */
static inline bool kit_workers_equal(const struct worker_spec *a, const struct worker_spec *b)
{
	struct worker_spec x = *a, y = *b;

	if (!kit_texts_equal(a->name, b->name) || !kit_commands_equal(&a->command, &b->command) ||
	    !kit_commands_equal(&a->stop_command, &b->stop_command) ||
	    !kit_commands_equal(&a->reload_command, &b->reload_command) ||
	    !kit_dependencies_equal(a, b) ||
	    !kit_texts_equal(a->working_directory, b->working_directory) ||
	    !kit_texts_equal(a->identity.user_name, b->identity.user_name) ||
	    a->n_environment != b->n_environment || a->identity.n_groups != b->identity.n_groups)
		return false;
	for (size_t i = 0; i < a->n_environment; i++) {
		if (strcmp(a->environment[i].line, b->environment[i].line) != 0 ||
		    a->environment[i].specifiers != b->environment[i].specifiers)
			return false;
	}
	for (size_t i = 0; i < a->identity.n_groups; i++) {
		if (a->identity.groups[i] != b->identity.groups[i])
			return false;
	}
	for (enum probe_role role = 0; role < PROBE_ROLE_COUNT; role++) {
		if (!kit_probes_equal(a->probes[role], b->probes[role]))
			return false;
		x.probes[role] = y.probes[role] = NULL;
	}
	if (a->n_gates != b->n_gates ||
	    (a->n_gates > 0 && memcmp(a->gates, b->gates, a->n_gates * sizeof a->gates[0]) != 0))
		return false;
	x.gates = y.gates = NULL;
	x.name = y.name = x.working_directory = y.working_directory = NULL;
	x.command = y.command = x.stop_command = y.stop_command = (struct command){0};
	x.reload_command = y.reload_command = (struct command){0};
	x.depends_on = y.depends_on = NULL;
	x.dependents = y.dependents = NULL;
	x.identity.user_name = y.identity.user_name = NULL;
	x.identity.groups = y.identity.groups = NULL;
	x.environment = y.environment = NULL;
	return memcmp(&x, &y, sizeof x) == 0;
}

static inline bool kit_checks_equal(const struct check_spec *a, const struct check_spec *b)
{
	return strcmp(a->name, b->name) == 0 && a->critical == b->critical &&
	       a->degraded_above == b->degraded_above && kit_probes_equal(&a->probe, &b->probe) &&
	       (a->runner == NULL) == (b->runner == NULL) &&
	       (a->runner == NULL || kit_workers_equal(a->runner, b->runner));
}

static inline bool kit_tasks_equal(const struct task_spec *a, const struct task_spec *b)
{
	return strcmp(a->name, b->name) == 0 && a->every == b->every && a->jitter == b->jitter &&
	       a->overlap == b->overlap && a->cancel == b->cancel && a->run_at_start == b->run_at_start &&
	       a->persistent == b->persistent;
}

static inline bool kit_specs_equal(const struct spec *a, const struct spec *b)
{
	bool equal = strcmp(a->name, b->name) == 0 && a->n_listen == b->n_listen &&
		     a->expose == b->expose && a->drain_delay == b->drain_delay &&
		     a->drain_timeout == b->drain_timeout && a->drain_reserve == b->drain_reserve &&
		     a->n_workers == b->n_workers && a->n_steps == b->n_steps && a->n_tasks == b->n_tasks &&
		     a->n_levels == b->n_levels &&
		     a->n_instances == b->n_instances && a->n_checks == b->n_checks &&
		     a->n_probes == b->n_probes && a->n_probers == b->n_probers &&
		     a->exec_probes == b->exec_probes;

	for (size_t i = 0; equal && i < a->n_listen; i++)
		equal = a->listen[i].kind == b->listen[i].kind &&
			strcmp(a->listen[i].text, b->listen[i].text) == 0 &&
			kit_texts_equal(a->listen[i].host, b->listen[i].host) &&
			kit_texts_equal(a->listen[i].path, b->listen[i].path) &&
			kit_texts_equal(a->listen[i].fd_name, b->listen[i].fd_name) &&
			a->listen[i].port == b->listen[i].port;
	for (uint32_t i = 0; equal && i < a->n_checks; i++)
		equal = kit_checks_equal(&a->checks[i], &b->checks[i]);
	for (uint32_t i = 0; equal && i < a->n_steps; i++)
		equal = strcmp(a->steps[i].name, b->steps[i].name) == 0;
	for (uint32_t i = 0; equal && i < a->n_tasks; i++)
		equal = kit_tasks_equal(&a->tasks[i], &b->tasks[i]);
	for (uint32_t i = 0; equal && i < spec_programs(a); i++)
		equal = kit_workers_equal(&a->workers[i], &b->workers[i]);
	return equal;
}

#endif
