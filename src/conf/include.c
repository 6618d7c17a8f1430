#include "conf/include.h"

#include <errno.h>
#include <glob.h>
#include <string.h>

#include "conf/read.h"
#include "conf/tree.h"

/* A configuration file that has been or is being read. */
struct file {
	const struct source *source;
	const struct file *from; /* that includes it; NULL: the main file */
	struct place at;	 /* of that include */
	bool open;		 /* being read: including it again is a circle */
	struct file *next;	 /* met before this one */
};

static const struct node *file_read(struct loader *loader, const char *path,
				    const struct file *from, struct place at);

/* "a.yaml -> b.yaml -> a.yaml" for an include of target at the end of the chain to from. */
static const char *chain_text(struct loader *loader, const struct file *from,
			      const struct file *target)
{
	const char *text = target->source->name;

	for (const struct file *file = from;; file = file->from) {
		text = loader_must(loader, arena_printf(&loader->scratch, "%s -> %s",
							file->source->name, text));
		if (file == target)
			return text;
	}
}

/* True when the file was met before: that is reported. */
static bool is_repeated(struct loader *loader, const struct file *file)
{
	for (const struct file *earlier = file->next; earlier != NULL; earlier = earlier->next) {
		if (earlier->source->inode != file->source->inode ||
		    earlier->source->device != file->source->device)
			continue;
		if (earlier->open)
			loader_error(loader, file->at, NULL, "a circle of includes: %s",
				     chain_text(loader, file->from, earlier));
		else
			loader_error(loader, file->at, NULL,
				     "%s is included twice: it is also at %s", file->source->name,
				     loader_place_text(loader, earlier->at));
		return true;
	}
	return false;
}

enum merge_level { MERGE_ROOT, MERGE_WORKERS, MERGE_TASKS, MERGE_BELOW };

static void clash(struct loader *loader, const struct item *item, const struct item *earlier,
		  enum merge_level level)
{
	const char *place = loader_place_text(loader, earlier->key_place);

	if (level == MERGE_WORKERS || level == MERGE_TASKS)
		loader_error(loader, item->key_place, NULL,
			     "the %s `%s` is described twice: it is also at %s",
			     level == MERGE_TASKS ? "task" : "worker", item->key, place);
	else
		loader_error(loader, item->key_place, NULL, "`%s` is set twice: it is also at %s",
			     item->key, place);
}

static const struct node *map_merge(struct loader *loader, const struct node *a,
				    const struct node *b, enum merge_level level);

/* The same key in two files: one map out of two, a map instead of nothing, else trouble. */
static void both_merge(struct loader *loader, struct item *earlier, const struct item *item,
		       enum merge_level level)
{
	enum merge_level below = MERGE_BELOW;

	if (level == MERGE_ROOT && strcmp(item->key, "workers") == 0)
		below = MERGE_WORKERS;
	else if (level == MERGE_ROOT && strcmp(item->key, "tasks") == 0)
		below = MERGE_TASKS;
	if (level == MERGE_WORKERS || level == MERGE_TASKS)
		clash(loader, item, earlier, level);
	else if (earlier->value->kind == NODE_MAP && item->value->kind == NODE_MAP)
		earlier->value = map_merge(loader, earlier->value, item->value, below);
	else if (node_is_empty(earlier->value) && item->value->kind == NODE_MAP)
		earlier->value = item->value;
	else if (!(node_is_empty(item->value) && earlier->value->kind == NODE_MAP))
		clash(loader, item, earlier, level);
}

/* A new map with the items of both; what both have is merged when it is a map, and reported when
 * not. */
static const struct node *map_merge(struct loader *loader, const struct node *a,
				    const struct node *b, enum merge_level level)
{
	struct node *all = loader_scratch(loader, sizeof *all);
	struct key_index index = {0};

	*all = (struct node){.kind = NODE_MAP, .place = a->place};
	for (const struct item *item = a->first; item != NULL; item = item->next) {
		node_append(all, loader, item);
		key_index_put(&index, loader, all->last);
	}
	for (const struct item *item = b->first; item != NULL; item = item->next) {
		struct item *earlier = key_index_find(&index, item->key);
		if (level == MERGE_ROOT && strcmp(item->key, "include") == 0)
			continue;
		if (earlier == NULL) {
			node_append(all, loader, item);
			key_index_put(&index, loader, all->last);
		} else {
			both_merge(loader, earlier, item, level);
		}
	}
	return all;
}

