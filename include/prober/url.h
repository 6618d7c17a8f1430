/* url - an HTTP target taken apart. */
#ifndef PROBER_URL_H
#define PROBER_URL_H

enum { URL_HOST_SIZE = 256, URL_PORT_SIZE = 8 };

struct url {
	char *text;		  /* owned; as libcurl wants it */
	char *socket;		  /* owned; path of the unix socket; NULL: host and port */
	char host[URL_HOST_SIZE]; /* a name, or a number without brackets */
	char port[URL_PORT_SIZE]; /* written out, also where the text has none */
};

/* Take http://HOST[:PORT][/PATH], https://... or unix:/SOCKET[:/PATH] apart. -1 when it is none, or
 * memory is refused. */
int url_read(const char *text, struct url *out);

/* Free it; accepts all zero. */
void url_fini(struct url *url);

#endif
