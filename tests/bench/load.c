/*
 * load - ask one page over and over on a few connections that are kept open.
 *
 *   load PORT PATH CONNECTIONS SECONDS
 *
 * Each connection has one question under way. Prints {"per_s":N,"p50_us":N,"p99_us":N}; ends with 1
 * when an answer was not 200, or a connection was closed.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 64, SPANS_MAX = 1 << 22, ANSWER_MAX = 4096 };

struct connection {
	int fd;
	long long asked; /* ns */
	size_t have;
	char answer[ANSWER_MAX + 1];
};

static struct connection connections[CONNECTIONS_MAX];
static unsigned spans[SPANS_MAX]; /* ns from question to whole answer */
static size_t n_answers;
static char question[256];
static size_t question_len;

static long long now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec * 1000000000LL + at.tv_nsec;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void ask(struct connection *connection)
{
	connection->have = 0;
	connection->asked = now();
	if (send(connection->fd, question, question_len, 0) != (ssize_t)question_len)
		fail("send");
}

/* The length of the answer that stands there; 0: not all of it has come. */
static size_t answer_length(const char *answer)
{
	const char *body = strstr(answer, "\r\n\r\n"), *length = strstr(answer, "Content-Length: ");

	if (body == NULL)
		return 0;
	if (strncmp(answer, "HTTP/1.1 200 ", 13) != 0 || length == NULL || length > body)
		fail(answer);
	return (size_t)(body + 4 - answer) + strtoul(length + 16, NULL, 10);
}

static void take(struct connection *connection)
{
	ssize_t len = recv(connection->fd, connection->answer + connection->have,
			   ANSWER_MAX - connection->have, MSG_DONTWAIT);

	if (len <= 0)
		fail("recv");
	connection->have += (size_t)len;
	connection->answer[connection->have] = '\0';
	size_t length = answer_length(connection->answer);
	if (length == 0 || connection->have < length)
		return;
	if (n_answers < SPANS_MAX)
		spans[n_answers++] = (unsigned)(now() - connection->asked);
	ask(connection);
}

static void open_one(struct connection *connection, int port, int epoll_fd)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};

	connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(connection->fd, (struct sockaddr *)&address, sizeof address) == -1)
		fail("connect");
	epoll_ctl(epoll_fd, EPOLL_CTL_ADD, connection->fd, &event);
	ask(connection);
}

static int compare(const void *a, const void *b)
{
	unsigned left = *(const unsigned *)a, right = *(const unsigned *)b;

	return (left > right) - (left < right);
}

static void print_result(double seconds)
{
	if (n_answers == 0)
		exit(1);
	qsort(spans, n_answers, sizeof spans[0], compare);
	printf("{\"per_s\":%.0f,\"p50_us\":%.1f,\"p99_us\":%.1f}\n", (double)n_answers / seconds,
	       spans[n_answers / 2] / 1e3, spans[n_answers - 1 - n_answers / 100] / 1e3);
}

int main(int argc, char **argv)
{
	struct epoll_event events[CONNECTIONS_MAX];
	int epoll_fd = epoll_create1(EPOLL_CLOEXEC);

	if (argc != 5 || atoi(argv[3]) < 1 || atoi(argv[3]) > CONNECTIONS_MAX)
		return 64;
	question_len = (size_t)snprintf(question, sizeof question,
					"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", argv[2]);
	for (int i = 0; i < atoi(argv[3]); i++)
		open_one(&connections[i], atoi(argv[1]), epoll_fd);
	long long begin = now(), end = begin + (long long)(atof(argv[4]) * 1e9);
	while (now() < end) {
		int n = epoll_wait(epoll_fd, events, CONNECTIONS_MAX, 1000);
		if (n == 0)
			fail("no answer within a second");
		for (int i = 0; i < n; i++)
			take(events[i].data.ptr);
	}
	print_result((double)(now() - begin) / 1e9);
	return 0;
}
