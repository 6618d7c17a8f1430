/* main - fosterctl: one verb, carried out. */
#include <errno.h>
#include <locale.h>
#include <stdio.h>

#include "base/arena.h"
#include "fosterctl/verb.h"
#include "sys/places.h"
#include "sys/self.h"

static const char *find_socket(const struct arguments *arguments, struct arena *arena,
			       struct err *err)
{
	struct places places;

	if (arguments->socket != NULL)
		return arguments->socket;
	if (places_find(&places, arena, err) == -1)
		return NULL;
	const char *path = arena_printf(arena, "%s/control.sock", places.runtime_dir);
	if (path == NULL)
		err_set(err, ENOMEM, "name the socket");
	return path;
}

static enum client_exit run_verb(const struct arguments *arguments, struct arena *arena)
{
	struct client client = {.arguments = arguments,
				.out = screen_of(stdout),
				.errors = screen_of(stderr),
				.waits = arguments->wait,
				.until = arguments->timeout == MONO_NEVER
						 ? MONO_NEVER
						 : mono_add(mono_now(), arguments->timeout)};
	enum client_exit code = CLIENT_SYSTEM;
	struct err err;

	const char *path = find_socket(arguments, arena, &err);
	if (path == NULL || channel_init(&client.channel, path, &err) == -1) {
		client_complain(&client, "%s", err.text);
		code = path != NULL && err.num == 0 ? CLIENT_USAGE : CLIENT_SYSTEM;
	} else {
		code = arguments->verb->run(&client);
	}
	channel_fini(&client.channel);
	return code;
}

static enum client_exit run(const struct arguments *arguments)
{
	struct arena arena = {0};
	enum client_exit code;

	switch (arguments->wish) {
	case ARGUMENTS_HELP:
		arguments_help(stdout);
		return CLIENT_DONE;
	case ARGUMENTS_VERSION:
		printf("fosterctl %s\n", FOSTERD_VERSION);
		return CLIENT_DONE;
	case ARGUMENTS_VERB:
		break;
	}
	code = run_verb(arguments, &arena);
	arena_fini(&arena);
	return code;
}

int main(int argc, char **argv)
{
	struct arguments arguments;

	self_occupy_stdio();
	setlocale(LC_CTYPE, "");
	if (arguments_read(argc, argv, &arguments, stderr) == -1)
		return CLIENT_USAGE;
	int code = (int)run(&arguments);
	/* A full disk must not look like a success. */
	if (fflush(stdout) != EOF)
		return code;
	perror("fosterctl: write");
	return CLIENT_FAILED;
}
