#include "conf/load.h"

#include <stdlib.h>
#include <string.h>

#include "conf/check.h"
#include "conf/component.h"
#include "conf/control.h"
#include "conf/depend.h"
#include "conf/draft.h"
#include "conf/fit.h"
#include "conf/include.h"
#include "conf/level.h"
#include "conf/lifespan.h"
#include "conf/probe.h"
#include "conf/program.h"
#include "conf/read.h"
#include "conf/report.h"
#include "conf/task.h"

enum { INSTANCES_MAX = 10000 };

/* "{command: TEXT}" for a text that can be written so, else a general example. */
static const char *worker_example(struct loader *loader, const struct node *value)
{
	if (value->kind != NODE_TEXT || !value->plain || strpbrk(value->text, ",[]{}:#\n") != NULL)
		return "{command: [/bin/web]}";
	return loader_must(loader, arena_printf(&loader->scratch, "{command: %s}", value->text));
}

/* True when the worker has keys, or nothing; else what was most likely meant is reported. */
static bool worker_is_map(struct loader *loader, const struct item *item)
{
	const struct node *value = item->value;
	const char *text = value->kind == NODE_TEXT ? value->text : "";
	size_t len = strcspn(text, ":");
	const char *key = loader_must(loader, arena_strndup(&loader->scratch, text, len));

	if (value->kind == NODE_MAP || node_is_empty(value))
		return true;
	if (text[len] == ':' && option_find(SCOPE_WORKER, key) != NULL)
		loader_error(loader, value->place, NULL, "a blank is missing: say `%s: %s`", key,
			     text + len + 1);
	else if (option_find(SCOPE_WORKER, item->key) != NULL)
		loader_error(loader, item->key_place, NULL,
			     "`%s` stands where the workers' names do: indent it further, under "
			     "its worker",
			     item->key);
	else
		read_is_map(loader, value, item->key, worker_example(loader, value));
	return false;
}

static void worker_read(struct loader *loader, const struct item *item, struct draft *draft)
{
	struct target target = {SCOPE_WORKER, draft, draft->origin, draft->refused};

	*draft = *loader->defaults;
	draft->item = item;
	draft->spec.name = loader_keep_text(loader, item->key);
	draft_name_check(loader, item, "worker");
	if (!worker_is_map(loader, item))
		return;
	read_map(loader, &target, item->value, NULL);
	draft_finish(loader, draft);
}

static void instances_count(struct loader *loader, struct draft *draft, uint32_t *sum)
{
	uint32_t before = *sum;

	*sum += draft->spec.replicas;
	if (before <= INSTANCES_MAX && *sum > INSTANCES_MAX)
		loader_error(loader, draft_place(draft, OPTION_REPLICAS), NULL,
			     "with `%s` there are more than %d instances", draft->spec.name,
			     INSTANCES_MAX);
}

static void workers_read(struct loader *loader, const struct node *workers)
{
	size_t n = workers->count;
	const struct item *item = workers->first;
	uint32_t instances = 0;

	loader->drafts = loader_scratch(loader, n * sizeof loader->drafts[0]);
	for (size_t i = 0; i < n; i++, item = item->next) {
		struct draft *draft = &loader->drafts[i];
		worker_read(loader, item, draft);
		instances_count(loader, draft, &instances);
	}
	loader->spec->n_workers = (uint32_t)n;
}

/* A worker that says nothing; a check that does so is in there as well. */
static void blank_make(struct loader *loader)
{
	struct draft *draft = loader_scratch(loader, sizeof *draft);
	struct target worker = {SCOPE_DEFAULTS, draft, draft->origin, draft->refused};
	struct target check = {SCOPE_CHECK, draft, draft->origin, draft->refused};

	loader->blank = draft;
	read_defaults(loader, &worker);
	read_defaults(loader, &check);
	draft->spec.replicas = draft->spec.min_ready = 1;
}

