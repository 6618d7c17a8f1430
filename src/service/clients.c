#include "service/clients.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/must.h"

enum { ASKED_AT_ONCE = 64 };

size_t clients_affordable(void)
{
	struct rlimit nofile;

	if (getrlimit(RLIMIT_NOFILE, &nofile) == -1 || nofile.rlim_cur / 4 > CLIENTS_MAX)
		return CLIENTS_MAX;
	return nofile.rlim_cur < 32 ? 8 : (size_t)nofile.rlim_cur / 4;
}

void clients_init(struct clients *clients, size_t max)
{
	const size_t count = sizeof clients->slots / sizeof clients->slots[0];

	MUST(max >= 1 && max <= CLIENTS_MAX);
	*clients = (struct clients){.max = max};
	for (size_t i = 0; i < count; i++) {
		clients->slots[i].next = clients->free;
		clients->free = &clients->slots[i];
	}
}

static void enqueue(struct clients *clients, struct client *client, mono_ns now)
{
	client->deadline = mono_add(now, CLIENTS_TIME_LIMIT);
	client->previous = clients->newest;
	client->next = NULL;
	if (clients->newest != NULL)
		clients->newest->next = client;
	else
		clients->oldest = client;
	clients->newest = client;
	clients->n_open++;
}

static void dequeue(struct clients *clients, struct client *client)
{
	MUST(clients->n_open > 0);
	if (client->previous != NULL)
		client->previous->next = client->next;
	else
		clients->oldest = client->next;
	if (client->next != NULL)
		client->next->previous = client->previous;
	else
		clients->newest = client->previous;
	clients->n_open--;
}

/*
 * Both directions at once: the server sees it as hung up and closes it, whatever it was about to
 * do.
 */
static void end(struct clients *clients, struct client *client)
{
	dequeue(clients, client);
	client->state = CLIENT_ENDING;
	shutdown(client->fd, SHUT_RDWR);
}

bool clients_evict(struct clients *clients)
{
	struct client *client = clients->oldest;

	while (client != NULL && client->state != CLIENT_WAITING)
		client = client->next;
	if (client == NULL)
		client = clients->oldest;
	if (client == NULL)
		return false;
	end(clients, client);
	return true;
}

struct client *clients_add(struct clients *clients, int fd, bool local, mono_ns now)
{
	struct client *client = clients->free;

	if (client == NULL)
		return NULL;
	if (clients->n_open == clients->max)
		clients_evict(clients);
	clients->free = client->next;
	*client = (struct client){.state = CLIENT_WAITING, .fd = fd, .local = local};
	enqueue(clients, client, now);
	return client;
}

void clients_set(struct clients *clients, struct client *client, enum client_state state,
		 mono_ns now)
{
	MUST(state == CLIENT_WAITING || state == CLIENT_ANSWERING);
	if (client->state == CLIENT_ENDING)
		return;
	dequeue(clients, client);
	client->state = state;
	enqueue(clients, client, now);
}

void clients_expire(struct clients *clients, mono_ns now)
{
	while (clients->oldest != NULL && clients->oldest->deadline <= now)
		end(clients, clients->oldest);
}

/* Nothing more will come, and nothing of what came is unread. */
static bool is_over(int fd)
{
	char next;

	return recv(fd, &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* End those that have hung up; one call asks for all of them. */
static void end_those_over(struct clients *clients, struct client *const *asked, size_t count)
{
	struct pollfd news[ASKED_AT_ONCE];

	for (size_t i = 0; i < count; i++)
		news[i] = (struct pollfd){.fd = asked[i]->fd, .events = POLLRDHUP};
	if (count == 0 || poll(news, count, 0) <= 0)
		return;
	for (size_t i = 0; i < count; i++)
		if (news[i].revents != 0 && is_over(asked[i]->fd))
			end(clients, asked[i]);
}

void clients_hang_up(struct clients *clients)
{
	struct client *asked[ASKED_AT_ONCE], *previous;
	size_t count = 0;

	/* The newest promises come last, and those of this wake-up are the newest. */
	for (struct client *client = clients->newest; client != NULL; client = previous) {
		previous = client->previous;
		if (client->answered && client->state == CLIENT_WAITING)
			asked[count++] = client;
		client->answered = false;
		if (count == ASKED_AT_ONCE || previous == NULL) {
			end_those_over(clients, asked, count);
			count = 0;
		}
	}
}

mono_ns clients_deadline(const struct clients *clients)
{
	return clients->oldest == NULL ? MONO_NEVER : clients->oldest->deadline;
}

void clients_remove(struct clients *clients, struct client *client)
{
	MUST(client->state != CLIENT_FREE);
	if (client->state != CLIENT_ENDING)
		dequeue(clients, client);
	free(client->uri);
	*client = (struct client){.state = CLIENT_FREE, .next = clients->free};
	clients->free = client;
}
