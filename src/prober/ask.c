#include "prober/ask.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "prober/http.h"
#include "prober/link.h"
#include "prober/postgres.h"
#include "prober/redis.h"
#include "prober/tcp.h"

enum { ROWS = 8192, RESOLVER_THREADS = 8, WORDS_SIZE = 2 * WIRE_ERROR_MAX };

/* Its block of memory becomes its answer's letter. */
struct ask {
	struct letter letter; /* first: what link_send frees */
	struct asker *asker;
	struct ask *next; /* in its row */
	const struct way *way;
	void *state;		  /* the way's */
	struct wire_message what; /* texts in bytes */
	mono_ns begun;
	ev_timer timer;
	struct wish wish;
	void (*resolved)(struct ask *ask, const struct addresses *addresses);
	char bytes[];
};

struct asker {
	struct ev_loop *loop;
	struct link link;
	struct resolver *resolver;
	uint32_t count;		/* questions in rows, <= ASK_QUESTIONS_MAX */
	struct ask *rows[ROWS]; /* by probe; a probe has one question at the most */
};

/* ---- one question */

const struct wire_message *ask_what(const struct ask *ask)
{
	return &ask->what;
}

void *ask_state(const struct ask *ask)
{
	return ask->state;
}

void ask_set_state(struct ask *ask, void *state)
{
	ask->state = state;
}

struct ev_loop *ask_loop(const struct ask *ask)
{
	return ask->asker->loop;
}

/* Where a question about the probe stands, or would be put: points to NULL then. */
static struct ask **place_of(struct asker *asker, uint32_t probe)
{
	struct ask **at = &asker->rows[probe % ROWS];

	while (*at != NULL && (*at)->what.probe != probe)
		at = &(*at)->next;
	return at;
}

/* All that was held for it goes; its memory stays. */
static void let_go(struct ask *ask)
{
	struct ask **place = place_of(ask->asker, ask->what.probe);

	MUST(*place == ask);
	*place = ask->next;
	ask->asker->count--;
	ev_timer_stop(ask->asker->loop, &ask->timer);
	resolver_forget(ask->asker->resolver, &ask->wish);
	ask->way->end(ask);
}

static void send_letter(struct link *link, struct letter *letter,
			const struct wire_message *message)
{
	struct err err;
	long len = wire_write(message, letter->bytes, sizeof letter->bytes, &err);

	MUST(len > 0);
	letter->len = (size_t)len;
	link_send(link, letter);
}

static void answer(struct ask *ask, enum probe_result result, const char *error)
{
	struct wire_message message = {.kind = WIRE_ANSWER,
				       .probe = ask->what.probe,
				       .serial = ask->what.serial,
				       .result = result,
				       .latency = mono_now() - ask->begun,
				       .error = error};

	let_go(ask);
	send_letter(&ask->asker->link, &ask->letter, &message);
}

void ask_success(struct ask *ask)
{
	answer(ask, PROBE_SUCCESS, "");
}

void ask_failure(struct ask *ask, const char *format, ...)
{
	char words[WORDS_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof words, format, args);
	va_end(args);
	answer(ask, PROBE_FAILURE, words);
}

void ask_unknown(struct ask *ask, const char *format, ...)
{
	char words[WORDS_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof words, format, args);
	va_end(args);
	answer(ask, PROBE_UNKNOWN, words);
}

static void on_timeout(struct ev_loop *loop, ev_timer *timer, int events)
{
	struct ask *ask = timer->data;
	char span[SPAN_TEXT_SIZE];
	const char *name = wish_name(&ask->wish);

	(void)loop;
	(void)events;
	span_format(span, ask->what.timeout);
	if (name != NULL)
		ask_failure(ask, "timeout: no answer within %s (resolving %s)", span, name);
	else
		ask_failure(ask, "timeout: no answer within %s", span);
}

static void on_resolved(struct wish *wish, const struct addresses *addresses, const struct err *err)
{
	struct ask *ask = (struct ask *)((char *)wish - offsetof(struct ask, wish));

	if (addresses != NULL)
		ask->resolved(ask, addresses);
	else if (err_is_shortage(err->num))
		ask_unknown(ask, "%s", err->text);
	else
		ask_failure(ask, "%s", err->text);
}

void ask_resolve(struct ask *ask, const char *host,
		 void (*done)(struct ask *ask, const struct addresses *addresses))
{
	ask->wish.done = on_resolved;
	ask->resolved = done;
	resolver_ask(ask->asker->resolver, &ask->wish, host);
}

/* ---- what fosterd says */

static const struct way *way_of(enum driver driver)
{
	static const struct way *const ways[DRIVER_COUNT] = {
		[DRIVER_HTTP] = &http_way,
		[DRIVER_TCP] = &tcp_way,
		[DRIVER_REDIS] = &redis_way,
		[DRIVER_POSTGRES] = &postgres_way,
	};

	MUST(driver < DRIVER_COUNT && ways[driver] != NULL);
	return ways[driver];
}

