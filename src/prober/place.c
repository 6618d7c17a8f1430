/* place - where a redis server is, and as whom and in which database it is asked. */
#include "prober/place.h"

#include <string.h>

enum { REDIS_PORT = 6379, PORT_MAX = 65535, DATABASE_MAX = 1000000 };

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c == '\0' ? NULL : strchr(digits, c);
	return at == NULL ? -1 : (int)((at - digits) % 16);
}

/* Copy the len bytes of a part, with %XX as the byte it stands for. */
static int decode(const char *part, size_t len, const char *what, char out[PLACE_TEXT_SIZE],
		  struct err *err)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		char c = part[i];
		if (c == '%' && i + 2 < len && hex_digit(part[i + 1]) >= 0 &&
		    hex_digit(part[i + 2]) >= 0) {
			c = (char)(hex_digit(part[i + 1]) * 16 + hex_digit(part[i + 2]));
			i += 2;
		}
		if (c == '\0' || n + 1 >= PLACE_TEXT_SIZE)
			return err_set(err, 0, "the %s is too long, or no text", what);
		out[n++] = c;
	}
	out[n] = '\0';
	return 0;
}

static int read_number(const char *text, size_t len, uint32_t max, const char *what, uint32_t *out,
		       struct err *err)
{
	uint32_t number = 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return err_set(err, 0, "the %s is no number", what);
		number = number * 10 + (uint32_t)(text[i] - '0');
		if (number > max)
			return err_set(err, 0, "the %s is above %u", what, max);
	}
	*out = number;
	return 0;
}

/* HOST, HOST:PORT, [V6], [V6]:PORT in the len bytes of text. */
static int read_host(const char *text, size_t len, struct place *out, struct err *err)
{
	const char *end = text + len;
	const char *colon = memrchr(text, ':', len);
	const char *bracket = memrchr(text, ']', len);
	if (colon != NULL && bracket != NULL && colon < bracket)
		colon = NULL;
	const char *host_end = colon == NULL ? end : colon;
	uint32_t port = REDIS_PORT;
	if (colon != NULL && colon + 1 < end &&
	    read_number(colon + 1, (size_t)(end - colon - 1), PORT_MAX, "port", &port, err) == -1)
		return -1;
	if (bracket != NULL && text[0] == '[') {
		text++;
		host_end = bracket;
	}
	out->port = (uint16_t)port;
	if (host_end == text)
		return err_set(err, 0, "there is no host");
	return decode(text, (size_t)(host_end - text), "host", out->host, err);
}

/* USER@ at the beginning of the len bytes; what is after a colon in it is no part of the name.
 * Returns the bytes it takes, -1 with err. */
static long read_user(const char *text, size_t len, struct place *out, struct err *err)
{
	const char *at = memrchr(text, '@', len);
	if (at == NULL)
		return 0;
	const char *colon = memchr(text, ':', (size_t)(at - text));
	size_t name = (size_t)((colon == NULL ? at : colon) - text);
	if (decode(text, name, "user", out->user, err) == -1)
		return -1;
	return at + 1 - text;
}

/* ?db=N, and what else there may be behind a target. */
static int read_query(const char *query, struct place *out, struct err *err)
{
	if (query[0] == '\0')
		return 0;
	if (strncmp(query, "?db=", 4) != 0)
		return err_set(err, 0, "after ? only db=NUMBER is known");
	return read_number(query + 4, strlen(query + 4), DATABASE_MAX, "database", &out->database,
			   err);
}

static int read_tcp(const char *rest, struct place *out, struct err *err)
{
	size_t len = strcspn(rest, "/?");
	long user = read_user(rest, len, out, err);
	if (user == -1 || read_host(rest + user, len - (size_t)user, out, err) == -1)
		return -1;
	rest += len;
	if (rest[0] != '/')
		return read_query(rest, out, err);
	rest++;
	size_t digits = strcspn(rest, "?");
	if (read_number(rest, digits, DATABASE_MAX, "database", &out->database, err) == -1)
		return -1;
	return read_query(rest + digits, out, err);
}

static int read_unix(const char *rest, struct place *out, struct err *err)
{
	if (strncmp(rest, "//", 2) == 0) {
		rest += 2;
		long user = read_user(rest, strcspn(rest, "/"), out, err);
		if (user == -1)
			return -1;
		rest += user;
	}
	size_t len = strcspn(rest, "?");
	if (rest[0] != '/')
		return err_set(err, 0, "the socket's path does not begin with /");
	if (len >= sizeof(out->path))
		return err_set(err, 0, "the socket's path is too long");
	memcpy(out->path, rest, len);
	out->path[len] = '\0';
	return read_query(rest + len, out, err);
}

int place_read(const char *target, struct place *out, struct err *err)
{
	memset(out, 0, sizeof(*out));
	if (strncmp(target, "redis://", 8) == 0)
		return read_tcp(target + 8, out, err);
	if (strncmp(target, "unix:", 5) == 0)
		return read_unix(target + 5, out, err);
	return err_set(err, 0, "a redis target begins with redis:// or unix:");
}
