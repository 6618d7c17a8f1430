#include "conf/explain.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "conf/draft.h"
#include "conf/environment.h"
#include "conf/limits.h"
#include "conf/password.h"
#include "conf/probe.h"

/* What is being explained: the file as a whole, or one worker, check, task or step. */
struct page {
	struct loader *loader;
	const struct draft *draft; /* NULL: the options of the top level */
	enum option_scope scope;
	int indent;
	FILE *out;
};

static bool is_plain_word(const char *text)
{
	if (text[0] == '\0' || strcmp(text, "-") == 0)
		return false;
	for (; *text != '\0'; text++) {
		if (!isalnum((unsigned char)*text) && strchr("_./+-", *text) == NULL)
			return false;
	}
	return true;
}

static void text_print(const char *text, FILE *out)
{
	if (is_plain_word(text)) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c == '\n')
			fputs("\\n", out);
		else if (c < ' ' || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static void node_print(const struct node *node, FILE *out)
{
	bool map = node->kind == NODE_MAP;

	if (node->kind == NODE_TEXT) {
		text_print(node->text, out);
		return;
	}
	fputc(map ? '{' : '[', out);
	for (const struct item *item = node->first; item != NULL; item = item->next) {
		if (map) {
			text_print(item->key, out);
			fputs(": ", out);
		}
		node_print(item->value, out);
		fputs(item->next != NULL ? ", " : "", out);
	}
	fputc(map ? '}' : ']', out);
}

/* "  # FILE:LINE", or where else the value is from, and the end of the line. */
static void source_print(const struct page *page, const struct item *item, bool from_defaults)
{
	fputs("  # ", page->out);
	if (item == NULL) {
		fputs("default\n", page->out);
		return;
	}
	if (from_defaults)
		fputs("defaults, ", page->out);
	/* A newline in a file's name must not end the comment. */
	for (const char *c = item->key_place.source->name; *c != '\0'; c++)
		fputc(iscntrl((unsigned char)*c) ? '?' : *c, page->out);
	fprintf(page->out, ":%zu\n", place_position(item->key_place).line);
}

static void indent_print(const struct page *page, int more)
{
	fprintf(page->out, "%*s", page->indent + more, "");
}

/* One `name: value` of a map that is merged name by name. */
static void entry_print(const struct page *page, const struct item *item, bool from_defaults)
{
	indent_print(page, 2);
	text_print(item->key, page->out);
	fputs(": ", page->out);
	node_print(item->value, page->out);
	source_print(page, item, from_defaults);
}

static bool is_own_binding(const struct draft *defaults, const struct binding *binding)
{
	for (const struct binding *one = defaults->environment; one != NULL; one = one->earlier) {
		if (one == binding)
			return false;
	}
	return true;
}

static void environment_print(const struct page *page)
{
	size_t count;
	const struct binding **all = environment_bindings(page->loader, page->draft, &count);

	fputs(count > 0 ? "\n" : " {}  # default\n", page->out);
	for (size_t i = 0; i < count; i++)
		entry_print(page, all[i]->item, !is_own_binding(page->loader->defaults, all[i]));
}

static void limits_print(const struct page *page)
{
	const struct limit *limits = page->draft->limits,
			   *defaults = page->loader->defaults->limits;

	fputs(page->draft->spec.n_limits > 0 ? "\n" : " {}  # default\n", page->out);
	for (unsigned i = 0; i < RLIMIT_SPEC_MAX; i++) {
		if (limits[i].item != NULL)
			entry_print(page, limits[i].item, limits[i].item == defaults[i].item);
	}
}

/* Header fields, without what is nobody's business. */
static void headers_print(const struct node *map, FILE *out)
{
	fputc('{', out);
	for (const struct item *item = map->first; item != NULL; item = item->next) {
		text_print(item->key, out);
		fputs(": ", out);
		if (password_is_header(item->key))
			text_print("***", out);
		else
			node_print(item->value, out);
		fputs(item->next != NULL ? ", " : "", out);
	}
	fputc('}', out);
}

/* The value that was written, without passwords. */
static void written_print(const struct page *page, const struct option *option,
			  const struct node *value)
{
	if (option->kind == KIND_HEADERS) {
		headers_print(value, page->out);
	} else if (option->kind == KIND_REDIS || option->kind == KIND_POSTGRES) {
		const void *field = (const char *)page->draft + option->offset;
		text_print(((const struct target_text *)field)->shown, page->out);
	} else {
		node_print(value, page->out);
	}
}

/* True for what is computed from other things when nothing is said. */
static bool is_computed(enum option_id id)
{
	return id == OPTION_NAME || id == OPTION_PROBER_MAX_EXEC || id == OPTION_DRAIN_RESERVE ||
	       id == OPTION_MIN_READY || id == OPTION_READY_WHEN || id == OPTION_READY_TIMEOUT ||
	       id == OPTION_STOP_TO || id == OPTION_RESTART || id == OPTION_TASK_TIMEOUT;
}

static span_ns computed_span(const struct page *page, enum option_id id)
{
	if (id == OPTION_DRAIN_RESERVE)
		return page->loader->spec->drain_reserve;
	return id == OPTION_TASK_TIMEOUT ? page->draft->spec.run_timeout
					 : page->draft->spec.ready_timeout;
}

static unsigned computed_word(const struct page *page, enum option_id id)
{
	const struct worker_spec *spec = &page->draft->spec;

	if (id == OPTION_READY_WHEN)
		return spec->ready_when;
	return id == OPTION_STOP_TO ? (unsigned)spec->stop_to : (unsigned)spec->restart;
}

static void computed_print(const struct page *page, enum option_id id)
{
	const struct option *option = option_row(id);
	char span[SPAN_TEXT_SIZE];

	if (id == OPTION_NAME)
		text_print(page->loader->spec->name, page->out);
	else if (id == OPTION_PROBER_MAX_EXEC)
		fprintf(page->out, "%" PRIu32, page->loader->spec->exec_probes);
	else if (id == OPTION_MIN_READY)
		fprintf(page->out, "%" PRIu32, page->draft->spec.min_ready);
	else if (option->kind == KIND_SPAN)
		fputs(span_format(span, computed_span(page, id)), page->out);
	else
		fputs(option->words[computed_word(page, id)], page->out);
}

static const struct item *origin_of(const struct page *page, enum option_id id)
{
	return page->draft != NULL ? page->draft->origin[id] : page->loader->origin[id];
}

static void value_print(const struct page *page, enum option_id id)
{
	const struct option *option = option_row(id);
	const struct item *origin = origin_of(page, id);

	if (option->kind == KIND_ENVIRONMENT || option->kind == KIND_LIMITS) {
		(option->kind == KIND_LIMITS ? limits_print : environment_print)(page);
		return;
	}
	fputc(' ', page->out);
	if (origin != NULL)
		written_print(page, option, origin->value);
	else if (option->fallback != NULL)
		fputs(option->fallback, page->out);
	else
		computed_print(page, id);
	source_print(page, origin,
		     page->scope == SCOPE_WORKER && origin != NULL &&
			     !draft_says(page->loader, page->draft, id));
}

/* True when there is no value that could be written and mean the same. */
static bool is_unsaid(const struct page *page, enum option_id id)
{
	if (origin_of(page, id) != NULL)
		return false;
	/* A job has none, and where nothing is to be kept it would be a warning. */
	if ((id == OPTION_READY_WHEN && page->draft->spec.kind == PROGRAM_JOB) ||
	    (id == OPTION_DRAIN_RESERVE && page->loader->spec->n_steps == 0))
		return true;
	/* Written down it holds where a readiness probe alone fails, too. */
	if (id == OPTION_READY_TIMEOUT && page->draft->spec.probes[PROBE_READINESS] != NULL)
		return true;
	return option_row(id)->fallback == NULL && !is_computed(id);
}

static void option_print(const struct page *page, enum option_id id, const char *group)
{
	const struct option *option = option_row(id);
	size_t group_len = strcspn(option->path, ".");
	bool nested = option->path[group_len] == '.';
	const char *key = nested ? option->path + group_len + 1 : option->path;

	if (nested && strncmp(group, option->path, group_len + 1) != 0) {
		indent_print(page, 0);
		fprintf(page->out, "%.*s:\n", (int)group_len, option->path);
	}
	indent_print(page, nested ? 2 : 0);
	if (is_unsaid(page, id)) {
		fprintf(page->out, "# %s: %s\n", key,
			option->fallback != NULL ? option->fallback : option->unset);
		return;
	}
	fprintf(page->out, "%s:", key);
	value_print(page, id);
}

static bool is_on_page(const struct page *page, enum option_id id)
{
	return (option_row(id)->scopes & (unsigned)page->scope) != 0;
}

/* True for what is not to be explained: what belongs to a probe that is not there, and to other
 * ways to ask than its own. Its first option tells of the former. */
static bool is_of_no_probe(const struct page *page, enum option_id id)
{
	enum probe_key key;
	int n = page->draft == NULL ? -1 : probe_find(id, &key);

	if (n == -1)
		return false;
	const struct probe_draft *probe = &page->draft->probes[n];
	if (!probe->present && key == 0) {
		indent_print(page, 0);
		fprintf(page->out, "# %s: none\n", probe_role_name((enum probe_role)n));
	}
	return !probe->present || !probe_key_fits(key, probe->spec.driver);
}

/* True for what belongs to a half that the step has not. Its first option tells of that. */
static bool is_of_no_half(const struct page *page, enum option_id id)
{
	bool start = id == OPTION_STEP_START_COMMAND || id == OPTION_STEP_START_TIMEOUT;
	bool stop = id == OPTION_STEP_STOP_COMMAND || id == OPTION_STEP_STOP_TIMEOUT;
	enum option_id command = start ? OPTION_STEP_START_COMMAND : OPTION_STEP_STOP_COMMAND;

	if ((!start && !stop) || page->draft->origin[command] != NULL)
		return false;
	if (id == command) {
		indent_print(page, 0);
		fprintf(page->out, "# %s: none\n", start ? "start" : "stop");
	}
	return true;
}

static void options_print(const struct page *page)
{
	const char *group = "";

	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		/* What was included stands here already. */
		if (!is_on_page(page, id) || id == OPTION_INCLUDE || is_of_no_probe(page, id) ||
		    is_of_no_half(page, id))
			continue;
		option_print(page, id, group);
		group = option_row(id)->path;
	}
}

