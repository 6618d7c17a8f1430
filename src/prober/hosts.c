#include "prober/hosts.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

static int judge(const char *name, int code, int num, struct err *err)
{
	const char *why = code == EAI_SYSTEM ? strerror(num) : gai_strerror(code);

	err_set(err, 0, "cannot resolve %s: %s", name, why);
	if (code == EAI_MEMORY)
		err->num = ENOMEM;
	if (code == EAI_SYSTEM && err_is_shortage(num))
		err->num = num;
	return -1;
}

static void take_address(struct addresses *out, const struct addrinfo *info)
{
	char *to = out->list[out->count];

	if (getnameinfo(info->ai_addr, info->ai_addrlen, to, ASK_ADDRESS_SIZE, NULL, 0,
			NI_NUMERICHOST) != 0)
		return;
	for (unsigned i = 0; i < out->count; i++)
		if (strcmp(out->list[i], to) == 0)
			return;
	out->count++;
}

static int find(const char *name, int flags, struct addresses *out, struct err *err)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags}, *infos;

	out->count = 0;
	int code = getaddrinfo(name, NULL, &hints, &infos);
	if (code != 0)
		return judge(name, code, errno, err);
	for (struct addrinfo *at = infos; at != NULL && out->count < ASK_ADDRESSES;
	     at = at->ai_next)
		take_address(out, at);
	freeaddrinfo(infos);
	return out->count > 0 ? 0 : judge(name, EAI_NONAME, 0, err);
}

int hosts_find(const char *name, struct addresses *out, struct err *err)
{
	return find(name, 0, out, err);
}

/* RFC 6761, 6.3: never asked of anybody. */
static bool is_localhost(const char *name)
{
	static const char suffix[] = ".localhost";
	size_t len = strlen(name), own = sizeof suffix - 1;

	return strcasecmp(name, suffix + 1) == 0 ||
	       (len > own && strcasecmp(name + len - own, suffix) == 0);
}

bool hosts_at_once(const char *host, struct addresses *out)
{
	struct err err;

	if (!is_localhost(host))
		return find(host, AI_NUMERICHOST, out, &err) == 0;
	strcpy(out->list[0], "127.0.0.1");
	strcpy(out->list[1], "::1");
	out->count = 2;
	return true;
}
