#include "conf/check.h"

#include <string.h>

#include "base/text.h"
#include "conf/environment.h"
#include "conf/identity.h"
#include "conf/probe.h"
#include "conf/read.h"

enum { CHECKS_MAX = 1000, PROCESSORS_FALLBACK = 2 };

static void check_read(struct loader *loader, const struct item *item, struct draft *draft)
{
	struct target target = {SCOPE_CHECK, draft, draft->origin, draft->refused};

	*draft = *loader->blank;
	draft->item = item;
	draft->spec.name = loader_keep_text(loader, item->key);
	draft_name_check(loader, item, "check");
	if (!read_is_map(loader, item->value, item->key, "{tcp: \"127.0.0.1:5432\"}"))
		return;
	read_map(loader, &target, item->value, NULL);
	probe_finish(loader, draft, &draft->probes[0], OPTION_CHECK);
	identity_finish(loader, draft);
	environment_finish(loader, draft);
}

void checks_read(struct loader *loader, const struct node *map)
{
	const struct item *item = map->first;

	if (map->count > CHECKS_MAX)
		loader_error(loader, map->place, NULL, "there are %zu checks, %d are the most",
			     map->count, CHECKS_MAX);
	loader->checks = loader_scratch(loader, (map->count + 1) * sizeof loader->checks[0]);
	for (size_t i = 0; i < map->count; i++, item = item->next)
		check_read(loader, item, &loader->checks[i]);
	loader->spec->n_checks = (uint32_t)map->count;
}

static const char *nearest_check(struct loader *loader, const char *name)
{
	uint32_t n = loader->spec->n_checks;
	const char **names = loader_scratch(loader, (n + 1) * sizeof names[0]);

	for (uint32_t i = 0; i < n; i++)
		names[i] = loader->checks[i].spec.name;
	return text_nearest(name, names, n);
}

/* The index of the check that node names; n_checks when it is none, which is reported. */
static uint32_t check_find(struct loader *loader, const struct option *option,
			   const struct node *node)
{
	const char *name = read_text(loader, option, node);
	uint32_t n = loader->spec->n_checks;

	if (name == NULL)
		return n;
	for (uint32_t i = 0; i < n; i++) {
		if (strcmp(loader->checks[i].spec.name, name) == 0)
			return i;
	}
	loader_error(loader, node->place, nearest_check(loader, name),
		     "`%s`: there is no check `%s`", option->path, name);
	return n;
}

static bool is_among(const struct gates *gates, uint32_t check)
{
	for (uint32_t i = 0; i < gates->count; i++) {
		if (gates->list[i] == check)
			return true;
	}
	return false;
}

void read_checks(struct loader *loader, const struct option *option, const struct item *item,
		 void *field)
{
	struct list_walk walk = list_walk(item->value);
	uint32_t *list = loader_keep(loader, (list_count(item->value) + 1) * sizeof list[0]);
	struct gates *gates = field;

	*gates = (struct gates){list, 0};
	for (const struct node *node; (node = list_walk_next(&walk)) != NULL;) {
		uint32_t check = check_find(loader, option, node);
		if (check == loader->spec->n_checks)
			continue;
		if (is_among(gates, check))
			loader_error(loader, node->place, NULL, "`%s` names `%s` twice",
				     option->path, node->text);
		list[gates->count++] = check;
	}
}

static void probes_number(struct loader *loader)
{
	struct spec *spec = loader->spec;

	for (uint32_t i = 0; i < spec_programs(spec); i++) {
		struct worker_spec *worker = &loader->workers[i];
		worker->first_probe = spec->n_probes;
		spec->n_probes += worker->n_probes * worker->replicas;
	}
	spec->n_probes += spec->n_checks;
}

