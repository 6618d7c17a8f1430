#include "conf/component.h"

#include "conf/draft.h"

static const char *const kinds[] = {
	[COMPONENT_WORKER] = "worker", [COMPONENT_CHECK] = "check", [COMPONENT_TASK] = "task"};

static void gather(struct loader *loader, enum component_kind kind, const struct draft *drafts,
		   uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct component *component = loader_scratch(loader, sizeof *component);
		*component = (struct component){*drafts[i].item, kind, i};
		const struct item *earlier =
			key_index_put(&loader->components, loader, &component->item);
		/* /readyz/NAME is one of them. */
		if (earlier != NULL)
			loader_error(loader, component->item.key_place, NULL,
				     "a %s is called `%s` too (%s): a name is one component's",
				     kinds[((const struct component *)earlier)->kind],
				     component->item.key,
				     loader_place_text(loader, earlier->key_place));
	}
}

void components_gather(struct loader *loader)
{
	gather(loader, COMPONENT_WORKER, loader->drafts, loader->spec->n_workers);
	gather(loader, COMPONENT_CHECK, loader->checks, loader->spec->n_checks);
	gather(loader, COMPONENT_TASK, loader->tasks, loader->spec->n_tasks);
}

const struct component *component_find(const struct loader *loader, const char *name)
{
	return (const struct component *)key_index_find(&loader->components, name);
}
