#include "conf/option.h"

#include <stdio.h>
#include <string.h>

static bool scope_allows(enum option_scope scope, const struct option *option)
{
	return (option->scopes & (unsigned)scope) != 0;
}

const struct option *option_find(enum option_scope scope, const char *path)
{
	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		const struct option *option = option_row(id);
		if (scope_allows(scope, option) && strcmp(option->path, path) == 0)
			return option;
	}
	return NULL;
}

/* What of the option's path stands behind the map at path; NULL: it is not in that map. */
static const char *rest_of(const struct option *option, const char *path)
{
	size_t len = strlen(path);

	if (len == 0)
		return option->path;
	return strncmp(option->path, path, len) == 0 && option->path[len] == '.'
		       ? option->path + len + 1
		       : NULL;
}

bool option_is_group(enum option_scope scope, const char *path)
{
	/* The outermost map has no key; a key that is empty is none of ours. */
	if (path[0] == '\0')
		return false;
	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		if (scope_allows(scope, option_row(id)) && rest_of(option_row(id), path) != NULL)
			return true;
	}
	return false;
}

size_t option_keys(enum option_scope scope, const char *path, struct option_key keys[OPTION_COUNT])
{
	size_t count = 0;

	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		const char *rest = rest_of(option_row(id), path);
		if (rest == NULL || !scope_allows(scope, option_row(id)))
			continue;
		struct option_key key;
		int len = (int)strcspn(rest, ".");
		snprintf(key.text, sizeof key.text, "%.*s", len, rest);
		/* Keys of one map stand together in the table. */
		if (count == 0 || strcmp(keys[count - 1].text, key.text) != 0)
			keys[count++] = key;
	}
	return count;
}
