/* redis - asks a redis server for its PONG. */
#include "prober/redis.h"

#include <ctype.h>
#include <errno.h>
#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/err.h"
#include "base/must.h"
#include "prober/place.h"
#include "prober/said.h"

enum {
	ANSWER_MAX = 64 * 1024, /* bytes that a server may send before it is one that raves */
	REPLY_MAX = 256,	/* bytes of one text of it that are looked at */
	COMMANDS = 3,		/* AUTH, SELECT, PING */
};

struct question {
	struct ask *ask;
	struct place place;
	struct addresses addresses; /* unix socket: none */
	unsigned tried;		    /* of them; <= addresses.count */
	redisAsyncContext *context; /* NULL: none. Of hiredis, which frees it: see lost() */
	ev_io readable;
	ev_io writable;
	size_t received;		/* bytes, over all connections of this question */
	const char *commands[COMMANDS]; /* that were sent, on this connection */
	unsigned sent;
	unsigned answered; /* <= sent */
	redisReply reply;
	char text[REPLY_MAX]; /* of the reply, cut */
};

/* ---- replies: their first text alone, in the question's own memory. hiredis's functions would
 * allocate what the server says is needed, and abort where that is refused. */

static void *make_reply(const redisReadTask *task, int type, const char *bytes, size_t len)
{
	struct question *question = task->privdata;
	if (task->parent != NULL)
		return &question->reply;
	if (len >= REPLY_MAX)
		len = REPLY_MAX - 1;
	for (size_t i = 0; i < len; i++)
		question->text[i] = bytes[i] == '\0' ? '?' : bytes[i];
	question->text[len] = '\0';
	question->reply = (redisReply){.type = type, .str = question->text, .len = len};
	return &question->reply;
}

static void *make_string(const redisReadTask *task, char *bytes, size_t len)
{
	return make_reply(task, task->type, bytes, len);
}

static void *make_array(const redisReadTask *task, int elements)
{
	(void)elements;
	return make_reply(task, REDIS_REPLY_ARRAY, "", 0);
}

static void *make_integer(const redisReadTask *task, long long number)
{
	(void)number;
	return make_reply(task, REDIS_REPLY_INTEGER, "", 0);
}

static void *make_nil(const redisReadTask *task)
{
	return make_reply(task, REDIS_REPLY_NIL, "", 0);
}

static void free_reply(void *reply)
{
	(void)reply;
}

static redisReplyObjectFunctions reply_functions = {
	.createString = make_string,
	.createArray = make_array,
	.createInteger = make_integer,
	.createNil = make_nil,
	.freeObject = free_reply,
};

/* ---- the loop. hiredis's own adapter allocates, and never counts what comes. */

static void on_readable(struct ev_loop *loop, ev_io *watcher, int revents)
{
	struct question *question = watcher->data;
	int waiting = 0;
	(void)loop;
	(void)revents;
	if (ioctl(watcher->fd, FIONREAD, &waiting) == 0 && waiting > 0)
		question->received += (size_t)waiting;
	if (question->received > ANSWER_MAX)
		ask_failure(question->ask, "the answer is longer than %d bytes", ANSWER_MAX);
	else
		redisAsyncHandleRead(question->context);
}

static void on_writable(struct ev_loop *loop, ev_io *watcher, int revents)
{
	struct question *question = watcher->data;
	(void)loop;
	(void)revents;
	redisAsyncHandleWrite(question->context);
}

static void reading_start(void *data)
{
	struct question *question = data;
	ev_io_start(ask_loop(question->ask), &question->readable);
}

static void reading_stop(void *data)
{
	struct question *question = data;
	ev_io_stop(ask_loop(question->ask), &question->readable);
}

static void writing_start(void *data)
{
	struct question *question = data;
	ev_io_start(ask_loop(question->ask), &question->writable);
}

static void writing_stop(void *data)
{
	struct question *question = data;
	ev_io_stop(ask_loop(question->ask), &question->writable);
}

static void watching_end(void *data)
{
	reading_stop(data);
	writing_stop(data);
}

static void context_attach(struct question *question, redisAsyncContext *context)
{
	question->context = context;
	context->data = question;
	context->c.reader->fn = &reply_functions;
	context->c.reader->privdata = question;
	ev_io_init(&question->readable, on_readable, context->c.fd, EV_READ);
	ev_io_init(&question->writable, on_writable, context->c.fd, EV_WRITE);
	question->readable.data = question;
	question->writable.data = question;
	context->ev.data = question;
	context->ev.addRead = reading_start;
	context->ev.delRead = reading_stop;
	context->ev.addWrite = writing_start;
	context->ev.delWrite = writing_stop;
	context->ev.cleanup = watching_end;
}

/* Nothing of the context leads to the question any more: it may outlive it (lost). */
static void context_detach(struct question *question)
{
	redisAsyncContext *context = question->context;
	watching_end(question);
	memset(&context->ev, 0, sizeof(context->ev));
	context->data = NULL;
	question->context = NULL;
}

/* ---- answers */

static void endpoint_try(struct question *question);

/* hiredis's own words, as a phrase without a capital like those of the other drivers. */
static char *trouble_of(const redisAsyncContext *context, char out[SAID_SIZE])
{
	said_tidy(out, context->errstr == NULL ? "" : context->errstr, NULL);
	if (out[0] != '\0' && islower((unsigned char)out[1]))
		out[0] = (char)tolower((unsigned char)out[0]);
	return out;
}

