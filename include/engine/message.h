/* message - the words of the sd_notify protocol that a worker may send. See sd_notify(3). */
#ifndef ENGINE_MESSAGE_H
#define ENGINE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

/* What one datagram said. Texts point into it and are not NUL-terminated. */
struct message {
	bool ready;    /* READY=1 */
	bool stopping; /* STOPPING=1 */
	bool watchdog; /* WATCHDOG=1 */
	bool trigger;  /* WATCHDOG=trigger */
	bool extends;  /* EXTEND_TIMEOUT_USEC= was there and well-formed */
	span_ns extend;
	const char *status; /* STATUS=; NULL: not there */
	size_t status_len;
	const char *refused; /* a variable that only a service manager's main process may set here:
				"MAINPID", "FDSTORE"; NULL: none */
};

/* Read a datagram of newline-separated assignments. What is unknown or ill-formed is passed over.
 * Cannot fail. */
struct message message_read(const char *text, size_t len);

#endif
