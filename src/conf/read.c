#include "conf/read.h"

#include <inttypes.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "conf/draft.h"
#include "conf/habit.h"
#include "conf/list.h"
#include "conf/report.h"
#include "conf/tree.h"
#include "conf/unknown.h"
#include "conf/value.h"
#include "model/signo.h"

void read_refuse(struct loader *loader, const struct option *option, const struct node *node,
		 const char *hint, const struct err *err)
{
	loader_error(loader, node->place, hint, "`%s`: %s", option->path, err->text);
}

const char *read_text(struct loader *loader, const struct option *option, const struct node *node)
{
	if (node->kind != NODE_TEXT)
		loader_error(loader, node->place, NULL, "`%s` wants one value, not a %s",
			     option->path, node->kind == NODE_LIST ? "list" : "map");
	else if (node_is_empty(node))
		loader_error(loader, node->place, NULL, "`%s` has no value", option->path);
	else
		return node->text;
	return NULL;
}

bool read_is_map(struct loader *loader, const struct node *node, const char *name,
		 const char *example)
{
	bool map = node->kind == NODE_MAP || node_is_empty(node);

	if (!map)
		loader_error(loader, node->place, NULL,
			     "`%s` wants a map of keys and values: say `%s: %s`", name, name,
			     example);
	return map;
}

static const char *bound_text(struct loader *loader, const struct option *option, int64_t bound)
{
	char span[SPAN_TEXT_SIZE];
	struct arena *arena = &loader->scratch;

	if (option->kind == KIND_SPAN)
		return loader_must(loader, arena_strdup(arena, span_format(span, bound)));
	if (option->kind == KIND_OCTAL)
		return loader_must(loader, arena_printf(arena, "0%" PRIo64, (uint64_t)bound));
	return loader_must(loader, arena_printf(arena, "%" PRId64, bound));
}

static bool is_within(struct loader *loader, const struct option *option, const struct node *node,
		      int64_t number)
{
	if (number >= option->min && number <= option->max)
		return true;
	const char *least = bound_text(loader, option, option->min);
	if (option->min == option->max)
		loader_error(loader, node->place, NULL, "`%s` must be %s, not %s", option->path,
			     least, node->text);
	else
		loader_error(loader, node->place, NULL, "`%s` is from %s to %s, not %s",
			     option->path, least, bound_text(loader, option, option->max),
			     node->text);
	return false;
}

static bool length_is_good(struct loader *loader, const struct option *option,
			   const struct node *node, const char *text)
{
	size_t len = strlen(text);
	bool good = len >= (size_t)option->min && len <= (size_t)option->max;

	if (!good)
		loader_error(loader, node->place, NULL,
			     "`%s` wants %" PRId64 " to %" PRId64 " bytes, this has %zu",
			     option->path, option->min, option->max, len);
	return good;
}

const char *read_bounded_text(struct loader *loader, const struct option *option,
			      const struct node *node)
{
	const char *text = read_text(loader, option, node);

	return text != NULL && length_is_good(loader, option, node, text) ? text : NULL;
}

static void read_string(struct loader *loader, const struct option *option, const struct item *item,
			void *field)
{
	const char *text = read_bounded_text(loader, option, item->value);

	if (text != NULL)
		*(const char **)field = loader_keep_text(loader, text);
}

static void read_directory(struct loader *loader, const struct option *option,
			   const struct item *item, void *field)
{
	const char *text = read_bounded_text(loader, option, item->value);

	if (text == NULL)
		return;
	if (text[0] != '/' && text[0] != '%')
		loader_error(loader, item->value->place, NULL, "`%s` wants an absolute path%s",
			     option->path,
			     strchr("~$", text[0]) != NULL ? ": ~ and variables are not filled in"
							   : "");
	*(const char **)field = loader_keep_text(loader, text);
}

typedef int number_fn(const char *text, int64_t *out, struct err *err);

