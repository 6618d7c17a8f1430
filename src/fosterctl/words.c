#include "fosterctl/words.h"

#include <string.h>

#include "fosterctl/asked.h"
#include "fosterctl/document.h"
#include "fosterctl/shown.h"

/* From bad to well. A state that is not here is of a later fosterd: odd. */
static const struct {
	const char *state;
	unsigned rank;
	enum paint paint;
} states[] = {
	{"failed", 9, PAINT_BAD},   {"backoff", 8, PAINT_BAD},	  {"running", 7, PAINT_ODD},
	{"starting", 5, PAINT_ODD}, {"stopping", 4, PAINT_ODD},	  {"waiting", 3, PAINT_ODD},
	{"stopped", 2, PAINT_ODD},  {"completed", 0, PAINT_GOOD}, {"ready", 0, PAINT_GOOD},
};
enum {
	STATES = sizeof states / sizeof states[0],
	RANK_UNKNOWN = 6,
	RANK_HELD = 7,
	RANK_AT_WORK = 5,
	RANK_TO_STOP = 4,
};

static size_t find_state(const json_t *instance)
{
	size_t i = 0;

	while (i < STATES && !document_is(instance, "state", states[i].state))
		i++;
	return i;
}

/* In a drain to be stopped is to be as one should. */
static bool is_drained(const json_t *instance)
{
	return document_is(instance, "state", "stopped") &&
	       document_is(instance, "cause", "fosterd is stopping");
}

/* It is down, but a check is why: it is not restarted, or slowly. */
static bool is_held(const json_t *instance)
{
	return document_text(instance, "held_by") != NULL;
}

/* A job that runs: what was ready and is not any more has a cause. */
static bool is_at_work(const json_t *instance)
{
	return document_is(instance, "state", "running") &&
	       document_text(instance, "cause") == NULL;
}

unsigned words_rank(const json_t *instance)
{
	size_t i = find_state(instance);
	unsigned rank = i < STATES ? states[i].rank : RANK_UNKNOWN;

	if (is_drained(instance))
		return 0;
	if (is_at_work(instance))
		rank = RANK_AT_WORK;
	if (document_flag(instance, "to_stop") && rank < RANK_TO_STOP)
		rank = RANK_TO_STOP;
	return is_held(instance) && rank < RANK_HELD ? RANK_HELD : rank;
}

enum paint words_paint(const json_t *instance)
{
	size_t i = find_state(instance);

	if (is_held(instance))
		return PAINT_BAD;
	return i < STATES ? states[i].paint : PAINT_ODD;
}

void words_span(struct text *text, span_ns span)
{
	static const span_ns grains[][2] = {
		{86400 * NS_S, 3600 * NS_S}, {3600 * NS_S, 60 * NS_S}, {0, NS_S}};
	char buf[SPAN_TEXT_SIZE];
	size_t i = 0;

	while (span < grains[i][0])
		i++;
	text_add(text, "%s", span_format(buf, span - span % grains[i][1]));
}

/* The phrases of one sentence are parted by commas. */
static void phrase_begin(struct text *text, size_t start)
{
	if (text->len > start)
		text_add(text, ", ");
}

void words_end(struct text *text, const json_t *last)
{
	const char *error = document_text(last, "error"), *signal = document_text(last, "signal");
	json_int_t code = document_number(last, "code", -1);

	if (error != NULL) {
		shown_add(text, error);
	} else if (signal != NULL) {
		text_add(text, "signal ");
		shown_add(text, signal + (strncmp(signal, "SIG", 3) == 0 ? 3 : 0));
		text_add(text, document_flag(last, "core") ? " (core dumped)" : "");
	} else if (code >= 0) {
		text_add(text, "exit %lld", (long long)code);
	}
}

/* Said by how it ended, by what a probe was answered, or by the state itself. */
static bool is_told_otherwise(const char *cause, bool ended, bool asked)
{
	if (asked && (strcmp(cause, "the readiness probe fails") == 0 ||
		      strcmp(cause, "the liveness probe failed") == 0 ||
		      strcmp(cause, "the startup probe failed") == 0))
		return true;
	if (strcmp(cause, "first start") == 0 || strcmp(cause, "restart") == 0 ||
	    strcmp(cause, "a dependency is missing") == 0)
		return true;
	return ended && (strcmp(cause, "the main process ended") == 0 ||
			 strcmp(cause, "could not be started") == 0);
}

