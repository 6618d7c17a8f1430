#include "prober/resolve.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/must.h"

enum { ROWS = 256, STACK_SIZE = 512 * 1024 };

#define HOLDS_FOR NS_S

enum lookup_state {
	LOOKUP_OLD,	/* nothing is known */
	LOOKUP_QUEUED,	/* waits for a thread */
	LOOKUP_RUNNING, /* result, found and err are a thread's until it is in `done` */
	LOOKUP_KNOWN,	/* found or err holds until `until` */
};

struct lookup {
	struct lookup *next;	  /* in its row */
	struct lookup *next_work; /* in the line of queued ones, or of those that are done */
	_Atomic(enum lookup_state) state; /* a thread alone makes it RUNNING */
	mono_ns until;
	struct wish *wishes;
	int result; /* of find */
	struct addresses found;
	struct err err;
	char name[];
};

/* What the threads share with us; the last of them and us frees it. */
struct desk {
	pthread_mutex_t mutex;
	pthread_cond_t work;
	struct lookup *queued, **last_queued;
	unsigned n_queued;
	struct lookup *done;
	unsigned threads; /* that live */
	unsigned idle;	  /* of these; one that was woken, and has not run yet, is among them */
	bool closed;	  /* we have gone: nobody is to be told */
	resolve_find *find;
	struct ev_loop *loop;
	ev_async told;
};

struct resolver {
	struct ev_loop *loop;
	unsigned threads_max;
	struct desk *desk;
	struct lookup *rows[ROWS];
};

/* ---- the threads */

/* The next work, NULL: there will be none. The mutex is ours before and after. */
static struct lookup *await_work(struct desk *desk)
{
	desk->idle++;
	while (desk->queued == NULL && !desk->closed)
		pthread_cond_wait(&desk->work, &desk->mutex);
	desk->idle--;
	if (desk->closed)
		return NULL;
	struct lookup *lookup = desk->queued;
	desk->queued = lookup->next_work;
	if (desk->queued == NULL)
		desk->last_queued = &desk->queued;
	desk->n_queued--;
	lookup->state = LOOKUP_RUNNING;
	return lookup;
}

static void free_desk(struct desk *desk)
{
	pthread_cond_destroy(&desk->work);
	pthread_mutex_destroy(&desk->mutex);
	free(desk);
}

/* One who has gone lets the last thread clear up. */
static void leave(struct desk *desk, bool is_last)
{
	pthread_mutex_unlock(&desk->mutex);
	if (is_last)
		free_desk(desk);
}

/* Told with the mutex held: the loop lives at least until `closed` is set. */
static void *work(void *data)
{
	struct desk *desk = data;
	struct lookup *lookup;

	pthread_mutex_lock(&desk->mutex);
	while ((lookup = await_work(desk)) != NULL) {
		pthread_mutex_unlock(&desk->mutex);
		lookup->result = desk->find(lookup->name, &lookup->found, &lookup->err);
		pthread_mutex_lock(&desk->mutex);
		if (desk->closed) {
			free(lookup);
			break;
		}
		lookup->next_work = desk->done;
		desk->done = lookup;
		ev_async_send(desk->loop, &desk->told);
	}
	leave(desk, --desk->threads == 0);
	return NULL;
}

/* If it fails, those that there are go on, and the next name tries again. */
static void start_thread(struct desk *desk)
{
	pthread_attr_t attributes;
	pthread_t thread;

	if (pthread_attr_init(&attributes) != 0)
		return;
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	if (pthread_create(&thread, &attributes, work, desk) == 0)
		desk->threads++;
	pthread_attr_destroy(&attributes);
}

static void enqueue(struct resolver *resolver, struct lookup *lookup)
{
	struct desk *desk = resolver->desk;

	pthread_mutex_lock(&desk->mutex);
	lookup->state = LOOKUP_QUEUED;
	lookup->next_work = NULL;
	*desk->last_queued = lookup;
	desk->last_queued = &lookup->next_work;
	desk->n_queued++;
	if (desk->n_queued > desk->idle && desk->threads < resolver->threads_max)
		start_thread(desk);
	pthread_cond_signal(&desk->work);
	pthread_mutex_unlock(&desk->mutex);
}

/* Take it out of the line if no thread has it yet. */
static void dequeue(struct desk *desk, struct lookup *lookup)
{
	pthread_mutex_lock(&desk->mutex);
	for (struct lookup **at = &desk->queued; *at != NULL; at = &(*at)->next_work) {
		if (*at != lookup)
			continue;
		*at = lookup->next_work;
		if (*at == NULL)
			desk->last_queued = at;
		desk->n_queued--;
		lookup->state = LOOKUP_OLD;
		break;
	}
	pthread_mutex_unlock(&desk->mutex);
}

/* ---- who wants what */

static void wish_unlink(struct wish *wish)
{
	*wish->place = wish->next;
	if (wish->next != NULL)
		wish->next->place = wish->place;
	wish->lookup = NULL;
}

static void wish_link(struct wish *wish, struct lookup *lookup)
{
	wish->lookup = lookup;
	wish->next = lookup->wishes;
	wish->place = &lookup->wishes;
	if (wish->next != NULL)
		wish->next->place = &wish->next;
	lookup->wishes = wish;
}

static void tell(struct wish *wish, const struct lookup *lookup)
{
	wish->done(wish, lookup->result == 0 ? &lookup->found : NULL, &lookup->err);
}

