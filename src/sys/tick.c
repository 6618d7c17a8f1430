#include "sys/tick.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/must.h"

int tick_open(struct err *err)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

	return fd == -1 ? err_set(err, errno, "create a timer") : fd;
}

void tick_set(int fd, mono_ns at)
{
	struct itimerspec spec = {.it_value = {0}};

	MUST(at >= 0);
	if (at != MONO_NEVER) {
		spec.it_value.tv_sec = (time_t)(at / NS_S);
		/* All zero would mean never. */
		spec.it_value.tv_nsec = at == 0 ? 1 : (long)(at % NS_S);
	}
	MUST(timerfd_settime(fd, TFD_TIMER_ABSTIME, &spec, NULL) == 0);
}

void tick_clear(int fd)
{
	uint64_t times;

	/* EAGAIN: it was not due. */
	MUST(read(fd, &times, sizeof times) == (ssize_t)sizeof times || errno == EAGAIN);
}
