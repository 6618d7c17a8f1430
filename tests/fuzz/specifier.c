/*
 * specifier - a template filled in: for a worker and for none, with room and without, the same
 * answer; a text in which each % is doubled comes back as it was.
 *
 * The first two bytes are the number of the instance.
 */
#include "fuzz/fuzz.h"
#include "model/specifier.h"

enum { ROOM = 64 * 1024, LITTLE = 40 };

static struct worker_spec worker = {.name = "web", .replicas = 70000};
static const struct spec spec = {.workers = &worker,
				 .n_workers = 1,
				 .n_instances = 70000,
				 .runtime_dir = "/run/fosterd",
				 .state_dir = "/var/lib/fosterd",
				 .log_dir = "/var/log/fosterd",
				 .host = "box"};

static void try_rooms(const char *template, const struct specifier_context *context)
{
	static char wide_buf[ROOM];
	char narrow_buf[LITTLE];
	struct text wide, narrow;
	struct err wide_err, narrow_err;

	text_init(&wide, wide_buf, sizeof wide_buf);
	text_init(&narrow, narrow_buf, sizeof narrow_buf);
	int result = specifier_expand(&wide, template, context, &wide_err);
	MUST(specifier_expand(&narrow, template, context, &narrow_err) == result);
	if (result == -1) {
		MUST(strcmp(wide_err.text, narrow_err.text) == 0 && wide_err.text[0] != '\0');
		return;
	}
	MUST(wide.len == strlen(wide.buf) && narrow.len == strlen(narrow.buf));
	MUST(narrow.truncated == (wide.len >= sizeof narrow_buf));
	MUST(memcmp(wide.buf, narrow.buf, narrow.len) == 0);
}

static void try_doubled(const char *plain, const struct specifier_context *context)
{
	static char out_buf[ROOM];
	char *template = malloc(2 * strlen(plain) + 1), *to = template;
	struct text out;
	struct err err;

	MUST(template != NULL);
	for (const char *from = plain; *from != '\0'; from++) {
		if (*from == '%')
			*to++ = '%';
		*to++ = *from;
	}
	*to = '\0';
	text_init(&out, out_buf, sizeof out_buf);
	MUST(specifier_expand(&out, template, context, &err) == 0);
	MUST(out.truncated || strcmp(out.buf, plain) == 0);
	free(template);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = {data, data + size};
	struct specifier_context of_worker = {.spec = &spec, .worker = &worker};
	struct specifier_context of_none = {.spec = &spec};

	of_worker.ordinal = bytes_take(&bytes) * 256u;
	of_worker.ordinal += bytes_take(&bytes);
	char *text = fuzz_text(bytes.at, (size_t)(bytes.end - bytes.at));
	try_rooms(text, &of_worker);
	try_rooms(text, &of_none);
	try_doubled(text, &of_worker);
	free(text);
	return 0;
}
