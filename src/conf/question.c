#include "conf/question.h"

#include <ctype.h>
#include <string.h>

#include "conf/password.h"
#include "conf/read.h"
#include "conf/target.h"
#include "model/specifier.h"
#include "model/wire.h"

enum {
	OVERHEAD = 512,	   /* of a question's message, for what is not text in it */
	FILLED_MAX = 4096, /* a text with its specifiers filled in */
};

/* The instance for which it is tried. */
struct trial {
	struct loader *loader;
	const struct question *question;
	uint32_t ordinal;
};

/* The text filled in; its bytes. -1 with err. */
static long fill(const struct trial *trial, const char *text, char buf[FILLED_MAX], struct err *err)
{
	struct specifier_context context = {trial->loader->spec, trial->question->worker,
					    trial->ordinal};
	struct text out;

	text_init(&out, buf, FILLED_MAX);
	if (specifier_expand(&out, text, &context, err) == -1)
		return -1;
	if (out.truncated)
		return err_set(err, 0, "the text is too long with its specifiers filled in");
	return (long)out.len;
}

/* The headers filled in: their bytes, or -1 when that is reported. */
static long headers_try(const struct trial *trial)
{
	const struct question *question = trial->question;
	char buf[FILLED_MAX];
	struct err err;
	long sum = 0;

	for (size_t i = 0; i < question->spec->n_headers; i++) {
		long len = fill(trial, question->spec->headers[i], buf, &err);
		if (len == -1) {
			loader_error(trial->loader, question->headers_place, NULL, "`%s`: %s",
				     question->headers_path, err.text);
			return -1;
		}
		sum += len + 1;
	}
	return sum;
}

/* The target and the headers for one instance; false when something was reported. */
static bool one_try(const struct trial *trial)
{
	const struct question *question = trial->question;
	const struct probe_spec *spec = question->spec;
	struct loader *loader = trial->loader;
	const char *hint = NULL;
	char buf[FILLED_MAX];
	struct err err;

	long len = fill(trial, spec->target, buf, &err);
	if (len == -1 || target_check(loader, spec->driver, buf, &hint, &err) == -1) {
		struct err unused;
		/* What is meant has its specifiers still. */
		if (strcmp(buf, spec->target) != 0)
			target_check(loader, spec->driver, spec->target, &hint, &unused);
		loader_error(loader, question->place, hint, "`%s`: %s", question->path, err.text);
		return false;
	}
	long headers = headers_try(trial);
	if (headers == -1)
		return false;
	size_t all = (size_t)(len + headers) + (spec->body != NULL ? strlen(spec->body) : 0) +
		     (spec->password != NULL ? strlen(spec->password) : 0);
	if (all > WIRE_MAX - OVERHEAD)
		loader_error(loader, question->place, NULL,
			     "`%s` and what is sent with it have %zu bytes, %d are the most",
			     question->path, all, WIRE_MAX - OVERHEAD);
	return all <= WIRE_MAX - OVERHEAD;
}

static bool has_specifiers(const struct probe_spec *spec)
{
	bool has = strchr(spec->target, '%') != NULL;

	for (size_t i = 0; i < spec->n_headers; i++)
		has = has || strchr(spec->headers[i], '%') != NULL;
	return has;
}

void question_try(struct loader *loader, const struct question *question)
{
	struct trial trial = {loader, question, 0};
	uint32_t count = question->worker == NULL ? 1 : question->worker->replicas;

	if (count == 0 || !has_specifiers(question->spec))
		count = 1;
	while (trial.ordinal < count && one_try(&trial))
		trial.ordinal++;
}

/* A name that a header field may have. */
static bool header_name_is_valid(const char *name)
{
	for (const char *c = name; *c != '\0'; c++) {
		if (!isalnum((unsigned char)*c) && strchr("!#$%&'*+-.^_`|~", *c) == NULL)
			return false;
	}
	return name[0] != '\0';
}

static bool header_check(struct loader *loader, const struct option *option,
			 const struct item *item)
{
	const char *wrong = NULL;
	struct place at = item->value->place;

	if (item->value->kind != NODE_TEXT) {
		wrong = "a header field wants one value";
	} else if (!header_name_is_valid(item->key)) {
		wrong = "this is not the name of a header field";
		at = item->key_place;
	} else if (strlen(item->key) + strlen(item->value->text) + 2 > (size_t)option->max) {
		wrong = "a header field has at most 1022 bytes";
	} else if (password_is_header(item->key) && password_is_shown(item->value->text)) {
		wrong = "*** is what is shown for a secret: write the secret itself";
	}
	for (const char *c = wrong == NULL ? item->value->text : ""; *c != '\0'; c++) {
		if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7f)
			wrong = "a control character stands in it";
	}
	if (wrong != NULL)
		loader_error(loader, at, NULL, "`%s`: %s", option->path, wrong);
	return wrong == NULL;
}

void read_headers(struct loader *loader, const struct option *option, const struct item *item,
		  void *field)
{
	bool good = true;

	if (!read_is_map(loader, item->value, option->path, "{NAME: value}"))
		return;
	for (const struct item *one = item->value->first; one != NULL; one = one->next)
		good = header_check(loader, option, one) && good;
	if (good)
		*(const struct node **)field = item->value;
}