static void defaults_read(struct loader *loader, const struct node *map)
{
	struct draft *draft = loader_scratch(loader, sizeof *draft);
	struct target target = {SCOPE_DEFAULTS, draft, draft->origin, draft->refused};

	loader->defaults = draft;
	*draft = *loader->blank;
	if (map != NULL && read_is_map(loader, map, "defaults", "{restart: on-failure}"))
		read_map(loader, &target, map, NULL);
	probes_check_defaults(loader, draft);
}

static void top_read(struct loader *loader, const struct node *root)
{
	static const char *const skip[] = {"workers",  "defaults", "checks",
					   "lifespan", "tasks",	   NULL};
	struct target target = {SCOPE_TOP, loader->spec, loader->origin, loader->refused};

	loader->spec->name = loader->spec->host;
	read_defaults(loader, &target);
	read_map(loader, &target, root, skip);
}

/* The map of that name at the top; NULL when there is none. */
static const struct node *top_map(struct loader *loader, const struct node *root, const char *name,
				  const char *example)
{
	const struct node *map = node_find(root, name);

	return map != NULL && read_is_map(loader, map, name, example) ? map : NULL;
}

/* What stands in the tree, each for itself. */
static void parts_read(struct loader *loader, const struct node *root)
{
	const struct node *checks =
		top_map(loader, root, "checks", "{database: {tcp: \"127.0.0.1:5432\"}}");
	const struct node *lifespan = node_find(root, "lifespan");
	const struct node *tasks =
		top_map(loader, root, "tasks", "{clean: {command: [/bin/clean], every: 5m}}");
	const struct node *workers =
		top_map(loader, root, "workers", "{web: {command: [/bin/web]}}");

	if (checks != NULL)
		checks_read(loader, checks);
	defaults_read(loader, node_find(root, "defaults"));
	if (lifespan != NULL)
		lifespan_read(loader, lifespan);
	if (tasks != NULL)
		tasks_read(loader, tasks);
	if (workers != NULL)
		workers_read(loader, workers);
}

static void tree_read(struct loader *loader, const struct node *root)
{
	const struct node *workers = node_find(root, "workers");

	top_read(loader, root);
	blank_make(loader);
	parts_read(loader, root);
	components_gather(loader);
	depends_finish(loader);
	levels_finish(loader);
	programs_finish(loader);
	checks_finish(loader);
	fit_check(loader, root->place);
	control_check(loader, root->place);
	if (loader->spec->n_workers + loader->spec->n_tasks == 0 &&
	    conf_report_errors(loader->report) == 0)
		loader_warning(loader, workers != NULL ? workers->place : root->place,
			       "no workers: there is nothing to supervise");
}

static void spec_begin(struct loader *loader)
{
	const struct conf_context *context = loader->context;
	struct spec *spec = loader->spec;

	spec->file = loader_keep_text(loader, loader->path);
	spec->runtime_dir = loader_keep_text(loader, context->runtime_dir);
	spec->state_dir = loader_keep_text(loader, context->state_dir);
	spec->log_dir = loader_keep_text(loader, context->log_dir);
	spec->host = loader_keep_text(loader, context->host);
}

static void load(struct loader *loader, void *unused)
{
	(void)unused;
	spec_begin(loader);
	const struct node *root = include_read(loader, loader->spec->file);
	if (root != NULL)
		tree_read(loader, root);
}

bool loader_run(struct loader *loader, const char *path, const struct conf_context *context,
		struct conf_report *report)
{
	*loader = (struct loader){.context = context, .report = report, .path = path};
	loader->spec = calloc(1, sizeof *loader->spec);
	if (loader->spec == NULL)
		report_out_of_memory(report);
	else
		loader_guard(loader, load, NULL);
	report_sort(report);
	return conf_report_errors(report) == 0;
}

struct spec *conf_load(const char *path, const struct conf_context *context,
		       struct conf_report *report)
{
	struct loader loader;
	struct spec *spec = NULL;

	if (loader_run(&loader, path, context, report)) {
		spec = loader.spec;
		loader.spec = NULL;
	}
	loader_end(&loader);
	return spec;
}
