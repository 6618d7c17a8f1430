/* signals - every signal blocked, and read from a descriptor instead. */
#ifndef SYS_SIGNALS_H
#define SYS_SIGNALS_H

#include <signal.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct signal_news {
	int signo;
	pid_t pid; /* who sent it; 0: the kernel */
	uid_t uid;
};

/*
 * Block every signal that can be blocked, set SIGCHLD to its default (a parent may have left it
 * ignored, and then children would vanish unreaped), and give the mask of before in *before. The
 * first instruction of main(). A fault of our own (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP,
 * SIGSYS, SIGABRT) stays unblocked, so that it ends us with a core.
 */
void signals_block(sigset_t *before);

/*
 * Which signals have a handler in this process (a sanitizer's; fosterd has none): bit n - 1 for
 * signal n.
 */
uint64_t signals_caught(void);

/* A signalfd (non-blocking, CLOEXEC) for every blocked signal; -1 with err. The caller owns it. */
int signals_open(struct err *err);

/* Read one signal. Returns 1, or 0 when none is waiting. */
int signals_read(int fd, struct signal_news *out);

/* "SIGTERM" for SIGTERM; "SIGRTMIN+3" for real-time ones. */
const char *signals_name(int signo);

#endif
