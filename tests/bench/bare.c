/*
 * bare - the least that can be called a supervisor: what the figures are ratios to.
 *
 *   bare [--levels N] COUNT PROGRAM [ARG...]
 *
 * Starts COUNT processes, each again at once when it has ended, and ends when SIGTERM has ended
 * them all; with levels an equal part of them at a time, the last that were started first, and none
 * is started again. signalfd, epoll, waitpid, vfork and execve; no log, no delay, no state, no
 * session, no descriptors closed, nothing told to anybody.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REAPED_A_WAKEUP = 64 };

static char **program;
static sigset_t mask_before;
static long alive;
static bool stopping;
static pid_t *pids; /* with levels: as they were started; else NULL */
static long level_size;

static void die(const char *what)
{
	perror(what);
	exit(71);
}

static void start_one(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &mask_before, NULL);
		execve(program[0], program, environ);
		_exit(127);
	}
	if (pid == -1)
		die("vfork");
	if (pids != NULL)
		pids[alive] = pid;
	alive++;
}

/* The level whose turn it is: all above it are gone, and all below it alive. */
static void stop_level(void)
{
	for (long i = alive - level_size; i < alive; i++)
		kill(pids[i], SIGTERM);
}

/* True when there may be more: in a storm there always are, and signals are to be heard. */
static bool reap(void)
{
	for (int n = 0; n < REAPED_A_WAKEUP; n++) {
		if (waitpid(-1, NULL, WNOHANG) <= 0)
			return false;
		alive--;
		if (pids == NULL && !stopping)
			start_one();
		if (pids != NULL && stopping && alive % level_size == 0)
			stop_level();
	}
	return true;
}

/* All are in our group, and we have the signal blocked. */
static void stop(void)
{
	if (stopping)
		return;
	stopping = true;
	if (pids != NULL)
		stop_level();
	else
		kill(0, SIGTERM);
}

static void read_signals(int fd)
{
	struct signalfd_siginfo news;

	while (read(fd, &news, sizeof news) == (ssize_t)sizeof news)
		if (news.ssi_signo == SIGTERM)
			stop();
}

static int watch_signals(int *signal_fd)
{
	struct epoll_event event = {.events = EPOLLIN};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &mask_before);
	*signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (*signal_fd == -1 || epoll_fd == -1 ||
	    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, *signal_fd, &event) == -1)
		die("watch signals");
	return epoll_fd;
}

int main(int argc, char **argv)
{
	struct epoll_event event;
	long levels = 1;
	int signal_fd;

	if (argc >= 5 && strcmp(argv[1], "--levels") == 0) {
		levels = atol(argv[2]);
		argv += 2;
		pids = calloc((size_t)atol(argv[1]), sizeof *pids);
	} else if (argc < 3) {
		return 64;
	}
	program = argv + 2;
	setpgid(0, 0);
	int epoll_fd = watch_signals(&signal_fd);
	for (long count = atol(argv[1]); count > 0; count--)
		start_one();
	level_size = alive / levels;
	for (bool more = false; alive > 0; more = reap()) {
		if (epoll_wait(epoll_fd, &event, 1, more ? 0 : -1) == -1 && errno != EINTR)
			die("epoll_wait");
		read_signals(signal_fd);
	}
	return 0;
}
