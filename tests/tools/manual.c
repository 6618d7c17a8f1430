/*
 * manual - writes the OPTIONS of fosterd.yaml(5) to standard output, for `make manual`.
 *
 * Every option of the table with its kind, bounds, default, help and example, in mdoc(7); between
 * two comments by which the page's maker finds them again.
 */
#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "conf/limits.h"
#include "conf/option.h"
#include "conf/probe.h"
#include "conf/value.h"

/* Of a line of the page, with room for escapes; of an example that stays on one line. */
enum { LINE_MAX_SIZE = 54, EXAMPLE_MAX = 60 };

/* What stands for a value in a key's headline; NULL: the row itself tells. */
static const char *const shapes[KIND_COUNT] = {
	[KIND_TEXT] = "TEXT",
	[KIND_DIRECTORY] = "DIRECTORY",
	[KIND_INTEGER] = "NUMBER",
	[KIND_NUMBER] = "NUMBER",
	[KIND_NICE] = "NUMBER",
	[KIND_OOM] = "NUMBER",
	[KIND_SPAN] = "DURATION",
	[KIND_BOOL] = "true | false",
	[KIND_OCTAL] = "OCTAL",
	[KIND_SIGNAL] = "SIGNAL",
	[KIND_COMMAND] = "COMMAND",
	[KIND_TEXTS] = "[PATTERN, ...]",
	[KIND_PATHS] = "[PATH, ...]",
	[KIND_CODES] = "[NUMBER, ...]",
	[KIND_CAPABILITIES] = "[CAPABILITY, ...]",
	[KIND_LIMITS] = "{NAME: LIMIT, ...}",
	[KIND_ENVIRONMENT] = "{NAME: TEXT, ...}",
	[KIND_USER] = "USER",
	[KIND_GROUP] = "GROUP",
	[KIND_GROUPS] = "[GROUP, ...]",
	[KIND_PATH] = "PATH",
	[KIND_GID] = "GROUP",
	[KIND_LISTEN] = "[ADDRESS, ...]",
	[KIND_INCLUDE] = "[PATTERN, ...]",
	[KIND_HTTP] = "URL",
	[KIND_TCP] = "ADDRESS",
	[KIND_REDIS] = "URL",
	[KIND_POSTGRES] = "CONNINFO",
	[KIND_HEADERS] = "{NAME: TEXT, ...}",
	[KIND_STATUSES] = "[NUMBER, ...]",
	[KIND_CHECKS] = "[CHECK, ...]",
	[KIND_PROBER] = "USER",
	[KIND_DEPENDS] = "[WORKER, ...] | {WORKER: started | ready | completed, ...}",
};

/* One character of prose or of a literal that must not be taken for mdoc. */
static void put_char(char c)
{
	switch (c) {
	case '\\':
		fputs("\\e", stdout);
		break;
	case '-':
		fputs("\\-", stdout);
		break;
	case '"':
		fputs("\\(dq", stdout);
		break;
	default:
		putchar(c);
	}
}

static void put_text(const char *text)
{
	while (*text != '\0')
		put_char(*text++);
}

/* Where a line of the page ends: behind a sentence, and before it becomes too long. */
static bool is_line_end(const char *space, const char *line)
{
	size_t word = strcspn(space + 1, " ");

	return strchr(".;", space[-1]) != NULL || (size_t)(space - line) + word > LINE_MAX_SIZE;
}

/* Sentences, each from a line of its own as mdoc wants them; `literals` are bold. */
static void put_prose(const char *text)
{
	const char *line = text;
	bool literal = false;

	for (; *text != '\0'; text++) {
		if (*text == '`') {
			literal = !literal;
			fputs(literal ? "\\fB" : "\\fP", stdout);
		} else if (*text == ' ' && !literal && is_line_end(text, line)) {
			putchar('\n');
			line = text + 1;
		} else if (*text == ' ' && literal) {
			fputs("\\ ", stdout);
		} else if (*text == '-' && text[1] >= 'a' && text[1] <= 'z') {
			putchar('-');
		} else {
			put_char(*text);
		}
	}
	MUST(!literal);
	putchar('\n');
}

static void put_words(const char *const *words)
{
	for (const char *const *word = words; *word != NULL; word++) {
		fputs(word == words ? "" : " | ", stdout);
		put_text(*word);
	}
}

static void put_headline(const struct option *option)
{
	MUST(option->kind == KIND_WORD || shapes[option->kind] != NULL);
	printf(".It Sy %s : No \"", option->path);
	if (option->kind == KIND_WORD)
		put_words(option->words);
	else
		put_text(shapes[option->kind]);
	fputs("\"\n", stdout);
}

/* A bound in the words of the file. */
static const char *bound_text(const struct option *option, int64_t bound, char *buf, size_t size)
{
	char span[SPAN_TEXT_SIZE];
	struct text text;

	text_init(&text, buf, size);
	if (option->kind == KIND_SPAN)
		text_add(&text, "%s", bound == 0 ? "0s" : span_format(span, bound));
	else if (option->kind == KIND_OCTAL)
		text_add(&text, bound == 0 ? "0" : "0%llo", (unsigned long long)bound);
	else
		text_add(&text, "%lld", (long long)bound);
	return buf;
}

