#include "conf/environment.h"

#include <fnmatch.h>
#include <string.h>

#include "conf/read.h"
#include "conf/template.h"

static const char path_fallback[] =
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/* The list under way: where each name stands, so that a later value takes the place of an earlier.
 */
struct env_list {
	struct loader *loader;
	struct env_entry *entries;
	size_t count;
	size_t room;
};

static size_t name_len(const char *line)
{
	return strcspn(line, "=");
}

static void list_put(struct env_list *list, const char *line, bool specifiers)
{
	struct env_entry entry = {.line = line, .specifiers = specifiers};
	size_t len = name_len(line);

	for (size_t i = 0; i < list->count; i++) {
		/* Names end at the same '=': len + 1 bytes tell. */
		if (strncmp(list->entries[i].line, line, len + 1) == 0) {
			list->entries[i] = entry;
			return;
		}
	}
	if (list->count == list->room) {
		struct env_entry *old = list->entries;
		list->room = list->room == 0 ? 32 : list->room * 2;
		list->entries = loader_scratch(list->loader, list->room * sizeof entry);
		if (list->count > 0)
			memcpy(list->entries, old, list->count * sizeof entry);
	}
	list->entries[list->count++] = entry;
}

static bool name_matches(const char *name, const struct node *patterns)
{
	struct list_walk walk = list_walk(patterns);

	for (const struct node *pattern; (pattern = list_walk_next(&walk)) != NULL;) {
		if (fnmatch(pattern->text, name, 0) == 0)
			return true;
	}
	return false;
}

static bool is_inherited(struct loader *loader, const struct draft *draft, const char *line)
{
	static const char *const always[] = {"PATH", "LANG", "LC_*", "TZ"};
	char name[256];
	size_t len = name_len(line);

	if (line[len] != '=' || len == 0 || env_name_is_protocol(line, len))
		return false;
	if (loader->context->init)
		return true;
	if (len >= sizeof name)
		return false;
	memcpy(name, line, len);
	name[len] = '\0';
	for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
		if (fnmatch(always[i], name, 0) == 0)
			return true;
	}
	return name_matches(name, draft->pass_environment);
}

/* fosterd's own environment, copied once for all workers. */
static const char *const *own_environment(struct loader *loader)
{
	size_t count = 0;

	if (loader->own_environment != NULL)
		return loader->own_environment;
	while (loader->context->environ[count] != NULL)
		count++;
	const char **copy = loader_keep(loader, (count + 1) * sizeof copy[0]);
	for (size_t i = 0; i < count; i++)
		copy[i] = loader_keep_text(loader, loader->context->environ[i]);
	loader->own_environment = copy;
	return copy;
}

static void inherited_put(struct env_list *list, const struct draft *draft)
{
	list_put(list, path_fallback, false);
	for (const char *const *line = own_environment(list->loader); *line != NULL; line++) {
		if (is_inherited(list->loader, draft, *line))
			list_put(list, *line, false);
	}
}

static void user_put(struct env_list *list, const struct conf_user *user)
{
	const char *const pairs[][2] = {
		{"HOME", user->home},
		{"USER", user->name},
		{"LOGNAME", user->name},
		{"SHELL", user->shell},
	};

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		list_put(list,
			 loader_must(list->loader, arena_printf(&list->loader->spec->arena, "%s=%s",
								pairs[i][0], pairs[i][1])),
			 false);
}

static void files_put(struct env_list *list, const struct node *files)
{
	struct list_walk walk = list_walk(files);

	for (const struct node *file; (file = list_walk_next(&walk)) != NULL;) {
		bool optional = file->text[0] == '-';
		const char *path = template_fill(list->loader, file->text + optional, file->place);
		const struct env_line *line =
			path == NULL ? NULL
				     : env_file_read(list->loader, path, optional, file->place);
		for (; line != NULL; line = line->next)
			list_put(list, line->line, false);
	}
}

const struct binding **environment_bindings(struct loader *loader, const struct draft *draft,
					    size_t *count)
{
	struct key_index index = {0};
	size_t n = 0;

	for (const struct binding *one = draft->environment; one != NULL; one = one->earlier)
		n++;
	const struct binding **all = loader_scratch(loader, (n + 1) * sizeof all[0]);
	size_t at = n;
	/* From the newest: a name that has been met already has been overridden. */
	for (const struct binding *one = draft->environment; one != NULL; one = one->earlier) {
		struct item *copy = loader_scratch(loader, sizeof *copy);
		*copy = *one->item;
		if (key_index_put(&index, loader, copy) == NULL)
			all[--at] = one;
	}
	*count = n - at;
	return all + at;
}

static void own_put(struct env_list *list, const struct draft *draft)
{
	size_t count;
	const struct binding **all = environment_bindings(list->loader, draft, &count);

	for (size_t i = 0; i < count; i++) {
		const struct item *item = all[i]->item;
		template_try(list->loader, item->value->text, &draft->spec, item->value->place);
		list_put(list,
			 loader_must(list->loader, arena_printf(&list->loader->spec->arena, "%s=%s",
								item->key, item->value->text)),
			 strchr(item->value->text, '%') != NULL);
	}
}

void environment_finish(struct loader *loader, struct draft *draft)
{
	struct env_list list = {.loader = loader};

	inherited_put(&list, draft);
	if (draft->user != NULL)
		user_put(&list, draft->user);
	files_put(&list, draft->environment_files);
	own_put(&list, draft);
	struct env_entry *kept = loader_keep(loader, list.count * sizeof kept[0]);
	memcpy(kept, list.entries, list.count * sizeof kept[0]);
	draft->spec.environment = kept;
	draft->spec.n_environment = list.count;
}

/* PATH: $PATH:/opt/bin - there is no shell to fill that in, and nobody means it as it stands. */
static void reference_warn(struct loader *loader, const struct item *item)
{
	size_t len = strlen(item->key);

	for (const char *at = strchr(item->value->text, '$'); at != NULL; at = strchr(at, '$')) {
		at++;
		at += *at == '{';
		if (strncmp(at, item->key, len) == 0 && !env_name_is_valid(at, len + 1))
			loader_warning(loader, item->value->place,
				       "`$%s` is not filled in here: the variable gets this text "
				       "as it stands",
				       item->key);
	}
}

void read_environment(struct loader *loader, const struct option *option, const struct item *item,
		      void *field)
{
	const struct binding **newest = field;

	if (!read_is_map(loader, item->value, option->path, "{NAME: value}"))
		return;
	for (const struct item *one = item->value->first; one != NULL; one = one->next) {
		size_t len = strlen(one->key);
		if (!env_name_is_valid(one->key, len)) {
			loader_error(loader, one->key_place, NULL, "`%s` is not a variable's name",
				     one->key);
		} else if (env_name_is_protocol(one->key, len)) {
			loader_error(loader, one->key_place, NULL, "`%s` is fosterd's to set",
				     one->key);
		} else if (one->value->kind != NODE_TEXT) {
			loader_error(loader, one->value->place, NULL, "a variable wants one value");
		} else {
			reference_warn(loader, one);
			struct binding *binding = loader_scratch(loader, sizeof *binding);
			*binding = (struct binding){.item = one, .earlier = *newest};
			*newest = binding;
		}
	}
}
