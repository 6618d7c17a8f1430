/*
 * main - fosterd-prober: what can be asked over the network, asked for fosterd, without a right.
 *
 *   fosterd-prober UID GID GROUP,GROUP HOME   as that user
 *   fosterd-prober -                          as who has started it
 *
 * fosterd starts it, with one end of a pair of SOCK_SEQPACKET sockets as descriptor 3 (model/wire),
 * and it lives until the other end is closed.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "prober/ask.h"
#include "prober/rights.h"

/* EX_USAGE, EX_SOFTWARE, EX_OSERR. */
enum { EXIT_DONE = 0, EXIT_USAGE = 64, EXIT_GARBAGE = 70, EXIT_SYSTEM = 71 };

enum { LINK_FD = 3 };

static int complain(int code, const char *text)
{
	fprintf(stderr, "fosterd-prober: %s\n", text);
	return code;
}

static bool is_link(void)
{
	int type;
	socklen_t len = sizeof type;

	return getsockopt(LINK_FD, SOL_SOCKET, SO_TYPE, &type, &len) == 0 && type == SOCK_SEQPACKET;
}

/* fosterd alone ends it: a Ctrl-C on the terminal is fosterd's to obey. */
static void ignore_signals(void)
{
	static const int ignored[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE};

	for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
		signal(ignored[i], SIG_IGN);
}

/* A question is a descriptor. */
static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int serve(void)
{
	struct ev_loop *loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
	struct asker *asker;
	struct err err;

	if (loop == NULL)
		return complain(EXIT_SYSTEM, "could not set up the event loop");
	asker = asker_new(loop, LINK_FD, &err);
	if (asker == NULL)
		return complain(EXIT_SYSTEM, err.text);
	ev_run(loop, 0);
	int code = EXIT_DONE;
	if (asker_verdict(asker, &err) == -1)
		code = complain(EXIT_GARBAGE, err.text);
	asker_free(&asker);
	ev_loop_destroy(loop);
	return code;
}

int main(int argc, char **argv)
{
	struct rights rights;
	struct err err;

	if (rights_read(argc, argv, &rights) == -1 || !is_link())
		return complain(EXIT_USAGE, "fosterd starts it by itself; it is of no use by hand");
	if (rights_take(&rights, &err) == -1)
		return complain(EXIT_SYSTEM, err.text);
	rights_fini(&rights);
	syscall(SYS_close_range, LINK_FD + 1, ~0u, 0);
	ignore_signals();
	raise_limit();
	return serve();
}
