#include "conf/task.h"

#include "base/text.h"
#include "conf/draft.h"
#include "conf/read.h"

enum { TASKS_MAX = 1000 };

static void jitter_check(struct loader *loader, const struct draft *draft)
{
	char jitter[SPAN_TEXT_SIZE], every[SPAN_TEXT_SIZE];

	if (draft->refused[OPTION_TASK_JITTER] || draft->refused[OPTION_TASK_EVERY] ||
	    draft->origin[OPTION_TASK_EVERY] == NULL || draft->task.jitter < draft->task.every)
		return;
	loader_error(loader, draft_place(draft, OPTION_TASK_JITTER), NULL,
		     "`jitter` is %s, and must be less than `every`, which is %s",
		     span_format(jitter, draft->task.jitter),
		     span_format(every, draft->task.every));
}

static void task_finish(struct loader *loader, struct draft *draft)
{
	struct worker_spec *spec = &draft->spec;

	draft->task.name = spec->name;
	draft->task.cancel = draft->on_drain == 1;
	if (draft->origin[OPTION_TASK_EVERY] == NULL)
		loader_error(loader, draft->item->key_place, NULL,
			     "the task `%s` has no `every`: say how often it is run", spec->name);
	if (draft->origin[OPTION_TASK_TIMEOUT] == NULL)
		spec->run_timeout = draft->task.every;
	jitter_check(loader, draft);
	draft_finish_command(loader, draft, "task");
	draft_finish_process(loader, draft);
}

static void task_read(struct loader *loader, const struct item *item, struct draft *draft)
{
	struct target target = {SCOPE_TASK, draft, draft->origin, draft->refused};

	*draft = *loader->blank;
	read_defaults(loader, &target);
	draft->item = item;
	draft->spec.kind = PROGRAM_TASK;
	draft->spec.name = loader_keep_text(loader, item->key);
	draft_name_check(loader, item, "task");
	if (!read_is_map(loader, item->value, item->key, "{command: [/bin/clean], every: 5m}"))
		return;
	read_map(loader, &target, item->value, NULL);
	task_finish(loader, draft);
}

void tasks_read(struct loader *loader, const struct node *map)
{
	const struct item *item = map->first;

	if (map->count > TASKS_MAX) {
		loader_error(loader, map->place, NULL, "there are %zu tasks, %d are the most",
			     map->count, TASKS_MAX);
		return;
	}
	loader->tasks = loader_scratch(loader, (map->count + 1) * sizeof loader->tasks[0]);
	for (size_t i = 0; i < map->count; i++, item = item->next)
		task_read(loader, item, &loader->tasks[i]);
	loader->spec->n_tasks = (uint32_t)map->count;
}
