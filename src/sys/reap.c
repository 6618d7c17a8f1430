#include "sys/reap.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/wait.h>
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

bool reap_is_childless(void)
{
	siginfo_t info;

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == -1 && errno == ECHILD;
}

int reap_adopt_orphans(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}
