/* draft - a worker while it is read: its spec so far, and where each value came from. */
#ifndef CONF_DRAFT_H
#define CONF_DRAFT_H

#include "conf/loader.h"
#include "conf/node.h"
#include "conf/option.h"
#include "model/spec.h"

/* One NAME: VALUE of `environment`. */
struct binding {
	const struct item *item;
	const struct binding *earlier; /* told before this one, which wins; NULL: the first */
};

/* One NAME: VALUE of `limits`, at the place that its name has in limit_name. */
struct limit {
	const struct item *item; /* NULL: not said */
	struct rlimit_spec value;
};

struct gids {
	gid_t *list; /* in the spec's arena */
	size_t count;
};

struct draft {
	struct worker_spec spec;
	const struct item *item; /* of the worker in `workers`; NULL for `defaults` */
	const struct item *origin[OPTION_COUNT]; /* NULL: the default */
	bool refused[OPTION_COUNT];   /* its value was an error: compare it with nothing */
	const struct conf_user *user; /* NULL: none, or one that could not be found */
	struct gids group;
	struct gids groups;
	const struct binding *environment; /* the newest */
	const struct node *environment_files;
	const struct node *pass_environment;
	struct limit limits[RLIMIT_SPEC_MAX];
	unsigned log_to; /* only one choice so far */
};

/* Where to point for an option of the worker: its value, or the worker when nothing was said. */
struct place draft_place(const struct draft *draft, enum option_id id);

/* True when the worker itself, not `defaults`, says it. */
bool draft_says(const struct loader *loader, const struct draft *draft, enum option_id id);

/*
 * All that concerns more than one option of a worker: what was left out, what does not go together,
 * identity, environment, templates. The draft's spec is complete afterwards, unless errors were
 * reported.
 */
void draft_finish(struct loader *loader, struct draft *draft);

#endif
