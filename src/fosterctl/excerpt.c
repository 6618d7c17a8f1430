#include "fosterctl/excerpt.h"

#include <string.h>

#include "base/text.h"

int excerpt_init(struct excerpt *excerpt, char **wanted, int n_wanted, struct arena *arena)
{
	*excerpt = (struct excerpt){.wanted = wanted, .n_wanted = n_wanted, .arena = arena};
	excerpt->found = arena_alloc(arena, (size_t)n_wanted + 1);
	return excerpt->found == NULL ? -1 : 0;
}

/* What is printed can do without the hint when memory is refused. */
static void remember(struct excerpt *excerpt, const char *name)
{
	if (excerpt->n_names == excerpt->room) {
		size_t room = 2 * excerpt->room + 16;
		const char **names = arena_alloc(excerpt->arena, room * sizeof *names);
		if (names == NULL)
			return;
		if (excerpt->n_names > 0)
			memcpy(names, excerpt->names, excerpt->n_names * sizeof *names);
		excerpt->names = names;
		excerpt->room = room;
	}
	const char *copy = arena_strdup(excerpt->arena, name);
	if (copy != NULL)
		excerpt->names[excerpt->n_names++] = copy;
}

/* The name of the worker that the line begins: "  web:  # shop.yaml:6". A worker has no dot in its
 * name, an instance has one behind its worker's. */
static bool worker_read(const char *line, char name[EXCERPT_NAME_SIZE])
{
	size_t quote = line[0] == ' ' && line[1] == ' ' && line[2] == '"';
	size_t len;

	if (strncmp(line, "  ", 2) != 0 || line[2] == ' ' || line[2] == '#')
		return false;
	line += 2 + quote;
	len = strcspn(line, quote ? "\"" : ":");
	if (len >= EXCERPT_NAME_SIZE)
		return false;
	memcpy(name, line, len);
	name[len] = '\0';
	return true;
}

static bool is_wanted(const struct excerpt *excerpt, const char *name)
{
	bool any = false;

	for (int i = 0; i < excerpt->n_wanted; i++) {
		const char *wanted = excerpt->wanted[i];
		size_t len = strcspn(wanted, ".");
		bool is = strlen(name) == len && strncmp(name, wanted, len) == 0;
		excerpt->found[i] = excerpt->found[i] || is;
		any = any || is;
	}
	return any;
}

bool excerpt_line(struct excerpt *excerpt, const char *line)
{
	char name[EXCERPT_NAME_SIZE];

	if (!excerpt->workers) {
		excerpt->workers = strncmp(line, "workers:", 8) == 0;
		return false;
	}
	if (!worker_read(line, name))
		return excerpt->copies;
	remember(excerpt, name);
	excerpt->copies = is_wanted(excerpt, name);
	return excerpt->copies;
}

const char *excerpt_nearest(const struct excerpt *excerpt, const char *name)
{
	return text_nearest(name, excerpt->names, excerpt->n_names);
}