/* A copy of the text behind those that are in bytes already. */
static const char *keep(char **at, const char *text)
{
	char *copy = *at;

	if (text == NULL)
		return NULL;
	*at = stpcpy(copy, text) + 1;
	return copy;
}

static size_t size_of(const char *text)
{
	return text == NULL ? 0 : strlen(text) + 1;
}

static struct ask *new_ask(struct asker *asker, const struct wire_message *what)
{
	size_t size = size_of(what->target) + size_of(what->headers) + size_of(what->password) +
		      size_of(what->body);
	struct ask *ask = malloc(sizeof *ask + size);

	if (ask == NULL)
		return NULL;
	memset(ask, 0, sizeof *ask);
	char *at = ask->bytes;
	ask->asker = asker;
	ask->way = way_of(what->driver);
	ask->what = *what;
	ask->what.target = keep(&at, what->target);
	ask->what.headers = keep(&at, what->headers);
	ask->what.password = keep(&at, what->password);
	ask->what.body = keep(&at, what->body);
	ask->what.error = "";
	return ask;
}

/* Without memory for it fosterd's own patience has to do. */
static void refuse(struct asker *asker, const struct wire_message *what, const char *why)
{
	struct wire_message message = {.kind = WIRE_ANSWER,
				       .probe = what->probe,
				       .serial = what->serial,
				       .result = PROBE_UNKNOWN,
				       .error = why};
	struct letter *letter = malloc(sizeof *letter);

	if (letter != NULL)
		send_letter(&asker->link, letter, &message);
}

static void drop(struct asker *asker, uint32_t probe)
{
	struct ask *ask = *place_of(asker, probe);

	if (ask == NULL)
		return;
	let_go(ask);
	free(ask);
}

static void begin(struct asker *asker, const struct wire_message *what)
{
	drop(asker, what->probe);
	if (asker->count >= ASK_QUESTIONS_MAX) {
		refuse(asker, what, "too many questions at once");
		return;
	}
	struct ask *ask = new_ask(asker, what);
	if (ask == NULL) {
		refuse(asker, what, strerror(ENOMEM));
		return;
	}
	*place_of(asker, what->probe) = ask;
	asker->count++;
	ask->begun = mono_now();
	/* It has its whole timeout, however long this turn has lasted. */
	ev_now_update(asker->loop);
	ev_timer_init(&ask->timer, on_timeout, (double)what->timeout / (double)NS_S, 0.);
	ask->timer.data = ask;
	ev_timer_start(asker->loop, &ask->timer);
	ask->way->begin(ask);
}

static void pong(struct asker *asker, uint32_t serial)
{
	struct wire_message message = {.kind = WIRE_PONG, .serial = serial};
	struct letter *letter = malloc(sizeof *letter);

	if (letter != NULL)
		send_letter(&asker->link, letter, &message);
}

static void hear(void *data, const struct wire_message *message)
{
	struct asker *asker = data;
	struct ask *ask;

	switch (message->kind) {
	case WIRE_ASK:
		begin(asker, message);
		break;
	case WIRE_DROP:
		ask = *place_of(asker, message->probe);
		if (ask != NULL && ask->what.serial == message->serial)
			drop(asker, message->probe);
		break;
	case WIRE_PING:
		pong(asker, message->serial);
		break;
	case WIRE_ANSWER:
	case WIRE_PONG:
		break;
	}
}

/* ---- all of them */

struct asker *asker_new(struct ev_loop *loop, int fd, struct err *err)
{
	struct asker *asker = calloc(1, sizeof *asker);

	if (asker == NULL) {
		err_set(err, ENOMEM, "set up the table of questions");
		return NULL;
	}
	asker->loop = loop;
	asker->resolver = resolver_new(loop, RESOLVER_THREADS, hosts_find, err);
	if (asker->resolver == NULL) {
		free(asker);
		return NULL;
	}
	asker->link.hear = hear;
	asker->link.data = asker;
	link_init(&asker->link, loop, fd);
	return asker;
}

int asker_verdict(const struct asker *asker, struct err *err)
{
	if (asker->link.end != LINK_GARBAGE)
		return 0;
	*err = asker->link.err;
	return -1;
}

void asker_free(struct asker **asker)
{
	struct asker *it = *asker;

	if (it == NULL)
		return;
	for (size_t i = 0; i < ROWS; i++)
		while (it->rows[i] != NULL)
			drop(it, it->rows[i]->what.probe);
	resolver_free(&it->resolver);
	link_fini(&it->link);
	free(it);
	*asker = NULL;
}
