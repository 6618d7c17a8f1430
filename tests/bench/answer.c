/*
 * answer - the cheapest web server that knows when it was asked.
 *
 *   answer PORT FILE
 *
 * Appends CLOCK_MONOTONIC in ns (int64_t) to FILE at each request, answers 200 and closes.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 64, BACKLOG = 4096 };

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
static int server, epoll_fd, file;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int listen_at(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&address, sizeof address) == -1 ||
	    listen(fd, BACKLOG) == -1)
		fail("listen");
	return fd;
}

static void watch(int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == -1)
		fail("epoll_ctl");
}

static void take_clients(void)
{
	int fd;

	while ((fd = accept4(server, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) != -1)
		watch(fd);
}

/* A request comes in one piece. */
static void serve(int fd)
{
	char request[4096];
	struct timespec now;

	if (read(fd, request, sizeof request) > 0) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		int64_t at = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
		if (write(file, &at, sizeof at) != sizeof at)
			fail("write");
		send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL);
	}
	close(fd);
}

int main(int argc, char **argv)
{
	struct epoll_event events[EVENTS];

	if (argc != 3)
		return 64;
	file = open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	server = listen_at(atoi(argv[1]));
	watch(server);
	for (;;) {
		int n = epoll_wait(epoll_fd, events, EVENTS, -1);
		for (int i = 0; i < n; i++) {
			if (events[i].data.fd == server)
				take_clients();
			else
				serve(events[i].data.fd);
		}
	}
}
