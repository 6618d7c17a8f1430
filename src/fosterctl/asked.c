#include "fosterctl/asked.h"

#include <string.h>

#include "fosterctl/document.h"
#include "fosterctl/shown.h"
#include "fosterctl/words.h"

enum { LINE_SIZE = 512 };

void asked_latency(struct text *text, const json_t *probe)
{
	double ms = document_real(probe, "latency_ms", -1);

	if (ms >= 0)
		text_add(text, "%.*f ms", ms < 1 ? 2 : ms < 100 ? 1 : 0, ms);
}

void asked_span(struct text *text, span_ns span)
{
	char buf[SPAN_TEXT_SIZE];

	if (span < NS_S)
		text_add(text, "%s", span_format(buf, span - span % NS_MS));
	else
		words_span(text, span);
}

/* The last line with something on it: there programs say what it comes to. */
static void add_last_line(struct text *text, const char *error)
{
	size_t end = strlen(error), begin;
	char line[LINE_SIZE];
	struct text copy;

	while (end > 0 && strchr(" \t\r\n", error[end - 1]) != NULL)
		end--;
	for (begin = end; begin > 0 && error[begin - 1] != '\n'; begin--)
		;
	while (begin < end && (error[begin] == ' ' || error[begin] == '\t'))
		begin++;
	text_init(&copy, line, sizeof line);
	text_put(&copy, error + begin, end - begin);
	shown_add(text, line);
}

/* "fails: HTTP 503" */
static void add_answer(struct text *text, const json_t *probe)
{
	const char *error = document_text(probe, "error");

	if (document_is(probe, "last", "unknown")) {
		text_add(text, "has no answer yet");
	} else if (document_is(probe, "last", "success")) {
		text_add(text, document_is(probe, "status", "success")
				       ? "succeeds"
				       : "has not succeeded often enough yet");
	} else {
		text_add(text, "fails");
		text_add(text, error == NULL ? "" : ": ");
		add_last_line(text, error == NULL ? "" : error);
	}
}

static void add_age(struct text *text, const json_t *probe)
{
	span_ns age = document_span(probe, "age_ms", -1);

	if (age < 0)
		return;
	text_add(text, ", ");
	asked_span(text, age);
	text_add(text, " ago");
}

void asked_probe(struct text *text, const json_t *probe)
{
	json_int_t streak = document_number(probe, "streak", 0);

	add_answer(text, probe);
	if (document_is(probe, "last", "failure") && streak > 1)
		text_add(text, " (%lld in a row)", (long long)streak);
	if (document_is(probe, "last", "success")) {
		text_add(text, ", ");
		asked_latency(text, probe);
	}
	add_age(text, probe);
}

/* The probe for which an instance in that state is not well; NULL: for none. */
static const char *blamed(const json_t *instance, const json_t *probes)
{
	const json_t *startup = document_object(probes, "startup");
	const json_t *readiness = document_object(probes, "readiness");
	bool starting = document_is(instance, "state", "starting");

	if (document_is(document_object(probes, "liveness"), "status", "failure"))
		return "liveness";
	if (starting && startup != NULL && !document_is(startup, "status", "success"))
		return "startup";
	if (!starting && !document_is(instance, "state", "running"))
		return NULL;
	return readiness != NULL && !document_is(readiness, "status", "success") ? "readiness"
										 : NULL;
}

bool asked_instance(struct text *text, const json_t *instance)
{
	const json_t *probes = document_object(instance, "probes");
	const char *role = blamed(instance, probes);

	if (role == NULL)
		return false;
	text_add(text, "its %s probe ", role);
	add_answer(text, document_object(probes, role));
	return true;
}

unsigned asked_check_rank(const json_t *check)
{
	if (document_is(check, "status", "healthy"))
		return 0;
	if (!document_is(check, "status", "unhealthy"))
		return 1;
	return document_flag(check, "critical") ? 10 : 8;
}

enum paint asked_check_paint(const json_t *check)
{
	switch (asked_check_rank(check)) {
	case 0:
		return PAINT_GOOD;
	case 1:
		return PAINT_ODD;
	default:
		return PAINT_BAD;
	}
}

void asked_check_why(struct text *text, const json_t *check)
{
	shown_add(text, document_text(check, "reason"));
}

void asked_check(struct text *text, const json_t *check)
{
	const char *status = document_text(check, "status");
	const char *reason = document_text(check, "reason");

	shown_add(text, document_name(check));
	text_add(text, " is ");
	shown_add(text, status == NULL ? "of unknown health" : status);
	if (reason != NULL) {
		text_add(text, ": ");
		asked_check_why(text, check);
	} else if (document_real(check, "latency_ms", -1) >= 0) {
		text_add(text, ", ");
		asked_latency(text, check);
	}
}
