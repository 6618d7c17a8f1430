#include "brood.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES_MAX = 500 };

static _Noreturn void linger(bool deaf)
{
	sigset_t none;

	signal(SIGTERM, deaf ? SIG_IGN : SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	alarm(BROOD_LIFE_S);
	for (;;)
		pause();
}

void brood_orphans(long n, bool deaf)
{
	for (; n > 0 && n <= PROCESSES_MAX; n--) {
		pid_t parent = fork();
		if (parent == 0) {
			if (fork() == 0)
				linger(deaf);
			_exit(0);
		}
		/* Nobody is born after we have heard a signal: it would miss its own. */
		waitpid(parent, NULL, 0);
	}
}

void brood_bomb(long most)
{
	const int prot = PROT_READ | PROT_WRITE, flags = MAP_SHARED | MAP_ANONYMOUS;
	_Atomic long *count = mmap(NULL, sizeof *count, prot, flags, -1, 0);

	if (most > PROCESSES_MAX)
		most = PROCESSES_MAX;
	if (count == MAP_FAILED || fork() != 0)
		return;
	/* Every process forks on until all together have made enough. */
	while ((*count)++ < most)
		if (fork() == -1)
			break;
	linger(false);
}
