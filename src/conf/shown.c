#include "conf/shown.h"

#include <inttypes.h>
#include <sys/types.h>

#include "base/clock.h"
#include "model/spec.h"

static void command_print(struct text *out, const struct command *command)
{
	for (unsigned i = 0; i < command->argc; i++)
		text_add(out, "%s%s", i > 0 ? " " : "", command->argv[i]);
}

static void codes_print(struct text *out, const uint32_t *codes)
{
	for (int code = 0; code <= 255; code++)
		if (codes[code / 32] >> (code % 32) & 1)
			text_add(out, "%s%d", out->len > 0 ? ", " : "", code);
}

bool shown_value(struct text *out, const struct option *row, const void *place)
{
	char span[SPAN_TEXT_SIZE];

	switch ((int)row->kind) {
	case KIND_TEXT:
	case KIND_DIRECTORY:
	case KIND_PATH:
		text_add(out, "%s",
			 *(const char *const *)place == NULL ? "" : *(const char *const *)place);
		return true;
	case KIND_INTEGER:
	case KIND_NICE:
	case KIND_OOM:
	case KIND_SIGNAL:
		text_add(out, "%d", *(const int *)place);
		return true;
	case KIND_NUMBER:
		text_add(out, "%" PRIu32, *(const uint32_t *)place);
		return true;
	case KIND_SPAN:
		text_add(out, "%s", span_format(span, *(const span_ns *)place));
		return true;
	case KIND_BOOL:
		text_add(out, "%s", *(const bool *)place ? "true" : "false");
		return true;
	case KIND_WORD:
		text_add(out, "%s", row->words[*(const unsigned *)place]);
		return true;
	case KIND_OCTAL:
		text_add(out, "%04o", (unsigned)*(const mode_t *)place);
		return true;
	case KIND_COMMAND:
		command_print(out, place);
		return true;
	case KIND_CODES:
		codes_print(out, place);
		return true;
	case KIND_CAPABILITIES:
		text_add(out, "%#" PRIx64, *(const uint64_t *)place);
		return true;
	default:
		return false;
	}
}
