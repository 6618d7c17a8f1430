/* resolve - names looked up by threads: shared, remembered, forgotten, and in nobody's way. */
#include "prober/resolve.h"

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/must.h"
#include "unit/suite.h"

enum { THREADS = 3, WISHES = 20 };

static struct ev_loop *loop;
static struct resolver *resolver;
static struct err err;

/* ---- a way to look up that does what the name says, and only when it may */

static atomic_uint finds, busy;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER; /* held: "slow..." waits */

static int find(const char *name, struct addresses *out, struct err *why)
{
	finds++;
	busy++;
	if (strncmp(name, "slow", 4) == 0) {
		pthread_mutex_lock(&gate);
		pthread_mutex_unlock(&gate);
	}
	busy--;
	if (strcmp(name, "nowhere") == 0)
		return err_set(why, 0, "cannot resolve %s", name);
	strcpy(out->list[0], "192.0.2.1");
	out->count = 1;
	return 0;
}

/* ---- those who want names */

struct client {
	struct wish wish; /* first */
	unsigned told;
	bool is_found;
	int num;
	char said[ERR_TEXT_MAX], number[ASK_ADDRESS_SIZE];
	unsigned count;
	struct client *forgets; /* when it is told */
	const char *then;	/* wanted next, by itself */
};

static struct client clients[WISHES];

static void want(struct client *client, const char *name);

static void on_done(struct wish *wish, const struct addresses *addresses, const struct err *why)
{
	struct client *client = (struct client *)wish;
	const char *then = client->then;

	client->told++;
	client->is_found = addresses != NULL;
	if (addresses != NULL) {
		strcpy(client->number, addresses->list[0]);
		client->count = addresses->count;
	} else {
		client->num = why->num;
		strcpy(client->said, why->text);
	}
	if (client->forgets != NULL)
		resolver_forget(resolver, &client->forgets->wish);
	client->then = NULL;
	if (then != NULL)
		want(client, then);
}

static void want(struct client *client, const char *name)
{
	client->wish.done = on_done;
	resolver_ask(resolver, &client->wish, name);
}

static void on_late(struct ev_loop *its, ev_timer *timer, int events)
{
	(void)its, (void)events;
	*(bool *)timer->data = true;
}

/* Let the loop run until the client has been told so often. */
static void await(struct client *client, unsigned told)
{
	bool is_late = false;
	ev_timer timer;

	ev_timer_init(&timer, on_late, 5., 0.);
	timer.data = &is_late;
	ev_timer_start(loop, &timer);
	while (client->told < told && !is_late)
		ev_run(loop, EVRUN_ONCE);
	ev_timer_stop(loop, &timer);
	ck_assert_uint_eq(client->told, told);
}

/* The loop for a moment, in which nothing need happen. */
static void turn(double seconds)
{
	bool is_late = false;
	ev_timer timer;

	ev_timer_init(&timer, on_late, seconds, 0.);
	timer.data = &is_late;
	ev_timer_start(loop, &timer);
	while (!is_late)
		ev_run(loop, EVRUN_ONCE);
}

static void await_busy(unsigned count)
{
	for (int i = 0; i < 5000 && busy != count; i++)
		usleep(1000);
	ck_assert_uint_eq(busy, count);
}

static void set_up(void)
{
	memset(clients, 0, sizeof clients);
	finds = 0;
	loop = ev_loop_new(EVFLAG_NOENV);
	MUST(loop != NULL);
	resolver = resolver_new(loop, THREADS, find, &err);
	MUST(resolver != NULL);
}

static void tear_down(void)
{
	resolver_free(&resolver);
	ck_assert_ptr_null(resolver);
	resolver_free(&resolver);
	ev_loop_destroy(loop);
}

/* ---- */

static const struct {
	const char *host, *number;
	unsigned count;
} at_once[] = {
	{"127.0.0.1", "127.0.0.1", 1}, {"::1", "::1", 1}, {"192.0.2.200", "192.0.2.200", 1}, {"0:0::1", "::1", 1},
	{"localhost", "127.0.0.1", 2}, {"LocalHost", "127.0.0.1", 2}, {"web.localhost", "127.0.0.1", 2},
};

