#include "sim/script.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void script_open(struct script *s, const char *path)
{
	*s = (struct script){.path = path, .file = fopen(path, "re")};
	if (s->file == NULL)
		script_fail(s, "cannot be opened");
}

void script_close(struct script *s)
{
	fclose(s->file);
	s->file = NULL;
}

bool script_read(struct script *s)
{
	if (fgets(s->text, sizeof s->text, s->file) == NULL)
		return false;
	s->line++;
	if (strchr(s->text, '\n') == NULL && !feof(s->file))
		script_fail(s, "the line is too long");
	return true;
}

static void split(struct script *s)
{
	char *rest = NULL;

	s->text[strcspn(s->text, "#\n")] = '\0';
	s->n_words = 0;
	for (char *w = strtok_r(s->text, " \t", &rest); w != NULL;
	     w = strtok_r(NULL, " \t", &rest)) {
		if (s->n_words == SCRIPT_WORDS_MAX)
			script_fail(s, "too many words");
		s->words[s->n_words++] = w;
	}
	s->words[s->n_words] = NULL;
}

bool script_next(struct script *s)
{
	while (script_read(s)) {
		split(s);
		if (s->n_words > 0)
			return true;
	}
	return false;
}

_Noreturn void script_fail(const struct script *s, const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "%s:%d: ", s->path, s->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

const char *script_word(const struct script *s, int n)
{
	if (n >= s->n_words)
		script_fail(s, "something is missing after `%s`", s->words[s->n_words - 1]);
	return s->words[n];
}

bool script_is(const struct script *s, int n, const char *word)
{
	return n < s->n_words && strcmp(s->words[n], word) == 0;
}

/* The unit that text begins with; NULL when it is none. */
static const char *unit_of(const char *text, span_ns *unit)
{
	static const struct {
		const char *name;
		span_ns span;
	} units[] = {
		{"us", NS_US},	  {"ms", NS_MS},      {"s", NS_S},
		{"m", 60 * NS_S}, {"h", 3600 * NS_S}, {"d", 86400 * NS_S},
	};

	for (size_t n = 0; n < sizeof units / sizeof units[0]; n++)
		if (strncmp(text, units[n].name, strlen(units[n].name)) == 0) {
			*unit = units[n].span;
			return text + strlen(units[n].name);
		}
	return NULL;
}

span_ns script_span(const struct script *s, const char *word, const char **end)
{
	const char *text = word;
	span_ns sum = 0, unit;

	for (;;) {
		char *after;
		/* Digits before the point only, or strtod would take the first dot of a range A..B.
		 */
		size_t digits = strspn(text, "0123456789");
		if (digits == 0)
			break;
		double number = strtod(text, &after);
		const char *next = unit_of(after, &unit);
		if (next == NULL)
			script_fail(s, "`%s`: no unit (us ms s m h d)", word);
		sum += (span_ns)(number * (double)unit + 0.5);
		text = next;
	}
	if (text == word)
		script_fail(s, "`%s` is no duration", word);
	*end = text;
	return sum;
}

span_ns script_whole_span(const struct script *s, const char *word)
{
	const char *end;
	span_ns span = script_span(s, word, &end);

	if (*end != '\0')
		script_fail(s, "`%s` is no duration", word);
	return span;
}

long script_number(const struct script *s, const char *word)
{
	char *end;
	long number = strtol(word, &end, 10);

	if (end == word || *end != '\0')
		script_fail(s, "`%s` is no number", word);
	return number;
}
