#include "fosterctl/client.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "fosterctl/document.h"
#include "fosterctl/shown.h"

enum { ANSWER_PATIENCE_S = 10, COMPLAINT_SIZE = 4096 };

enum client_exit client_complain(struct client *client, const char *format, ...)
{
	char raw[COMPLAINT_SIZE], safe[2 * COMPLAINT_SIZE];
	struct text text;
	va_list args;

	text_init(&text, raw, sizeof raw);
	text_add(&text, "fosterctl: ");
	va_start(args, format);
	text_vadd(&text, format, args);
	va_end(args);
	text_init(&text, safe, sizeof safe);
	shown_add(&text, raw);
	screen_progress(&client->errors, "");
	/* A file gets one line: it will be searched. */
	if (client->errors.terminal)
		screen_wrap(&client->errors, PAINT_NONE, safe, 0, 2);
	else
		fprintf(client->errors.file, "%s\n", safe);
	return CLIENT_FAILED;
}

/* For one answer: what is left of --timeout, 10 s when it was not given. The last look before one
 * gives up takes its second: it may show that all is well. */
static span_ns patience(const struct client *client)
{
	if (client->until == MONO_NEVER)
		return ANSWER_PATIENCE_S * NS_S;
	span_ns left = client->until - mono_now(), least = client->waits ? NS_S : NS_MS;
	return left > least ? left : least;
}

enum client_exit client_ask(struct client *client, const char *method, const char *path,
			    struct reply *reply)
{
	struct err err;

	switch (channel_ask(&client->channel, method, path, patience(client), reply, &err)) {
	case CHANNEL_ANSWERED:
		return CLIENT_DONE;
	case CHANNEL_NO_DAEMON:
		client_complain(client, "%s", err.text);
		return CLIENT_NO_DAEMON;
	case CHANNEL_BROKEN:
		break;
	}
	return client_complain(client, "%s", err.text);
}

enum client_exit client_judge(struct client *client, const struct reply *reply)
{
	const json_t *error = document_object(reply->json, "error");
	const char *message = document_text(error, "message");
	const char *meant = document_text(error, "did_you_mean");
	bool good = reply->code >= 200 && reply->code < 300;

	if (good && reply->json != NULL)
		return CLIENT_DONE;
	if (good)
		return client_complain(client, "what answers on %s is no fosterd: no JSON came",
				       client->channel.path);
	if (message == NULL)
		return client_complain(client, "%s answered %ld, and does not say why",
				       client->channel.path, reply->code);
	if (meant == NULL)
		return client_complain(client, "%s", message);
	return client_complain(client, "%s; did you mean %s?", message, meant);
}

enum client_exit client_status(struct client *client, struct reply *reply)
{
	enum client_exit result = client_ask(client, "GET", "/v1/status", reply);

	if (result != CLIENT_DONE)
		return result;
	if (client->arguments->json && reply->code >= 400 && reply->json != NULL)
		client_print_json(client, reply->json, reply->body);
	result = client_judge(client, reply);
	if (result == CLIENT_DONE && document_list(reply->json, "workers") == NULL)
		result = client_complain(client,
					 "what answers on %s is no fosterd: it has no workers",
					 client->channel.path);
	if (result != CLIENT_DONE)
		reply_free(reply);
	return result;
}

void client_print_json(struct client *client, const json_t *document, const char *as_it_came)
{
	FILE *out = client->out.file;

	if (!client->out.terminal && as_it_came != NULL) {
		size_t len = strlen(as_it_came);
		fputs(as_it_came, out);
		fputs(len > 0 && as_it_came[len - 1] == '\n' ? "" : "\n", out);
		return;
	}
	size_t form = client->out.terminal ? JSON_ENSURE_ASCII | JSON_INDENT(2) : JSON_COMPACT;
	/* 1.84 came, not 1.8400000000000001. */
	json_dumpf(document, out, form | JSON_REAL_PRECISION(15));
	fputc('\n', out);
}
