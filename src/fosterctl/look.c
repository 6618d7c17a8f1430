#include "fosterctl/look.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fosterctl/details.h"
#include "fosterctl/document.h"
#include "fosterctl/examine.h"
#include "fosterctl/excerpt.h"
#include "fosterctl/overview.h"
#include "fosterctl/program.h"

/* ---- status */

static enum client_exit complain_of_name(struct client *client, const json_t *document,
					 const char *name)
{
	const char *meant = document_nearest(document, name);

	if (meant == NULL)
		return client_complain(client, "there is no worker, check or task called %s", name);
	return client_complain(client,
			       "there is no worker, check or task called %s; did you mean %s?",
			       name, meant);
}

static enum client_exit show_name(struct client *client, const json_t *document, const char *name)
{
	const json_t *worker = document_worker(document, name);

	if (worker != NULL) {
		details_worker(worker, &client->out);
		return CLIENT_DONE;
	}
	const json_t *instance = document_instance(document, name, &worker);
	if (instance != NULL) {
		details_instance(worker, instance, &client->out);
		return CLIENT_DONE;
	}
	const json_t *check = document_check(document, name);
	if (check != NULL) {
		details_check(check, &client->out);
		return CLIENT_DONE;
	}
	const json_t *task = document_task(document, name);
	if (task != NULL) {
		details_task(task, &client->out);
		return CLIENT_DONE;
	}
	const json_t *step = document_step(document, name);
	if (step != NULL) {
		details_step(step, &client->out);
		return CLIENT_DONE;
	}
	return complain_of_name(client, document, name);
}

static enum client_exit show(struct client *client, const json_t *document)
{
	const struct arguments *arguments = client->arguments;
	enum client_exit code = CLIENT_DONE;

	if (arguments->n_words == 0 && overview_print(document, &client->out) == -1)
		return client_complain(client, "there is not enough memory");
	for (int i = 0; i < arguments->n_words; i++) {
		fputs(i > 0 ? "\n" : "", client->out.file);
		enum client_exit one = show_name(client, document, arguments->words[i]);
		code = one == CLIENT_DONE ? code : one;
	}
	return code;
}

enum client_exit look_status(struct client *client)
{
	struct reply reply;
	enum client_exit code = client_status(client, &reply);

	if (code != CLIENT_DONE)
		return code;
	if (client->arguments->json)
		client_print_json(client, reply.json, reply.body);
	else
		code = show(client, reply.json);
	reply_free(&reply);
	return code;
}

/* ---- explain, check */

enum { FILE_SIZE = 4096, ARGUMENTS_MAX = 5 };

/* Which file the daemon uses; an empty text when none says: fosterd then takes its default. */
static void find_config(struct client *client, char file[FILE_SIZE])
{
	struct reply reply;
	struct err err;
	struct text text;
	enum channel_result result =
		channel_ask(&client->channel, "GET", "/v1/status", 10 * NS_S, &reply, &err);

	text_init(&text, file, FILE_SIZE);
	if (result == CHANNEL_ANSWERED) {
		const char *config = document_text(reply.json, "config");
		text_add(&text, "%s", config == NULL ? "" : config);
		reply_free(&reply);
	}
	if (text.truncated || text.len == 0)
		client_complain(client, "%s; taking fosterd's default configuration",
				result == CHANNEL_ANSWERED ? "the daemon names no configuration"
							   : err.text);
	file[text.truncated ? 0 : text.len] = '\0';
}

/* fosterd MODE [-c FILE] */
static int start(struct client *client, const char *mode, bool piped, struct program *program)
{
	char name[] = "fosterd", option[] = "-c", mode_copy[16], file[FILE_SIZE];
	char *arguments[ARGUMENTS_MAX] = {name, mode_copy, option, file, NULL};
	struct text text;
	struct err err;

	text_init(&text, mode_copy, sizeof mode_copy);
	text_add(&text, "%s", mode);
	find_config(client, file);
	if (file[0] == '\0')
		arguments[2] = NULL;
	fflush(NULL);
	if (program_start(program, arguments, piped, &err) == 0)
		return 0;
	client_complain(client, "%s", err.text);
	return -1;
}

/* fosterd's own exit code says more than we may: 0 or 1. */
static enum client_exit finish(struct program *program)
{
	return program_wait(program) == 0 ? CLIENT_DONE : CLIENT_FAILED;
}

static void copy_wanted(struct client *client, FILE *from, struct excerpt *excerpt)
{
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, from) != -1)
		if (excerpt_line(excerpt, line))
			fputs(line, client->out.file);
	free(line);
}

static enum client_exit complain_of_missing(struct client *client, const struct excerpt *excerpt)
{
	enum client_exit code = CLIENT_DONE;

	for (int i = 0; i < excerpt->n_wanted; i++) {
		if (excerpt->found[i])
			continue;
		const char *name = excerpt->wanted[i], *meant = excerpt_nearest(excerpt, name);
		code = meant == NULL
			       ? client_complain(client, "no worker %s is configured", name)
			       : client_complain(client,
						 "no worker %s is configured; did you mean %s?",
						 name, meant);
	}
	return code;
}

static enum client_exit explain_some(struct client *client, struct arena *arena)
{
	const struct arguments *arguments = client->arguments;
	struct program program;
	struct excerpt excerpt;

	if (excerpt_init(&excerpt, arguments->words, arguments->n_words, arena) == -1)
		return client_complain(client, "there is not enough memory");
	if (start(client, "--explain", true, &program) == -1)
		return CLIENT_FAILED;
	copy_wanted(client, program.output, &excerpt);
	if (finish(&program) != CLIENT_DONE)
		return CLIENT_FAILED;
	return complain_of_missing(client, &excerpt);
}

static enum client_exit run(struct client *client, const char *mode)
{
	struct program program;

	return start(client, mode, false, &program) == -1 ? CLIENT_FAILED : finish(&program);
}

enum client_exit look_explain(struct client *client)
{
	struct arena arena = {0};

	if (client->arguments->n_words == 0)
		return run(client, "--explain");
	enum client_exit code = explain_some(client, &arena);
	arena_fini(&arena);
	return code;
}

enum client_exit look_check(struct client *client)
{
	if (client->arguments->n_words > 0)
		return examine_checks(client);
	if (!client->arguments->json)
		return run(client, "--check");
	client_complain(client, "there is no --json of a configuration's errors");
	return CLIENT_USAGE;
}
