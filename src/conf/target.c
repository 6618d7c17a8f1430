#include "conf/target.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <sys/un.h>

#include "conf/password.h"
#include "conf/read.h"
#include "conf/value.h"

/* One target that is looked at, and where to say what is wrong with it. */
struct look {
	struct loader *loader;
	const char *text;
	const char **hint;
	struct err *err;
};

#define HINT(look, ...)                                                                            \
	(*(look)->hint =                                                                           \
		 loader_must((look)->loader, arena_printf(&(look)->loader->scratch, __VA_ARGS__)))

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static int port_check(const char *text, size_t len, struct err *err)
{
	char buf[8] = "";
	int64_t port;
	struct err unused;

	if (len > 0 && len < sizeof buf)
		memcpy(buf, text, len);
	if (value_integer(buf, &port, &unused) == -1 || port < 1 || port > 65535)
		return err_set(err, 0, "\"%.*s\" is not a port from 1 to 65535", (int)len, text);
	return 0;
}

static int host_check(const char *text, size_t len, struct err *err)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";

	if (len == 0)
		return err_set(err, 0, "the host is missing");
	if (len > 253)
		return err_set(err, 0, "the host has %zu bytes, 253 is the most", len);
	if (strspn(text, letters) < len)
		return err_set(err, 0, "\"%.*s\" is not a host", (int)len, text);
	return 0;
}

static int v6_check(const char *text, size_t len, struct err *err)
{
	char host[INET6_ADDRSTRLEN] = "";
	struct in6_addr address;

	if (len < sizeof host)
		memcpy(host, text, len);
	if (inet_pton(AF_INET6, host, &address) != 1)
		return err_set(err, 0, "\"%.*s\" is not an IPv6 address", (int)len, text);
	return 0;
}

/* HOST or [V6], and :PORT, which may be left out if not wanted. */
static int authority_check(const char *text, size_t len, bool port_wanted, struct err *err)
{
	const char *end = text + len, *close = text[0] == '[' ? memchr(text, ']', len) : NULL;
	const char *host_end = close != NULL ? close + 1 : memchr(text, ':', len);

	if (host_end == NULL)
		host_end = end;
	if (text[0] == '[' && (close == NULL || (host_end < end && *host_end != ':')))
		return err_set(err, 0, "an IPv6 address is written [V6]:PORT");
	int result = close != NULL ? v6_check(text + 1, (size_t)(close - text) - 1, err)
				   : host_check(text, (size_t)(host_end - text), err);
	if (result == -1)
		return -1;
	if (host_end < end)
		return port_check(host_end + 1, (size_t)(end - host_end) - 1, err);
	return port_wanted ? err_set(err, 0, "the port is missing") : 0;
}

/* The path of a socket, of len bytes. */
static int socket_check(const char *path, size_t len, struct err *err)
{
	if (len < 2 || path[0] != '/')
		return err_set(err, 0, "a socket wants an absolute path");
	if (len >= sizeof((struct sockaddr_un *)NULL)->sun_path)
		return err_set(err, 0, "the socket's path has %zu bytes, 107 is the most", len);
	return 0;
}

/* What a URL may have behind its host. */
static int url_rest_check(const char *rest, struct err *err)
{
	for (; *rest != '\0'; rest++) {
		if ((unsigned char)*rest <= ' ' || *rest == 0x7f)
			return err_set(err, 0, "a URL has no blanks: one is %%20, here %%%%20");
	}
	return 0;
}

/* The text is none of those that are wanted: what else it may be. */
static void url_guess(const struct look *look, const char *scheme)
{
	const char *text = look->text, *behind = strstr(text, "://");
	struct err unused;

	if (behind != NULL)
		HINT(look, "%s%s", scheme, behind);
	else if (strchr(text, '@') != NULL)
		return; /* a password may stand before it */
	else if (port_check(text, strcspn(text, "/"), &unused) == 0)
		HINT(look, "%s://127.0.0.1:%s", scheme, text);
	else if (text[0] == ':')
		HINT(look, "%s://127.0.0.1%s", scheme, text);
	else if (authority_check(text, strcspn(text, "/?"), false, &unused) == 0)
		HINT(look, "%s://%s", scheme, text);
}

