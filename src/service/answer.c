#include "service/answer.h"

#include "base/must.h"
#include "service/json.h"

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

void answer_error(struct answer *answer, unsigned code, const char *message,
		  const char *suggestion)
{
	struct body *body = &answer->body;

	MUST(body->len == 0);
	answer->code = code;
	answer->type = ANSWER_JSON;
	json_object_begin(body, NULL);
	json_object_begin(body, "error");
	json_put_str(body, "code", code_name(code));
	json_put_str(body, "message", message);
	if (suggestion != NULL)
		json_put_str(body, "did_you_mean", suggestion);
	json_object_end(body);
	json_object_end(body);
	body_put(body, "\n", 1);
}

const char *answer_content_type(const struct answer *answer)
{
	return answer->type == ANSWER_JSON ? "application/json" : "text/plain; charset=utf-8";
}
