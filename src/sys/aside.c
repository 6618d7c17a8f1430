#include "sys/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "sys/child_close.h"

/* Wait until fd is readable: 1; 0 when the deadline is past; -1 with errno. */
static int wait_until(int fd, mono_ns deadline)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	for (;;) {
		span_ns left = deadline - mono_now();
		struct timespec span = {.tv_sec = left / NS_S, .tv_nsec = left % NS_S};
		if (left <= 0)
			return 0;
		int ready = ppoll(&poll_fd, 1, &span, NULL);
		if (ready == 1 || (ready == -1 && errno != EINTR))
			return ready;
	}
}

/* Read to the end or to size; the number of bytes, or -1 with errno. */
static long collect(int fd, char *answer, size_t size, mono_ns deadline)
{
	size_t len = 0;

	while (len < size) {
		int ready = wait_until(fd, deadline);
		if (ready == 0)
			errno = ETIMEDOUT;
		if (ready != 1)
			return -1;
		ssize_t got = read(fd, answer + len, size - len);
		if (got == -1 && errno != EINTR)
			return -1;
		if (got == 0)
			break;
		len += got > 0 ? (size_t)got : 0;
	}
	return (long)len;
}

pid_t aside_fork(void)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == -1 || getppid() != parent))
		_exit(0);
	return pid;
}

static pid_t start(const struct aside *aside, const int ends[2])
{
	pid_t pid = aside_fork();

	if (pid != 0)
		return pid;
	close(ends[0]);
	aside->function(aside->input, ends[1]);
	close(ends[1]);
	_exit(0);
}

bool aside_is_running(int process)
{
	struct pollfd poll_fd = {.fd = process, .events = POLLIN};

	return process != -1 && poll(&poll_fd, 1, 0) == 0;
}

/* In the process. The lock, sockets, clients: what the parent closes must not live on here. */
static _Noreturn void run_alone(const struct aside *aside, int held)
{
	sigset_t alarm_only;

	child_close_others(&held, 1);
	/* It may have been ignored by whoever started us. */
	signal(SIGALRM, SIG_DFL);
	sigemptyset(&alarm_only);
	sigaddset(&alarm_only, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alarm_only, NULL);
	alarm((unsigned)(aside->timeout / NS_S));
	aside->function(aside->input, held);
	_exit(0);
}

int aside_start(const struct aside *aside)
{
	int ends[2];

	/* The writing end is the process's alone, and closed with its end. */
	if (pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	pid_t pid = fcntl(ends[0], F_SETFL, O_NONBLOCK) == -1 ? -1 : aside_fork();
	if (pid == 0)
		run_alone(aside, ends[1]);
	int num = errno;
	fd_close(&ends[1]);
	if (pid == -1)
		fd_close(&ends[0]);
	errno = num;
	return ends[0];
}

long aside_run(const struct aside *aside, void *answer, size_t size, struct err *err)
{
	mono_ns deadline = mono_add(mono_now(), aside->timeout);
	int ends[2];
	long len = -1;

	if (pipe2(ends, O_CLOEXEC) == -1)
		return err_set(err, errno, "create a pipe");
	pid_t pid = start(aside, ends);
	if (pid == -1) {
		err_set(err, errno, "fork");
	} else {
		fd_close(&ends[1]);
		len = collect(ends[0], answer, size, deadline);
		if (len == -1)
			err_set(err, errno, "wait for a helper process");
		/* It has answered or is too late: nothing it still does is of use. */
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	fd_close(&ends[0]);
	fd_close(&ends[1]);
	return len;
}
