#include "fosterctl/wait.h"

#include <time.h>

#include "fosterctl/document.h"
#include "fosterctl/headline.h"
#include "fosterctl/words.h"

enum { LINE_SIZE = 4096, BROKEN_MAX = 5 };

/* Each 100 ms at first, then ever slower, to once a second. */
static void rest(const struct client *client, mono_ns began)
{
	mono_ns now = mono_now();
	span_ns span = (now - began) / 20;

	span = span < NS_S / 10 ? NS_S / 10 : span > NS_S ? NS_S : span;
	if (client->until - now < span)
		span = client->until > now ? client->until - now : 0;
	struct timespec pause = {.tv_sec = span / NS_S, .tv_nsec = span % NS_S};
	nanosleep(&pause, NULL);
}

static bool is_over(const struct client *client)
{
	return client->until != MONO_NEVER && mono_now() >= client->until;
}

static enum client_exit give_up(struct client *client, const char *who)
{
	char span[SPAN_TEXT_SIZE];

	return client_complain(client, "not within %s: %s",
			       span_format(span, client->arguments->timeout), who);
}

static void show(struct client *client, mono_ns began, const char *what, const char *who)
{
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	words_span(&text, mono_now() - began);
	text_add(&text, " %s%s", what, who);
	screen_progress(&client->errors, buf);
}

static enum client_exit fail(struct client *client, enum goal_standing standing, const char *who)
{
	char buf[LINE_SIZE];
	struct text text;

	if (standing == GOAL_MISSED)
		return client_complain(client, "%s", who);
	text_init(&text, buf, sizeof buf);
	text_add(&text, "still waiting for %s", who);
	return give_up(client, buf);
}

/* True when another one answers than before, whose pid is known: its service manager was quick. */
static bool is_another(json_int_t *known, const json_t *document)
{
	json_int_t pid = document_number(document, "pid", 0);
	bool another = *known != 0 && pid != 0 && pid != *known;

	*known = *known != 0 ? *known : pid;
	return another;
}

enum client_exit wait_goal(struct client *client, const struct goal *goal)
{
	mono_ns began = mono_now();
	json_int_t pid = 0;
	struct reply reply;
	char buf[LINE_SIZE];
	struct text who;

	for (;;) {
		enum client_exit asked = client_status(client, &reply);
		if (asked != CLIENT_DONE)
			return asked;
		text_init(&who, buf, sizeof buf);
		enum goal_standing standing = goal_judge(goal, reply.json, &who);
		bool another = is_another(&pid, reply.json);
		reply_free(&reply);
		/* It knows nothing of what was asked for. */
		if (another)
			return client_complain(client, "fosterd was started anew meanwhile");
		if (standing == GOAL_REACHED) {
			screen_progress(&client->errors, "");
			return CLIENT_DONE;
		}
		if (standing == GOAL_MISSED || is_over(client))
			return fail(client, standing, buf);
		show(client, began, "waiting for ", buf);
		rest(client, began);
	}
}

/* ---- the end of the daemon */

struct ending {
	char who[LINE_SIZE]; /* what is waited for, as last told */
	json_int_t pid;	     /* the daemon's; 0: not known yet */
	unsigned broken;     /* answers in a row that were none: it may close on us as it ends */
};

/* True when another one answers. */
static bool take_status(struct ending *ending, const json_t *document)
{
	struct text text;

	ending->broken = 0;
	text_init(&text, ending->who, sizeof ending->who);
	headline_add_drain(&text, document_object(document, "drain"));
	return is_another(&ending->pid, document);
}

/* CHANNEL_NO_DAEMON: it has ended. */
static enum channel_result look(struct client *client, struct ending *ending, struct err *err)
{
	struct reply reply;
	enum channel_result result =
		channel_ask(&client->channel, "GET", "/v1/status", NS_S, &reply, err);

	if (result == CHANNEL_BROKEN)
		ending->broken++;
	if (result != CHANNEL_ANSWERED)
		return result;
	if (take_status(ending, reply.json))
		result = CHANNEL_NO_DAEMON;
	reply_free(&reply);
	return result;
}

enum client_exit wait_end(struct client *client)
{
	struct ending ending = {.who = "it has not told who it waits for"};
	mono_ns began = mono_now();
	enum client_exit code;
	struct err err;

	for (;;) {
		enum channel_result result = look(client, &ending, &err);
		if (result == CHANNEL_NO_DAEMON || is_over(client) || ending.broken > BROKEN_MAX) {
			code = result == CHANNEL_NO_DAEMON ? CLIENT_DONE : CLIENT_FAILED;
			break;
		}
		show(client, began, "", ending.who);
		rest(client, began);
	}
	screen_progress(&client->errors, "");
	if (code == CLIENT_DONE)
		return code;
	return is_over(client) ? give_up(client, ending.who)
			       : client_complain(client, "%s", err.text);
}