START_TEST(numbers_wait_for_nobody)
{
	want(&clients[0], at_once[_i].host);
	ck_assert_uint_eq(clients[0].told, 1);
	ck_assert(clients[0].is_found);
	ck_assert_str_eq(clients[0].number, at_once[_i].number);
	ck_assert_uint_eq(clients[0].count, at_once[_i].count);
	ck_assert_ptr_null(wish_name(&clients[0].wish));
	ck_assert_uint_eq(finds, 0);
}
END_TEST

START_TEST(names_are_found_and_remembered)
{
	want(&clients[0], "good");
	ck_assert_uint_eq(clients[0].told, 0);
	ck_assert_str_eq(wish_name(&clients[0].wish), "good");
	await(&clients[0], 1);
	ck_assert(clients[0].is_found);
	ck_assert_str_eq(clients[0].number, "192.0.2.1");
	ck_assert_ptr_null(wish_name(&clients[0].wish));
	want(&clients[1], "good");
	ck_assert_uint_eq(clients[1].told, 1);
	ck_assert_uint_eq(finds, 1);
	/* But not for long. */
	turn(1.1);
	want(&clients[1], "good");
	ck_assert_uint_eq(clients[1].told, 1);
	await(&clients[1], 2);
	ck_assert_uint_eq(finds, 2);
}
END_TEST

START_TEST(failures_are_told)
{
	want(&clients[0], "nowhere");
	await(&clients[0], 1);
	ck_assert(!clients[0].is_found);
	ck_assert_int_eq(clients[0].num, 0);
	ck_assert_str_eq(clients[0].said, "cannot resolve nowhere");
	want(&clients[1], "nowhere");
	ck_assert_uint_eq(clients[1].told, 1);
	ck_assert_uint_eq(finds, 1);
}
END_TEST

START_TEST(long_names_are_refused)
{
	char name[RESOLVE_NAME_MAX + 2];

	memset(name, 'x', sizeof name);
	name[RESOLVE_NAME_MAX + 1] = '\0';
	want(&clients[0], name);
	ck_assert_uint_eq(clients[0].told, 1);
	ck_assert(!clients[0].is_found);
	name[RESOLVE_NAME_MAX] = '\0';
	want(&clients[1], name);
	await(&clients[1], 1);
	ck_assert(clients[1].is_found);
}
END_TEST

START_TEST(one_look_up_for_all)
{
	pthread_mutex_lock(&gate);
	for (int i = 0; i < WISHES; i++)
		want(&clients[i], "slow");
	await_busy(1);
	pthread_mutex_unlock(&gate);
	for (int i = 0; i < WISHES; i++)
		await(&clients[i], 1);
	ck_assert_uint_eq(finds, 1);
}
END_TEST

START_TEST(hanging_names_leave_room_for_others)
{
	pthread_mutex_lock(&gate);
	want(&clients[0], "slow0");
	want(&clients[1], "slow1");
	await_busy(2);
	want(&clients[2], "good");
	await(&clients[2], 1);
	/* All threads hang: others wait, but numbers do not. */
	want(&clients[3], "slow2");
	await_busy(THREADS);
	want(&clients[4], "other");
	want(&clients[5], "127.0.0.1");
	ck_assert_uint_eq(clients[5].told, 1);
	turn(0.05);
	ck_assert_uint_eq(clients[4].told, 0);
	ck_assert_uint_eq(busy, THREADS);
	pthread_mutex_unlock(&gate);
	await(&clients[4], 1);
	await(&clients[0], 1);
}
END_TEST

