#include "outside.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int64_t outside_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

void outside_stamp(const char *path, const char *event, const char *name)
{
	if (path == NULL)
		return;
	FILE *file = fopen(path, "ae");
	if (file == NULL)
		return;
	fprintf(file, "%lld %d %s%s%s\n", (long long)outside_now_ns(), (int)getpid(), event,
		*name ? " " : "", name);
	fclose(file);
}

void outside_notify(const char *key, const char *value)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	const char *path = getenv("NOTIFY_SOCKET");
	char text[4096];

	if (path == NULL || strlen(path) >= sizeof to.sun_path)
		return;
	memcpy(to.sun_path, path, strlen(path));
	if (path[0] == '@')
		to.sun_path[0] = '\0';
	snprintf(text, sizeof text, "%s%s", key, value);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
	if (fd != -1)
		sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&to, len);
	if (fd != -1)
		close(fd);
}

int outside_listen(uint16_t port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
	const int on = 1;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 64) == 0)
		return fd;
	perror("misbehave: http");
	exit(1);
}

void outside_answer(int listen_fd)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n"
				     "Connection: close\r\n\r\nok\n";
	char request[4096];
	int fd = accept(listen_fd, NULL, NULL);

	if (fd == -1)
		return;
	if (read(fd, request, sizeof request) > 0)
		send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL);
	close(fd);
}
