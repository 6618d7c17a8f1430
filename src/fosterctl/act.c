#include "fosterctl/act.h"

#include <stdlib.h>
#include <string.h>

#include "fosterctl/document.h"
#include "fosterctl/path.h"
#include "fosterctl/shown.h"
#include "fosterctl/verb.h"
#include "fosterctl/wait.h"

enum { PATH_SIZE = 1000, LINE_SIZE = 4096, NAMES_MAX = 6 };

/* A command for several names, and what came of it. */
struct errand {
	struct client *client;
	json_t *answers;   /* owned: all documents that came */
	char *as_it_came;  /* owned: the last of them */
	json_t *instances; /* owned: those of all of them; of tasks the answers that took them */
	enum client_exit code;
};

static struct errand errand_begin(struct client *client)
{
	return (struct errand){
		.client = client, .answers = json_array(), .instances = json_array()};
}

static enum client_exit errand_end(struct errand *errand)
{
	json_decref(errand->answers);
	json_decref(errand->instances);
	free(errand->as_it_came);
	return errand->code;
}

static void errand_take(struct errand *errand, struct reply *reply)
{
	json_t *instances = json_object_get(reply->json, "instances");
	enum client_exit code = client_judge(errand->client, reply);

	if (code != CLIENT_DONE)
		errand->code = code;
	else if (json_is_array(instances))
		json_array_extend(errand->instances, instances);
	else if (document_text(reply->json, "task") != NULL)
		json_array_append(errand->instances, reply->json);
	if (reply->json == NULL)
		return;
	json_array_append(errand->answers, reply->json);
	free(errand->as_it_came);
	errand->as_it_came = reply->body;
	reply->body = NULL;
}

/* False when there is nobody to ask. */
static bool errand_post(struct errand *errand, const char *path)
{
	struct reply reply;
	enum client_exit code = client_ask(errand->client, "POST", path, &reply);

	if (code != CLIENT_DONE) {
		errand->code = code;
		return code != CLIENT_NO_DAEMON;
	}
	errand_take(errand, &reply);
	reply_free(&reply);
	return true;
}

static void errand_print_json(const struct errand *errand)
{
	size_t count = json_array_size(errand->answers);

	if (count == 1)
		client_print_json(errand->client, json_array_get(errand->answers, 0),
				  errand->as_it_came);
	else if (count > 1)
		client_print_json(errand->client, errand->answers, NULL);
}

/* ---- paths */

/* What is asked of each name: /v1/KIND/NAME/VERB, with ?KEY=VALUE unless value is NULL. */
struct demand {
	const char *kind, *verb, *key, *value;
};

static bool errand_post_named(struct errand *errand, const struct demand *demand, const char *name)
{
	char buf[PATH_SIZE];
	struct text path;

	text_init(&path, buf, sizeof buf);
	text_add(&path, "/v1/%s/", demand->kind);
	path_add_name(&path, name);
	text_add(&path, "/%s", demand->verb);
	if (demand->value != NULL) {
		text_add(&path, "?%s=", demand->key);
		path_add_name(&path, demand->value);
	}
	if (!path.truncated)
		return errand_post(errand, buf);
	errand->code = client_complain(errand->client, "no name is so long: %.40s...", name);
	return true;
}

/* The same for each of count names. */
static void errand_post_all(struct errand *errand, const struct demand *demand, char **names,
			    int count)
{
	for (int i = 0; i < count; i++)
		if (!errand_post_named(errand, demand, names[i]))
			return;
}

/* ---- what is said of it */

static bool is_in(const json_t *instance, const char *state)
{
	return state == NULL ||
	       (document_is(instance, "state", state) && !document_flag(instance, "to_stop"));
}

/* "web.0, web.1 and 3 more": all of the instances in that state, of all when it is NULL. Returns
 * how many. */
static size_t add_names(struct text *text, const json_t *instances, const char *state)
{
	const json_t *instance;
	size_t i, count = 0;

	json_array_foreach(instances, i, instance)
	{
		if (!is_in(instance, state) || ++count > NAMES_MAX)
			continue;
		text_add(text, "%s", count > 1 ? ", " : "");
		shown_add(text, document_name(instance));
	}
	if (count > NAMES_MAX)
		text_add(text, " and %zu more", count - NAMES_MAX);
	return count;
}

static void say(const struct errand *errand, const char *sentence)
{
	screen_wrap(&errand->client->out, PAINT_NONE, sentence, 0, 2);
}

static void say_last(const struct errand *errand, const json_t *instance)
{
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	shown_add(&text, document_name(instance));
	text_add(&text, " stops after what depends on it");
	say(errand, buf);
}

/* A sentence for each state in which some are. */
static void say_states(const struct errand *errand)
{
	const json_t *instance;
	char buf[LINE_SIZE];
	struct text text;
	size_t i, j;

	json_array_foreach(errand->instances, i, instance)
	{
		const char *state = document_text(instance, "state");
		if (document_flag(instance, "to_stop")) {
			say_last(errand, instance);
			continue;
		}
		for (j = 0; j < i && state != NULL; j++)
			if (is_in(json_array_get(errand->instances, j), state))
				break;
		if (j < i || state == NULL)
			continue;
		text_init(&text, buf, sizeof buf);
		size_t count = add_names(&text, errand->instances, state);
		text_add(&text, count == 1 ? " is " : " are ");
		text_add(&text, "%s", strcmp(state, "backoff") == 0 ? "in " : "");
		shown_add(&text, state);
		say(errand, buf);
	}
}