/* One idle thread is enough for one name alone, however soon the next one comes. */
START_TEST(each_name_has_its_thread)
{
	want(&clients[0], "good");
	await(&clients[0], 1);
	usleep(10000);
	pthread_mutex_lock(&gate);
	want(&clients[1], "slow0");
	want(&clients[2], "slow1");
	await_busy(2);
	want(&clients[3], "other");
	await(&clients[3], 1);
	usleep(10000);
	want(&clients[4], "forgotten");
	resolver_forget(resolver, &clients[4].wish);
	want(&clients[5], "slow2");
	await_busy(THREADS);
	pthread_mutex_unlock(&gate);
}
END_TEST

START_TEST(who_forgets_is_not_told)
{
	pthread_mutex_lock(&gate);
	for (int i = 0; i < THREADS; i++)
		want(&clients[i], (const char *[]){"slow0", "slow1", "slow2"}[i]);
	await_busy(THREADS);
	want(&clients[3], "slow0");
	want(&clients[4], "waits");
	want(&clients[5], "waits too");
	want(&clients[6], "waits");
	resolver_forget(resolver, &clients[0].wish);
	resolver_forget(resolver, &clients[0].wish);
	resolver_forget(resolver, &clients[1].wish);
	/* Nobody wants it any more: it is not even begun. */
	resolver_forget(resolver, &clients[5].wish);
	resolver_forget(resolver, &clients[4].wish);
	/* The last of the line was taken out: there is a line all the same. */
	want(&clients[7], "new");
	pthread_mutex_unlock(&gate);
	await(&clients[3], 1);
	await(&clients[6], 1);
	turn(0.05);
	ck_assert_uint_eq(clients[0].told + clients[1].told + clients[4].told + clients[5].told, 0);
	await(&clients[7], 1);
	ck_assert_uint_eq(finds, THREADS + 2);
}
END_TEST

START_TEST(who_is_told_may_do_anything)
{
	clients[0].then = "nowhere";
	clients[1].forgets = &clients[2];
	clients[2].forgets = &clients[1];
	pthread_mutex_lock(&gate);
	for (int i = 0; i < 3; i++)
		want(&clients[i], "slow");
	await_busy(1);
	pthread_mutex_unlock(&gate);
	await(&clients[0], 2);
	ck_assert(!clients[0].is_found);
	ck_assert_uint_eq(clients[1].told + clients[2].told, 1);
	/* Again, from a look-up that is known by then. */
	clients[3].then = "nowhere";
	want(&clients[3], "slow");
	ck_assert_uint_eq(clients[3].told, 2);
}
END_TEST

/* Threads that hang outlive it; they clear up when they come back. */
START_TEST(ends_while_threads_hang)
{
	pthread_mutex_lock(&gate);
	want(&clients[0], "slow0");
	want(&clients[1], "slow1");
	want(&clients[2], "slow2");
	want(&clients[3], "waits");
	await_busy(THREADS);
	resolver_free(&resolver);
	pthread_mutex_unlock(&gate);
	await_busy(0);
	ck_assert_uint_eq(clients[0].told + clients[3].told, 0);
}
END_TEST

START_TEST(many_names_are_not_kept)
{
	char name[32];

	for (unsigned i = 0; i < 2000; i++) {
		snprintf(name, sizeof name, "name%u", i);
		want(&clients[0], name);
		await(&clients[0], i + 1);
	}
	ck_assert_uint_eq(finds, 2000);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("resolve");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, numbers_wait_for_nobody, 0, sizeof at_once / sizeof at_once[0]);
	tcase_add_test(tests, names_are_found_and_remembered);
	tcase_add_test(tests, failures_are_told);
	tcase_add_test(tests, long_names_are_refused);
	tcase_add_test(tests, one_look_up_for_all);
	tcase_add_test(tests, hanging_names_leave_room_for_others);
	tcase_add_test(tests, each_name_has_its_thread);
	tcase_add_test(tests, who_forgets_is_not_told);
	tcase_add_test(tests, who_is_told_may_do_anything);
	tcase_add_test(tests, ends_while_threads_hang);
	tcase_add_test(tests, many_names_are_not_kept);
	return suite_run("prober/resolve", tests);
}
