#include "sys/reap.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int reap_peek(struct reaped *out)
{
	siginfo_t info = {.si_pid = 0};

	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == -1)
		if (errno != EINTR)
			return 0;
	if (info.si_pid == 0)
		return 0;
	*out = (struct reaped){
		.pid = info.si_pid,
		.pgid = getpgid(info.si_pid),
		.signaled = info.si_code != CLD_EXITED,
		.core = info.si_code == CLD_DUMPED,
		.code = info.si_status,
	};
	return 1;
}

int reap_take(struct reaped *out)
{
	int status;

	return wait4(out->pid, &status, WNOHANG, &out->rusage) == out->pid ? 0 : -1;
}

void reap_wait(mono_ns until)
{
	span_ns left = until - mono_now();
	struct timespec span = {.tv_sec = left > 0 ? left / NS_S : 0,
				.tv_nsec = left > 0 ? left % NS_S : 0};
	sigset_t child_only;

	sigemptyset(&child_only);
	sigaddset(&child_only, SIGCHLD);
	sigtimedwait(&child_only, NULL, &span);
}

bool reap_await(pid_t pid, mono_ns until)
{
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (mono_now() >= until)
			return false;
		reap_wait(until);
	}
	return true;
}

bool reap_is_childless(void)
{
	siginfo_t info;

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == -1 && errno == ECHILD;
}

int reap_adopt_orphans(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}
