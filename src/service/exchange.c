#include "service/exchange.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "service/request.h"
#include "service/route.h"

#define REFUSED_EVERY (10 * NS_S) /* of which the log is told so often */

/* ---- what a page says */

static void answer_view(struct exchange *exchange, char *uri, const struct view *view,
			struct answer *answer)
{
	struct request request;
	struct err err;

	if (request_parse(&request, uri, &err) == -1)
		answer_error(answer, 400, err.text, NULL);
	else
		route_answer(view, &request, answer);
	if (!replies_have_room(&exchange->replies, answer->body.len)) {
		body_fini(&answer->body);
		answer_error(answer, 503, "too many large answers are waiting to be read", NULL);
	}
}

/* Queue the answer's response; closes the connection when memory is refused. */
static enum MHD_Result send_answer(struct exchange *exchange, struct MHD_Connection *connection,
				   struct answer *answer, const struct reply_key *key)
{
	struct MHD_Response *response = reply_new(&exchange->replies, answer);

	if (response == NULL)
		return MHD_NO;
	enum MHD_Result result = MHD_queue_response(connection, answer->code, response);
	if (key != NULL)
		replies_take(&exchange->replies, key, answer->code, response);
	else
		MHD_destroy_response(response);
	return result;
}

/* Give what another client got in this wake-up for the same question, or build it. */
static enum MHD_Result reply(struct exchange *exchange, struct MHD_Connection *connection,
			     char *uri, const struct view *view)
{
	struct reply_key key = {uri, view->details, view->status.state, view->status.drain.signals};
	struct answer answer = {0};
	unsigned code;

	struct MHD_Response *same = replies_find(&exchange->replies, &key, &code);
	if (same != NULL)
		return MHD_queue_response(connection, code, same);
	/* To take it apart changes it. */
	char *asked = strdup(uri);
	if (asked == NULL)
		return MHD_NO;
	key.uri = asked;
	answer_view(exchange, uri, view, &answer);
	enum MHD_Result result = send_answer(exchange, connection, &answer, &key);
	free(asked);
	return result;
}

/* ---- what a command does */

static enum MHD_Result reply_command(struct exchange *exchange, struct MHD_Connection *connection,
				     const struct client *client, const char *method)
{
	const struct commander commander = {exchange->supervisor, exchange->log, exchange->config};
	struct answer answer = {0};

	command_answer(&commander, &client->peer, method, client->uri, &answer);
	/* What was true before it is not any more. */
	replies_forget(&exchange->replies);
	return send_answer(exchange, connection, &answer, NULL);
}

static void tell_refused(struct exchange *exchange, const struct peer *peer)
{
	mono_ns now = mono_now();

	if (exchange->refused_told != 0 && now - exchange->refused_told < REFUSED_EVERY)
		return;
	exchange->refused_told = now;
	LOG_EVENT(exchange->log, LOG_WARNING, "somebody is not allowed to command",
		  F_INT("by", peer->uid), F_INT("pid", peer->pid));
}

/* ---- a request comes */

/* What the headers say, as far as it matters here. */
struct headers {
	bool host;
	bool body;	/* one follows, or may */
	bool forwarded; /* a proxy sent this for somebody else */
};

static enum MHD_Result note_header(void *data, enum MHD_ValueKind kind, const char *name,
				   const char *value)
{
	static const char forwarded[] = "X-Forwarded-";
	struct headers *headers = data;

	(void)kind;
	if (strcasecmp(name, "Host") == 0)
		headers->host = true;
	else if (strcasecmp(name, "Transfer-Encoding") == 0)
		headers->body = true;
	else if (strcasecmp(name, "Content-Length") == 0)
		headers->body |= value == NULL || strspn(value, "0") != strlen(value);
	else if (strcasecmp(name, "Forwarded") == 0 ||
		 strncasecmp(name, forwarded, strlen(forwarded)) == 0)
		headers->forwarded = true;
	return MHD_YES;
}

static struct headers read_headers(struct MHD_Connection *connection)
{
	struct headers headers = {0};

	MHD_get_connection_values(connection, MHD_HEADER_KIND, note_header, &headers);
	return headers;
}

/* A proxy on this machine is a local peer too: what it forwards comes from anywhere. */
static bool may_see_details(const struct exchange *exchange, const struct client *client)
{
	enum expose expose = supervisor_spec(exchange->supervisor)->expose;

	if (expose != EXPOSE_AUTO)
		return expose == EXPOSE_FULL;
	return client->local && !client->forwarded;
}

static bool is_method(const char *method, bool control)
{
	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
	       (control && strcmp(method, "POST") == 0);
}

/* Why the request is not even looked at; false: nothing speaks against it. */
static bool is_refused(const struct headers *headers, const char *method, const char *version,
		       bool control, struct refusal *out)
{
	const char *methods = control ? "GET, HEAD, POST" : "GET, HEAD";

	*out = (struct refusal){0};
	if (!is_method(method, control)) {
		*out = (struct refusal){405, "method_not_allowed", NULL, methods, {0}};
		err_set(&out->why, 0, control ? "GET, HEAD and POST alone" : "GET and HEAD alone");
	} else if (headers->body) {
		*out = (struct refusal){413, "content_too_large", NULL, NULL, {0}};
		err_set(&out->why, 0, "a request has no body here");
	} else if (!headers->host && strcmp(version, "HTTP/1.1") == 0) {
		/* RFC 9112, section 3.2. */
		*out = (struct refusal){400, "bad_request", NULL, NULL, {0}};
		err_set(&out->why, 0, "HTTP/1.1 asks for a Host header");
	}
	return out->code != 0;
}

enum MHD_Result exchange_begin(struct exchange *exchange, struct MHD_Connection *connection,
			       struct client *client, const char *method, const char *version)
{
	const struct headers headers = read_headers(connection);
	struct answer answer = {0};
	struct refusal refusal;

	client->forwarded = headers.forwarded;
	if (client->control && !client->permitted) {
		refusal = (struct refusal){403, "not_allowed", NULL, NULL, {0}};
		err_set(&refusal.why, 0, "uid %u may not command fosterd",
			(unsigned)client->peer.uid);
		tell_refused(exchange, &client->peer);
	} else if (!is_refused(&headers, method, version, client->control, &refusal)) {
		return MHD_YES;
	}
	if (client->control) {
		answer_refusal(&answer, &refusal);
	} else {
		answer.allow = refusal.allow;
		answer_error(&answer, refusal.code, refusal.why.text, NULL);
	}
	return send_answer(exchange, connection, &answer, NULL);
}

enum MHD_Result exchange_end(struct exchange *exchange, struct MHD_Connection *connection,
			     const struct client *client, const char *method)
{
	struct view view;

	if (client->uri == NULL)
		return MHD_NO;
	if (client->control)
		return reply_command(exchange, connection, client, method);
	view_of(exchange->supervisor, &view);
	view.details = may_see_details(exchange, client);
	return reply(exchange, connection, client->uri, &view);
}