static int http_check(const struct look *look)
{
	const char *text = look->text, *rest;
	size_t len;

	if (begins(text, "unix://")) {
		HINT(look, "unix:%s", text + strlen("unix://"));
		return err_set(look->err, 0, "a socket is written unix:/SOCKET:/PATH");
	}
	if (begins(text, "unix:")) {
		text += strlen("unix:");
		len = strcspn(text, ":");
		if (socket_check(text, len, look->err) == -1)
			return -1;
		if (text[len] != '\0' && text[len + 1] != '/')
			return err_set(look->err, 0, "behind the socket comes :/PATH");
		return url_rest_check(text + len, look->err);
	}
	if (!begins(text, "http://") && !begins(text, "https://")) {
		url_guess(look, begins(text, "https") ? "https" : "http");
		return err_set(look->err, 0,
			       "this is none of http://HOST:PORT/PATH, https://..., "
			       "unix:/SOCKET:/PATH");
	}
	text = strstr(text, "://") + 3;
	len = strcspn(text, "/?#");
	rest = text + len;
	if (memchr(text, '@', len) != NULL)
		return err_set(look->err, 0,
			       "a URL may hold no user and password here: say "
			       "`headers: {Authorization: ...}`");
	if (authority_check(text, len, false, look->err) == -1)
		return -1;
	return url_rest_check(rest, look->err);
}

static int tcp_check(const struct look *look)
{
	const char *text = look->text;
	struct err unused;

	if (begins(text, "unix:"))
		return socket_check(text + strlen("unix:"), strlen(text) - strlen("unix:"),
				    look->err);
	if (strchr(text, '@') != NULL) /* a password may stand before it */
		return err_set(look->err, 0,
			       "this is none of HOST:PORT, [V6]:PORT, unix:/PATH");
	if (strstr(text, "://") != NULL) {
		const char *bare = strstr(text, "://") + 3;
		HINT(look, "%.*s", (int)strcspn(bare, "/"), bare);
		return err_set(look->err, 0, "\"%s\" is none of HOST:PORT, [V6]:PORT, unix:/PATH",
			       text);
	}
	if (port_check(text, strlen(text), &unused) == 0)
		HINT(look, "127.0.0.1:%s", text);
	if (text[0] == ':' && port_check(text + 1, strlen(text) - 1, &unused) == 0)
		HINT(look, "127.0.0.1%s", text);
	const char *last = strrchr(text, ':');
	if (last != NULL && text[0] != '[' && v6_check(text, (size_t)(last - text), &unused) == 0)
		HINT(look, "[%.*s]%s", (int)(last - text), text, last);
	return authority_check(text, strlen(text), true, look->err);
}

/* A whole number of at most so many digits. */
static bool is_number(const char *text, size_t most)
{
	size_t len = strspn(text, "0123456789");

	return len > 0 && len <= most && text[len] == '\0';
}

/* Behind "unix://": [USER@]/PATH[?db=N]. */
static int redis_socket_check(const char *text, struct err *err)
{
	const char *path = strchr(text, '/');

	if (path == NULL || (path != text && path[-1] != '@'))
		return err_set(err, 0, "a socket wants an absolute path: unix:///PATH");
	size_t len = strcspn(path, "?");
	if (path[len] != '\0' &&
	    (!begins(path + len, "?db=") || !is_number(path + len + strlen("?db="), 6)))
		return err_set(err, 0, "behind the socket comes ?db=NUMBER, or nothing");
	return socket_check(path, len, err);
}