/* hiredis is about to free the context: the connection failed, or was lost. */
static void lost(struct question *question)
{
	char said[SAID_SIZE];
	bool connected = (question->context->c.flags & REDIS_CONNECTED) != 0;
	trouble_of(question->context, said);
	context_detach(question);
	if (!connected && question->tried < question->addresses.count)
		endpoint_try(question);
	else
		ask_failure(question->ask, "%s", said);
}

static const char *type_name(const redisReply *reply)
{
	switch (reply->type) {
	case REDIS_REPLY_ARRAY:
		return "an array";
	case REDIS_REPLY_INTEGER:
		return "a number";
	case REDIS_REPLY_NIL:
		return "nil";
	default:
		return "a text";
	}
}

static void refuse(struct question *question, const redisReply *reply, const char *command)
{
	char said[SAID_SIZE];
	said_tidy(said, question->text, ask_what(question->ask)->password);
	if (reply->type == REDIS_REPLY_ERROR)
		ask_failure(question->ask, "%s: %s", command, said);
	else if (reply->type == REDIS_REPLY_STATUS)
		ask_failure(question->ask, "%s: answered with %s", command, said);
	else
		ask_failure(question->ask, "%s: answered with %s", command, type_name(reply));
}

static void on_reply(redisAsyncContext *context, void *data, void *privdata)
{
	struct question *question = context->data;
	const redisReply *reply = data;
	(void)privdata;
	if (question == NULL)
		return;
	if (reply == NULL) {
		lost(question);
		return;
	}
	const char *command = question->commands[question->answered++];
	bool is_ping = question->answered == question->sent;
	if (reply->type != REDIS_REPLY_STATUS ||
	    strcmp(question->text, is_ping ? "PONG" : "OK") != 0)
		refuse(question, reply, command);
	else if (is_ping)
		ask_success(question->ask);
}

/* ---- questions */

static void command_send(struct question *question, const char *name, int count, const char **words)
{
	MUST(question->sent < COMMANDS);
	question->commands[question->sent++] = name;
	redisAsyncCommandArgv(question->context, on_reply, NULL, count, words, NULL);
}

/* All at once: the answers come in the same order, and the first bad one is the end. */
static void commands_send(struct question *question)
{
	const char *user = question->place.user;
	const char *password = ask_what(question->ask)->password;
	char database[16];
	snprintf(database, sizeof(database), "%u", question->place.database);
	question->sent = question->answered = 0;
	if (user[0] != '\0')
		command_send(question, "AUTH", 3,
			     (const char *[]){"AUTH", user, password == NULL ? "" : password});
	else if (password != NULL)
		command_send(question, "AUTH", 2, (const char *[]){"AUTH", password});
	if (question->place.database != 0)
		command_send(question, "SELECT", 2, (const char *[]){"SELECT", database});
	command_send(question, "PING", 1, (const char *[]){"PING"});
}

static redisAsyncContext *endpoint_connect(struct question *question)
{
	const struct place *place = &question->place;
	if (place->path[0] != '\0')
		return redisAsyncConnectUnix(place->path);
	return redisAsyncConnect(question->addresses.list[question->tried++], place->port);
}

/* hiredis never says of which kind a refusal at the very start is; errno still does. */
static void endpoint_refused(struct question *question, redisAsyncContext *context, int num)
{
	char said[SAID_SIZE] = "no memory";
	if (context != NULL) {
		trouble_of(context, said);
		redisAsyncFree(context);
	}
	if (context == NULL || err_is_shortage(num))
		ask_unknown(question->ask, "%s", said);
	else if (question->tried < question->addresses.count)
		endpoint_try(question);
	else if (num == EAGAIN)
		ask_failure(question->ask, "the socket's queue of connections is full");
	else
		ask_failure(question->ask, "%s", said);
}

/* Depth of the recursion: the addresses of one name. */
static void endpoint_try(struct question *question)
{
	errno = 0;
	redisAsyncContext *context = endpoint_connect(question);
	int num = errno;
	if (context == NULL || context->err != 0) {
		endpoint_refused(question, context, num);
		return;
	}
	context_attach(question, context);
	commands_send(question);
}

static void on_addresses(struct ask *ask, const struct addresses *addresses)
{
	struct question *question = ask_state(ask);
	question->addresses = *addresses;
	endpoint_try(question);
}

static void begin(struct ask *ask)
{
	struct question *question = calloc(1, sizeof(*question));
	struct err err;
	if (question == NULL) {
		ask_unknown(ask, "no memory for a question");
		return;
	}
	question->ask = ask;
	ask_set_state(ask, question);
	if (place_read(ask_what(ask)->target, &question->place, &err) == -1)
		ask_failure(ask, "%s", err.text);
	else if (question->place.path[0] != '\0')
		endpoint_try(question);
	else
		ask_resolve(ask, question->place.host, on_addresses);
}

static void end(struct ask *ask)
{
	struct question *question = ask_state(ask);
	if (question == NULL)
		return;
	redisAsyncContext *context = question->context;
	if (context != NULL) {
		context_detach(question);
		redisAsyncFree(context);
	}
	free(question);
}

const struct way redis_way = {.begin = begin, .end = end};
