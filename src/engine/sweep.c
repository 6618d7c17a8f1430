#include "engine/sweep.h"

#include <signal.h>
#include <unistd.h>

#include "sys/kill.h"
#include "sys/procs.h"
#include "sys/reap.h"

static const span_ns PATIENCE = 500 * NS_MS; /* with each of the two signals */

struct sweep {
	struct log *log;
	pid_t self, session;
	int signo;	 /* SIGTERM, later SIGKILL */
	bool tells;	 /* each is named in the first round with a signal */
	unsigned found;	 /* in this round */
	unsigned killed; /* in all */
};

static bool strike_stray(void *data, const struct proc *proc)
{
	struct sweep *sweep = data;

	if (proc->ppid != sweep->self || proc->session == sweep->session || proc->dead)
		return true;
	sweep->found++;
	if (sweep->tells)
		LOG_EVENT(sweep->log, LOG_WARNING, "process left behind by a worker",
			  F_INT("pid", proc->pid), F_STR("comm", proc->comm),
			  F_STR("sent", sweep->signo == SIGKILL ? "SIGKILL" : "SIGTERM"));
	if (kill_process(proc->pid, sweep->signo) == 0 && sweep->signo == SIGKILL)
		sweep->killed++;
	kill_process(proc->pid, SIGCONT);
	return true;
}

static void reap_all(void)
{
	struct reaped child;

	while (reap_peek(&child) == 1 && reap_take(&child) == 0)
		continue;
}

/* The children of those that end become ours in turn, so it takes rounds. */
static void drive_out(struct sweep *sweep, int signo)
{
	mono_ns until = mono_add(mono_now(), PATIENCE);

	sweep->signo = signo;
	sweep->tells = true;
	do {
		reap_all();
		sweep->found = 0;
		/* The usual case, and then nobody has to be looked for among all there are. */
		if (reap_is_childless())
			break;
		procs_each(strike_stray, sweep);
		sweep->tells = false;
		if (sweep->found > 0)
			reap_wait(until);
	} while (sweep->found > 0 && mono_now() < until);
	reap_all();
}

unsigned sweep_strays(struct log *log)
{
	struct sweep sweep = {.log = log, .self = getpid(), .session = getsid(0)};

	drive_out(&sweep, SIGTERM);
	if (sweep.found > 0)
		drive_out(&sweep, SIGKILL);
	return sweep.killed;
}
