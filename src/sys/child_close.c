#include "sys/child_close.h"

#include <fcntl.h>
#include <limits.h>
#include <stdint.h>

#include "sys/child_steps.h"

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
 * close_range(2) is refused by kernels before 5.9 and by the system call filters of older
 * containers.
 */
static int close_one_by_one(int first, int last)
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
			if (fd >= first && fd <= last && fd != dir)
				child_call1(SYS_close, fd);
			at += entry->length;
		}
	}
	child_call1(SYS_close, dir);
	return (int)len;
}

static int close_between(int first, int last)
{
	if (first > last || child_call3(SYS_close_range, first, last, 0) == 0)
		return 0;
	return close_one_by_one(first, last);
}

int child_close_others(const int *kept, size_t n_kept)
{
	int first = CHILD_STDIO_COUNT;

	for (size_t i = 0; i < n_kept; i++) {
		if (close_between(first, kept[i] - 1) == -1)
			return -1;
		first = kept[i] + 1;
	}
	return close_between(first, INT_MAX);
}
