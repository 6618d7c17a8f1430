/*
 * request - what a client asks for: the path and the query of its URI.
 *
 * Limits: a name to exclude has at most 63 bytes (no worker's is longer), and there are at most
 * 64 of them.
 */
#ifndef SERVICE_REQUEST_H
#define SERVICE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { REQUEST_EXCLUDE_MAX = 64, REQUEST_NAME_MAX = 63 };

struct request {
	const char *path; /* decoded, begins with '/'; all texts borrowed from the URI */
	bool verbose;
	const char *exclude[REQUEST_EXCLUDE_MAX];
	size_t n_exclude;
};

/*
 * Take the URI of a request line apart, in place: "/readyz?verbose&exclude=web", or with
 * http://HOST before it. Keys other than verbose and exclude are passed over. Returns -1 with
 * err for one that is malformed (a bad percent-encoding, a control character, what is not UTF-8,
 * an empty or overlong name, too many names). RFC 3986, RFC 9112 section 3.2.
 */
int request_parse(struct request *out, char *uri, struct err *err);

/* True when the name is to be left out. */
bool request_excludes(const struct request *request, const char *name);

#endif