/* A number of the given form within the bounds; false when something was reported. */
static bool number_take(struct loader *loader, const struct option *option, const struct node *node,
			number_fn *value, int64_t *number)
{
	const char *text = read_text(loader, option, node);
	char meant[SPAN_TEXT_SIZE];
	struct err err;

	if (text == NULL)
		return false;
	if (value(text, number, &err) == -1) {
		read_refuse(loader, option, node,
			    option->kind == KIND_SPAN ? habit_span(text, meant) : NULL, &err);
		return false;
	}
	return is_within(loader, option, node, *number);
}

bool read_whole(struct loader *loader, const struct option *option, const struct node *node,
		int64_t *number)
{
	return number_take(loader, option, node, value_integer, number);
}

static void read_integer(struct loader *loader, const struct option *option,
			 const struct item *item, void *field)
{
	int64_t number;

	if (number_take(loader, option, item->value, value_integer, &number))
		*(int *)field = (int)number;
}

static void read_nice(struct loader *loader, const struct option *option, const struct item *item,
		      void *field)
{
	read_integer(loader, option, item, field);
	if (*(int *)field < 0 && loader->context->uid != 0)
		loader_error(loader, item->value->place, NULL,
			     "`nice` below 0 needs root, and fosterd runs as another user");
}

static void read_oom(struct loader *loader, const struct option *option, const struct item *item,
		     void *field)
{
	int own = loader->context->oom_score_adj;

	*(int *)field = own;
	read_integer(loader, option, item, field);
	if (*(int *)field < own && loader->context->uid != 0)
		loader_error(
			loader, item->value->place, NULL,
			"`%s` below fosterd's own %d needs root, and fosterd runs as another user",
			option->path, own);
}

static void read_number(struct loader *loader, const struct option *option, const struct item *item,
			void *field)
{
	int64_t number;

	if (number_take(loader, option, item->value, value_integer, &number))
		*(uint32_t *)field = (uint32_t)number;
}

static void read_octal(struct loader *loader, const struct option *option, const struct item *item,
		       void *field)
{
	int64_t number;

	if (number_take(loader, option, item->value, value_octal, &number))
		*(mode_t *)field = (mode_t)number;
}

static void read_span(struct loader *loader, const struct option *option, const struct item *item,
		      void *field)
{
	int64_t span;

	if (number_take(loader, option, item->value, value_span, &span))
		*(span_ns *)field = span;
}

static void read_bool(struct loader *loader, const struct option *option, const struct item *item,
		      void *field)
{
	const char *text = read_text(loader, option, item->value);
	struct err err;

	if (text != NULL && value_bool(text, field, &err) == -1)
		read_refuse(loader, option, item->value, NULL, &err);
}

static void read_signal(struct loader *loader, const struct option *option, const struct item *item,
			void *field)
{
	const char *text = read_text(loader, option, item->value), *hint;
	struct err err;

	if (text != NULL && signo_find(text, field, &hint, &err) == -1)
		read_refuse(loader, option, item->value, hint, &err);
}

/* Includes have been read before anything else is. */
static void read_nothing(struct loader *loader, const struct option *option,
			 const struct item *item, void *field)
{
	(void)loader, (void)option, (void)item, (void)field;
}

static read_fn *const readers[KIND_COUNT] = {
	[KIND_TEXT] = read_string,	 [KIND_DIRECTORY] = read_directory,
	[KIND_INTEGER] = read_integer,	 [KIND_NUMBER] = read_number,
	[KIND_NICE] = read_nice,	 [KIND_OOM] = read_oom,
	[KIND_SPAN] = read_span,	 [KIND_BOOL] = read_bool,
	[KIND_WORD] = read_word,	 [KIND_OCTAL] = read_octal,
	[KIND_SIGNAL] = read_signal,	 [KIND_COMMAND] = read_command,
	[KIND_TEXTS] = read_texts,	 [KIND_PATHS] = read_paths,
	[KIND_CODES] = read_codes,	 [KIND_CAPABILITIES] = read_capabilities,
	[KIND_LIMITS] = read_limits,	 [KIND_ENVIRONMENT] = read_environment,
	[KIND_USER] = read_user,	 [KIND_GROUP] = read_group,
	[KIND_GROUPS] = read_groups,	 [KIND_LISTEN] = read_listen,
	[KIND_INCLUDE] = read_nothing,	 [KIND_PATH] = read_path,
	[KIND_GID] = read_gid,		 [KIND_HTTP] = read_target,
	[KIND_TCP] = read_target,	 [KIND_REDIS] = read_target,
	[KIND_POSTGRES] = read_target,	 [KIND_HEADERS] = read_headers,
	[KIND_STATUSES] = read_statuses, [KIND_CHECKS] = read_checks,
	[KIND_PROBER] = read_prober,	 [KIND_DEPENDS] = read_depends,
};

