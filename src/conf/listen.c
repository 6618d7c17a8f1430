/* listen - where HTTP is answered. */
#include <arpa/inet.h>
#include <string.h>
#include <sys/un.h>

#include "conf/draft.h"
#include "conf/read.h"
#include "conf/template.h"
#include "conf/value.h"

#define SHAPES "\"%s\" is none of ADDRESS:PORT, [V6]:PORT, unix:/PATH, fd:NAME"

enum { FD_NAME_MAX = 63 };

static int port_read(const char *text, uint16_t *port, struct err *err)
{
	int64_t number;

	if (value_integer(text, &number, err) == -1 || number < 0 || number > 65535)
		return err_set(err, 0, "\"%s\" is not a port from 0 to 65535", text);
	*port = (uint16_t)number;
	return 0;
}

/* ADDRESS:PORT or [V6]:PORT; name look-ups could hang the start. */
static int tcp_read(struct loader *loader, const char *text, struct listen_spec *out,
		    struct err *err)
{
	const char *colon = strrchr(text, ':');
	bool v6 = text[0] == '[';
	struct in6_addr address;

	if (colon == NULL || colon == text || (v6 && colon[-1] != ']'))
		return err_set(err, 0, SHAPES, text);
	size_t len = (size_t)(colon - text) - (v6 ? 2 : 0);
	out->kind = LISTEN_TCP;
	out->host = loader_must(loader, arena_strndup(&loader->spec->arena, text + v6, len));
	if (strcmp(out->host, "localhost") == 0)
		return err_set(err, 0, "a numeric address is wanted: say 127.0.0.1%s", colon);
	if (inet_pton(v6 ? AF_INET6 : AF_INET, out->host, &address) != 1)
		return err_set(err, 0, "\"%s\" is not a numeric address (0.0.0.0 and [::] are all)",
			       out->host);
	return port_read(colon + 1, &out->port, err);
}

/* The text without a scheme before it and a path behind; the text itself where there is none. */
static const char *without_scheme(struct loader *loader, const char *text)
{
	static const char *const schemes[] = {"http://", "tcp://", "tcp:"};

	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		size_t len = strlen(schemes[i]);
		if (strncmp(text, schemes[i], len) == 0)
			return loader_must(loader, arena_strndup(&loader->scratch, text + len,
								 strcspn(text + len, "/")));
	}
	return text;
}

/* The port of PORT, :PORT and *:PORT; NULL for all else. */
static const char *port_alone(const char *text)
{
	uint16_t port;
	struct err unused;

	text += *text == '*' && text[1] == ':';
	text += *text == ':';
	return port_read(text, &port, &unused) == 0 ? text : NULL;
}

static bool is_v6(const char *text, size_t len)
{
	char host[INET6_ADDRSTRLEN] = "";
	struct in6_addr address;

	if (len < sizeof host)
		memcpy(host, text, len);
	return inet_pton(AF_INET6, host, &address) == 1;
}

/* 0 when the text may be an address; else what is wrong is plain, and *hint tells what to write. */
static int habits_check(struct loader *loader, const char *text, const char **hint, struct err *err)
{
	const char *bare = without_scheme(loader, text), *port = port_alone(bare);
	const char *colon = strrchr(text, ':');

	if (port != NULL)
		return err_set(err, 0,
			       "\"%s\" names no address: say 127.0.0.1:%s, or 0.0.0.0:%s for all",
			       text, port, port);
	if (colon != NULL && is_v6(text, (size_t)(colon - text)))
		return err_set(err, 0, "\"%s\" is not clear: an IPv6 address is [%.*s]%s", text,
			       (int)(colon - text), text, colon);
	if (is_v6(text, strlen(text)))
		return err_set(err, 0, "\"%s\" has no port: an IPv6 address is [%s]:9180", text,
			       text);
	if (text[0] == '/')
		*hint = loader_must(loader, arena_printf(&loader->scratch, "unix:%s", text));
	else if (bare != text)
		*hint = bare;
	if (*hint != NULL)
		return err_set(err, 0, SHAPES, text);
	return 0;
}

static int unix_read(struct loader *loader, const struct node *node, struct listen_spec *out,
		     struct err *err)
{
	out->kind = LISTEN_UNIX;
	out->path = template_fill(loader, node->text + strlen("unix:"), node->place);
	if (out->path == NULL)
		return 0;
	if (out->path[0] != '/')
		return err_set(err, 0, "a socket wants an absolute path");
	if (strlen(out->path) >= sizeof((struct sockaddr_un *)NULL)->sun_path)
		return err_set(err, 0, "the socket's path has %zu bytes, 107 is the most",
			       strlen(out->path));
	return 0;
}

static int passed_read(struct loader *loader, const char *text, struct listen_spec *out,
		       struct err *err)
{
	const char *name = text + strlen("fd:");

	out->kind = LISTEN_FD;
	out->fd_name = loader_keep_text(loader, name);
	if (name[0] == '\0' || strlen(name) > FD_NAME_MAX || strchr(name, ':') != NULL)
		return err_set(err, 0, "\"%s\" is not the name of a passed socket", name);
	return 0;
}

static int listener_read(struct loader *loader, const struct node *node, struct listen_spec *out,
			 const char **hint, struct err *err)
{
	*hint = NULL;
	out->text = loader_keep_text(loader, node->text);
	if (strncmp(node->text, "unix:", 5) == 0)
		return unix_read(loader, node, out, err);
	if (strncmp(node->text, "fd:", 3) == 0)
		return passed_read(loader, node->text, out, err);
	if (habits_check(loader, node->text, hint, err) == -1)
		return -1;
	return tcp_read(loader, node->text, out, err);
}

static bool is_same(const struct listen_spec *a, const struct listen_spec *b)
{
	if (a->kind != b->kind)
		return false;
	/* Port 0 is another one each time. */
	if (a->kind == LISTEN_TCP)
		return a->port == b->port && a->port != 0 && strcmp(a->host, b->host) == 0;
	if (a->kind == LISTEN_UNIX)
		return a->path != NULL && b->path != NULL && strcmp(a->path, b->path) == 0;
	return strcmp(a->fd_name, b->fd_name) == 0;
}

static void duplicate_check(struct loader *loader, const struct listen_spec *all, size_t n,
			    struct place at)
{
	for (size_t i = 0; i < n; i++) {
		if (is_same(&all[i], &all[n])) {
			loader_error(loader, at, NULL, "`listen` names %s twice", all[n].text);
			return;
		}
	}
}

void read_listen(struct loader *loader, const struct option *option, const struct item *item,
		 void *field)
{
	struct listen_spec *all = loader_keep(loader, (list_count(item->value) + 1) * sizeof *all);
	struct list_walk walk = list_walk(item->value);
	const char *hint;
	struct err err;
	size_t n = 0;

	for (const struct node *node; (node = list_walk_next(&walk)) != NULL;) {
		if (read_text(loader, option, node) == NULL)
			continue;
		all[n] = (struct listen_spec){0};
		if (listener_read(loader, node, &all[n], &hint, &err) == -1) {
			read_refuse(loader, option, node, hint, &err);
			continue;
		}
		duplicate_check(loader, all, n, node->place);
		n++;
	}
	*(const struct listen_spec **)field = all;
	loader->spec->n_listen = n;
}
