#include "conf/lifespan.h"

#include "conf/draft.h"
#include "conf/read.h"

enum { STEPS_MAX = 1000 };

#define STEP_EXAMPLE "{name: schema, start: {command: [/bin/prepare]}}"

/* A step is known by its name, and pointed to there. */
static const struct item *step_item(struct loader *loader, const struct node *node)
{
	struct item *item = loader_scratch(loader, sizeof *item);
	const struct node *name = node->kind == NODE_MAP ? node_find(node, "name") : NULL;
	bool named = name != NULL && name->kind == NODE_TEXT;

	*item = (struct item){.key = named ? name->text : "",
			      .key_place = named ? name->place : node->place,
			      .value = node};
	return item;
}

static void name_check(struct loader *loader, struct draft *draft, struct key_index *names)
{
	if (draft->origin[OPTION_STEP_NAME] == NULL) {
		loader_error(loader, draft->item->key_place, NULL,
			     "this step of the `lifespan` has no `name`");
	} else if (!draft->refused[OPTION_STEP_NAME]) {
		struct item *copy = loader_scratch(loader, sizeof *copy);
		*copy = *draft->item;
		const struct item *earlier = key_index_put(names, loader, copy);
		draft_name_check(loader, draft->item, "step");
		if (earlier != NULL)
			loader_error(loader, copy->key_place, NULL,
				     "a step called `%s` stands here twice: it is also at %s",
				     copy->key, loader_place_text(loader, earlier->key_place));
	}
	/* Whatever is wrong with it: others go on from a name. */
	draft->spec.name = loader_keep_text(loader, draft->item->key);
}

/* True when the map of that name is there, with its command; one without is reported. */
static bool has_half(struct loader *loader, const struct draft *draft, const char *name,
		     enum option_id command)
{
	const struct node *map = draft->item->value;
	const struct node *half = map->kind == NODE_MAP ? node_find(map, name) : NULL;

	if (half == NULL)
		return false;
	/* What is no map has been reported. */
	if (draft->origin[command] == NULL && (half->kind == NODE_MAP || node_is_empty(half)))
		loader_error(loader, half->place, NULL, "`%s` of the step `%s` has no `command`",
			     name, draft->spec.name);
	return true;
}

static void step_finish(struct loader *loader, struct draft *draft)
{
	struct worker_spec *spec = &draft->spec;
	bool start = has_half(loader, draft, "start", OPTION_STEP_START_COMMAND);
	bool stop = has_half(loader, draft, "stop", OPTION_STEP_STOP_COMMAND);

	if (!start && !stop)
		loader_error(loader, draft->item->key_place, NULL,
			     "the step `%s` does nothing: it wants a `start` or a `stop` with a "
			     "`command`",
			     spec->name);
	draft_try_command(loader, draft, OPTION_STEP_START_COMMAND, &spec->command);
	draft_try_command(loader, draft, OPTION_STEP_STOP_COMMAND, &spec->stop_command);
	draft_finish_process(loader, draft);
}

static void step_read(struct loader *loader, const struct node *node, struct draft *draft,
		      struct key_index *names)
{
	struct target target = {SCOPE_STEP, draft, draft->origin, draft->refused};

	*draft = *loader->blank;
	read_defaults(loader, &target);
	draft->item = step_item(loader, node);
	draft->spec.kind = PROGRAM_STEP_START;
	draft->spec.name = draft->item->key;
	if (node->kind != NODE_MAP) {
		loader_error(loader, node->place, NULL,
			     "a step of the `lifespan` wants a map: say `- " STEP_EXAMPLE "`");
		return;
	}
	read_map(loader, &target, node, NULL);
	name_check(loader, draft, names);
	step_finish(loader, draft);
}

void lifespan_read(struct loader *loader, const struct node *list)
{
	struct key_index names = {0};
	uint32_t n = 0;

	if (node_is_empty(list))
		return;
	if (list->kind != NODE_LIST) {
		loader_error(loader, list->place, NULL,
			     "`lifespan` wants a list of steps: say `- " STEP_EXAMPLE "`");
		return;
	}
	if (list->count > STEPS_MAX) {
		loader_error(loader, list->place, NULL,
			     "the `lifespan` has %zu steps, %d are the most", list->count,
			     STEPS_MAX);
		return;
	}
	loader->steps = loader_scratch(loader, (list->count + 1) * sizeof loader->steps[0]);
	for (const struct item *item = list->first; item != NULL; item = item->next)
		step_read(loader, item->value, &loader->steps[n++], &names);
	loader->spec->n_steps = n;
}
