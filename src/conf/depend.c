#include "conf/depend.h"

#include <string.h>

#include "base/text.h"
#include "conf/component.h"
#include "conf/read.h"
#include "conf/report.h"

enum { DEPENDENCIES_MAX = 100000, HINTS_MAX = 100 };

/* What other supervisors call it. */
static const char *when_meant(const char *word)
{
	static const char *const pairs[][2] = {
		{"service_healthy", "ready"},
		{"service_started", "started"},
		{"service_completed_successfully", "completed"},
		{"process_healthy", "ready"},
		{"process_log_ready", "ready"},
		{"process_started", "started"},
		{"process_completed", "completed"},
		{"process_completed_successfully", "completed"},
		{"healthy", "ready"},
		{"running", "started"},
		{"up", "started"},
		{"start", "started"},
		{"done", "completed"},
		{"exited", "completed"},
		{"finished", "completed"},
		{"success", "completed"},
	};
	const char *names[DEPEND_WHEN_COUNT];

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		if (strcmp(word, pairs[i][0]) == 0)
			return pairs[i][1];
	}
	for (enum depend_when when = 0; when < DEPEND_WHEN_COUNT; when++)
		names[when] = depend_when_name(when);
	return text_nearest(word, names, DEPEND_WHEN_COUNT);
}

/* The word in a map of words: {condition: service_healthy}. NULL: there is none. */
static const char *condition_of(const struct node *value)
{
	const struct node *node = value->kind == NODE_MAP ? node_find(value, "condition") : NULL;

	return node != NULL && node->kind == NODE_TEXT ? node->text : NULL;
}

/* False when something was reported. */
static bool when_read(struct loader *loader, const struct option *option, const struct item *item,
		      enum depend_when *when)
{
	const char *word = condition_of(item->value);

	if (item->value->kind != NODE_TEXT) {
		const char *meant = word == NULL ? NULL : when_meant(word);
		loader_error(loader, item->value->place, NULL,
			     "`%s` wants one word for each worker: say `%s: %s`", option->path,
			     item->key, meant == NULL ? "ready" : meant);
		return false;
	}
	word = read_text(loader, option, item->value);
	if (word == NULL)
		return false;
	for (*when = 0; *when < DEPEND_WHEN_COUNT; (*when)++) {
		if (strcmp(word, depend_when_name(*when)) == 0)
			return true;
	}
	loader_error(loader, item->value->place, when_meant(word),
		     "`%s` cannot want `%s` to be \"%s\": the choice is started, ready, completed",
		     option->path, item->key, word);
	return false;
}

static uint32_t list_take(struct loader *loader, const struct option *option,
			  const struct node *node, struct wish *wishes)
{
	struct list_walk walk = list_walk(node);
	struct key_index index = {0};
	uint32_t count = 0;

	for (const struct node *one; (one = list_walk_next(&walk)) != NULL;) {
		struct item *name = loader_scratch(loader, sizeof *name);
		name->key = read_text(loader, option, one);
		if (name->key == NULL)
			continue;
		if (key_index_put(&index, loader, name) != NULL)
			loader_error(loader, one->place, NULL, "`%s` names `%s` twice",
				     option->path, name->key);
		else
			wishes[count++] = (struct wish){name->key, one->place, true, DEPEND_READY};
	}
	return count;
}

static uint32_t map_take(struct loader *loader, const struct option *option, const struct node *map,
			 struct wish *wishes)
{
	uint32_t count = 0;

	for (const struct item *item = map->first; item != NULL; item = item->next) {
		enum depend_when when;
		if (when_read(loader, option, item, &when))
			wishes[count++] = (struct wish){item->key, item->key_place, false, when};
	}
	return count;
}

void read_depends(struct loader *loader, const struct option *option, const struct item *item,
		  void *field)
{
	const struct node *node = item->value;
	bool map = node->kind == NODE_MAP;
	struct wish *wishes = loader_scratch(loader, (node->count + 1) * sizeof wishes[0]);

	*(struct wishes *)field =
		(struct wishes){wishes, (map ? map_take : list_take)(loader, option, node, wishes)};
}

/* Whose `depends_on` it is. */
struct asker {
	struct loader *loader;
	const struct draft *draft;
};

static bool is_step(const struct loader *loader, const char *name)
{
	for (uint32_t i = 0; i < loader->spec->n_steps; i++) {
		if (strcmp(loader->steps[i].spec.name, name) == 0)
			return true;
	}
	return false;
}

/* Not for each of thousands: all names are looked at. */
static const char *nearest_worker(struct loader *loader, const char *name)
{
	uint32_t n = report_met(loader->report) < HINTS_MAX ? loader->spec->n_workers : 0;
	const char **names = loader_scratch(loader, (n + 1) * sizeof names[0]);

	for (uint32_t i = 0; i < n; i++)
		names[i] = loader->drafts[i].spec.name;
	return text_nearest(name, names, n);
}