/* What time alone will change, and when. */
static const char *deadline_words(const json_t *instance)
{
	if (document_is(instance, "state", "backoff"))
		return "again in ";
	if (document_is(instance, "state", "starting"))
		return "due to be ready in ";
	if (is_at_work(instance))
		return "stopped in ";
	return document_is(instance, "state", "stopping") ? "killed in " : NULL;
}

static void add_deadline(struct text *text, size_t start, const json_t *instance)
{
	span_ns span = document_span(instance, "deadline_ms", -1);
	const char *words = deadline_words(instance);

	if (words == NULL || span < 0)
		return;
	phrase_begin(text, start);
	text_add(text, "%s", words);
	words_span(text, span + NS_S - 1);
}

/* A restarted one is starting because of how the run before ended. */
static bool is_its_end_why(const json_t *instance)
{
	return document_is(instance, "state", "backoff") ||
	       document_is(instance, "state", "failed") ||
	       (document_is(instance, "state", "starting") &&
		document_is(instance, "cause", "restart"));
}

/* True when a probe tells why. */
static bool add_asked(struct text *text, size_t start, const json_t *instance)
{
	char buf[1024];
	struct text phrase;

	text_init(&phrase, buf, sizeof buf);
	if (!asked_instance(&phrase, instance))
		return false;
	phrase_begin(text, start);
	text_add(text, "%s", buf);
	return true;
}

static void add_holder(struct text *text, size_t start, const json_t *instance)
{
	if (!is_held(instance))
		return;
	phrase_begin(text, start);
	text_add(text, "held by check ");
	shown_add(text, document_text(instance, "held_by"));
}

/* "for db to be ready": what follows "waiting" or "waits". */
static void add_dependency(struct text *text, size_t start, const json_t *instance)
{
	const json_t *awaited = document_object(instance, "waits_for");

	if (awaited == NULL)
		return;
	phrase_begin(text, start);
	text_add(text, "for ");
	shown_add(text, document_name(awaited));
	if (document_is(awaited, "when", "completed"))
		text_add(text, " to complete");
	else
		text_add(text, document_is(awaited, "when", "started") ? " to be started"
								       : " to be ready");
}

void words_why(struct text *text, const json_t *instance)
{
	const char *cause = document_text(instance, "cause");
	const char *said = document_text(instance, "status_text");
	size_t start = text->len;

	if (words_rank(instance) == 0)
		return;
	if (is_its_end_why(instance))
		words_end(text, document_object(instance, "last_exit"));
	bool ended = text->len > start;
	bool asked = add_asked(text, start, instance);
	if (!asked && document_is(instance, "state", "running") && !is_at_work(instance))
		text_add(text, "was ready and is not now");
	if (cause != NULL && !is_told_otherwise(cause, ended, asked)) {
		phrase_begin(text, start);
		shown_add(text, cause);
	}
	add_dependency(text, start, instance);
	add_holder(text, start, instance);
	if (document_flag(instance, "to_stop")) {
		phrase_begin(text, start);
		text_add(text, "stops after what depends on it");
	}
	add_deadline(text, start, instance);
	if (said != NULL && !document_is(instance, "state", "failed")) {
		phrase_begin(text, start);
		text_add(text, "says \"");
		shown_add(text, said);
		text_add(text, "\"");
	}
}

void words_instance(struct text *text, const json_t *instance)
{
	const char *state = document_text(instance, "state");

	shown_add(text, document_name(instance));
	if (document_object(instance, "waits_for") != NULL) {
		text_add(text, " waits ");
		words_why(text, instance);
		return;
	}
	if (document_is(instance, "state", "failed"))
		text_add(text, " has ");
	else
		text_add(text, document_is(instance, "state", "backoff") ? " is in " : " is ");
	shown_add(text, state == NULL ? "in an unknown state" : state);
	size_t len = text->len;
	text_add(text, ": ");
	words_why(text, instance);
	if (text->len == len + 2) {
		text->len = len;
		text->buf[len] = '\0';
	}
}
