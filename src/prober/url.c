#include "prober/url.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A part that must be there and fit. */
static int take_part(CURLU *parts, CURLUPart part, unsigned flags, char *out, size_t size)
{
	char *value;

	if (curl_url_get(parts, part, &value, flags) != CURLUE_OK)
		return -1;
	int len = snprintf(out, size, "%s", value);
	curl_free(value);
	return len > 0 && (size_t)len < size ? 0 : -1;
}

static int take_parts(CURLU *parts, struct url *out)
{
	if (curl_url_set(parts, CURLUPART_URL, out->text, 0) != CURLUE_OK ||
	    take_part(parts, CURLUPART_HOST, 0, out->host, sizeof out->host) == -1 ||
	    take_part(parts, CURLUPART_PORT, CURLU_DEFAULT_PORT, out->port, sizeof out->port) == -1)
		return -1;
	size_t len = strlen(out->host);
	if (out->host[0] == '[' && out->host[len - 1] == ']') {
		memmove(out->host, out->host + 1, len - 2);
		out->host[len - 2] = '\0';
	}
	return 0;
}

/* What is behind "unix:" as a URL for the one who listens there. */
static int read_socket(const char *rest, struct url *out)
{
	size_t len = strcspn(rest, ":");
	const char *path = rest[len] == ':' ? rest + len + 1 : "/";

	out->socket = strndup(rest, len);
	return out->socket == NULL ? -1 : asprintf(&out->text, "http://localhost%s", path);
}

int url_read(const char *text, struct url *out)
{
	*out = (struct url){.text = NULL};
	if (strncmp(text, "unix:", 5) != 0)
		out->text = strdup(text);
	else if (read_socket(text + 5, out) == -1)
		out->text = NULL;
	CURLU *parts = out->text == NULL ? NULL : curl_url();
	int result = parts == NULL ? -1 : take_parts(parts, out);
	curl_url_cleanup(parts);
	if (result == -1)
		url_fini(out);
	return result;
}

void url_fini(struct url *url)
{
	free(url->text);
	free(url->socket);
	url->text = url->socket = NULL;
}
