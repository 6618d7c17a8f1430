#include "sys/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"

enum { FIRST_FD = 3, PASSED_MAX = 32 };

/* The number in an environment variable; -1 when it is not one. */
static long variable_number(const char *name)
{
	const char *text = getenv(name);
	char *end;

	if (text == NULL || *text < '0' || *text > '9')
		return -1;
	long number = strtol(text, &end, 10);
	return *end == '\0' ? number : -1;
}

/* The next of the names between colons; *rest moves behind it. */
static void next_name(const char **rest, char *name, size_t size)
{
	size_t len = strcspn(*rest, ":");

	if (len > 0)
		snprintf(name, size, "%.*s", (int)len, *rest);
	else
		snprintf(name, size, "unknown");
	*rest += len;
	if (**rest == ':')
		(*rest)++;
}

void listen_passed_read(struct listen_passed *out)
{
	long wanted = variable_number("LISTEN_PID") == getpid() ? variable_number("LISTEN_FDS") : 0;
	const char *names = getenv("LISTEN_FDNAMES");

	*out = (struct listen_passed){.first = FIRST_FD};
	if (names == NULL)
		names = "";
	for (long i = 0; i < wanted && fcntl(FIRST_FD + (int)i, F_SETFD, FD_CLOEXEC) == 0; i++) {
		if (i >= PASSED_MAX)
			continue;
		next_name(&names, out->names[i], sizeof out->names[i]);
		out->count = (int)i + 1;
	}
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_PIDFDID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
}

static int listen_on(int fd, const struct listen_spec *spec, struct err *err)
{
	return listen(fd, SOMAXCONN) == -1 ? err_set(err, errno, "listen on %s", spec->text) : 0;
}

static int bind_tcp(int fd, const struct addrinfo *to, const struct listen_spec *spec,
		    struct err *err)
{
	const int yes = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == -1 ||
	    (to->ai_family == AF_INET6 &&
	     setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) == -1))
		return err_set(err, errno, "set up %s", spec->text);
	if (bind(fd, to->ai_addr, to->ai_addrlen) == -1)
		return err_set(err, errno, "bind %s", spec->text);
	return listen_on(fd, spec, err);
}

static int open_tcp(const struct listen_spec *spec, struct err *err)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *to;
	char port[8];

	snprintf(port, sizeof port, "%u", (unsigned)spec->port);
	int failure = getaddrinfo(spec->host, port, &hints, &to);
	if (failure != 0)
		return err_set(err, EINVAL, "address %s: %s", spec->text, gai_strerror(failure));
	int fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		err_set(err, errno, "create a socket for %s", spec->text);
	else if (bind_tcp(fd, to, spec, err) == -1)
		fd_close(&fd);
	freeaddrinfo(to);
	return fd;
}

/* 0 when nobody listens behind the file any more; -1 with err. */
static int check_deserted(const struct sockaddr_un *address, struct err *err)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd == -1)
		return err_set(err, errno, "create a socket");
	int num = connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 ? 0 : errno;
	fd_close(&fd);
	if (num == ECONNREFUSED || num == ENOENT)
		return 0;
	/* EAGAIN: its queue is full; EPROTOTYPE: a socket of another type. Both are alive. */
	if (num == 0 || num == EAGAIN || num == EPROTOTYPE)
		num = EADDRINUSE;
	return err_set(err, num, "bind %s", address->sun_path);
}

static int remove_deserted(const struct sockaddr_un *address, struct err *err)
{
	const char *path = address->sun_path;
	struct stat status;

	if (lstat(path, &status) == -1)
		return errno == ENOENT ? 0 : err_set(err, errno, "look at %s", path);
	if (!S_ISSOCK(status.st_mode))
		return err_set(err, EEXIST, "%s is in the way and is no socket", path);
	if (check_deserted(address, err) == -1)
		return -1;
	if (unlink(path) == -1 && errno != ENOENT)
		return err_set(err, errno, "remove the old socket %s", path);
	return 0;
}

/* The file has its mode from the first instant, and nobody gets in before it has its group: it does
 * not listen yet. */
static int bind_unix(int fd, const struct sockaddr_un *address, mode_t mode, struct err *err)
{
	mode_t before = umask(~mode & 0777);
	int bound = bind(fd, (const struct sockaddr *)address, sizeof *address);
	int num = errno;

	umask(before);
	return bound == -1 ? err_set(err, num, "bind %s", address->sun_path) : 0;
}

static int give_away(const char *path, const struct group_spec *group, struct err *err)
{
	if (!group->given || lchown(path, (uid_t)-1, group->gid) == 0)
		return 0;
	return err_set(err, errno, "give %s to group %u", path, (unsigned)group->gid);
}

