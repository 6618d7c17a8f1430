#include "fosterctl/details.h"

#include <string.h>

#include "fosterctl/asked.h"
#include "fosterctl/document.h"
#include "fosterctl/plan.h"
#include "fosterctl/shown.h"
#include "fosterctl/words.h"

enum { LINE_SIZE = 4096, LABEL_INDENT = 2, VALUE_INDENT = 14 };

/* "  label       value"; nothing when there is no value. */
static void line_print(const struct screen *screen, const char *label, const char *safe)
{
	if (*safe == '\0')
		return;
	fprintf(screen->file, "%*s%-*s", LABEL_INDENT, "", VALUE_INDENT - LABEL_INDENT, label);
	screen_wrap(screen, PAINT_NONE, safe, VALUE_INDENT, VALUE_INDENT);
}

static void add_bytes(struct text *text, json_int_t kib)
{
	if (kib < 1024)
		text_add(text, "%lld KiB", (long long)kib);
	else
		text_add(text, "%.1f MiB", (double)kib / 1024);
}

static void add_cpu(struct text *text, const json_t *usage, const char *key, const char *words)
{
	text_add(text, "%.3fs %s, ", (double)document_number(usage, key, 0) / 1000, words);
}

/* How a program ended, and what it had used. */
static void end_print(const struct screen *screen, const char *label, const json_t *last)
{
	const json_t *usage = document_object(last, "rusage");
	const char *at = document_text(last, "at");
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	words_end(&text, last);
	text_add(&text, "%s", document_text(last, "error") == NULL ? " after " : "");
	if (document_text(last, "error") == NULL)
		asked_span(&text, document_span(last, "run_ms", 0));
	text_add(&text, at == NULL ? "" : ", at ");
	shown_add(&text, at);
	line_print(screen, label, last == NULL ? "" : buf);
	text_init(&text, buf, sizeof buf);
	add_cpu(&text, usage, "utime_ms", "user");
	add_cpu(&text, usage, "stime_ms", "system");
	add_bytes(&text, document_number(usage, "maxrss_kb", 0));
	line_print(screen, "it had used", usage == NULL ? "" : buf);
}

static void said_print(const struct screen *screen, const json_t *instance)
{
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	shown_add(&text, document_text(instance, "status_text"));
	line_print(screen, "it says", buf);
}

static void numbers_print(const struct screen *screen, const json_t *instance)
{
	json_int_t pid = document_number(instance, "pid", 0);
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	if (pid > 0)
		text_add(&text, "%lld", (long long)pid);
	line_print(screen, "pid", buf);
	text_init(&text, buf, sizeof buf);
	words_span(&text, document_span(instance, "since_ms", 0));
	line_print(screen, "since", buf);
	text_init(&text, buf, sizeof buf);
	text_add(&text, "%lld", (long long)document_number(instance, "restarts", 0));
	line_print(screen, "restarts", buf);
}

static void probes_print(const struct screen *screen, const json_t *instance)
{
	static const char *const roles[] = {"startup", "readiness", "liveness"};
	const json_t *probes = document_object(instance, "probes");
	char buf[LINE_SIZE];
	struct text text;

	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
		const json_t *probe = document_object(probes, roles[i]);
		text_init(&text, buf, sizeof buf);
		if (probe != NULL)
			asked_probe(&text, probe);
		line_print(screen, roles[i], buf);
	}
	text_init(&text, buf, sizeof buf);
	if (document_text(instance, "held_by") != NULL) {
		text_add(&text, "by check ");
		shown_add(&text, document_text(instance, "held_by"));
	}
	line_print(screen, "held", buf);
}

static void instance_print(const json_t *instance, const struct screen *screen)
{
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	words_instance(&text, instance);
	screen_wrap(screen, words_paint(instance), buf, 0, LABEL_INDENT);
	numbers_print(screen, instance);
	probes_print(screen, instance);
	said_print(screen, instance);
	end_print(screen, "last end", document_object(instance, "last_exit"));
}

/* "db (ready), migrate (completed)" */
static void depends_print(const struct screen *screen, const json_t *worker)
{
	const json_t *dependency;
	char buf[LINE_SIZE];
	struct text text;
	size_t i;

	text_init(&text, buf, sizeof buf);
	json_array_foreach(document_list(worker, "depends_on"), i, dependency)
	{
		text_add(&text, i > 0 ? ", " : "");
		shown_add(&text, document_name(dependency));
		text_add(&text, " (");
		shown_add(&text, document_text(dependency, "when"));
		text_add(&text, ")");
	}
	line_print(screen, "depends on", buf);
}

static void worker_print(const json_t *worker, const struct screen *screen)
{
	const char *health = document_text(worker, "status");
	const char *command = document_text(worker, "command");
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	text_add(&text, document_is(worker, "kind", "job") ? "job " : "worker ");
	shown_add(&text, document_name(worker));
	text_add(&text, ": ");
	shown_add(&text, health == NULL ? "of unknown health" : health);
	text_add(&text, ", %lld of %lld ready (%lld needed), %scritical",
		 (long long)document_number(worker, "ready_instances", 0),
		 (long long)document_number(worker, "replicas", 0),
		 (long long)document_number(worker, "min_ready", 0),
		 document_flag(worker, "critical") ? "" : "not ");
	text_add(&text, command == NULL ? "" : ", runs ");
	shown_add(&text, command);
	screen_wrap(screen, PAINT_NONE, buf, 0, LABEL_INDENT);
	depends_print(screen, worker);
}

