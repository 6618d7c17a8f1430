#include "sys/limits.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"

/* fosterd's own oom_score_adj; 0 when it cannot be read. */
static int own_oom_score_adj(void)
{
	char text[16] = "";
	int fd = open("/proc/self/oom_score_adj", O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		return 0;
	ssize_t len = read(fd, text, sizeof text - 1);
	fd_close(&fd);
	return len > 0 ? atoi(text) : 0;
}

void limits_inherit(struct heritage *heritage)
{
	heritage->oom_score_adj = own_oom_score_adj();
	heritage->oom_shielded = heritage->oom_score_adj < 0 && getpid() != 1;
	if (getrlimit(RLIMIT_NOFILE, &heritage->nofile) == -1)
		heritage->nofile = (struct rlimit){RLIM_INFINITY, RLIM_INFINITY};

	struct rlimit raised = heritage->nofile;
	raised.rlim_cur = raised.rlim_max;
	setrlimit(RLIMIT_NOFILE, &raised);
}
