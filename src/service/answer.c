#include "service/answer.h"

#include <malloc.h>

#include "base/must.h"
#include "service/json.h"

/* All the digits that a double keeps, and none that only its binary form has. */
#define DUMP_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(15))

enum { LARGE = 16 * 1024 }; /* bytes of a document that was made of thousands of pieces */

static int append(const char *bytes, size_t len, void *data)
{
	struct body *body = data;

	body_put(body, bytes, len);
	return body->failed ? -1 : 0;
}

void answer_json(struct answer *answer, unsigned code, json_t *json)
{
	struct body *body = &answer->body;

	MUST(body->len == 0);
	answer->code = code;
	answer->type = ANSWER_JSON;
	if (json_dump_callback(json, append, body, DUMP_FLAGS) == -1)
		body->failed = true;
	body_put(body, "\n", 1);
	json_decref(json);
	/* Else fosterd would stay as big as the largest page that was ever asked for. */
	if (body->len >= LARGE)
		malloc_trim(0);
}

/* Programs tell errors apart by these words. */
static const char *code_name(unsigned code)
{
	switch (code) {
	case 400:
		return "bad_request";
	case 404:
		return "not_found";
	case 405:
		return "method_not_allowed";
	case 413:
		return "content_too_large";
	case 503:
		return "busy";
	default:
		return "error";
	}
}

static json_t *error_json(const char *name, const char *message)
{
	json_t *error = json_object();

	json_put(&error, "code", json_text(name));
	json_put(&error, "message", json_text(message));
	return error;
}

static void answer_with(struct answer *answer, unsigned code, json_t *error)
{
	json_t *whole = json_object();

	json_put(&whole, "error", error);
	answer_json(answer, code, whole);
}

void answer_error(struct answer *answer, unsigned code, const char *message, const char *suggestion)
{
	json_t *error = error_json(code_name(code), message);

	if (suggestion != NULL)
		json_put(&error, "did_you_mean", json_text(suggestion));
	answer_with(answer, code, error);
}

void answer_refusal(struct answer *answer, const struct refusal *refusal)
{
	json_t *error = error_json(refusal->name, refusal->why.text);

	json_put(&error, "did_you_mean", json_text(refusal->suggestion));
	answer->allow = refusal->allow;
	answer_with(answer, refusal->code, error);
}

const char *answer_content_type(const struct answer *answer)
{
	return answer->type == ANSWER_JSON ? "application/json" : "text/plain; charset=utf-8";
}
