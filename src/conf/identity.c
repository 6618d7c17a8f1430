#include "conf/identity.h"

#include <string.h>

#include "base/must.h"
#include "conf/read.h"
#include "conf/value.h"

/* A user that has been looked up: the look-up is a process of its own. */
struct user_known {
	const char *name;
	const struct conf_user *user; /* NULL: there is none */
	struct err err;
	const struct user_known *next;
};

static const struct user_known *user_find(struct loader *loader, const char *name)
{
	for (const struct user_known *known = loader->users; known != NULL; known = known->next) {
		if (strcmp(known->name, name) == 0)
			return known;
	}
	struct user_known *known = loader_scratch(loader, sizeof *known);
	struct conf_user *user = loader_scratch(loader, sizeof *user);
	*known = (struct user_known){.name = name, .next = loader->users};
	if (loader->context->find_user(name, &loader->spec->arena, user, &known->err) == 0)
		known->user = user;
	loader->users = known;
	return known;
}

const struct conf_user *identity_find_user(struct loader *loader, const char *name)
{
	return user_find(loader, name)->user;
}

void read_user(struct loader *loader, const struct option *option, const struct item *item,
	       void *field)
{
	const char *name = read_text(loader, option, item->value);
	uid_t own = loader->context->uid;

	if (name == NULL)
		return;
	const struct user_known *known = user_find(loader, name);
	if (known->user == NULL)
		read_refuse(loader, option, item->value, NULL, &known->err);
	else if (own != 0 && known->user->uid != own)
		loader_error(loader, item->value->place, NULL,
			     "`%s` needs root to be another than fosterd's own, and fosterd runs "
			     "as uid %u",
			     option->path, (unsigned)own);
	else
		*(const struct conf_user **)field = known->user;
}

void read_prober(struct loader *loader, const struct option *option, const struct item *item,
		 void *field)
{
	(void)field;
	read_user(loader, option, item, &loader->prober_user);
}

static bool root_needed(struct loader *loader, const struct option *option, const struct item *item)
{
	bool root = loader->context->uid == 0;

	if (!root)
		loader_error(loader, item->value->place, NULL,
			     "`%s` needs root, and fosterd runs as uid %u", option->path,
			     (unsigned)loader->context->uid);
	return root;
}

static void group_take(struct loader *loader, const struct option *option, const struct node *node,
		       struct gids *out)
{
	const char *name = read_text(loader, option, node);
	struct err err;
	gid_t gid;

	if (name == NULL)
		return;
	if (loader->context->find_group(name, &gid, &err) == -1)
		read_refuse(loader, option, node, NULL, &err);
	else
		out->list[out->count++] = gid;
}

void read_groups(struct loader *loader, const struct option *option, const struct item *item,
		 void *field)
{
	struct list_walk walk = list_walk(item->value);
	struct gids *out = field;

	if (!root_needed(loader, option, item))
		return;
	*out = (struct gids){loader_keep(loader, (list_count(item->value) + 1) * sizeof(gid_t)), 0};
	for (const struct node *node; (node = list_walk_next(&walk)) != NULL;)
		group_take(loader, option, node, out);
}

void read_group(struct loader *loader, const struct option *option, const struct item *item,
		void *field)
{
	struct gids *out = field;

	if (!root_needed(loader, option, item))
		return;
	*out = (struct gids){loader_keep(loader, sizeof(gid_t)), 0};
	group_take(loader, option, item->value, out);
}

void read_capabilities(struct loader *loader, const struct option *option, const struct item *item,
		       void *field)
{
	struct list_walk walk = list_walk(item->value);
	uint64_t *bits = field;

	if (!root_needed(loader, option, item))
		return;
	*bits = 0;
	for (const struct node *node; (node = list_walk_next(&walk)) != NULL;) {
		const char *text = read_text(loader, option, node), *hint;
		unsigned capability;
		struct err err;
		if (text == NULL)
			continue;
		if (value_capability(text, &capability, &hint, &err) == -1)
			read_refuse(loader, option, node, hint, &err);
		else
			*bits |= UINT64_C(1) << capability;
	}
}

static void gid_add(struct gids *gids, gid_t gid)
{
	for (size_t i = 0; i < gids->count; i++) {
		if (gids->list[i] == gid)
			return;
	}
	gids->list[gids->count++] = gid;
}

/* The user's groups, with `group` in the place of the user's own, and then those of the worker. */
static void groups_merge(struct loader *loader, const struct draft *draft,
			 struct identity *identity)
{
	const struct conf_user *user = draft->user;
	size_t n = draft->groups.count + 1 + (user != NULL ? user->n_groups : 0);
	struct gids all = {loader_keep(loader, n * sizeof(gid_t)), 0};

	for (size_t i = 0; identity->has_user && i < user->n_groups; i++)
		gid_add(&all, user->groups[i] == user->gid ? identity->gid : user->groups[i]);
	for (size_t i = 0; i < draft->groups.count; i++)
		gid_add(&all, draft->groups.list[i]);
	identity->groups = all.list;
	identity->n_groups = all.count;
}

void identity_finish(struct loader *loader, struct draft *draft)
{
	struct identity *identity = &draft->spec.identity;
	const struct conf_user *user = draft->user;

	identity->has_capabilities = draft->origin[OPTION_CAPABILITIES] != NULL;
	identity->has_groups = draft->origin[OPTION_SUPPLEMENTARY_GROUPS] != NULL;
	if (user != NULL) {
		identity->user_name = user->name;
		/* Others than root are themselves already, and may not even say so. */
		identity->has_user = loader->context->uid == 0;
		identity->uid = user->uid;
		identity->gid = user->gid;
	}
	if (draft->group.count > 0) {
		identity->has_gid = true;
		identity->gid = draft->group.list[0];
	}
	if (identity->has_user || identity->has_groups)
		groups_merge(loader, draft, identity);
}
