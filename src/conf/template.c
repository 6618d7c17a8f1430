#include "conf/template.h"

#include <string.h>

#include "model/specifier.h"

enum { QUOTED_MAX = 40, ONE_MAX = 512 };

const char *template_specifier_end(const char *text)
{
	const char *close = text[1] == '{' ? strchr(text, '}') : NULL;

	if (close != NULL)
		return close + 1;
	return text + (text[1] == '\0' ? 1 : 2);
}

static int fill(struct text *out, const char *text, const struct specifier_context *context,
		struct err *err)
{
	if (specifier_expand(out, text, context, err) == -1)
		return -1;
	if (out->truncated)
		return err_set(err, 0, "the text is too long with its specifiers filled in");
	return 0;
}

/* The first %{ } of the text that fails by itself; its length in *len. NULL: none that can be
 * quoted within a line. */
static const char *bad_arithmetic(struct loader *loader, const char *text,
				  const struct specifier_context *context, size_t *len)
{
	for (const char *at = strchr(text, '%'), *end; at != NULL; at = strchr(end, '%')) {
		char buf[ONE_MAX];
		struct text out;
		struct err err;
		end = template_specifier_end(at);
		*len = (size_t)(end - at);
		text_init(&out, buf, sizeof buf);
		const char *one = loader_must(loader, arena_strndup(&loader->scratch, at, *len));
		if (specifier_expand(&out, one, context, &err) == 0)
			continue;
		return *len > 2 && *len <= QUOTED_MAX && strchr(one, '\n') == NULL ? at : NULL;
	}
	return NULL;
}

static void refuse(struct loader *loader, const char *text, const struct specifier_context *context,
		   struct place at, const struct err *err)
{
	size_t len;
	const char *bad = bad_arithmetic(loader, text, context, &len);

	if (bad != NULL)
		loader_error(loader, at, NULL, "`%.*s`: %s", (int)len, bad, err->text);
	else
		loader_error(loader, at, NULL, "%s", err->text);
}

const char *template_fill(struct loader *loader, const char *text, struct place at)
{
	struct specifier_context context = {.spec = loader->spec};
	char buf[4096];
	struct text out;
	struct err err;

	text_init(&out, buf, sizeof buf);
	if (fill(&out, text, &context, &err) == 0)
		return loader_keep_text(loader, buf);
	refuse(loader, text, &context, at, &err);
	return NULL;
}

void template_try(struct loader *loader, const char *text, const struct worker_spec *worker,
		  struct place at)
{
	static char buf[TEMPLATE_BYTES_MAX];
	uint32_t count = worker->replicas > 0 ? worker->replicas : 1;
	/* Only arithmetic can fail for one instance and not for another; else the longest number
	 * tells. */
	uint32_t step = strstr(text, "%{") != NULL || count < 3 ? 1 : count - 1;
	struct err err;

	for (uint32_t i = 0; i < count; i += step) {
		struct specifier_context context = {loader->spec, worker, i};
		struct text out;
		text_init(&out, buf, sizeof buf);
		if (fill(&out, text, &context, &err) == -1) {
			refuse(loader, text, &context, at, &err);
			return;
		}
	}
}
