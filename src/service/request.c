#include "service/request.h"

#include <string.h>

#include "service/uri.h"

static int add_exclude(struct request *out, const char *name, struct err *err)
{
	if (name == NULL || *name == '\0')
		return err_set(err, 0, "exclude needs a name: exclude=NAME");
	if (strlen(name) > REQUEST_NAME_MAX)
		return err_set(err, 0, "a name to exclude has at most %d bytes", REQUEST_NAME_MAX);
	if (out->n_exclude == REQUEST_EXCLUDE_MAX)
		return err_set(err, 0, "at most %d names can be excluded", REQUEST_EXCLUDE_MAX);
	out->exclude[out->n_exclude++] = name;
	return 0;
}

static int take_pair(struct request *out, const struct uri_pair *pair, struct err *err)
{
	if (strcmp(pair->key, "verbose") == 0)
		out->verbose = true;
	if (strcmp(pair->key, "exclude") == 0)
		return add_exclude(out, pair->value, err);
	return 0;
}

int request_parse(struct request *out, char *uri, struct err *err)
{
	struct uri_pair pair;
	struct uri parts;
	int result = uri_split(&parts, uri, err);

	*out = (struct request){0};
	if (result == -1)
		return -1;
	out->path = parts.path;
	while ((result = uri_next_pair(&parts, &pair, err)) == 1)
		if (take_pair(out, &pair, err) == -1)
			return -1;
	return result;
}

bool request_excludes(const struct request *request, const char *name)
{
	for (size_t i = 0; i < request->n_exclude; i++)
		if (strcmp(request->exclude[i], name) == 0)
			return true;
	return false;
}
