#include "conf/template.h"

#include <string.h>

#include "model/specifier.h"

static int fill(struct text *out, const char *text, const struct specifier_context *context,
		struct err *err)
{
	if (specifier_expand(out, text, context, err) == -1)
		return -1;
	if (out->truncated)
		return err_set(err, 0, "the text is too long with its specifiers filled in");
	return 0;
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
	loader_error(loader, at, NULL, "%s", err.text);
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
			loader_error(loader, at, NULL, "%s", err.text);
			return;
		}
	}
}