static int open_unix(const struct listen_spec *spec, mode_t mode, const struct group_spec *group,
		     struct err *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if ((size_t)snprintf(address.sun_path, sizeof address.sun_path, "%s", spec->path) >=
	    sizeof address.sun_path)
		return err_set(err, ENAMETOOLONG, "bind %s", spec->path);
	if (remove_deserted(&address, err) == -1)
		return -1;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return err_set(err, errno, "create a socket for %s", spec->text);
	if (bind_unix(fd, &address, mode, err) == -1) {
		fd_close(&fd);
	} else if (give_away(spec->path, group, err) == -1 || listen_on(fd, spec, err) == -1) {
		fd_close(&fd);
		unlink(spec->path);
	}
	return fd;
}

static int check_listening_stream(int fd, const struct listen_spec *spec, struct err *err)
{
	int type = 0, listening = 0;
	socklen_t type_len = sizeof type, listening_len = sizeof listening;

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &type_len) == -1 ||
	    getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &listening_len) == -1)
		return err_set(err, errno, "use %s", spec->text);
	if (type != SOCK_STREAM || listening == 0)
		return err_set(err, EINVAL, "use %s: not a listening stream socket", spec->text);
	int flags = fcntl(fd, F_GETFL);
	if (flags == -1 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1)
		return err_set(err, errno, "use %s", spec->text);
	return 0;
}

static int find_passed(const struct listen_spec *spec, const struct listen_passed *passed,
		       struct err *err)
{
	for (int i = 0; i < passed->count; i++) {
		if (strcmp(passed->names[i], spec->fd_name) != 0)
			continue;
		int fd = passed->first + i;
		return check_listening_stream(fd, spec, err) == -1 ? -1 : fd;
	}
	return err_set(err, 0, "no socket called %s was passed to fosterd", spec->fd_name);
}

int listen_open(const struct listen_spec *spec, const struct listen_passed *passed, struct err *err)
{
	const struct group_spec own = {0};

	switch (spec->kind) {
	case LISTEN_TCP:
		return open_tcp(spec, err);
	case LISTEN_UNIX:
		/* Anyone who can reach the file may ask, as with a port; the directory's mode says
		 * who can. */
		return open_unix(spec, 0666, &own, err);
	case LISTEN_FD:
		return find_passed(spec, passed, err);
	}
	return err_set(err, EINVAL, "listen on %s", spec->text);
}

int listen_open_control(const struct listen_spec *spec, const struct control_spec *control,
			struct err *err)
{
	return open_unix(spec, control->mode, &control->group, err);
}

void listen_remove(const struct listen_spec *spec)
{
	if (spec->kind == LISTEN_UNIX)
		unlink(spec->path);
}

/* accept(2): what went wrong with that one client; the next may be well. */
static bool is_about_one_client(int num)
{
	switch (num) {
	case EINTR:
	case ECONNABORTED:
	case EPROTO:
	case ENOPROTOOPT:
	case ENETDOWN:
	case ENETUNREACH:
	case EHOSTDOWN:
	case EHOSTUNREACH:
	case ENONET:
		return true;
	default:
		return false;
	}
}

int listen_accept(int fd, struct sockaddr_storage *peer, socklen_t *peer_len)
{
	int client;

	do {
		*peer_len = sizeof *peer;
		client = accept4(fd, (struct sockaddr *)peer, peer_len,
				 SOCK_NONBLOCK | SOCK_CLOEXEC);
	} while (client == -1 && is_about_one_client(errno));
	return client;
}

static bool is_loopback4(const unsigned char *address)
{
	return address[0] == 127;
}

bool listen_peer_is_local(const struct sockaddr_storage *peer, socklen_t peer_len)
{
	if (peer_len < sizeof peer->ss_family)
		return false;
	if (peer->ss_family == AF_UNIX)
		return true;
	if (peer->ss_family == AF_INET && peer_len >= sizeof(struct sockaddr_in)) {
		const struct sockaddr_in *v4 = (const void *)peer;
		return is_loopback4((const unsigned char *)&v4->sin_addr);
	}
	if (peer->ss_family == AF_INET6 && peer_len >= sizeof(struct sockaddr_in6)) {
		const struct in6_addr *v6 =
			&((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr;
		return IN6_IS_ADDR_LOOPBACK(v6) ||
		       (IN6_IS_ADDR_V4MAPPED(v6) && is_loopback4(v6->s6_addr + 12));
	}
	return false;
}