/* A worker, check or task under its name. */
static void draft_print(struct page *page, const struct draft *draft)
{
	page->draft = draft;
	page->indent = 2;
	indent_print(page, 0);
	text_print(draft->spec.name, page->out);
	fputc(':', page->out);
	source_print(page, draft->item, false);
	page->indent = 4;
	options_print(page);
}

static void drafts_print(struct page *page, const char *title, enum option_scope scope,
			 const struct draft *drafts, uint32_t count)
{
	page->scope = scope;
	fprintf(page->out, count > 0 ? "%s:\n" : "%s: {}\n", title);
	for (uint32_t i = 0; i < count; i++)
		draft_print(page, &drafts[i]);
}

/* As a list: each begins with a dash of its own, which may stand alone. */
static void steps_print(struct page *page)
{
	uint32_t count = page->loader->spec->n_steps;

	page->scope = SCOPE_STEP;
	page->indent = 4;
	fputs(count > 0 ? "lifespan:\n" : "lifespan: []\n", page->out);
	for (uint32_t i = 0; i < count; i++) {
		page->draft = &page->loader->steps[i];
		fputs("  -\n", page->out);
		options_print(page);
	}
}

static void file_print(struct loader *loader, void *out)
{
	const struct spec *spec = loader->spec;
	struct page page = {.loader = loader, .out = out, .scope = SCOPE_TOP};

	options_print(&page);
	drafts_print(&page, "checks", SCOPE_CHECK, loader->checks, spec->n_checks);
	steps_print(&page);
	drafts_print(&page, "tasks", SCOPE_TASK, loader->tasks, spec->n_tasks);
	drafts_print(&page, "workers", SCOPE_WORKER, loader->drafts, spec->n_workers);
}

int conf_explain(const char *path, const struct conf_context *context, struct conf_report *report,
		 FILE *out)
{
	struct loader loader;
	bool good = loader_run(&loader, path, context, report) &&
		    loader_guard(&loader, file_print, out);

	loader_end(&loader);
	return good ? 0 : -1;
}