/* The path relative to the file that names it. */
static const char *path_beside(struct loader *loader, const struct file *file, const char *path)
{
	const char *name = file->source->name, *slash = strrchr(name, '/');

	if (path[0] == '/' || slash == NULL)
		return path;
	return loader_must(
		loader, arena_printf(&loader->scratch, "%.*s/%s", (int)(slash - name), name, path));
}

/* A directory that is not there holds nothing that matches; one that may not be read ends the
 * search. */
static int unreadable(const char *path, int num)
{
	(void)path;
	return num != ENOENT && num != ENOTDIR;
}

/* The names that match, sorted, in scratch memory; NULL at the end. */
static const char *const *glob_names(struct loader *loader, const char *pattern, struct place at)
{
	glob_t found = {0};
	int result = glob(pattern, 0, unreadable, &found);
	const char **names = arena_alloc(&loader->scratch, (found.gl_pathc + 1) * sizeof names[0]);
	bool memory = names != NULL && result != GLOB_NOSPACE;

	for (size_t i = 0; memory && i < found.gl_pathc; i++) {
		names[i] = arena_strdup(&loader->scratch, found.gl_pathv[i]);
		memory = names[i] != NULL;
	}
	globfree(&found);
	loader_must(loader, memory ? names : NULL);
	if (result == GLOB_ABORTED)
		loader_error(loader, at, NULL, "cannot read the directory of %s", pattern);
	return names;
}

static const struct node *one_include(struct loader *loader, const struct file *file,
				      const struct node *node, const struct node *all)
{
	const char *text = read_text(loader, option_row(OPTION_INCLUDE), node);

	if (text == NULL)
		return all;
	if (text[0] == '\0') {
		loader_error(loader, node->place, NULL, "`include` names no file");
		return all;
	}
	const char *path = path_beside(loader, file, text);
	const char *const plain[] = {path, NULL};
	const char *const *names =
		strpbrk(text, "*?[") == NULL ? plain : glob_names(loader, path, node->place);
	for (; *names != NULL; names++) {
		const struct node *more = file_read(loader, *names, file, node->place);
		if (more != NULL)
			all = map_merge(loader, all, more, MERGE_ROOT);
	}
	return all;
}

static const struct node *tree_with_includes(struct loader *loader, const struct file *file)
{
	const struct node *all = tree_parse(loader, file->source);

	if (all == NULL)
		return NULL;
	if (all->kind != NODE_MAP) {
		loader_error(loader, all->place, NULL, TREE_NO_MAP);
		return NULL;
	}
	const struct node *include = node_find(all, "include");
	if (include == NULL)
		return all;
	struct list_walk walk = list_walk(include);
	for (const struct node *node; (node = list_walk_next(&walk)) != NULL;)
		all = one_include(loader, file, node, all);
	return all;
}

static const struct node *file_read(struct loader *loader, const char *path,
				    const struct file *from, struct place at)
{
	struct file *file = loader_scratch(loader, sizeof *file);
	struct err err;

	if (loader->n_sources >= INCLUDE_FILES_MAX) {
		loader_error(loader, at, NULL, "more than %d files", INCLUDE_FILES_MAX);
		return NULL;
	}
	struct source *source = loader_source(loader, path);
	*file = (struct file){.source = source, .from = from, .at = at, .next = loader->files};
	if (source_read(source, path, &loader->scratch, &err) == -1) {
		if (from == NULL)
			loader_error(loader, (struct place){.source = source}, NULL, "%s",
				     err.text);
		else
			loader_error(loader, at, NULL, "%s: %s", path, err.text);
		return NULL;
	}
	if (is_repeated(loader, file))
		return NULL;
	loader->files = file;
	file->open = true;
	const struct node *tree = tree_with_includes(loader, file);
	file->open = false;
	return tree;
}

const struct node *include_read(struct loader *loader, const char *path)
{
	return file_read(loader, path, NULL, (struct place){0});
}
