/* kept - connections to PostgreSQL servers, waiting for their probe's next question. */
#include "prober/kept.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

enum { KEPT_MAX = 256, IDLE_SECONDS = 60, LIFE_SECONDS = 300 };

/* Those that wait, the latest first. */
static struct session *waiting;
static unsigned n_waiting; /* <= KEPT_MAX */

static bool copy_text(const char *text, char **out)
{
	*out = text == NULL ? NULL : strdup(text);
	return text == NULL || *out != NULL;
}

struct session *session_new(PGconn *pg, uint32_t probe, const char *target, const char *password)
{
	struct session *session = calloc(1, sizeof(*session));
	if (session == NULL) {
		PQfinish(pg);
		return NULL;
	}
	session->pg = pg;
	session->probe = probe;
	session->made = mono_now();
	if (!copy_text(target, &session->target) || !copy_text(password, &session->password))
		session_free(&session);
	return session;
}

void session_free(struct session **session)
{
	if (*session == NULL)
		return;
	PQfinish((*session)->pg);
	free((*session)->target);
	if ((*session)->password != NULL)
		explicit_bzero((*session)->password, strlen((*session)->password));
	free((*session)->password);
	free(*session);
	*session = NULL;
}

static struct session **place_of(const struct session *session)
{
	struct session **place = &waiting;
	while (*place != session)
		place = &(*place)->next;
	return place;
}

/* It waits no more. */
static struct session *take_from(struct session **place)
{
	struct session *session = *place;
	*place = session->next;
	session->next = NULL;
	n_waiting--;
	ev_io_stop(session->loop, &session->heard);
	ev_timer_stop(session->loop, &session->idle);
	return session;
}

static void close_at(struct session **place)
{
	struct session *session = take_from(place);
	session_free(&session);
}

static void on_heard(struct ev_loop *loop, ev_io *watcher, int revents)
{
	(void)loop;
	(void)revents;
	close_at(place_of(watcher->data));
}

static void on_idle(struct ev_loop *loop, ev_timer *watcher, int revents)
{
	(void)loop;
	(void)revents;
	close_at(place_of(watcher->data));
}

static void oldest_close(void)
{
	struct session **place = &waiting;
	while ((*place)->next != NULL)
		place = &(*place)->next;
	close_at(place);
}

void kept_put(struct ev_loop *loop, struct session *session)
{
	MUST(session->next == NULL);
	if (PQsocket(session->pg) == -1 || mono_now() - session->made > LIFE_SECONDS * NS_S) {
		session_free(&session);
		return;
	}
	if (n_waiting == KEPT_MAX)
		oldest_close();
	session->loop = loop;
	ev_io_init(&session->heard, on_heard, PQsocket(session->pg), EV_READ);
	ev_timer_init(&session->idle, on_idle, IDLE_SECONDS, 0.);
	session->heard.data = session->idle.data = session;
	ev_io_start(loop, &session->heard);
	ev_timer_start(loop, &session->idle);
	session->next = waiting;
	waiting = session;
	n_waiting++;
}

static bool is_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

struct session *kept_take(uint32_t probe, const char *target, const char *password)
{
	struct session **place = &waiting;
	while (*place != NULL && (*place)->probe != probe)
		place = &(*place)->next;
	if (*place == NULL)
		return NULL;
	struct session *session = take_from(place);
	if (!is_same(session->target, target) || !is_same(session->password, password))
		session_free(&session);
	return session;
}