static void option_read(struct loader *loader, const struct target *target,
			const struct option *option, const struct item *item)
{
	size_t errors = report_met(loader->report);

	if (!list_is_in_a_text(loader, option, item->value))
		readers[option->kind](loader, option, item, (char *)target->base + option->offset);
	target->refused[option_id_of(option)] = report_met(loader->report) > errors;
}

void read_defaults(struct loader *loader, const struct target *target)
{
	struct source *source = loader_scratch(loader, sizeof *source);

	*source = (struct source){.name = "default"};
	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		const struct option *option = option_row(id);
		if ((option->scopes & (unsigned)target->scope) == 0 || option->fallback == NULL)
			continue;
		source->text = option->fallback;
		source->len = strlen(option->fallback);
		struct item item = {.key = option->path, .value = tree_parse(loader, source)};
		MUST(item.value != NULL);
		option_read(loader, target, option, &item);
	}
}

#define PROBE_EXAMPLE "{http: \"http://127.0.0.1:8080/\"}"

/* What the map at path may be like. */
static const char *example_of(enum option_scope scope, const char *path)
{
	static const char *const examples[][2] = {
		{"control", "{mode: 0660}"}, {"drain", "{timeout: 30s}"},
		{"ready", "{when: notify}"}, {"restart_limit", "{count: 5, within: 1m}"},
		{"stop", "{timeout: 10s}"},  {"log", "{to: inherit}"},
		{"startup", PROBE_EXAMPLE},  {"readiness", PROBE_EXAMPLE},
		{"liveness", PROBE_EXAMPLE}, {"prober", "{user: nobody}"},
		{"reload", "{signal: HUP}"}, {"start", "{command: [/bin/prepare]}"},
	};
	const char *example = NULL;

	if (scope == SCOPE_STEP && strcmp(path, "stop") == 0)
		return "{command: [/bin/clean-up]}";
	for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++)
		example = strcmp(path, examples[i][0]) == 0 ? examples[i][1] : example;
	MUST(example != NULL);
	return example;
}

static bool is_skipped(const char *const *skip, const char *key)
{
	for (; skip != NULL && *skip != NULL; skip++) {
		if (strcmp(*skip, key) == 0)
			return true;
	}
	return false;
}

static void map_read(struct loader *loader, const struct target *target, const struct node *map,
		     const char *path, const char *const *skip)
{
	for (const struct item *item = map->first; item != NULL; item = item->next) {
		const char *below =
			path[0] == '\0'
				? item->key
				: loader_must(loader, arena_printf(&loader->scratch, "%s.%s", path,
								   item->key));
		/* `stop.timeout` is how messages name it; written like that it would be a second
		 * place for the same. */
		bool dotted = strchr(item->key, '.') != NULL;
		const struct option *option = dotted ? NULL : option_find(target->scope, below);
		if (is_skipped(skip, item->key))
			continue;
		if (option != NULL) {
			target->origin[option_id_of(option)] = item;
			option_read(loader, target, option, item);
		} else if (!option_is_group(target->scope, below)) {
			unknown_key(loader, target->scope, path, item);
		} else if (read_is_map(loader, item->value, below,
				       example_of(target->scope, below))) {
			map_read(loader, target, item->value, below, NULL);
		}
	}
}

void read_map(struct loader *loader, const struct target *target, const struct node *map,
	      const char *const *skip)
{
	map_read(loader, target, map, "", skip);
}