static bool has_bounds(const struct option *option)
{
	switch ((int)option->kind) {
	case KIND_INTEGER:
	case KIND_NUMBER:
	case KIND_NICE:
	case KIND_OOM:
	case KIND_SPAN:
	case KIND_OCTAL:
	case KIND_CODES:
	case KIND_SIGNAL:
		return true;
	default:
		return false;
	}
}

static void put_bounds(const struct option *option)
{
	char least[64], most[64];

	if (!has_bounds(option))
		return;
	fputs("From ", stdout);
	put_text(bound_text(option, option->min, least, sizeof least));
	fputs(" to ", stdout);
	put_text(bound_text(option, option->max, most, sizeof most));
	fputs(".\n", stdout);
}

static void put_default(const struct option *option)
{
	if (option->fallback != NULL) {
		fputs("Default: \\fB", stdout);
		put_text(option->fallback);
		fputs("\\fP.\n", stdout);
	} else if (strncmp(option->unset, "required", 8) == 0) {
		printf("Required%s.\n", option->unset + 8);
	} else {
		fputs("Default: ", stdout);
		put_text(option->unset);
		fputs(".\n", stdout);
	}
}

static void put_example(const struct option *option)
{
	if (option->example == NULL)
		return;
	MUST(strlen(option->path) + strlen(option->example) <= EXAMPLE_MAX);
	/* As it is written: `stop.signal` stands in a map of its own. */
	const char *dot = strchr(option->path, '.');
	fputs(".Dl ", stdout);
	if (dot == NULL) {
		printf("%s: ", option->path);
		put_text(option->example);
	} else {
		printf("%.*s: {%s: ", (int)(dot - option->path), option->path, dot + 1);
		put_text(option->example);
		putchar('}');
	}
	putchar('\n');
}

static void put_limit_names(void)
{
	fputs("The names are\n", stdout);
	for (unsigned n = 0; limit_name(n) != NULL; n++)
		printf(".Cm %s%s\n", limit_name(n), limit_name(n + 1) == NULL ? " ." : " ,");
}

static void put_option(const struct option *option)
{
	put_headline(option);
	put_prose(option->help);
	if (option->kind == KIND_LIMITS)
		put_limit_names();
	fputs(".br\n", stdout);
	put_bounds(option);
	put_default(option);
	put_example(option);
}

/* Where an option is told of: the keys of a probe once, for all that have them. */
enum section {
	SECTION_TOP,
	SECTION_WORKER,
	SECTION_PROBE,
	SECTION_CHECK,
	SECTION_STEP,
	SECTION_TASK
};

static enum section section_of(enum option_id id)
{
	enum probe_key key;

	if (probe_find(id, &key) != -1)
		return SECTION_PROBE;
	switch (option_row(id)->scopes) {
	case SCOPE_TOP:
		return SECTION_TOP;
	case SCOPE_CHECK:
		return SECTION_CHECK;
	case SCOPE_STEP:
		return SECTION_STEP;
	case SCOPE_TASK:
		return SECTION_TASK;
	default:
		return SECTION_WORKER;
	}
}

/* The keys of workers that are keys here as well. */
static void put_shared(enum option_scope scope)
{
	const char *before = "As in a worker:\n";

	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		const struct option *option = option_row(id);
		if (section_of(id) != SECTION_WORKER || (option->scopes & (unsigned)scope) == 0)
			continue;
		printf("%s.Cm %s", before, option->path);
		before = " ,\n";
	}
	fputs(" .\n", stdout);
}

static void put_options(const char *title, enum section section)
{
	printf(".Ss \\&%s\n", title);
	if (section == SECTION_STEP || section == SECTION_TASK)
		put_shared(section == SECTION_STEP ? SCOPE_STEP : SCOPE_TASK);
	fputs(".Bl -tag -width Ds\n", stdout);
	for (enum option_id id = 0; id < OPTION_COUNT; id++)
		if (section_of(id) == section)
			put_option(option_row(id));
	fputs(".El\n", stdout);
}

/* As a check has them, and what only a worker's have. */
static void put_probe_options(const char *title)
{
	enum option_id id = probe_option(OPTION_LIVENESS, PROBE_KEY_TERMINATION_GRACE);
	struct option grace = *option_row(id);

	printf(".Ss \\&%s\n.Bl -tag -width Ds\n", title);
	for (enum probe_key key = 0; key < PROBE_KEY_TERMINATION_GRACE; key++)
		put_option(option_row(probe_option(OPTION_CHECK, key)));
	grace.path = strchr(grace.path, '.') + 1;
	put_option(&grace);
	fputs(".El\n", stdout);
}

int main(void)
{
	fputs(".\\\" OPTIONS: made by `make manual` from the option table\n", stdout);
	put_options("At the top of the file", SECTION_TOP);
	put_options("In a worker, and in defaults", SECTION_WORKER);
	put_probe_options("In a probe: startup, readiness, liveness, and in a check");
	put_options("In a check", SECTION_CHECK);
	put_options("In a step of the lifespan", SECTION_STEP);
	put_options("In a task", SECTION_TASK);
	fputs(".\\\" OPTIONS end\n", stdout);
	return fflush(stdout) == 0 ? 0 : 1;
}
