#include "prober/endpoint.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

enum { PORT_MAX = 65535 };

static int read_port(const char *text, uint16_t *out)
{
	unsigned port = 0;

	for (; *text >= '0' && *text <= '9' && port <= PORT_MAX; text++)
		port = port * 10 + (unsigned)(*text - '0');
	if (*text != '\0' || port == 0 || port > PORT_MAX)
		return -1;
	*out = (uint16_t)port;
	return 0;
}

int endpoint_read(const char *text, struct endpoint *out, struct err *err)
{
	const char *colon = strrchr(text, ':');

	*out = (struct endpoint){.path = NULL};
	if (strncmp(text, "unix:/", 6) == 0) {
		out->path = text + 5;
		return 0;
	}
	if (colon == NULL || colon == text || read_port(colon + 1, &out->port) == -1)
		return err_set(err, 0, "HOST:PORT, [V6]:PORT or unix:/PATH is wanted");
	size_t len = (size_t)(colon - text);
	if (text[0] == '[' && colon[-1] == ']' && len > 2) {
		text++;
		len -= 2;
	}
	if (len >= sizeof out->host)
		return err_set(err, 0, "the name of the host is too long");
	memcpy(out->host, text, len);
	return 0;
}

int address_of_number(const char *number, uint16_t port, struct address *out)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
				 .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
	struct addrinfo *info;
	char service[8];

	snprintf(service, sizeof service, "%u", (unsigned)port);
	if (getaddrinfo(number, service, &hints, &info) != 0)
		return -1;
	out->len = info->ai_addrlen;
	memcpy(&out->socket, info->ai_addr, info->ai_addrlen);
	freeaddrinfo(info);
	return 0;
}

int address_of_path(const char *path, struct address *out)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof name.sun_path)
		return -1;
	strcpy(name.sun_path, path);
	out->len = sizeof name;
	memcpy(&out->socket, &name, sizeof name);
	return 0;
}
