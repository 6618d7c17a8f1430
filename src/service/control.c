#include "service/control.h"

#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "model/signo.h"
#include "service/uri.h"

#define TRY                                                                                        \
	"try /v1/status, /v1/drain, /v1/workers/NAME/VERB, /v1/checks/NAME/run and "               \
	"/v1/tasks/NAME/run"

static const char *const verbs[] = {
	[CONTROL_STATUS] = "status", [CONTROL_DRAIN] = "drain",	    [CONTROL_START] = "start",
	[CONTROL_STOP] = "stop",     [CONTROL_RESTART] = "restart", [CONTROL_RELOAD] = "reload",
	[CONTROL_SIGNAL] = "signal", [CONTROL_RUN_CHECK] = "run",   [CONTROL_RUN_TASK] = "run",
};

/* What verbs are about, and which they are. */
struct subject {
	const char *path; /* in front of a name; "": it has none */
	const char *what;
	int first, end; /* of the verbs, the one behind the last */
};

static const struct subject fosterd = {"", "fosterd", 0, CONTROL_START};

static const struct subject named[] = {
	{"workers/", "a worker", CONTROL_START, CONTROL_RUN_CHECK},
	{"checks/", "a check", CONTROL_RUN_CHECK, CONTROL_RUN_TASK},
	{"tasks/", "a task", CONTROL_RUN_TASK, CONTROL_VERB_COUNT},
};
enum { NAMED = sizeof named / sizeof named[0] };

const char *control_verb_name(enum control_verb verb)
{
	MUST(verb < CONTROL_VERB_COUNT);
	return verbs[verb];
}

static int refuse(struct refusal *refusal, unsigned code, const char *name)
{
	refusal->code = code;
	refusal->name = name;
	return -1;
}

/* The part of path behind prefix; NULL when it begins with another. */
static char *behind(char *path, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(path, prefix, len) == 0 ? path + len : NULL;
}

static int take_verb(struct control_request *out, const struct subject *subject, const char *word,
		     struct refusal *refusal)
{
	for (int verb = subject->first; verb < subject->end; verb++) {
		if (strcmp(word, verbs[verb]) != 0)
			continue;
		out->verb = (enum control_verb)verb;
		return 0;
	}
	refusal->suggestion =
		text_nearest(word, verbs + subject->first, (size_t)(subject->end - subject->first));
	if (out->name != NULL)
		err_set(&refusal->why, 0, "\"%s\" is nothing that can be done to %s", word,
			subject->what);
	else
		err_set(&refusal->why, 0, TRY);
	return refuse(refusal, 404, "not_found");
}

/* "NAME/VERB": no name has a slash in it. */
static int take_name(struct control_request *out, const struct subject *subject, char *rest,
		     struct refusal *refusal)
{
	char *slash = strchr(rest, '/');

	if (slash == NULL || slash == rest || strchr(slash + 1, '/') != NULL) {
		err_set(&refusal->why, 0, TRY);
		return refuse(refusal, 404, "not_found");
	}
	*slash = '\0';
	out->name = rest;
	return take_verb(out, subject, slash + 1, refusal);
}

static int take_path(struct control_request *out, char *path, struct refusal *refusal)
{
	char *rest = behind(path, "/v1/");

	for (size_t i = 0; i < NAMED && rest != NULL; i++) {
		char *name = behind(rest, named[i].path);
		if (name != NULL)
			return take_name(out, &named[i], name, refusal);
	}
	return take_verb(out, &fosterd, rest == NULL ? "" : rest, refusal);
}

static int check_method(const struct control_request *request, const char *method,
			struct refusal *refusal)
{
	bool reads = request->verb == CONTROL_STATUS;
	bool good = reads ? strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0
			  : strcmp(method, "POST") == 0;

	if (good)
		return 0;
	refusal->allow = reads ? "GET, HEAD" : "POST";
	err_set(&refusal->why, 0, "%s is asked for by %s", verbs[request->verb],
		reads ? "GET" : "POST");
	return refuse(refusal, 405, "method_not_allowed");
}

static int take_signal(struct control_request *out, const char *text, struct refusal *refusal)
{
	if (text == NULL || *text == '\0')
		err_set(&refusal->why, 0, "which signal? name=TERM");
	else if (signo_find(text, &out->signo, &refusal->suggestion, &refusal->why) == 0)
		return 0;
	return refuse(refusal, 400, "bad_signal");
}

static int take_with_dependents(struct control_request *out, const char *text,
				struct refusal *refusal)
{
	out->with_dependents = text != NULL && strcmp(text, "1") == 0;
	if (out->with_dependents)
		return 0;
	err_set(&refusal->why, 0, "with_dependents=1, or without it");
	return refuse(refusal, 400, "bad_request");
}

/* What is not understood is not passed over: it might have meant "not now". */
static int take_pair(struct control_request *out, const struct uri_pair *pair,
		     struct refusal *refusal)
{
	bool known = out->verb == CONTROL_SIGNAL && strcmp(pair->key, "name") == 0;

	if (out->verb == CONTROL_STOP && strcmp(pair->key, "with_dependents") == 0)
		return take_with_dependents(out, pair->value, refusal);
	if (known && out->signo == 0)
		return take_signal(out, pair->value, refusal);
	if (known)
		err_set(&refusal->why, 0, "one signal at a time");
	else
		err_set(&refusal->why, 0, "%s has no parameter \"%s\"", verbs[out->verb],
			pair->key);
	return refuse(refusal, 400, "bad_request");
}

static int take_query(struct control_request *out, struct uri *uri, struct refusal *refusal)
{
	struct uri_pair pair;
	int result;

	while ((result = uri_next_pair(uri, &pair, &refusal->why)) == 1) {
		if (*pair.key == '\0' && pair.value == NULL)
			continue;
		if (take_pair(out, &pair, refusal) == -1)
			return -1;
	}
	if (result == -1)
		return refuse(refusal, 400, "bad_request");
	return out->verb == CONTROL_SIGNAL && out->signo == 0 ? take_signal(out, NULL, refusal) : 0;
}

int control_parse(struct control_request *out, const char *method, char *uri,
		  struct refusal *refusal)
{
	struct uri parts;

	*out = (struct control_request){0};
	*refusal = (struct refusal){0};
	if (uri_split(&parts, uri, &refusal->why) == -1)
		return refuse(refusal, 400, "bad_request");
	if (take_path(out, parts.path, refusal) == -1 || check_method(out, method, refusal) == -1)
		return -1;
	return take_query(out, &parts, refusal);
}
