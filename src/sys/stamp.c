#include "sys/stamp.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

enum { TEXT_MAX = 32 };

static int path_of(char path[PATH_MAX], const char *dir, const char *name, const char *dot)
{
	if (snprintf(path, PATH_MAX, "%s/%s%s", dir, dot, name) < PATH_MAX)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

static int parse(const char *text, wall_ns *out)
{
	char *end;

	errno = 0;
	long long value = strtoll(text, &end, 10);
	if (errno == 0 && end != text && *text >= '0' && *text <= '9' && strcmp(end, "\n") == 0) {
		*out = value;
		return 0;
	}
	errno = EINVAL;
	return -1;
}

int stamp_read(const char *dir, const char *name, wall_ns *out)
{
	char path[PATH_MAX], text[TEXT_MAX + 1];

	if (path_of(path, dir, name, "") == -1)
		return -1;
	/* Whatever has come to stand in its place: nothing here waits for a pipe. */
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return -1;
	ssize_t len = read(fd, text, TEXT_MAX);
	fd_close(&fd);
	if (len == -1)
		return -1;
	text[len] = '\0';
	return parse(text, out);
}

static int make_directories(const char *dir)
{
	char above[PATH_MAX];
	const char *last = strrchr(dir, '/');

	if (mkdir(dir, 0755) == 0 || errno == EEXIST)
		return 0;
	if (errno != ENOENT || last == NULL || last == dir)
		return -1;
	snprintf(above, sizeof above, "%.*s", (int)(last - dir), dir);
	if (mkdir(above, 0755) == -1 && errno != EEXIST)
		return -1;
	return mkdir(dir, 0755) == 0 || errno == EEXIST ? 0 : -1;
}

static int write_file(const char *path, const char *text)
{
	size_t len = strlen(text);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd == -1)
		return -1;
	errno = EIO;
	int result = write(fd, text, len) == (ssize_t)len && fsync(fd) == 0 ? 0 : -1;
	fd_close(&fd);
	return result;
}

int stamp_write(const char *dir, const char *name, wall_ns at)
{
	char path[PATH_MAX], new[PATH_MAX], text[TEXT_MAX];

	if (path_of(path, dir, name, "") == -1 || path_of(new, dir, name, ".") == -1 ||
	    make_directories(dir) == -1)
		return -1;
	snprintf(text, sizeof text, "%" PRId64 "\n", at);
	if (write_file(new, text) == 0 && rename(new, path) == 0)
		return 0;
	int num = errno;
	unlink(new);
	errno = num;
	return -1;
}
