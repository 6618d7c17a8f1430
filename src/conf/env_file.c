#include "conf/env_file.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* A file that has been read. */
struct env_source {
	const char *path;
	const struct env_line *lines;
	const struct env_source *next;
};

/* Reading one file. */
struct env_reader {
	struct loader *loader;
	const struct source *source;
	const char *at;
	char *value; /* room for the rest of the file */
	size_t len;
	size_t kept; /* bytes of value that were quoted or are no blanks: trailing blanks go */
};

bool env_name_is_valid(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)name[i];
		if (c > 127 || !(isalpha(c) || c == '_' || (i > 0 && isdigit(c))))
			return false;
	}
	return len > 0;
}

bool env_name_is_protocol(const char *name, size_t len)
{
	static const char *const names[] = {
		"NOTIFY_SOCKET", "LISTEN_PID",	 "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID",
		"WATCHDOG_USEC", "WATCHDOG_PID", "FDSTORE",    "MAINPID",	 "MANAGERPID",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strlen(names[i]) == len && memcmp(name, names[i], len) == 0)
			return true;
	}
	return false;
}

static void value_put(struct env_reader *reader, char c, bool keep)
{
	reader->value[reader->len++] = c;
	if (keep)
		reader->kept = reader->len;
}

/* Up to the quote that ends it; a backslash keeps its meaning in single quotes. False: the file
 * ends first. */
static bool quoted_read(struct env_reader *reader)
{
	char quote = *reader->at++;

	for (; *reader->at != '\0' && *reader->at != quote; reader->at++) {
		bool escape = quote == '"' && *reader->at == '\\' && reader->at[1] != '\0' &&
			      strchr("\"\\`$\n", reader->at[1]) != NULL;
		if (escape && *++reader->at == '\n')
			continue;
		value_put(reader, *reader->at, true);
	}
	if (*reader->at == '\0')
		return false;
	reader->at++;
	return true;
}

/* The value behind the equals sign, to the end of its line. False: a quote without its end. */
static bool value_read(struct env_reader *reader)
{
	reader->len = reader->kept = 0;
	reader->at += strspn(reader->at, " \t");
	while (*reader->at != '\0' && *reader->at != '\n') {
		bool quote = *reader->at == '"' || *reader->at == '\'';
		if (quote && reader->kept == 0) {
			if (!quoted_read(reader))
				return false;
			/* An empty pair of quotes is a value: what follows is appended. */
			continue;
		}
		if (*reader->at == '\\' && reader->at[1] != '\0') {
			if (*++reader->at != '\n')
				value_put(reader, *reader->at, true);
		} else {
			value_put(reader, *reader->at, strchr(" \t\r", *reader->at) == NULL);
		}
		reader->at++;
	}
	return true;
}

static void reader_complain(struct env_reader *reader, const char *at, const char *text)
{
	struct place place = {reader->source, (size_t)(at - reader->source->text)};

	loader_error(reader->loader, place, NULL, "%s", text);
}

/* One assignment at reader->at, moved to the end of its line; NULL when it is none (reported). */
static struct env_line *assignment_read(struct env_reader *reader)
{
	const char *name = reader->at;
	size_t line_len = strcspn(name, "\n"), name_len = strcspn(name, "=\n");

	reader->at += line_len;
	if (name_len == line_len)
		return reader_complain(reader, name, "a line wants NAME=VALUE"), NULL;
	size_t bare = name_len;
	while (bare > 0 && strchr(" \t", name[bare - 1]) != NULL)
		bare--;
	if (!env_name_is_valid(name, bare))
		return reader_complain(reader, name, "this is not a variable's name"), NULL;
	if (env_name_is_protocol(name, bare))
		return reader_complain(reader, name, "this variable is fosterd's to set"), NULL;
	reader->at = name + name_len + 1;
	if (!value_read(reader)) {
		reader_complain(reader, name, "a quote without its end");
		return NULL;
	}
	struct env_line *line = loader_scratch(reader->loader, sizeof *line);
	line->line = loader_must(reader->loader,
				 arena_printf(&reader->loader->spec->arena, "%.*s=%.*s", (int)bare,
					      name, (int)reader->kept, reader->value));
	return line;
}

static const struct env_line *lines_read(struct env_reader *reader)
{
	struct env_line head = {0}, *last = &head;

	while (*reader->at != '\0') {
		reader->at += strspn(reader->at, " \t\r\n");
		if (*reader->at == '#' || *reader->at == ';') {
			reader->at += strcspn(reader->at, "\n");
		} else if (*reader->at != '\0') {
			struct env_line *line = assignment_read(reader);
			if (line != NULL) {
				last->next = line;
				last = line;
			}
		}
	}
	return head.next;
}

static const struct env_line *source_lines(struct loader *loader, const struct source *source)
{
	size_t valid = source_valid_prefix(source);
	struct env_reader reader = {.loader = loader, .source = source, .at = source->text};

	if (valid < source->len) {
		reader_complain(&reader, source->text + valid, "this is not UTF-8 text");
		return NULL;
	}
	reader.value = loader_scratch(loader, source->len + 1);
	return lines_read(&reader);
}

const struct env_line *env_file_read(struct loader *loader, const char *path, bool optional,
				     struct place at)
{
	struct err err;

	for (const struct env_source *known = loader->env_sources; known != NULL;
	     known = known->next) {
		if (strcmp(known->path, path) == 0)
			return known->lines;
	}
	struct env_source *known = loader_scratch(loader, sizeof *known);
	struct source *source = loader_source(loader, path);
	*known = (struct env_source){.path = path, .next = loader->env_sources};
	if (source_read(source, path, &loader->scratch, &err) == 0)
		known->lines = source_lines(loader, source);
	else if (!optional || err.num != ENOENT)
		loader_error(loader, at, NULL, "environment file %s: %s", path, err.text);
	else
		return NULL;
	loader->env_sources = known;
	return known->lines;
}
