/* env_file - files of NAME=VALUE lines, in systemd's syntax (systemd.exec(5), EnvironmentFile=). */
#ifndef CONF_ENV_FILE_H
#define CONF_ENV_FILE_H

#include "conf/loader.h"

/* One variable of a file. */
struct env_line {
	const char *line; /* NAME=VALUE, in the spec's arena */
	struct env_line *next;
};

/* True when name is a variable's name: letters, digits, _, and no digit first. len bytes. */
bool env_name_is_valid(const char *name, size_t len);

/* True for the variables by which supervisors talk to their children: fosterd sets them or leaves
 * them out itself. */
bool env_name_is_protocol(const char *name, size_t len);

/*
 * The variables of the file at path, in its order; each file is read once a load. One that cannot
 * be read is reported at `at`, unless it is absent and optional; what is wrong in it is reported
 * there.
 */
const struct env_line *env_file_read(struct loader *loader, const char *path, bool optional,
				     struct place at);

#endif
