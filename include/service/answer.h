/* answer - what is sent back: a status code and a body. */
#ifndef SERVICE_ANSWER_H
#define SERVICE_ANSWER_H

#include <jansson.h>

#include "service/body.h"
#include "service/control.h"

enum answer_type { ANSWER_JSON, ANSWER_TEXT };

/* All zero is one that has not been given yet. */
struct answer {
	unsigned code; /* of HTTP: RFC 9110, section 15 */
	enum answer_type type;
	const char *allow; /* of a 405: the methods; else NULL */
	struct body body;  /* owned */
};

/*
 * Answer with the object json (taken) on a line of its own. When that is NULL or memory is
 * refused, the body has failed: it is not to be sent.
 */
void answer_json(struct answer *answer, unsigned code, json_t *json);

/*
 * An error as {"error":{"code":CODE_NAME,"message":MESSAGE}}, with did_you_mean when suggestion
 * is not NULL.
 */
void answer_error(struct answer *answer, unsigned code, const char *message,
		  const char *suggestion);

/* The same for the control socket: the refusal's own words, and did_you_mean always there. */
void answer_refusal(struct answer *answer, const struct refusal *refusal);

/* "application/json" or "text/plain; charset=utf-8". */
const char *answer_content_type(const struct answer *answer);

#endif
