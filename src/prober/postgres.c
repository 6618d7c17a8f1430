/* postgres - asks a PostgreSQL server to SELECT 1. */
#include "prober/postgres.h"

#include <errno.h>
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/err.h"
#include "prober/conninfo.h"
#include "prober/kept.h"
#include "prober/said.h"

enum { ANSWER_MAX = 64 * 1024 }; /* bytes that a server may send before it is one that raves */

struct question {
	struct ask *ask;
	struct conninfo *info;	 /* owned; NULL until a connection is to be made */
	struct session *session; /* owned; NULL: none yet */
	bool is_kept;		 /* the session is one of an earlier question */
	ev_io io;
	size_t received;      /* bytes */
	bool good;	      /* the row has come */
	char said[SAID_SIZE]; /* what the server has against the query; "": nothing */
};

static PGconn *pg_of(const struct question *question)
{
	return question->session->pg;
}

static char *tidy(const struct question *question, char out[SAID_SIZE], const char *text)
{
	return said_tidy(out, text, ask_what(question->ask)->password);
}

static void watch(struct question *question, int events)
{
	ev_io_set(&question->io, PQsocket(pg_of(question)), events);
	ev_io_start(ask_loop(question->ask), &question->io);
}

/* False, and the question is over: the server sends without end. */
static bool is_bounded(struct question *question, int fd)
{
	int waiting = 0;
	if (ioctl(fd, FIONREAD, &waiting) == 0 && waiting > 0)
		question->received += (size_t)waiting;
	if (question->received <= ANSWER_MAX)
		return true;
	ask_failure(question->ask, "the answer is longer than %d bytes", ANSWER_MAX);
	return false;
}

/* libpq's own words, from its own machine: only the server's errors have a severity. */
static bool is_own_shortage(const char *text)
{
	return strcmp(text, "out of memory\n") == 0 ||
	       (strstr(text, "could not create socket: ") != NULL &&
		(strstr(text, strerror(EMFILE)) != NULL || strstr(text, strerror(ENFILE)) != NULL));
}

/* ---- the connection */

static void query_send(struct question *question);

static void connect_failed(struct question *question)
{
	char said[SAID_SIZE];
	const char *text = PQerrorMessage(pg_of(question));
	tidy(question, said, text);
	if (is_own_shortage(text))
		ask_unknown(question->ask, "%s", said);
	else
		ask_failure(question->ask, "%s", said);
}

static void on_connecting(struct ev_loop *loop, ev_io *watcher, int revents)
{
	struct question *question = watcher->data;
	(void)revents;
	ev_io_stop(loop, watcher);
	if (!is_bounded(question, watcher->fd))
		return;
	switch (PQconnectPoll(pg_of(question))) {
	case PGRES_POLLING_OK:
		/* Else libpq waits by itself where a server does not read, even at the goodbye. Not
		 * sooner: it would forget which server it is talking of. */
		PQsetnonblocking(pg_of(question), 1);
		query_send(question);
		break;
	case PGRES_POLLING_READING:
		watch(question, EV_READ);
		break;
	case PGRES_POLLING_WRITING:
		watch(question, EV_WRITE);
		break;
	case PGRES_POLLING_FAILED:
	case PGRES_POLLING_ACTIVE: /* no longer used by libpq */
	default:
		connect_failed(question);
		break;
	}
}

/* What the server sends for people to read on a terminal. */
static void ignore_notice(void *data, const char *message)
{
	(void)data;
	(void)message;
}

static void session_begin(struct question *question)
{
	const struct wire_message *what = ask_what(question->ask);
	PGconn *pg = conninfo_connect(question->info, what->password);
	if (pg != NULL)
		question->session = session_new(pg, what->probe, what->target, what->password);
	if (question->session == NULL) {
		ask_unknown(question->ask, "no memory for a connection");
		return;
	}
	if (PQstatus(pg) == CONNECTION_BAD) {
		connect_failed(question);
		return;
	}
	PQsetNoticeProcessor(pg, ignore_notice, NULL);
	ev_set_cb(&question->io, on_connecting);
	watch(question, EV_WRITE);
}

static void on_addresses(struct ask *ask, const struct addresses *addresses);

/* Depth of the recursion: the hosts of one target. */
static void hosts_resolve(struct question *question)
{
	const char *host = conninfo_next(question->info);
	if (host != NULL)
		ask_resolve(question->ask, host, on_addresses);
	else
		session_begin(question);
}

