#include "conf/report.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/utf8.h"
#include "conf/password.h"

enum { ENTRIES_MAX = 1000, EXCERPT_BEFORE = 100, EXCERPT_MAX = 160, SECRET_AROUND = 1024 };

struct entry {
	unsigned order;
	size_t offset;
	size_t seq;	     /* keeps entries of one place in the order in which they came */
	const char *line;    /* FILE:LINE:COLUMN: error: TEXT */
	const char *excerpt; /* the source line, or the part around the place; NULL: none */
	const char *caret;   /* what stands before the caret below it: tabs and spaces */
	const char *hint;    /* NULL: none */
};

struct conf_report {
	struct arena arena; /* texts */
	struct entry entries[ENTRIES_MAX];
	size_t count;
	size_t errors;
	size_t warnings;
	size_t met; /* errors, those that were told already included */
	bool out_of_memory;
};

struct conf_report *conf_report_new(void)
{
	return calloc(1, sizeof(struct conf_report));
}

void conf_report_free(struct conf_report **report)
{
	if (*report == NULL)
		return;
	arena_fini(&(*report)->arena);
	free(*report);
	*report = NULL;
}

size_t conf_report_errors(const struct conf_report *report)
{
	return report->errors;
}

size_t report_met(const struct conf_report *report)
{
	return report->met;
}

size_t conf_report_warnings(const struct conf_report *report)
{
	return report->warnings;
}

void report_out_of_memory(struct conf_report *report)
{
	if (!report->out_of_memory)
		report->errors++;
	report->out_of_memory = true;
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* What a terminal would obey and not show becomes a question mark: a file may hold anything. */
static void make_harmless(char *text)
{
	for (size_t len; *text != '\0'; text += len) {
		len = utf8_length(text);
		if (len == 0 || (iscntrl((unsigned char)*text) && *text != '\t')) {
			*text = '?';
			len = 1;
		}
	}
}

/* Where an excerpt is from: a part of a line, with what stands around it. */
struct cut {
	const char *text;
	size_t len;
	size_t before; /* bytes of text before the excerpt */
};

/* Put stars in the place of passwords. What they are is told by what stands around them. */
static void passwords_hide(char *excerpt, const struct cut *cut)
{
	size_t end = cut->before + strlen(excerpt), found;

	for (size_t at = 0; (found = password_find(cut->text, cut->len, &at)) > 0; at += found) {
		for (size_t i = at > cut->before ? at : cut->before; i < at + found && i < end; i++)
			excerpt[i - cut->before] = '*';
	}
}

/* Copy the part of the line around the place, and blanks that bring a caret below it. False: no
 * memory. */
static bool excerpt_make(struct conf_report *report, struct entry *entry, struct place at,
			 const struct position *position)
{
	size_t place = (size_t)(at.source->text + at.offset - position->start);
	size_t from = place > EXCERPT_BEFORE ? place - EXCERPT_BEFORE : 0;
	size_t to = position->len < from + EXCERPT_MAX ? position->len : from + EXCERPT_MAX;

	/* To the edges of characters, if these are any: of at most four bytes. */
	while (from > 0 && place - from < EXCERPT_BEFORE + 3 &&
	       is_continuation(position->start[from]))
		from--;
	while (to > from && to < position->len && is_continuation(position->start[to]))
		to--;
	const char *line = position->start + from;
	size_t window = from > SECRET_AROUND ? from - SECRET_AROUND : 0;
	size_t end = position->len < to + SECRET_AROUND ? position->len : to + SECRET_AROUND;
	char *caret = arena_alloc(&report->arena, place - from + 1);
	char *excerpt = arena_strndup(&report->arena, line, to - from);
	if (excerpt == NULL || caret == NULL)
		return false;
	struct cut cut = {position->start + window, end - window, from - window};
	passwords_hide(excerpt, &cut);
	make_harmless(excerpt);
	entry->excerpt = excerpt;
	entry->caret = caret;
	for (size_t i = 0; i < place - from; i++) {
		if (!is_continuation(line[i]))
			*caret++ = line[i] == '\t' ? '\t' : ' ';
	}
	return true;
}

__attribute__((format(printf, 2, 0))) static char *text_vprintf(struct arena *arena,
								const char *format, va_list args)
{
	va_list again;

	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	MUST(len >= 0);
	char *text = arena_alloc(arena, (size_t)len + 1);
	if (text != NULL)
		vsnprintf(text, (size_t)len + 1, format, args);
	return text;
}

static bool entry_make(struct conf_report *report, struct entry *entry, enum severity severity,
		       struct place at, const char *text)
{
	struct position position = place_position(at);

	entry->order = at.source->order;
	entry->offset = at.offset;
	entry->seq = report->count;
	if (text == NULL)
		return false;
	char *line = arena_printf(&report->arena, "%s:%zu:%zu: %s: %s", at.source->name,
				  position.line, position.column,
				  severity == SEVERITY_ERROR ? "error" : "warning", text);
	if (line == NULL)
		return false;
	make_harmless(line);
	entry->line = line;
	return at.source->text == NULL || excerpt_make(report, entry, at, &position);
}

/* True when the same was said of the same place. */
static bool is_repeated(const struct conf_report *report, const struct entry *entry)
{
	for (size_t i = report->count; i > 0; i--) {
		const struct entry *before = &report->entries[i - 1];
		if (before->order == entry->order && before->offset == entry->offset &&
		    strcmp(before->line, entry->line) == 0)
			return true;
	}
	return false;
}

void report_add(struct conf_report *report, enum severity severity, struct place at,
		const char *hint, const char *format, va_list args)
{
	size_t *count = severity == SEVERITY_ERROR ? &report->errors : &report->warnings;

	MUST(at.source != NULL);
	report->met += severity == SEVERITY_ERROR;
	(*count)++;
	if (report->count == ENTRIES_MAX)
		return;
	struct entry entry = {0};
	bool made = entry_make(report, &entry, severity, at,
			       text_vprintf(&report->arena, format, args));
	/* What `defaults` say wrongly is found anew with each worker. */
	if (made && is_repeated(report, &entry)) {
		(*count)--;
		return;
	}
	if (made && hint != NULL)
		made = (entry.hint = arena_strdup(&report->arena, hint)) != NULL;
	if (made)
		report->entries[report->count++] = entry;
	else
		report_out_of_memory(report);
}

static int entry_compare(const void *a_, const void *b_)
{
	const struct entry *a = a_, *b = b_;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return a->seq < b->seq ? -1 : 1;
}

void report_sort(struct conf_report *report)
{
	qsort(report->entries, report->count, sizeof report->entries[0], entry_compare);
}

const char *conf_report_line(const struct conf_report *report, size_t n)
{
	if (report->out_of_memory && n-- == 0)
		return "fosterd:1:1: error: out of memory while reading the configuration";
	return n < report->count ? report->entries[n].line : NULL;
}

static void entry_print(const struct entry *entry, FILE *out)
{
	fprintf(out, "%s\n", entry->line);
	if (entry->excerpt != NULL)
		fprintf(out, "    %s\n    %s^\n", entry->excerpt, entry->caret);
	if (entry->hint != NULL)
		fprintf(out, "    did you mean \"%s\"?\n", entry->hint);
}

void conf_report_print(const struct conf_report *report, FILE *out)
{
	size_t total = report->errors + report->warnings - report->out_of_memory;

	if (report->out_of_memory)
		fprintf(out, "%s\n", conf_report_line(report, 0));
	for (size_t i = 0; i < report->count; i++)
		entry_print(&report->entries[i], out);
	if (total > report->count)
		fprintf(out, "... and %zu more\n", total - report->count);
}
