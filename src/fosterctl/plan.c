#include "fosterctl/plan.h"

#include "fosterctl/asked.h"
#include "fosterctl/document.h"
#include "fosterctl/shown.h"
#include "fosterctl/words.h"

bool plan_task_runs(const json_t *task)
{
	return document_is(task, "state", "running") || document_is(task, "state", "stopping");
}

static bool is_down(const json_t *task)
{
	return !document_is(task, "status", "healthy");
}

unsigned plan_task_rank(const json_t *task)
{
	if (is_down(task))
		return document_flag(task, "critical") ? 10 : 8;
	return document_is(task, "state", "waiting") ? 1 : 0;
}

enum paint plan_task_paint(const json_t *task)
{
	if (is_down(task))
		return PAINT_BAD;
	return plan_task_rank(task) > 0 ? PAINT_ODD : PAINT_GOOD;
}

/* "failed: exit 3", "failed: took too long, signal TERM" */
static void add_failure(struct text *text, const json_t *whose, const json_t *last)
{
	bool late = document_is(whose, "cause", "took too long");
	size_t start;

	text_add(text, "failed: %s", late ? "took too long" : "");
	start = text->len;
	text_add(text, "%s", late ? ", " : "");
	size_t end = text->len;
	words_end(text, last);
	if (text->len > end)
		return;
	text->len = start;
	text->buf[start] = '\0';
	text_add(text, "%s", late ? "" : "it did not run");
}

void plan_task_result(struct text *text, const json_t *task)
{
	const json_t *last = document_object(task, "last_run");

	if (last == NULL)
		text_add(text,
			 document_number(task, "runs", 0) > 0 ? "not ended yet" : "never run");
	else if (document_flag(last, "failed"))
		add_failure(text, last, last);
	else
		text_add(text, "ok");
}

static void part_begin(struct text *text, size_t start)
{
	text_add(text, "%s", text->len > start ? ", " : "");
}

void plan_task_notes(struct text *text, const json_t *task)
{
	const char *awaited = document_text(task, "waits_for");
	json_int_t skipped = document_number(task, "skipped", 0);
	size_t start = text->len;

	if (awaited != NULL) {
		text_add(text, "waits for ");
		shown_add(text, awaited);
	}
	if (plan_task_runs(task)) {
		part_begin(text, start);
		text_add(text, document_is(task, "state", "stopping") ? "is stopped, after "
								      : "runs for ");
		asked_span(text, document_span(task, "running_ms", 0));
	}
	if (document_flag(task, "pending") && awaited == NULL) {
		part_begin(text, start);
		text_add(text, "one more is due");
	}
	if (skipped > 0) {
		part_begin(text, start);
		text_add(text, "%lld skipped", (long long)skipped);
	}
}

void plan_task(struct text *text, const json_t *task)
{
	shown_add(text, document_name(task));
	text_add(text, is_down(task) ? ": its last run " : ": ");
	if (document_is(task, "state", "waiting"))
		plan_task_notes(text, task);
	else
		plan_task_result(text, task);
}

/* ---- the lifespan */

/* The half that is at work, or that has failed; NULL: neither. */
static const json_t *half_of(const json_t *step)
{
	const char *failed = document_text(step, "failed");

	if (failed != NULL)
		return document_object(step, failed);
	if (document_is(step, "state", "starting"))
		return document_object(step, "start");
	return document_is(step, "state", "stopping") ? document_object(step, "stop") : NULL;
}

static void add_work(struct text *text, const json_t *step, const json_t *half)
{
	json_int_t pid = document_number(half, "pid", 0);
	span_ns deadline = document_span(step, "deadline_ms", -1);

	if (pid > 0)
		text_add(text, " (pid %lld)", (long long)pid);
	text_add(text, " for ");
	words_span(text, document_span(step, "since_ms", 0));
	if (deadline < 0)
		return;
	text_add(text, ", at most ");
	words_span(text, deadline + NS_S - 1);
	text_add(text, " more");
}

void plan_step(struct text *text, const json_t *step)
{
	const char *failed = document_text(step, "failed"), *state = document_text(step, "state");
	const json_t *half = half_of(step);

	shown_add(text, document_name(step));
	text_add(text, " ");
	if (failed != NULL) {
		text_add(text, "(");
		shown_add(text, failed);
		text_add(text, " ");
		add_failure(text, half, document_object(half, "last_exit"));
		text_add(text, ") ");
	}
	shown_add(text, state == NULL ? "?" : state);
	if (failed == NULL && half != NULL)
		add_work(text, step, half);
}

enum paint plan_step_paint(const json_t *step)
{
	if (document_text(step, "failed") != NULL)
		return PAINT_BAD;
	return document_is(step, "state", "up") ? PAINT_GOOD : PAINT_ODD;
}
