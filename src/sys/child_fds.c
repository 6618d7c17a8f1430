/* child_fds - which descriptors the child has: stdio, those passed to it, and no others. */
#include "sys/child_steps.h"

#include <fcntl.h>

#include "sys/child_close.h"

static int copy_above(const struct child *child, int fd)
{
	return (int)child_call3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, child->above);
}

/*
 * fosterd's own, unless that is closed or the number was given to something that is not for
 * children.
 */
static int own_or_null(const struct launch *launch, int own)
{
	long flags = child_call3(SYS_fcntl, own, F_GETFD, 0);

	return flags == -1 || (flags & FD_CLOEXEC) != 0 ? launch->null_fd : own;
}

/* A descriptor above all targets with what belongs at i; i itself when that stands there already.
 */
static int copy_for(const struct child *child, int i)
{
	const struct launch *launch = child->launch;
	const int given[CHILD_STDIO_COUNT] = {launch->null_fd, launch->stdout_fd,
					      launch->stderr_fd};
	int from = given[i] != -1 ? given[i] : own_or_null(launch, i);

	return from == i && from != given[i] && from != launch->null_fd ? i
									: copy_above(child, from);
}

int child_copy_stdio(struct child *child)
{
	const struct launch *launch = child->launch;

	child->above = CHILD_STDIO_COUNT;
	for (size_t i = 0; i < launch->n_passes; i++)
		if (launch->passes[i].to >= child->above)
			child->above = launch->passes[i].to + 1;
	int report_fd = child->report_fd == -1 ? -1 : copy_above(child, child->report_fd);
	if (report_fd == -1 && child->report_fd != -1)
		return -1;
	child->report_fd = report_fd;
	for (int i = 0; i < CHILD_STDIO_COUNT; i++) {
		child->copies[i] = copy_for(child, i);
		if (child->copies[i] == -1)
			return -1;
	}
	return 0;
}

int child_copy_passes(struct child *child)
{
	for (size_t i = 0; i < child->launch->n_passes; i++) {
		int copy = copy_above(child, child->launch->passes[i].from);
		if (copy == -1)
			return -1;
		child->copies[CHILD_STDIO_COUNT + i] = copy;
	}
	return 0;
}

/*
 * What is left open would be held by a child that hangs before its program runs, so that the rest
 * is closed and not only marked. Each copy has a higher number than the one made before it.
 */
int child_close_sources(struct child *child)
{
	int kept[1 + CHILD_STDIO_COUNT + CHILD_PASS_MAX];
	size_t n_kept = 0, n_copies = CHILD_STDIO_COUNT + child->launch->n_passes;

	if (child->report_fd != -1)
		kept[n_kept++] = child->report_fd;
	for (size_t i = 0; i < n_copies; i++)
		if (child->copies[i] >= CHILD_STDIO_COUNT)
			kept[n_kept++] = child->copies[i];
	return child_close_others(kept, n_kept);
}

/* dup3 without a flag: whatever the source has, the target stays open over exec. */
static int place(int copy, int to)
{
	return copy == to || child_call3(SYS_dup3, copy, to, 0) != -1 ? 0 : -1;
}

int child_place_stdio(struct child *child)
{
	for (int i = 0; i < CHILD_STDIO_COUNT; i++)
		if (place(child->copies[i], i) == -1)
			return -1;
	return 0;
}

int child_place_passes(struct child *child)
{
	for (size_t i = 0; i < child->launch->n_passes; i++)
		if (place(child->copies[CHILD_STDIO_COUNT + i], child->launch->passes[i].to) == -1)
			return -1;
	return 0;
}