/* The index of the worker that is wished for; PROGRAM_NONE when it is none, which is reported. */
static uint32_t worker_find(const struct asker *asker, const struct wish *wish)
{
	struct loader *loader = asker->loader;
	const struct component *found = component_find(loader, wish->name);

	if (found != NULL && found->kind == COMPONENT_WORKER)
		return found->index;
	if (found != NULL && found->kind == COMPONENT_CHECK)
		loader_error(loader, wish->at, NULL,
			     "`depends_on`: `%s` is a check, and it is workers that are waited "
			     "for%s",
			     wish->name,
			     asker->draft->spec.kind == PROGRAM_TASK ? ""
								     : ": say `depends_on_checks`");
	else if (found != NULL)
		loader_error(loader, wish->at, NULL,
			     "`depends_on`: `%s` is a task, and it is workers that are waited for",
			     wish->name);
	else if (is_step(loader, wish->name))
		loader_error(loader, wish->at, NULL,
			     "`depends_on`: `%s` is a step of the lifespan, which is over before "
			     "any worker is started",
			     wish->name);
	else
		loader_error(loader, wish->at, nearest_worker(loader, wish->name),
			     "`depends_on`: there is no worker `%s`", wish->name);
	return PROGRAM_NONE;
}

/* A worker that waits for itself, perhaps because `defaults` say so for all. */
static void self_refuse(const struct asker *asker, const struct wish *wish)
{
	bool own = draft_says(asker->loader, asker->draft, OPTION_DEPENDS_ON);

	if (own)
		loader_error(asker->loader, wish->at, NULL,
			     "`depends_on`: the worker `%s` would wait for itself", wish->name);
	else
		loader_error(asker->loader, wish->at, NULL,
			     "`depends_on`: the worker `%s` would wait for itself: say "
			     "`depends_on: []` there",
			     wish->name);
}

/* False when the worker can never be so, which is reported. */
static bool is_possible(const struct asker *asker, const struct wish *wish,
			const struct worker_spec *worker)
{
	if (worker->kind == PROGRAM_JOB && wish->when == DEPEND_READY)
		loader_error(asker->loader, wish->at, NULL,
			     "`depends_on`: `%s` is a job, which is never ready%s: say "
			     "`depends_on: {%s: completed}`",
			     wish->name, wish->listed ? ", as a list wants it" : "", wish->name);
	else if (worker->kind == PROGRAM_SERVICE && wish->when == DEPEND_COMPLETED)
		loader_error(asker->loader, wish->at, NULL,
			     "`depends_on`: `%s` is a service, which never completes: say `%s: "
			     "ready`, or `kind: job` in `%s`",
			     wish->name, wish->name, wish->name);
	else
		return true;
	return false;
}

/* Into the draft's spec. own: its index among the workers; of a task PROGRAM_NONE. */
static void draft_resolve(struct loader *loader, struct draft *draft, uint32_t own)
{
	const struct asker asker = {loader, draft};
	const struct wishes *wishes = &draft->depends_on;
	struct dependency *list;

	if (wishes->count == 0)
		return;
	list = loader_keep(loader, wishes->count * sizeof list[0]);
	for (uint32_t i = 0; i < wishes->count; i++) {
		const struct wish *wish = &wishes->list[i];
		uint32_t worker = worker_find(&asker, wish);
		if (worker == PROGRAM_NONE)
			continue;
		if (worker == own)
			self_refuse(&asker, wish);
		else if (is_possible(&asker, wish, &loader->drafts[worker].spec))
			list[draft->spec.n_depends_on++] = (struct dependency){worker, wish->when};
	}
	draft->spec.depends_on = draft->spec.n_depends_on > 0 ? list : NULL;
}

/* All of them have a place in memory, and are looked at whenever something changes. */
static void count_check(struct loader *loader, size_t *sum, const struct draft *draft)
{
	size_t before = *sum;

	*sum += draft->depends_on.count;
	if (before <= DEPENDENCIES_MAX && *sum > DEPENDENCIES_MAX)
		loader_error(loader, draft_place(draft, OPTION_DEPENDS_ON), NULL,
			     "with `%s` there are more than %d dependencies", draft->spec.name,
			     DEPENDENCIES_MAX);
}

void depends_finish(struct loader *loader)
{
	const struct spec *spec = loader->spec;
	size_t sum = 0;

	for (uint32_t w = 0; w < spec->n_workers; w++)
		count_check(loader, &sum, &loader->drafts[w]);
	for (uint32_t t = 0; t < spec->n_tasks; t++)
		count_check(loader, &sum, &loader->tasks[t]);
	if (sum > DEPENDENCIES_MAX)
		return;
	for (uint32_t w = 0; w < spec->n_workers; w++)
		draft_resolve(loader, &loader->drafts[w], w);
	for (uint32_t t = 0; t < spec->n_tasks; t++)
		draft_resolve(loader, &loader->tasks[t], PROGRAM_NONE);
}
