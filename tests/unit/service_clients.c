/* The connections: who is shut down, when, and for whom. */
#include "service/clients.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/suite.h"

static struct clients clients;
static int ours[CLIENTS_MAX + CLIENTS_ENDING_MAX + 1], theirs[CLIENTS_MAX + CLIENTS_ENDING_MAX + 1];

static struct client *join(size_t n, mono_ns now)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ours[n] = pair[0];
	theirs[n] = pair[1];
	return clients_add(&clients, pair[0], true, now);
}

/* The peer sees the end of the connection. */
static bool is_shut(size_t n)
{
	char byte;

	return recv(theirs[n], &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0;
}

START_TEST(deadline_moves_with_requests_alone)
{
	clients_init(&clients, CLIENTS_MAX);
	ck_assert(clients_deadline(&clients) == MONO_NEVER);
	struct client *first = join(0, 1 * NS_S), *second = join(1, 2 * NS_S);
	ck_assert_int_eq(clients_deadline(&clients), NS_S + CLIENTS_TIME_LIMIT);
	clients_set(&clients, first, CLIENT_ANSWERING, 5 * NS_S);
	ck_assert_int_eq(clients_deadline(&clients), 2 * NS_S + CLIENTS_TIME_LIMIT);
	clients_expire(&clients, 2 * NS_S + CLIENTS_TIME_LIMIT - 1);
	ck_assert_uint_eq(clients.n_open, 2);
	clients_expire(&clients, 2 * NS_S + CLIENTS_TIME_LIMIT);
	ck_assert_uint_eq(clients.n_open, 1);
	ck_assert(is_shut(1) && !is_shut(0));
	/* News of one that is ending changes nothing. */
	clients_set(&clients, second, CLIENT_WAITING, 13 * NS_S);
	ck_assert_int_eq(second->state, CLIENT_ENDING);
	clients_remove(&clients, second);
	clients_expire(&clients, 5 * NS_S + CLIENTS_TIME_LIMIT);
	ck_assert(is_shut(0));
	clients_remove(&clients, first);
	ck_assert(!clients_evict(&clients));
	ck_assert(clients_deadline(&clients) == MONO_NEVER);
}
END_TEST

START_TEST(newcomer_displaces_the_oldest_that_waits)
{
	static struct client *all[CLIENTS_MAX];

	clients_init(&clients, CLIENTS_MAX);
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		all[i] = join(i, (mono_ns)i);
	clients_set(&clients, all[0], CLIENT_ANSWERING, CLIENTS_MAX);
	struct client *late = join(CLIENTS_MAX, CLIENTS_MAX + 1);
	ck_assert_ptr_nonnull(late);
	ck_assert_uint_eq(clients.n_open, CLIENTS_MAX);
	ck_assert(!is_shut(0) && is_shut(1) && !is_shut(2));
	/* When all are being answered the oldest goes. */
	for (size_t i = 2; i < CLIENTS_MAX; i++)
		clients_set(&clients, all[i], CLIENT_ANSWERING, CLIENTS_MAX + 2);
	clients_set(&clients, late, CLIENT_ANSWERING, CLIENTS_MAX + 3);
	ck_assert(clients_evict(&clients));
	ck_assert(is_shut(0) && !is_shut(2));
}
END_TEST

START_TEST(ending_ones_are_bounded)
{
	const size_t room = CLIENTS_MAX + CLIENTS_ENDING_MAX;

	clients_init(&clients, CLIENTS_MAX);
	for (size_t i = 0; i < room; i++)
		ck_assert_ptr_nonnull(join(i, (mono_ns)i));
	ck_assert_ptr_null(join(room, (mono_ns)room));
	struct client *ended = NULL;
	for (size_t i = 0; i < room; i++)
		if (clients.slots[i].state == CLIENT_ENDING)
			ended = &clients.slots[i];
	ck_assert_ptr_nonnull(ended);
	ended->uri = strdup("/x");
	clients_remove(&clients, ended);
	ck_assert_ptr_nonnull(clients_add(&clients, ours[room], true, (mono_ns)room));
}
END_TEST

START_TEST(half_closed_ends_after_its_answer)
{
	clients_init(&clients, CLIENTS_MAX);
	struct client *client = join(0, 0), *other = join(1, 0);
	shutdown(theirs[0], SHUT_WR);
	clients_hang_up(&clients);
	ck_assert_int_eq(client->state, CLIENT_WAITING);
	client->answered = other->answered = true;
	clients_hang_up(&clients);
	ck_assert_int_eq(client->state, CLIENT_ENDING);
	ck_assert_int_eq(other->state, CLIENT_WAITING);
	ck_assert(!other->answered);
}
END_TEST

static void close_all(void)
{
	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
		if (ours[i] > 0)
			close(ours[i]);
		if (theirs[i] > 0)
			close(theirs[i]);
		ours[i] = theirs[i] = 0;
	}
}

int main(void)
{
	TCase *tests = tcase_create("clients");

	tcase_add_checked_fixture(tests, NULL, close_all);
	tcase_add_test(tests, deadline_moves_with_requests_alone);
	tcase_add_test(tests, newcomer_displaces_the_oldest_that_waits);
	tcase_add_test(tests, ending_ones_are_bounded);
	tcase_add_test(tests, half_closed_ends_after_its_answer);
	return suite_run("service/clients", tests);
}