static int redis_check(const struct look *look)
{
	const char *text = look->text;

	if (begins(text, "rediss:"))
		return err_set(look->err, 0,
			       "rediss:// needs TLS, which the prober's Redis client "
			       "does not have: ask by redis:// or `exec`");
	if (begins(text, "unix://"))
		return redis_socket_check(text + strlen("unix://"), look->err);
	if (!begins(text, "redis://")) {
		if (begins(text, "redis+unix://") || begins(text, "redis-socket://"))
			HINT(look, "unix%s", strstr(text, "://"));
		else if (begins(text, "unix:/") || text[0] == '/')
			HINT(look, "unix://%s", strchr(text, '/'));
		else
			url_guess(look, "redis");
		return err_set(look->err, 0,
			       "this is none of redis://[[USER]:PASSWORD@]HOST[:PORT][/DB], "
			       "unix:///SOCKET[?db=N]");
	}
	text += strlen("redis://");
	size_t len = strcspn(text, "/?#");
	const char *at = memchr(text, '@', len), *rest = text + len;
	if (at != NULL)
		at++;
	else
		at = text;
	if (authority_check(at, (size_t)(rest - at), false, look->err) == -1)
		return -1;
	if (rest[0] == '\0' || strcmp(rest, "/") == 0 || (rest[0] == '/' && is_number(rest + 1, 6)))
		return 0;
	return err_set(look->err, 0,
		       "behind the host comes /DB, the number of a database, or "
		       "nothing");
}

static int postgres_check(const struct look *look)
{
	const char *text = look->text, *behind = strstr(text, "://");

	if (begins(text, "postgres://") || begins(text, "postgresql://"))
		return url_rest_check(text, look->err);
	if (strchr(text, '=') != NULL &&
	    (behind == NULL || strcspn(text, "=") < strcspn(text, ":")))
		return 0;
	if (behind != NULL)
		HINT(look, "postgres%s", behind);
	else if (strpbrk(text, " \t@") == NULL)
		HINT(look, text[0] == '/' ? "host=%s" : "dbname=%s", text);
	return err_set(look->err, 0,
		       "this is neither a connection string like \"host=db.example dbname=shop\" "
		       "nor a postgres:// URI");
}

int target_check(struct loader *loader, enum driver driver, const char *text, const char **hint,
		 struct err *err)
{
	static int (*const checks[DRIVER_COUNT])(const struct look *look) = {
		[DRIVER_HTTP] = http_check,
		[DRIVER_TCP] = tcp_check,
		[DRIVER_REDIS] = redis_check,
		[DRIVER_POSTGRES] = postgres_check,
	};
	struct look look = {loader, text, hint, err};

	*hint = NULL;
	for (const char *c = text; *c != '\0'; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return err_set(err, 0, "a control character stands in it");
	}
	return checks[driver](&look);
}

/* The parts of the URL that people write as a map, after Kubernetes. */
static void map_refuse(struct loader *loader, const struct option *option, const struct node *node)
{
	const struct node *port = node_find(node, "port"), *path = node_find(node, "path");
	bool tcp = option->kind == KIND_TCP;
	const char *host = tcp ? "127.0.0.1:" : "http://127.0.0.1:";

	if (port == NULL || port->kind != NODE_TEXT || (path != NULL && path->kind != NODE_TEXT)) {
		read_text(loader, option, node);
		return;
	}
	loader_error(loader, node->place, NULL, "`%s` wants one text: say \"%s%s%s\"", option->path,
		     host, port->text,
		     tcp	    ? ""
		     : path == NULL ? "/"
				    : path->text);
}

void read_target(struct loader *loader, const struct option *option, const struct item *item,
		 void *field)
{
	static const enum driver drivers[KIND_COUNT] = {[KIND_HTTP] = DRIVER_HTTP,
							[KIND_TCP] = DRIVER_TCP,
							[KIND_REDIS] = DRIVER_REDIS,
							[KIND_POSTGRES] = DRIVER_POSTGRES};
	struct target_text *out = field;
	struct err err;

	*out = (struct target_text){0};
	if (item->value->kind == NODE_MAP &&
	    (option->kind == KIND_HTTP || option->kind == KIND_TCP)) {
		map_refuse(loader, option, item->value);
		return;
	}
	const char *text = read_bounded_text(loader, option, item->value);
	if (text != NULL && password_split(loader, drivers[option->kind], text, out, &err) == -1)
		read_refuse(loader, option, item->value, NULL, &err);
}
