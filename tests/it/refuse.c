/*
 * refuse - a library to be preloaded, through which the system refuses what it is asked for.
 *
 * While the file $REFUSE/NAME exists, the function NAME fails: malloc, fork, pipe2, accept4.
 * malloc stands for calloc and realloc as well, fork for clone. A file that cannot be executed by
 * its owner (mode 600) refuses every second call only. The file grows by a byte with each refusal.
 * A program that is started without the variable in its environment is left in peace.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

enum { PATH_SIZE = 256 };

static char directory[PATH_SIZE];
static unsigned calls;

__attribute__((constructor)) static void start(void)
{
	const char *value = getenv("REFUSE");

	if (value != NULL && strlen(value) < PATH_SIZE - 16)
		strcpy(directory, value);
}

static void count(const char *path)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (fd == -1)
		return;
	syscall(SYS_write, fd, "x", 1);
	syscall(SYS_close, fd);
}

/* Sets errno to num when the call is to be refused; otherwise errno stays. */
static bool refused(const char *name, int num)
{
	char path[PATH_SIZE];
	struct stat status;
	int before = errno;

	if (directory[0] == '\0')
		return false;
	strcat(strcat(strcpy(path, directory), "/"), name);
	bool found = syscall(SYS_newfstatat, AT_FDCWD, path, &status, 0) == 0;
	errno = before;
	if (!found || ((status.st_mode & S_IXUSR) == 0 && calls++ % 2 == 0))
		return false;
	count(path);
	errno = num;
	return true;
}

void *malloc(size_t size)
{
	return refused("malloc", ENOMEM) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return refused("malloc", ENOMEM) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return refused("malloc", ENOMEM) ? NULL : __libc_realloc(old, size);
}

pid_t fork(void)
{
	static pid_t (*real)(void);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "fork");
	return refused("fork", EAGAIN) ? -1 : real();
}

/* fosterd passes no more than these four. */
int clone(int (*function)(void *), void *stack, int flags, void *data, ...)
{
	static int (*real)(int (*)(void *), void *, int, void *, ...);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "clone");
	return refused("fork", EAGAIN) ? -1 : real(function, stack, flags, data);
}

int pipe2(int ends[2], int flags)
{
	return refused("pipe2", EMFILE) ? -1 : (int)syscall(SYS_pipe2, ends, flags);
}

int accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
	return refused("accept4", ENFILE) ? -1
					  : (int)syscall(SYS_accept4, fd, address, len, flags);
}

/* Whatever flags there are: the mode is passed on, and looked at when it means something. */
int open(const char *path, int flags, ...)
{
	va_list args;

	va_start(args, flags);
	mode_t mode = va_arg(args, mode_t);
	va_end(args);
	return refused("open", ENFILE) ? -1
				       : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	return refused("write", ENOSPC) ? -1 : syscall(SYS_write, fd, bytes, len);
}
