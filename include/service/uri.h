/* uri - the URI of a request line, taken apart in place: path, and pairs of the query. */
#ifndef SERVICE_URI_H
#define SERVICE_URI_H

#include "base/err.h"

/* Both borrowed from the URI. */
struct uri {
	char *path;  /* decoded, begins with '/' */
	char *query; /* what uri_next_pair has not come to yet; NULL: nothing */
};

struct uri_pair {
	char *key;
	char *value; /* NULL: there was no '=' */
};

/*
 * Take uri apart: "/readyz?verbose", or with http://HOST before it. -1 with err when it is
 * malformed (a bad percent-encoding, a control character, not UTF-8). RFC 3986, RFC 9112 section
 * 3.2.
 */
int uri_split(struct uri *out, char *uri, struct err *err);

/* The next pair of the query, decoded: 1; 0 when there is none left; -1 with err. */
int uri_next_pair(struct uri *uri, struct uri_pair *out, struct err *err);

#endif