void details_instance(const json_t *worker, const json_t *instance, const struct screen *screen)
{
	worker_print(worker, screen);
	instance_print(instance, screen);
}

void details_worker(const json_t *worker, const struct screen *screen)
{
	const json_t *instance;
	size_t i;

	worker_print(worker, screen);
	json_array_foreach(document_list(worker, "instances"), i, instance)
		instance_print(instance, screen);
}

/* ---- a check */

/* "1.8 ms (degraded above 200ms)" */
static void latency_print(const json_t *check, const struct screen *screen)
{
	span_ns above = document_span(check, "degraded_above_ms", 0);
	char buf[LINE_SIZE], span[SPAN_TEXT_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	asked_latency(&text, check);
	if (text.len > 0 && above > 0)
		text_add(&text, " (degraded above %s)", span_format(span, above));
	line_print(screen, "latency", buf);
}

/* "3s ago, at 2026-11-22T22:38:49.942Z" */
static void moment_print(const json_t *check, const struct screen *screen)
{
	const char *at = document_text(check, "checked_at");
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	if (at != NULL) {
		asked_span(&text, document_span(check, "age_ms", 0));
		text_add(&text, " ago, at ");
		shown_add(&text, at);
	}
	line_print(screen, "answered", at == NULL ? "never" : buf);
}

static void asked_print(const json_t *check, const struct screen *screen)
{
	span_ns next = document_span(check, "next_ms", -1);
	char buf[LINE_SIZE], span[SPAN_TEXT_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	text_add(&text, "by ");
	shown_add(&text, document_text(check, "driver"));
	text_add(&text, " every %s", span_format(span, document_span(check, "period_ms", 0)));
	text_add(&text, ", within %s", span_format(span, document_span(check, "timeout_ms", 0)));
	if (next >= 0) {
		text_add(&text, ", again in ");
		asked_span(&text, next);
	}
	line_print(screen, "is asked", buf);
}

static void success_print(const json_t *check, const struct screen *screen)
{
	const char *at = document_text(check, "last_success");
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	shown_add(&text, at == NULL ? "never" : at);
	line_print(screen, "succeeded", buf);
}

/* All lines that a program wrote. */
static void lines_print(const char *label, const char *written, const struct screen *screen)
{
	char raw[LINE_SIZE], buf[LINE_SIZE];
	struct text text;

	while (*written != '\0') {
		size_t len = strcspn(written, "\n");
		text_init(&text, raw, sizeof raw);
		text_put(&text, written, len);
		text_init(&text, buf, sizeof buf);
		shown_add(&text, raw);
		line_print(screen, label, buf);
		label = buf[0] == '\0' ? label : "";
		written += len + (written[len] == '\n');
	}
}

void details_check(const json_t *check, const struct screen *screen)
{
	const char *error = document_text(check, "error");
	const char *reason = document_text(check, "reason");
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	text_add(&text, "check ");
	asked_check(&text, check);
	text_add(&text, document_flag(check, "critical") ? "" : " (not critical)");
	screen_wrap(screen, asked_check_paint(check), buf, 0, LABEL_INDENT);
	asked_print(check, screen);
	moment_print(check, screen);
	latency_print(check, screen);
	/* The line above tells the last of it. */
	if (error != NULL && (reason == NULL || strcmp(error, reason) != 0))
		lines_print("error", error, screen);
	success_print(check, screen);
}

/* ---- a task, a step of the lifespan */

static void output_print(const json_t *program, const struct screen *screen)
{
	const char *output = document_text(program, "output");

	if (output != NULL)
		lines_print("it wrote", output, screen);
}

static void counts_print(const json_t *task, const struct screen *screen)
{
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	text_add(&text, "%lld, %lld failed, %lld skipped",
		 (long long)document_number(task, "runs", 0),
		 (long long)document_number(task, "failures", 0),
		 (long long)document_number(task, "skipped", 0));
	line_print(screen, "runs", buf);
}

/* "every 5m, again in 3m12s" */
static void schedule_print(const json_t *task, const struct screen *screen)
{
	span_ns next = document_span(task, "next_in_ms", -1);
	char buf[LINE_SIZE], span[SPAN_TEXT_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	text_add(&text, "every %s", span_format(span, document_span(task, "every_ms", 0)));
	text_add(&text, next < 0 ? ", not any more" : ", again in ");
	if (next >= 0)
		asked_span(&text, next);
	line_print(screen, "is run", buf);
	text_init(&text, buf, sizeof buf);
	plan_task_notes(&text, task);
	line_print(screen, "now", buf);
}

void details_task(const json_t *task, const struct screen *screen)
{
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	text_add(&text, "task ");
	plan_task(&text, task);
	text_add(&text, document_flag(task, "critical") ? " (critical)" : "");
	screen_wrap(screen, plan_task_paint(task), buf, 0, LABEL_INDENT);
	schedule_print(task, screen);
	counts_print(task, screen);
	end_print(screen, "last end", document_object(task, "last_run"));
	output_print(task, screen);
}

void details_step(const json_t *step, const struct screen *screen)
{
	const json_t *start = document_object(step, "start"), *stop = document_object(step, "stop");
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	text_add(&text, "lifespan step ");
	plan_step(&text, step);
	screen_wrap(screen, plan_step_paint(step), buf, 0, LABEL_INDENT);
	end_print(screen, "start", document_object(start, "last_exit"));
	output_print(start, screen);
	end_print(screen, "stop", document_object(stop, "last_exit"));
	output_print(stop, screen);
}
