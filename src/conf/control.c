#include "conf/control.h"

#include <string.h>

#include "conf/read.h"
#include "conf/template.h"

void read_path(struct loader *loader, const struct option *option, const struct item *item,
	       void *field)
{
	const char *text = read_text(loader, option, item->value), *path;

	if (text == NULL || (path = template_fill(loader, text, item->value->place)) == NULL)
		return;
	if (path[0] != '/')
		loader_error(loader, item->value->place, NULL, "`%s` wants an absolute path",
			     option->path);
	*(const char **)field = path;
}

void read_gid(struct loader *loader, const struct option *option, const struct item *item,
	      void *field)
{
	const char *name = read_text(loader, option, item->value);
	struct group_spec *out = field;
	struct err err;

	if (name == NULL)
		return;
	if (loader->context->find_group(name, &out->gid, &err) == -1)
		read_refuse(loader, option, item->value, NULL, &err);
	else
		out->given = true;
}

/* Whoever names a group wants it to get in. */
static void check_group(struct loader *loader)
{
	const struct item *group = loader->origin[OPTION_CONTROL_GROUP];

	if (group != NULL && loader->origin[OPTION_CONTROL_MODE] == NULL)
		loader_warning(loader, group->value->place,
			       "`control.group` lets nobody in with the default `control.mode` of "
			       "%04o: say `mode: 0660`",
			       (unsigned)loader->spec->control.mode);
}

void control_check(struct loader *loader, struct place at)
{
	const struct spec *spec = loader->spec;
	const struct item *origin = loader->origin[OPTION_CONTROL_PATH];
	const struct option *option = option_row(OPTION_CONTROL_PATH);
	const char *path = spec->control.path;

	check_group(loader);
	if (origin != NULL)
		at = origin->value->place;
	if (strlen(path) > (size_t)option->max)
		loader_error(loader, at, NULL,
			     "`%s`: the socket's path has %zu bytes, %d is the most", option->path,
			     strlen(path), (int)option->max);
	for (size_t i = 0; i < spec->n_listen; i++) {
		const struct listen_spec *listen = &spec->listen[i];
		if (listen->kind == LISTEN_UNIX && listen->path != NULL &&
		    strcmp(listen->path, path) == 0)
			loader_error(loader, at, NULL,
				     "`listen` and `control.path` name the same socket");
	}
}
