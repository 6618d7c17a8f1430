/*
 * control - what is asked of fosterd on its control socket, from a method and a URI.
 *
 *   GET /v1/status   POST /v1/drain
 *   POST /v1/workers/NAME/{start,stop?with_dependents=1,restart,reload,signal?name=}
 *   POST /v1/checks/NAME/run   POST /v1/tasks/NAME/run
 *
 * Pure: who asks, and whether there is such a NAME, is for others to say.
 */
#ifndef SERVICE_CONTROL_H
#define SERVICE_CONTROL_H

#include <stdbool.h>

#include "base/err.h"

enum control_verb {
	CONTROL_STATUS,
	CONTROL_DRAIN,
	CONTROL_START,
	CONTROL_STOP,
	CONTROL_RESTART,
	CONTROL_RELOAD,
	CONTROL_SIGNAL,
	CONTROL_RUN_CHECK,
	CONTROL_RUN_TASK,
	CONTROL_VERB_COUNT
};

struct control_request {
	enum control_verb verb;
	const char *name;     /* not empty: of a worker or an instance, of a check, of a task; NULL
				 for status and drain */
	int signo;	      /* CONTROL_SIGNAL; > 0 */
	bool with_dependents; /* CONTROL_STOP: all that depend on it first */
};

/* Why it is not done. Texts are static, but for why's. */
struct refusal {
	unsigned code;		/* of HTTP */
	const char *name;	/* "bad_signal": programs tell errors apart by these words */
	const char *suggestion; /* what was likely meant; NULL: who knows */
	const char *allow;	/* of a 405: the methods that there are; else NULL */
	struct err why;
};

/*
 * Understand a request. The URI is taken apart in place, and lent to out. 0, or -1 with refusal:
 * 400 bad_request or bad_signal, 404 not_found, 405 method_not_allowed.
 */
int control_parse(struct control_request *out, const char *method, char *uri,
		  struct refusal *refusal);

/* "restart" */
const char *control_verb_name(enum control_verb verb);

#endif
