#include "conf/unknown.h"

#include <string.h>

#include "base/text.h"
#include "conf/synonym.h"

enum { VALUE_SHOWN_MAX = 40, PARTS_MAX = 8 };

static bool is_known(enum option_scope scope, const char *key)
{
	if (scope == SCOPE_TOP && synonym_is_part(key))
		return true;
	return strchr(key, '.') == NULL &&
	       (option_find(scope, key) != NULL || option_is_group(scope, key));
}

/* A key that tells of a task or a step by itself: others have a `timeout` somewhere, too. */
static bool is_known_there(enum option_scope scope, const char *key)
{
	return is_known(scope, key) && strcmp(key, "timeout") != 0;
}

static const char *scope_name(enum option_scope scope)
{
	if (scope == SCOPE_WORKER)
		return " in a worker";
	if (scope == SCOPE_DEFAULTS)
		return " in defaults";
	if (scope == SCOPE_STEP)
		return " in a step of the lifespan";
	return scope == SCOPE_TASK ? " in a task" : "";
}

/* Where a key belongs that is none of the scope's; NULL: nowhere. */
static const char *home_of(enum option_scope scope, const struct item *item)
{
	const char *key = item->key;
	const struct node *value = item->value;

	if (scope == SCOPE_STEP && (strcmp(key, "command") == 0 || strcmp(key, "timeout") == 0))
		return "it belongs in its `start` or its `stop`";
	if (scope != SCOPE_TOP && is_known(SCOPE_TOP, key))
		return "it belongs at the top of the file";
	if (scope == SCOPE_TOP && is_known(SCOPE_DEFAULTS, key))
		return "it belongs in a worker or in `defaults`";
	if (is_known(SCOPE_WORKER, key))
		return scope == SCOPE_TASK && strcmp(key, "restart") == 0
			       ? "it is for workers, a task is run again by its `every`"
			       : "it belongs in a worker";
	if (is_known_there(SCOPE_TASK, key))
		return "it belongs in a task";
	if (is_known_there(SCOPE_STEP, key))
		return "it belongs in a step of the `lifespan`";
	if (scope != SCOPE_TOP || value->kind != NODE_MAP || node_find(value, "command") == NULL)
		return NULL;
	return node_find(value, "every") != NULL ? "a task belongs in `tasks`"
						 : "a worker belongs in `workers`";
}

static bool is_probe(enum option_scope scope, const char *path)
{
	return scope == SCOPE_CHECK || strcmp(path, "startup") == 0 ||
	       strcmp(path, "readiness") == 0 || strcmp(path, "liveness") == 0;
}

/* True when key is the dotted path written in one word: stop_timeout, or stop.timeout itself. */
static bool is_flat_form(const char *key, const char *path)
{
	for (; *path != '\0' && (*key == *path || (*path == '.' && *key == '_')); path++)
		key++;
	return *path == '\0' && *key == '\0';
}

/* The path of an option in a map of its own, of which key is the flat form; NULL: none. */
static const char *nested_path(enum option_scope scope, const char *key)
{
	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		const char *path = option_row(id)->path;
		if (strchr(path, '.') != NULL && is_flat_form(key, path) &&
		    option_find(scope, path) != NULL)
			return path;
	}
	return NULL;
}

/* The path as it is written in a file: "stop: {timeout: 10s}" with what the value is. */
static const char *as_written(struct loader *loader, const char *path, const struct node *value)
{
	size_t len = strcspn(path, ".");
	const char *text = "...";

	if (path[len] == '\0')
		return path;
	if (value->kind == NODE_TEXT && value->plain && !node_is_empty(value) &&
	    strlen(value->text) <= VALUE_SHOWN_MAX)
		text = value->text;
	return loader_must(loader, arena_printf(&loader->scratch, "%.*s: {%s: %s}", (int)len, path,
						path + len + 1, text));
}

/* The nearest key of the map at path; NULL when none is near. */
static const char *nearest_key(struct loader *loader, enum option_scope scope, const char *path,
			       const char *key)
{
	struct option_key *keys = loader_scratch(loader, OPTION_COUNT * sizeof keys[0]);
	const char *names[OPTION_COUNT + PARTS_MAX];
	size_t count = option_keys(scope, path, keys);

	for (size_t i = 0; i < count; i++)
		names[i] = keys[i].text;
	for (size_t i = 0; scope == SCOPE_TOP && path[0] == '\0' && synonym_part(i) != NULL; i++)
		names[count++] = synonym_part(i);
	return text_nearest(key, names, count);
}

static const char *likely(struct loader *loader, enum option_scope scope, const char *path,
			  const struct item *item)
{
	const char *meant = NULL;

	if (is_probe(scope, path)) {
		meant = synonym_probe_key(item->key);
	} else if (path[0] == '\0') {
		meant = synonym_key(scope, item->key);
		if (meant == NULL)
			meant = nested_path(scope, item->key);
	}
	return meant != NULL ? as_written(loader, meant, item->value)
			     : nearest_key(loader, scope, path, item->key);
}

/* In a map that others have as well: true when it is a key of theirs, which is reported. */
static bool is_elsewhere(struct loader *loader, enum option_scope scope, const char *path,
			 const struct item *item)
{
	const char *below =
		loader_must(loader, arena_printf(&loader->scratch, "%s.%s", path, item->key));
	bool task = option_find(SCOPE_TASK, below) != NULL;

	if (scope == SCOPE_TOP || scope == SCOPE_CHECK ||
	    (!task && option_find(SCOPE_WORKER, below) == NULL))
		return false;
	loader_error(loader, item->key_place, NULL, "unknown key `%s` in %s%s: it is for workers%s",
		     item->key, path, scope_name(scope), task ? " and tasks" : "");
	return true;
}

static void inner_key(struct loader *loader, enum option_scope scope, const char *path,
		      const struct item *item)
{
	if (is_elsewhere(loader, scope, path, item))
		return;
	if (is_known(scope, item->key))
		loader_error(loader, item->key_place, NULL,
			     "unknown key `%s` in %s: it belongs outside of `%s`", item->key, path,
			     path);
	else
		loader_error(loader, item->key_place, likely(loader, scope, path, item),
			     "unknown key `%s` in %s", item->key, path);
}

void unknown_key(struct loader *loader, enum option_scope scope, const char *path,
		 const struct item *item)
{
	const char *instead = scope == SCOPE_CHECK ? NULL : home_of(scope, item);

	if (instead == NULL)
		instead = synonym_advice(scope, item->key);
	if (path[0] != '\0')
		inner_key(loader, scope, path, item);
	else if (instead != NULL)
		loader_error(loader, item->key_place, NULL, "unknown key `%s`%s: %s", item->key,
			     scope_name(scope), instead);
	else
		loader_error(loader, item->key_place, likely(loader, scope, path, item),
			     "unknown key `%s`%s", item->key,
			     scope == SCOPE_STEP || scope == SCOPE_TASK ? scope_name(scope) : "");
}
