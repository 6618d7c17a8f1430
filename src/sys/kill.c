#include "sys/kill.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/must.h"

int kill_process(pid_t pid, int signo)
{
	MUST(pid > 1);
	return kill(pid, signo);
}

int kill_group(pid_t pgid, int signo)
{
	MUST(pgid > 1 && pgid != getpgrp());
	return kill(-pgid, signo);
}

bool kill_group_is_empty(pid_t pgid)
{
	MUST(pgid > 1);
	/* EPERM: there is one, but it is not ours to signal. */
	return kill(-pgid, 0) == -1 && errno == ESRCH;
}

bool kill_process_is_there(pid_t pid)
{
	MUST(pid > 1);
	return kill(pid, 0) == 0 || errno == EPERM;
}
