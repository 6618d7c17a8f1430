#include "sys/signals.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/must.h"

static void fill_blocked(sigset_t *set)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};

	sigfillset(set);
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
		sigdelset(set, faults[i]);
}

void signals_block(sigset_t *before)
{
	sigset_t set;

	fill_blocked(&set);
	MUST(sigprocmask(SIG_SETMASK, &set, before) == 0);
	MUST(signal(SIGCHLD, SIG_DFL) != SIG_ERR);
}

/* As the kernel sees it: libc's sigaction(2) hides its own signals. */
static bool is_caught(int signo)
{
	/* The kernel's struct begins with the handler and is shorter than this. */
	unsigned long action[8] = {0};

	return syscall(SYS_rt_sigaction, signo, NULL, action, (size_t)_NSIG / 8) == 0 &&
	       action[0] != (unsigned long)SIG_DFL && action[0] != (unsigned long)SIG_IGN;
}

uint64_t signals_caught(void)
{
	uint64_t caught = 0;

	for (int signo = 1; signo < _NSIG; signo++)
		if (is_caught(signo))
			caught |= (uint64_t)1 << (signo - 1);
	return caught;
}

int signals_open(struct err *err)
{
	sigset_t set;

	fill_blocked(&set);
	int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return fd == -1 ? err_set(err, errno, "open a signalfd") : fd;
}

int signals_read(int fd, struct signal_news *out)
{
	struct signalfd_siginfo info;
	ssize_t len;

	do
		len = read(fd, &info, sizeof info);
	while (len == -1 && errno == EINTR);
	if (len != (ssize_t)sizeof info)
		return 0;
	*out = (struct signal_news){
		.signo = (int)info.ssi_signo,
		.pid = (pid_t)info.ssi_pid,
		.uid = (uid_t)info.ssi_uid,
	};
	return 1;
}

static const char *real_time_name(int signo)
{
	static const char *const names[] = {
		"SIGRTMIN",    "SIGRTMIN+1",  "SIGRTMIN+2",  "SIGRTMIN+3",  "SIGRTMIN+4",
		"SIGRTMIN+5",  "SIGRTMIN+6",  "SIGRTMIN+7",  "SIGRTMIN+8",  "SIGRTMIN+9",
		"SIGRTMIN+10", "SIGRTMIN+11", "SIGRTMIN+12", "SIGRTMIN+13", "SIGRTMIN+14",
		"SIGRTMIN+15", "SIGRTMIN+16", "SIGRTMIN+17", "SIGRTMIN+18", "SIGRTMIN+19",
		"SIGRTMIN+20", "SIGRTMIN+21", "SIGRTMIN+22", "SIGRTMIN+23", "SIGRTMIN+24",
		"SIGRTMIN+25", "SIGRTMIN+26", "SIGRTMIN+27", "SIGRTMIN+28", "SIGRTMIN+29",
		"SIGRTMIN+30",
	};
	size_t index = (size_t)(signo - SIGRTMIN);

	return index < sizeof names / sizeof names[0] ? names[index] : "unknown signal";
}

const char *signals_name(int signo)
{
#define NAME(signal) [signal] = #signal
	static const char *const names[] = {
		NAME(SIGHUP),	 NAME(SIGINT),	 NAME(SIGQUIT), NAME(SIGILL),  NAME(SIGTRAP),
		NAME(SIGABRT),	 NAME(SIGBUS),	 NAME(SIGFPE),	NAME(SIGKILL), NAME(SIGUSR1),
		NAME(SIGSEGV),	 NAME(SIGUSR2),	 NAME(SIGPIPE), NAME(SIGALRM), NAME(SIGTERM),
		NAME(SIGCHLD),	 NAME(SIGCONT),	 NAME(SIGSTOP), NAME(SIGTSTP), NAME(SIGTTIN),
		NAME(SIGTTOU),	 NAME(SIGURG),	 NAME(SIGXCPU), NAME(SIGXFSZ), NAME(SIGVTALRM),
		NAME(SIGPROF),	 NAME(SIGWINCH), NAME(SIGIO),	NAME(SIGPWR),  NAME(SIGSYS),
#ifdef SIGSTKFLT
		NAME(SIGSTKFLT),
#endif
	};
#undef NAME

	if (signo >= SIGRTMIN && signo <= SIGRTMAX)
		return real_time_name(signo);
	if (signo < 1 || (size_t)signo >= sizeof names / sizeof names[0] || names[signo] == NULL)
		return "unknown signal";
	return names[signo];
}
