#include "engine/ask_text.h"

#include <errno.h>
#include <string.h>

#include "model/specifier.h"

enum { TEXTS_MAX = 2 * WIRE_MAX };

/* Append the template, filled in, with what comes after it. */
static int add(struct text *texts, const struct specifier_context *context, const char *template,
	       const char *end, struct err *err)
{
	if (strchr(template, '%') == NULL)
		text_put(texts, template, strlen(template));
	else if (specifier_expand(texts, template, context, err) == -1)
		return -1;
	text_put(texts, end, strlen(end));
	return texts->truncated ? err_set(err, E2BIG, "make a question") : 0;
}

/* The target, a NUL, and the lines of the headers. */
static int make_texts(const struct specifier_context *context, const struct probe_spec *probe,
		      struct text *texts, struct err *err)
{
	if (add(texts, context, probe->target, "", err) == -1)
		return -1;
	text_put(texts, "", 1);
	for (size_t i = 0; i < probe->n_headers; i++)
		if (add(texts, context, probe->headers[i], "\n", err) == -1)
			return -1;
	return 0;
}

long ask_text_write(const struct spec *spec, uint32_t probe, uint32_t serial, char bytes[WIRE_MAX],
		    struct err *err)
{
	struct probe_owner owner = probe_owner_of(spec, probe);
	struct specifier_context context = {
		.spec = spec, .worker = owner.worker, .ordinal = owner.ordinal};
	char buf[TEXTS_MAX];
	struct text texts;

	text_init(&texts, buf, sizeof buf);
	if (make_texts(&context, owner.spec, &texts, err) == -1)
		return -1;
	struct wire_message message = {
		.kind = WIRE_ASK,
		.probe = probe,
		.serial = serial,
		.driver = owner.spec->driver,
		.timeout = owner.spec->timeout,
		.target = buf,
		.password = owner.spec->password,
		.headers = buf + strlen(buf) + 1,
		.body = owner.spec->body,
		.verify = owner.spec->verify,
	};
	memcpy(message.statuses, owner.spec->statuses, sizeof message.statuses);
	return wire_write(&message, bytes, WIRE_MAX, err);
}
