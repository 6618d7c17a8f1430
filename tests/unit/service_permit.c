/* Who may command: root and ourselves whatever the file's mode says, strangers as it says. */
#include "service/permit.h"

#include <grp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/suite.h"

enum { STRANGER = 54321, CLUB = 54322 };

/* A connection whose other end was made as uid and gid. Only root can be another. */
static void connect_as(int pair[2], uid_t uid, gid_t gid)
{
	uid_t own_uid = geteuid();
	gid_t own_gid = getegid();

	ck_assert_int_eq(setegid(gid), 0);
	ck_assert_int_eq(seteuid(uid), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	ck_assert_int_eq(seteuid(own_uid), 0);
	ck_assert_int_eq(setegid(own_gid), 0);
}

static bool may(uid_t uid, gid_t gid, mode_t mode)
{
	const struct control_spec control = {.mode = mode, .group = {.given = true, .gid = CLUB}};
	struct peer peer;
	int pair[2];

	connect_as(pair, uid, gid);
	bool may = permit_peer(&control, pair[0], &peer);
	ck_assert_uint_eq(peer.uid, uid);
	close(pair[0]);
	close(pair[1]);
	return may;
}

START_TEST(we_may_always)
{
	ck_assert(may(geteuid(), getegid(), 0));
}
END_TEST

START_TEST(strangers_may_as_the_mode_says)
{
	ck_assert_int_eq(setgroups(0, NULL), 0);
	ck_assert(!may(STRANGER, STRANGER, 0600));
	ck_assert(!may(STRANGER, STRANGER, 0660));
	ck_assert(may(STRANGER, STRANGER, 0666));
	ck_assert(may(STRANGER, STRANGER, 0602));
	/* To read is not enough. */
	ck_assert(!may(STRANGER, STRANGER, 0664));
	ck_assert(!may(STRANGER, CLUB, 0640));
	ck_assert(may(STRANGER, CLUB, 0660));
	ck_assert(!may(STRANGER, CLUB, 0600));
}
END_TEST

START_TEST(who_cannot_be_found_out_may_not)
{
	const struct control_spec control = {.mode = 0666};
	struct peer peer;

	ck_assert(!permit_peer(&control, -1, &peer));
	ck_assert_uint_eq(peer.uid, (uid_t)-1);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("permit");

	tcase_add_test(tests, we_may_always);
	if (geteuid() == 0)
		tcase_add_test(tests, strangers_may_as_the_mode_says);
	tcase_add_test(tests, who_cannot_be_found_out_may_not);
	return suite_run("service/permit", tests);
}
