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

int child_copy_stdio(struct child *child)
{
	const struct launch *launch = child->launch;
	int out = launch->stdout_fd, err = launch->stderr_fd;
	const int from[CHILD_STDIO_COUNT] = {
		launch->null_fd,
		out != -1 ? out : own_or_null(launch, STDOUT_FILENO),
		err != -1 ? err : own_or_null(launch, STDERR_FILENO),
	};

	child->above = CHILD_STDIO_COUNT;
	for (size_t i = 0; i < launch->n_passes; i++)
		if (launch->passes[i].to >= child->above)
			child->above = launch->passes[i].to + 1;
	int report_fd = copy_above(child, child->report_fd);
	if (report_fd == -1)
		return -1;
	child->report_fd = report_fd;
	for (int i = 0; i < CHILD_STDIO_COUNT; i++) {
		child->copies[i] = copy_above(child, from[i]);
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
	int kept[1 + CHILD_STDIO_COUNT + CHILD_PASS_MAX] = {child->report_fd};
	size_t n_kept = 1;

	for (; n_kept < 1 + CHILD_STDIO_COUNT + child->launch->n_passes; n_kept++)
		kept[n_kept] = child->copies[n_kept - 1];
	return child_close_others(kept, n_kept);
}

/* dup3 without a flag: whatever the source has, the target stays open over exec. */
static int place(int copy, int to)
{
	return child_call3(SYS_dup3, copy, to, 0) == -1 ? -1 : 0;
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