/* True when somebody is asked over the network as the user of all. */
static bool needs_common_prober(const struct loader *loader)
{
	for (uint32_t i = 0; i < loader->spec->n_workers; i++) {
		for (enum probe_role role = 0; role < PROBE_ROLE_COUNT; role++) {
			const struct probe_spec *probe = loader->workers[i].probes[role];
			if (probe != NULL && probe->driver != DRIVER_EXEC)
				return true;
		}
	}
	for (uint32_t i = 0; i < loader->spec->n_checks; i++) {
		const struct draft *draft = &loader->checks[i];
		if (draft->probes[0].present && draft->probes[0].spec.driver != DRIVER_EXEC &&
		    draft->user == NULL)
			return true;
	}
	return false;
}

static struct prober_spec prober_of(const struct loader *loader, const struct conf_user *user)
{
	struct prober_spec prober = {.home = "/"};

	prober.identity.no_new_privileges = true;
	if (user == NULL)
		return prober;
	prober.home = user->home;
	prober.identity.user_name = user->name;
	prober.identity.has_user = loader->context->uid == 0;
	prober.identity.uid = user->uid;
	prober.identity.gid = user->gid;
	prober.identity.groups = user->groups;
	prober.identity.n_groups = user->n_groups;
	return prober;
}

/* The index of the prober that asks as the user; a new one where there is none yet. */
static uint32_t prober_index(const struct loader *loader, struct prober_spec *probers,
			     const struct conf_user *user)
{
	struct prober_spec wanted = prober_of(loader, user);
	uint32_t i = 0;

	for (; i < loader->spec->n_probers; i++) {
		const struct identity *identity = &probers[i].identity;
		if (identity->has_user == wanted.identity.has_user &&
		    (!identity->has_user || identity->uid == wanted.identity.uid))
			return i;
	}
	probers[i] = wanted;
	loader->spec->n_probers++;
	return i;
}

/* A worker that is run as the check's program is to be. */
static const struct worker_spec *runner_of(struct loader *loader, const struct draft *draft)
{
	struct worker_spec *runner = loader_keep(loader, sizeof *runner);

	*runner = draft->spec;
	return runner;
}

static void checks_keep(struct loader *loader, struct prober_spec *probers)
{
	uint32_t n = loader->spec->n_checks;
	struct check_spec *kept = loader_keep(loader, (n + 1) * sizeof kept[0]);

	for (uint32_t i = 0; i < n; i++) {
		const struct draft *draft = &loader->checks[i];
		kept[i] = (struct check_spec){.name = draft->spec.name,
					      .probe = draft->probes[0].spec,
					      .critical = draft->spec.critical,
					      .degraded_above = draft->degraded_above};
		if (kept[i].probe.driver == DRIVER_EXEC)
			kept[i].runner = runner_of(loader, draft);
		else
			kept[i].probe.prober = draft->user != NULL
						       ? prober_index(loader, probers, draft->user)
						       : 0;
	}
	loader->spec->checks = kept;
}

/* As the default says: the package's own user, or one that has no rights anywhere. */
static const struct conf_user *common_user(struct loader *loader)
{
	static const struct conf_user nobody = {"65534", "/", "/", 65534, 65534, NULL, 0};
	static const char *const names[] = {"fosterd-prober", "nobody"};
	const struct conf_user *user = loader->prober_user;

	if (user != NULL || loader->context->uid != 0)
		return user;
	for (size_t i = 0; i < sizeof names / sizeof names[0] && user == NULL; i++)
		user = identity_find_user(loader, names[i]);
	/* A container need not have a passwd file. */
	return user != NULL ? user : &nobody;
}

void checks_finish(struct loader *loader)
{
	struct spec *spec = loader->spec;
	struct prober_spec *probers = loader_keep(loader, (spec->n_checks + 1) * sizeof probers[0]);
	unsigned processors = loader->context->processors;

	if (needs_common_prober(loader))
		prober_index(loader, probers, common_user(loader));
	checks_keep(loader, probers);
	spec->probers = probers;
	probes_number(loader);
	if (loader->origin[OPTION_PROBER_MAX_EXEC] == NULL)
		spec->exec_probes = 2 * (processors > 0 ? processors : PROCESSORS_FALLBACK);
}
