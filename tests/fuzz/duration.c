/*
 * duration - a text as each kind of scalar: what is taken can be written again and means the same.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include "base/text.h"
#include "conf/value.h"
#include "fuzz/fuzz.h"
#include "model/signo.h"

static void try_span(const char *text)
{
	char written[SPAN_TEXT_SIZE];
	span_ns span, again;
	struct err err;

	if (value_span(text, &span, &err) == -1)
		return;
	MUST(span >= 0);
	MUST(value_span(span_format(written, span), &again, &err) == 0 && again == span);
}

static void try_size(const char *text)
{
	char written[32];
	uint64_t size, again;
	struct err err;

	if (value_size(text, &size, &err) == -1)
		return;
	/* Plain digits are taken up to what fits a signed number. */
	if (size > INT64_MAX)
		return;
	snprintf(written, sizeof written, "%" PRIu64, size);
	MUST(value_size(written, &again, &err) == 0 && again == size);
}

static void try_integers(const char *text)
{
	char written[32];
	int64_t number, again;
	struct err err;

	if (value_integer(text, &number, &err) == 0) {
		snprintf(written, sizeof written, "%" PRId64, number);
		MUST(value_integer(written, &again, &err) == 0 && again == number);
	}
	if (value_octal(text, &number, &err) == 0) {
		MUST(number >= 0);
		snprintf(written, sizeof written, "0o%" PRIo64, (uint64_t)number);
		MUST(value_octal(written, &again, &err) == 0 && again == number);
	}
}

static void try_words(const char *text)
{
	const char *hint;
	struct err err;
	bool truth;
	int signo;
	unsigned capability;

	value_bool(text, &truth, &err);
	if (signo_find(text, &signo, &hint, &err) == 0)
		MUST(signo > 0 && signo <= SIGRTMAX);
	if (value_capability(text, &capability, &hint, &err) == 0)
		MUST(strcmp(value_capability_name(capability), text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);

	try_span(text);
	try_size(text);
	try_integers(text);
	try_words(text);
	free(text);
	return 0;
}
