#include "sys/self.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/text.h"

void self_occupy_stdio(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			open("/dev/null", O_RDWR);
}

bool self_has_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	bool has = fd != -1;

	fd_close(&fd);
	return has;
}

uint64_t self_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != sizeof seed)
		seed = (uint64_t)mono_now() ^ (uint64_t)getpid() << 40;
	return seed;
}

/* The directory of our executable, also when that has been replaced meanwhile. */
static int own_directory(char buf[PATH_MAX])
{
	ssize_t len = readlink("/proc/self/exe", buf, PATH_MAX - 1);

	if (len == -1)
		return -1;
	buf[len] = '\0';
	char *slash = strrchr(buf, '/');
	if (slash == NULL) {
		errno = ENOENT;
		return -1;
	}
	*slash = '\0';
	return 0;
}

int self_find_beside(const char *name, char *path, size_t size)
{
	static const char *const places[] = {"", "/../libexec"};
	char directory[PATH_MAX];

	if (own_directory(directory) == -1)
		return -1;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		struct text text;
		text_init(&text, path, size);
		text_add(&text, "%s%s/%s", directory, places[i], name);
		if (!text.truncated && access(path, X_OK) == 0)
			return 0;
	}
	errno = ENOENT;
	return -1;
}