/* "web.0, web.1 restarted" */
static void say_all(const struct errand *errand, const char *before, const char *behind)
{
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	shown_add(&text, before);
	if (add_names(&text, errand->instances, NULL) == 0)
		text_add(&text, "no instance");
	text_add(&text, "%s", behind);
	say(errand, buf);
}

/* ---- the verbs */

/* True when there was something to wait for and it came true. */
static bool wait_for(struct errand *errand, enum goal_kind kind)
{
	const struct goal goal = {.kind = kind, .told = errand->instances};

	if (json_array_size(errand->instances) == 0)
		return false;
	enum client_exit code = wait_goal(errand->client, &goal);
	if (code != CLIENT_DONE)
		errand->code = code;
	return code == CLIENT_DONE;
}

static enum client_exit steer(struct client *client, enum goal_kind kind, const char *done)
{
	const struct arguments *arguments = client->arguments;
	const struct demand demand = {"workers", arguments->verb->name, "with_dependents",
				      arguments->with_dependents ? "1" : NULL};
	struct errand errand = errand_begin(client);

	errand_post_all(&errand, &demand, arguments->words, arguments->n_words);
	if (arguments->json)
		errand_print_json(&errand);
	if (arguments->wait && wait_for(&errand, kind) && !arguments->json)
		say_all(&errand, "", done);
	if (!arguments->wait && !arguments->json)
		say_states(&errand);
	return errand_end(&errand);
}

enum client_exit act_start(struct client *client)
{
	return steer(client, GOAL_READY, " started");
}

enum client_exit act_stop(struct client *client)
{
	return steer(client, GOAL_STOPPED, " stopped");
}

enum client_exit act_restart(struct client *client)
{
	return steer(client, GOAL_RESTARTED, " restarted");
}

enum client_exit act_reload(struct client *client)
{
	const struct arguments *arguments = client->arguments;
	const struct demand demand = {.kind = "workers", .verb = "reload"};
	struct errand errand = errand_begin(client);

	errand_post_all(&errand, &demand, arguments->words, arguments->n_words);
	if (arguments->json)
		errand_print_json(&errand);
	else if (json_array_size(errand.instances) > 0)
		say_all(&errand, "", " told to reload");
	return errand_end(&errand);
}

enum client_exit act_signal(struct client *client)
{
	const struct arguments *arguments = client->arguments;
	const struct demand demand = {"workers", "signal", "name", arguments->words[0]};
	struct errand errand = errand_begin(client);
	char buf[LINE_SIZE];
	struct text text;

	errand_post_all(&errand, &demand, arguments->words + 1, arguments->n_words - 1);
	text_init(&text, buf, sizeof buf);
	text_add(&text, "%s sent to ", demand.value);
	if (arguments->json)
		errand_print_json(&errand);
	else if (json_array_size(errand.instances) > 0)
		say_all(&errand, buf, "");
	return errand_end(&errand);
}

/* ---- tasks */

static void say_task(const struct errand *errand, const json_t *task, bool waited)
{
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	shown_add(&text, document_text(task, "task"));
	if (waited)
		text_add(&text, " has run");
	else
		text_add(&text, document_flag(task, "pending") ? " is due, and will run" : " runs");
	say(errand, buf);
}

enum client_exit act_run(struct client *client)
{
	const struct arguments *arguments = client->arguments;
	const struct demand demand = {.kind = "tasks", .verb = "run"};
	struct errand errand = errand_begin(client);
	const json_t *task;
	size_t i;

	errand_post_all(&errand, &demand, arguments->words, arguments->n_words);
	if (arguments->json)
		errand_print_json(&errand);
	bool waited = arguments->wait && wait_for(&errand, GOAL_RUN);
	json_array_foreach(errand.instances, i, task)
	{
		if (!arguments->json && waited == arguments->wait)
			say_task(&errand, task, waited);
	}
	return errand_end(&errand);
}

/* ---- the whole */

static void say_drain(const struct errand *errand)
{
	const json_t *answer = json_array_get(errand->answers, 0);
	span_ns deadline = document_span(answer, "deadline_ms", -1);
	char buf[SPAN_TEXT_SIZE], line[LINE_SIZE];
	struct text text;

	text_init(&text, line, sizeof line);
	text_add(&text, "fosterd is ");
	shown_add(&text, document_text(answer, "state"));
	if (deadline >= 0)
		text_add(&text, ", and ends within %s", span_format(buf, deadline));
	say(errand, line);
}

enum client_exit act_drain(struct client *client)
{
	const struct arguments *arguments = client->arguments;
	struct errand errand = errand_begin(client);

	errand_post(&errand, "/v1/drain");
	if (arguments->json)
		errand_print_json(&errand);
	else if (errand.code == CLIENT_DONE)
		say_drain(&errand);
	fflush(client->out.file);
	if (!arguments->wait || errand.code != CLIENT_DONE)
		return errand_end(&errand);
	errand.code = wait_end(client);
	if (errand.code == CLIENT_DONE && !arguments->json)
		say(&errand, "fosterd has ended");
	return errand_end(&errand);
}
