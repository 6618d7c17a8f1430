/*
 * http - the listeners: those of `listen:`, to be asked, and the control socket, to be told; in the
 * supervisor's loop and thread.
 */
#ifndef SERVICE_HTTP_H
#define SERVICE_HTTP_H

#include "base/err.h"
#include "base/log.h"
#include "engine/supervisor.h"
#include "sys/listen.h"

struct http;

/*
 * Open the control socket and every listener of the supervisor's spec. All or none: NULL with err,
 * which names the listener (port taken, ...).
 */
struct http *http_new(struct supervisor *supervisor, struct log *log,
		      const struct listen_passed *passed, struct err *err);

/* Close listeners and connections, remove unix socket files. Accepts NULL inside. */
void http_free(struct http **http);

/*
 * "http://127.0.0.1:9180" of the n-th listener for people ("unix:/path" for a unix one); NULL
 * past the last. Port 0 shows the one that was given.
 */
const char *http_url(const struct http *http, size_t n);

#endif