static void on_addresses(struct ask *ask, const struct addresses *addresses)
{
	struct question *question = ask_state(ask);
	conninfo_add(question->info, addresses);
	hosts_resolve(question);
}

static void connect_begin(struct question *question)
{
	struct err err;
	char said[SAID_SIZE];
	question->info = conninfo_read(ask_what(question->ask)->target, &err);
	if (question->info != NULL)
		hosts_resolve(question);
	else if (err.num == ENOMEM)
		ask_unknown(question->ask, "%s", err.text);
	else
		ask_failure(question->ask, "%s", tidy(question, said, err.text));
}

/* ---- the query */

/* The connection is no more. Of a kept one that says nothing about the server of now. */
static void query_lost(struct question *question)
{
	if (question->is_kept) {
		question->is_kept = false;
		question->said[0] = '\0';
		question->good = false;
		question->received = 0;
		session_free(&question->session);
		connect_begin(question);
		return;
	}
	if (question->said[0] == '\0')
		tidy(question, question->said, PQerrorMessage(pg_of(question)));
	ask_failure(question->ask, "%s", question->said);
}

static void query_done(struct question *question)
{
	struct ask *ask = question->ask;
	if (PQstatus(pg_of(question)) == CONNECTION_BAD) {
		query_lost(question);
	} else if (question->good && question->said[0] == '\0') {
		kept_put(ask_loop(ask), question->session);
		question->session = NULL;
		ask_success(ask);
	} else {
		ask_failure(ask, "%s",
			    question->said[0] == '\0' ? "SELECT 1: no row" : question->said);
	}
}

/* A server that begins to copy. Until that is over libpq gives one such result after the other. */
static bool is_copy(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

/* False when no other is to be waited for. */
static bool result_read(struct question *question, PGresult *result)
{
	bool copies = is_copy(result);
	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		question->good = PQntuples(result) == 1;
	else if (copies)
		strcpy(question->said, "SELECT 1: answered with COPY");
	else if (question->said[0] == '\0')
		tidy(question, question->said, PQresultErrorMessage(result));
	PQclear(result);
	return !copies;
}

/* What has come, as far as it has. */
static void results_read(struct question *question)
{
	PGconn *pg = pg_of(question);
	while (!PQisBusy(pg)) {
		PGresult *result = PQgetResult(pg);
		bool goes_on = result != NULL && result_read(question, result);
		/* Once it is bad there may be no end of results, and no socket. */
		if (!goes_on || PQstatus(pg) == CONNECTION_BAD) {
			query_done(question);
			return;
		}
	}
	watch(question, EV_READ);
}

static void query_flush(struct question *question)
{
	int left = PQflush(pg_of(question));
	if (left == -1)
		query_lost(question);
	else if (left == 1)
		watch(question, EV_READ | EV_WRITE);
	else
		results_read(question);
}

static void on_asking(struct ev_loop *loop, ev_io *watcher, int revents)
{
	struct question *question = watcher->data;
	ev_io_stop(loop, watcher);
	if (!is_bounded(question, watcher->fd))
		return;
	if ((revents & EV_READ) != 0 && PQconsumeInput(pg_of(question)) == 0)
		query_lost(question);
	else
		query_flush(question);
}

static void query_send(struct question *question)
{
	ev_set_cb(&question->io, on_asking);
	if (PQsendQuery(pg_of(question), "SELECT 1") == 0)
		query_lost(question);
	else
		query_flush(question);
}

/* ---- questions */

static void begin(struct ask *ask)
{
	const struct wire_message *what = ask_what(ask);
	struct question *question = calloc(1, sizeof(*question));
	if (question == NULL) {
		ask_unknown(ask, "no memory for a question");
		return;
	}
	question->ask = ask;
	ev_init(&question->io, on_connecting);
	question->io.data = question;
	ask_set_state(ask, question);
	question->session = kept_take(what->probe, what->target, what->password);
	question->is_kept = question->session != NULL;
	if (question->is_kept)
		query_send(question);
	else
		connect_begin(question);
}

static void end(struct ask *ask)
{
	struct question *question = ask_state(ask);
	if (question == NULL)
		return;
	ev_io_stop(ask_loop(ask), &question->io);
	session_free(&question->session);
	conninfo_free(&question->info);
	free(question);
}

const struct way postgres_way = {.begin = begin, .end = end};
