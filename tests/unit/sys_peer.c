/* Who is at the other end: as who connected was then, and what groups he had. */
#include "sys/peer.h"

#include <errno.h>
#include <grp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/suite.h"

enum { FOREIGN = 54321, OTHER = 54322 };

static int pair[2];

static void connect_both(void)
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
}

static void close_both(void)
{
	close(pair[0]);
	close(pair[1]);
}

START_TEST(it_is_ourselves)
{
	struct peer peer;

	connect_both();
	ck_assert_int_eq(peer_of(pair[0], &peer), 0);
	ck_assert_int_eq(peer.pid, getpid());
	ck_assert_uint_eq(peer.uid, geteuid());
	ck_assert_uint_eq(peer.gid, getegid());
	ck_assert(peer_is_in(pair[0], &peer, getegid()));
	ck_assert(!peer_is_in(pair[0], &peer, FOREIGN));
	close_both();
}
END_TEST

START_TEST(supplementary_groups_count)
{
	static const gid_t groups[] = {OTHER, FOREIGN};
	struct peer peer;

	ck_assert_int_eq(setgroups(2, groups), 0);
	connect_both();
	/* They are those of then. */
	ck_assert_int_eq(setgroups(0, NULL), 0);
	ck_assert_int_eq(peer_of(pair[0], &peer), 0);
	ck_assert(peer_is_in(pair[0], &peer, FOREIGN));
	ck_assert(peer_is_in(pair[0], &peer, OTHER));
	ck_assert(!peer_is_in(pair[0], &peer, OTHER + 1));
	close_both();
	connect_both();
	ck_assert(!peer_is_in(pair[0], &peer, FOREIGN));
	close_both();
}
END_TEST

START_TEST(nobody_is_at_no_socket)
{
	struct peer peer = {.gid = FOREIGN};

	ck_assert_int_eq(peer_of(-1, &peer), -1);
	ck_assert_int_eq(errno, EBADF);
	ck_assert(!peer_is_in(-1, &peer, OTHER));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("peer");

	tcase_add_test(tests, it_is_ourselves);
	if (geteuid() == 0)
		tcase_add_test(tests, supplementary_groups_count);
	tcase_add_test(tests, nobody_is_at_no_socket);
	return suite_run("sys/peer", tests);
}