/* Who is told may want another name, or end others. */
static void on_told(struct ev_loop *loop, ev_async *watcher, int events)
{
	struct resolver *resolver = watcher->data;
	struct desk *desk = resolver->desk;

	(void)loop;
	(void)events;
	pthread_mutex_lock(&desk->mutex);
	struct lookup *done = desk->done;
	desk->done = NULL;
	pthread_mutex_unlock(&desk->mutex);
	for (struct lookup *lookup = done, *next; lookup != NULL; lookup = next) {
		next = lookup->next_work;
		lookup->state = LOOKUP_KNOWN;
		lookup->until = mono_add(mono_now(), HOLDS_FOR);
		while (lookup->wishes != NULL) {
			struct wish *wish = lookup->wishes;
			wish_unlink(wish);
			tell(wish, lookup);
		}
	}
}

static struct lookup **row_of(struct resolver *resolver, const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return &resolver->rows[hash % ROWS];
}

/* States that only we change. */
static bool is_over(const struct lookup *lookup, mono_ns now)
{
	return lookup->wishes == NULL && (lookup->state == LOOKUP_OLD ||
					  (lookup->state == LOOKUP_KNOWN && lookup->until <= now));
}

static struct lookup *find_lookup(struct lookup **row, const char *name, mono_ns now)
{
	struct lookup *found = NULL;

	for (struct lookup **at = row, *lookup; (lookup = *at) != NULL;) {
		bool same = strcmp(lookup->name, name) == 0;
		if (!same && is_over(lookup, now)) {
			*at = lookup->next;
			free(lookup);
			continue;
		}
		if (same)
			found = lookup;
		at = &lookup->next;
	}
	return found;
}

static struct lookup *make_lookup(struct lookup **row, const char *name)
{
	struct lookup *lookup = calloc(1, sizeof *lookup + strlen(name) + 1);

	if (lookup == NULL)
		return NULL;
	strcpy(lookup->name, name);
	lookup->next = *row;
	*row = lookup;
	return lookup;
}

static void refuse(struct wish *wish, int num, const char *host, const char *why)
{
	struct err err;

	err_set(&err, 0, "cannot resolve %.80s: %s", host, why);
	err.num = num;
	wish->done(wish, NULL, &err);
}

void resolver_ask(struct resolver *resolver, struct wish *wish, const char *host)
{
	struct addresses addresses;
	mono_ns now = mono_now();

	MUST(wish->lookup == NULL);
	if (hosts_at_once(host, &addresses)) {
		wish->done(wish, &addresses, NULL);
		return;
	}
	if (strlen(host) > RESOLVE_NAME_MAX) {
		refuse(wish, 0, host, "the name is too long");
		return;
	}
	struct lookup **row = row_of(resolver, host), *lookup = find_lookup(row, host, now);
	if (lookup == NULL)
		lookup = make_lookup(row, host);
	if (lookup == NULL) {
		refuse(wish, ENOMEM, host, strerror(ENOMEM));
		return;
	}
	if (lookup->state == LOOKUP_KNOWN && now < lookup->until) {
		tell(wish, lookup);
		return;
	}
	wish_link(wish, lookup);
	if (lookup->state == LOOKUP_OLD || lookup->state == LOOKUP_KNOWN)
		enqueue(resolver, lookup);
}

void resolver_forget(struct resolver *resolver, struct wish *wish)
{
	struct lookup *lookup = wish->lookup;

	if (lookup == NULL)
		return;
	wish_unlink(wish);
	if (lookup->wishes == NULL)
		dequeue(resolver->desk, lookup);
}

const char *wish_name(const struct wish *wish)
{
	return wish->lookup == NULL ? NULL : wish->lookup->name;
}

/* ---- together */

struct resolver *resolver_new(struct ev_loop *loop, unsigned threads, resolve_find *find_name,
			      struct err *err)
{
	struct resolver *resolver = calloc(1, sizeof *resolver);
	struct desk *desk = calloc(1, sizeof *desk);

	if (resolver == NULL || desk == NULL) {
		free(resolver);
		free(desk);
		err_set(err, ENOMEM, "set up the resolver");
		return NULL;
	}
	resolver->loop = loop;
	resolver->threads_max = threads;
	resolver->desk = desk;
	pthread_mutex_init(&desk->mutex, NULL);
	pthread_cond_init(&desk->work, NULL);
	desk->last_queued = &desk->queued;
	desk->find = find_name;
	desk->loop = loop;
	ev_async_init(&desk->told, on_told);
	desk->told.data = resolver;
	ev_async_start(loop, &desk->told);
	return resolver;
}

/* What a thread is at is the thread's from here on. */
static void free_lookups(struct resolver *resolver)
{
	for (struct lookup *done = resolver->desk->done; done != NULL; done = done->next_work)
		done->state = LOOKUP_KNOWN;
	for (size_t i = 0; i < ROWS; i++) {
		for (struct lookup *lookup = resolver->rows[i], *next; lookup != NULL;
		     lookup = next) {
			next = lookup->next;
			while (lookup->wishes != NULL)
				wish_unlink(lookup->wishes);
			if (lookup->state != LOOKUP_RUNNING)
				free(lookup);
		}
	}
}

void resolver_free(struct resolver **resolver)
{
	struct resolver *it = *resolver;

	if (it == NULL)
		return;
	ev_async_stop(it->loop, &it->desk->told);
	pthread_mutex_lock(&it->desk->mutex);
	it->desk->closed = true;
	free_lookups(it);
	pthread_cond_broadcast(&it->desk->work);
	leave(it->desk, it->desk->threads == 0);
	free(it);
	*resolver = NULL;
}
