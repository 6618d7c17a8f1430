/* The tcp driver: somebody listens, nobody does, and a connection that meets itself. */
#include "prober/tcp.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>

#include "unit/asking.h"
#include "unit/suite.h"

static struct ask ask_port(const char *host, unsigned port)
{
	char target[64];
	snprintf(target, sizeof(target), "%s:%u", host, port);
	return asking(&tcp_way, target, NULL, 0.3);
}

START_TEST(who_listens_is_well)
{
	struct fake fake;
	fake_open(&fake, "");
	ck_assert_int_eq(ask_port("127.0.0.1", fake.port).result, PROBE_SUCCESS);
	ck_assert_int_eq(ask_port("two", fake.port).result, PROBE_SUCCESS);
	fake_close(&fake);
	struct ask ask = ask_port("two", fake.port);
	ck_assert_int_eq(ask.result, PROBE_FAILURE);
	ck_assert_str_eq(ask.reason, "connection refused");
}
END_TEST

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd != -1 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return done;
}

/* A network of our own in which there is one port to be given out. */
static bool enter_narrow_network(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	if (unshare(CLONE_NEWNET) == -1 && unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1)
		return false;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up = ioctl(fd, SIOCSIFFLAGS, &lo) == 0;
	close(fd);
	return up && write_file("/proc/sys/net/ipv4/ip_local_port_range", "40000 40000");
}

START_TEST(a_connection_that_meets_itself_is_none)
{
	if (!enter_narrow_network()) {
		printf("not tried: no network of our own\n");
		return;
	}
	struct ask ask = ask_port("127.0.0.1", 40000);
	ck_assert_int_eq(ask.result, PROBE_FAILURE);
	ck_assert_str_eq(ask.reason, "connection refused");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("tcp");
	tcase_add_test(tests, who_listens_is_well);
	/* The last: what it enters it does not leave. */
	tcase_add_test(tests, a_connection_that_meets_itself_is_none);
	return suite_run("tcp", tests);
}
