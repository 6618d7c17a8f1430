/* child_fds - which descriptors the child has: stdio, those passed to it, and no others. */
#include "sys/child_steps.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <stdint.h>

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

/* The number in a name of /proc/self/fd; -1 for "." and "..". */
static int name_number(const char *name)
{
	int number = 0;

	if (*name < '0' || *name > '9')
		return -1;
	for (; *name >= '0' && *name <= '9'; name++)
		number = number * 10 + (*name - '0');
	return number;
}

/* getdents64(2): what one entry begins with. */
struct entry {
	uint64_t inode;
	int64_t offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

/*
 * close_range(2) is refused by kernels before 5.11 and by the system call filters of older
 * containers.
 */
static int seal_one_by_one(void)
{
	_Alignas(struct entry) char entries[1024];
	int dir = (int)child_call3(SYS_openat, AT_FDCWD, (long)"/proc/self/fd",
				   O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long len;

	if (dir == -1)
		return -1;
	while ((len = child_call3(SYS_getdents64, dir, (long)entries, sizeof entries)) > 0) {
		for (long at = 0; at < len;) {
			const struct entry *entry = (const void *)(entries + at);
			int fd = name_number(entry->name);
			if (fd >= CHILD_STDIO_COUNT)
				child_call3(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC);
			at += entry->length;
		}
	}
	return (int)len;
}

int child_seal_descriptors(struct child *child)
{
	(void)child;
	if (child_call3(SYS_close_range, CHILD_STDIO_COUNT, (long)UINT_MAX, CLOSE_RANGE_CLOEXEC) ==
	    0)
		return 0;
	return seal_one_by_one();
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
