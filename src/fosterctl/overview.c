#include "fosterctl/overview.h"

#include "fosterctl/asked.h"
#include "fosterctl/document.h"
#include "fosterctl/headline.h"
#include "fosterctl/plan.h"
#include "fosterctl/sheet.h"
#include "fosterctl/shown.h"
#include "fosterctl/words.h"

enum { NAME, STATE, RESTARTS, SINCE, PID, WHY };

static const struct sheet_column columns[SHEET_COLUMNS] = {
	[NAME] = {"NAME", false, 24},	     [STATE] = {"STATE", false, 20},
	[RESTARTS] = {"RESTARTS", true, 10}, [SINCE] = {"SINCE", true, 10},
	[PID] = {"PID", true, 10},	     [WHY] = {"WHY", false, 0},
};

enum { CHECK_NAME, CHECK_STATUS, CHECK_DRIVER, CHECK_LATENCY, CHECK_AGE, CHECK_WHY };

static const struct sheet_column check_columns[SHEET_COLUMNS] = {
	[CHECK_NAME] = {"CHECK", false, 24},	[CHECK_STATUS] = {"STATUS", false, 20},
	[CHECK_DRIVER] = {"DRIVER", false, 10}, [CHECK_LATENCY] = {"LATENCY", true, 12},
	[CHECK_AGE] = {"AGE", true, 10},	[CHECK_WHY] = {"WHY", false, 0},
};

enum { TASK_NAME, TASK_STATE, TASK_LAST, TASK_TOOK, TASK_NEXT, TASK_NOTES };

static const struct sheet_column task_columns[SHEET_COLUMNS] = {
	[TASK_NAME] = {"TASK", false, 24},     [TASK_STATE] = {"STATE", false, 20},
	[TASK_LAST] = {"LAST RUN", false, 30}, [TASK_TOOK] = {"TOOK", true, 10},
	[TASK_NEXT] = {"NEXT IN", true, 10},   [TASK_NOTES] = {"WHY", false, 0},
};

/* A row while it is written. */
struct row {
	char cells[SHEET_COLUMNS][SHEET_CELL_SIZE];
	struct text texts[SHEET_COLUMNS];
};

static void row_begin(struct row *row)
{
	for (size_t i = 0; i < SHEET_COLUMNS; i++)
		text_init(&row->texts[i], row->cells[i], sizeof row->cells[i]);
}

static int row_end(const struct row *row, struct sheet *sheet, enum paint paint)
{
	const char *cells[SHEET_COLUMNS];

	for (size_t i = 0; i < SHEET_COLUMNS; i++)
		cells[i] = row->cells[i];
	return sheet_add(sheet, paint, cells);
}

static int add_instance(struct sheet *sheet, const json_t *instance)
{
	json_int_t pid = document_number(instance, "pid", 0);
	struct row row;

	row_begin(&row);
	shown_add(&row.texts[NAME], document_name(instance));
	shown_add(&row.texts[STATE], document_text(instance, "state"));
	text_add(&row.texts[RESTARTS], "%lld", (long long)document_number(instance, "restarts", 0));
	words_span(&row.texts[SINCE], document_span(instance, "since_ms", 0));
	if (pid > 0)
		text_add(&row.texts[PID], "%lld", (long long)pid);
	else
		text_add(&row.texts[PID], "-");
	words_why(&row.texts[WHY], instance);
	return row_end(&row, sheet, words_paint(instance));
}

/* What is said of a worker's instances in one row. */
struct summary {
	size_t n_well, n_all;
	size_t n_untold;     /* not well, and without a row */
	json_int_t restarts; /* of the well ones */
	span_ns since;	     /* of the youngest well one */
	const json_t *well;  /* the first of them; NULL: none */
	bool mixed;	     /* they are well in different ways */
};

static void summarize(struct summary *summary, const json_t *worker, size_t n_untold)
{
	const json_t *instances = document_list(worker, "instances"), *instance;
	size_t i;

	*summary = (struct summary){
		.n_all = json_array_size(instances), .n_untold = n_untold, .since = MONO_NEVER};
	json_array_foreach(instances, i, instance)
	{
		if (words_rank(instance) > 0)
			continue;
		span_ns since = document_span(instance, "since_ms", 0);
		summary->well = summary->n_well++ == 0 ? instance : summary->well;
		const char *state = document_text(instance, "state");
		summary->mixed = summary->mixed || !document_is(summary->well, "state", state);
		summary->restarts += document_number(instance, "restarts", 0);
		summary->since = since < summary->since ? since : summary->since;
	}
}

static int add_summary(struct sheet *sheet, const json_t *worker, const struct summary *summary)
{
	const char *state = summary->well == NULL ? "ready" : document_text(summary->well, "state");
	struct row row;

	row_begin(&row);
	shown_add(&row.texts[NAME], document_name(worker));
	text_add(&row.texts[STATE], "%zu/%zu ", summary->n_well, summary->n_all);
	shown_add(&row.texts[STATE], summary->mixed ? "well" : state);
	if (summary->n_well > 0) {
		text_add(&row.texts[RESTARTS], "%lld", (long long)summary->restarts);
		words_span(&row.texts[SINCE], summary->since);
	}
	if (summary->n_untold > 0)
		text_add(&row.texts[WHY], "%zu more are not well", summary->n_untold);
	return row_end(&row, sheet, summary->n_untold > 0 ? PAINT_ODD : PAINT_GOOD);
}

static int add_worker(struct sheet *sheet, const json_t *worker, size_t n_untold)
{
	struct summary summary;

	summarize(&summary, worker, n_untold);
	if (summary.n_all == 1 && summary.n_well == 1)
		return add_instance(sheet, summary.well);
	if (summary.n_all > 0 && summary.n_well == 0 && n_untold == 0)
		return 0;
	return add_summary(sheet, worker, &summary);
}

static int fill(struct sheet *sheet, const json_t *workers, const struct census *census,
		size_t *n_sick)
{
	const json_t *worker;
	size_t i;

	for (i = 0; i < census->n_sick; i++) {
		const struct sick *sick = &census->sick[i];
		if (sick->instance == NULL)
			continue;
		if (n_sick[sick->worker]++ < OVERVIEW_SICK_MAX &&
		    add_instance(sheet, sick->instance) == -1)
			return -1;
	}
	json_array_foreach(workers, i, worker)
	{
		size_t untold = n_sick[i] > OVERVIEW_SICK_MAX ? n_sick[i] - OVERVIEW_SICK_MAX : 0;
		if (add_worker(sheet, worker, untold) == -1)
			return -1;
	}
	return 0;
}

/* ---- checks */

static int add_check(struct sheet *sheet, const json_t *check)
{
	span_ns age = document_span(check, "age_ms", -1);
	struct row row;

	row_begin(&row);
	shown_add(&row.texts[CHECK_NAME], document_name(check));
	shown_add(&row.texts[CHECK_STATUS], document_text(check, "status"));
	shown_add(&row.texts[CHECK_DRIVER], document_text(check, "driver"));
	asked_latency(&row.texts[CHECK_LATENCY], check);
	if (age >= 0)
		asked_span(&row.texts[CHECK_AGE], age);
	asked_check_why(&row.texts[CHECK_WHY], check);
	return row_end(&row, sheet, asked_check_paint(check));
}

static int fill_checks(struct sheet *sheet, const json_t *checks, const struct census *census)
{
	const json_t *check;
	size_t i;

	for (i = 0; i < census->n_sick; i++)
		if (census->sick[i].check != NULL && add_check(sheet, census->sick[i].check) == -1)
			return -1;
	json_array_foreach(checks, i, check)
	{
		if (asked_check_rank(check) == 0 && add_check(sheet, check) == -1)
			return -1;
	}
	return 0;
}

/* ---- tasks, the lifespan */

static int add_task(struct sheet *sheet, const json_t *task)
{
	const json_t *last = document_object(task, "last_run");
	span_ns next = document_span(task, "next_in_ms", -1);
	struct row row;

	row_begin(&row);
	shown_add(&row.texts[TASK_NAME], document_name(task));
	shown_add(&row.texts[TASK_STATE], document_text(task, "state"));
	plan_task_result(&row.texts[TASK_LAST], task);
	if (last != NULL)
		asked_span(&row.texts[TASK_TOOK], document_span(last, "duration_ms", 0));
	if (next >= 0)
		asked_span(&row.texts[TASK_NEXT], next);
	plan_task_notes(&row.texts[TASK_NOTES], task);
	return row_end(&row, sheet, plan_task_paint(task));
}

static int fill_tasks(struct sheet *sheet, const json_t *tasks)
{
	const json_t *task;
	size_t i;

	json_array_foreach(tasks, i, task)
	{
		if (add_task(sheet, task) == -1)
			return -1;
	}
	return 0;
}

/* All steps in one line. */
static void print_lifespan(const json_t *steps, const struct screen *screen)
{
	char line[SHEET_CELL_SIZE];
	enum paint worst = PAINT_GOOD;
	const json_t *step;
	struct text text;
	size_t i;

	text_init(&text, line, sizeof line);
	text_add(&text, "lifespan: ");
	json_array_foreach(steps, i, step)
	{
		enum paint paint = plan_step_paint(step);
		worst = paint > worst ? paint : worst;
		text_add(&text, i == 0 ? "" : "; ");
		plan_step(&text, step);
	}
	if (json_array_size(steps) == 0)
		return;
	fputc('\n', screen->file);
	screen_wrap(screen, worst, line, 0, 2);
}

/* A prober is told of only when none runs: then nobody asks. */
static void print_probers(const json_t *probers, const struct screen *screen)
{
	const json_t *prober;
	char line[SHEET_CELL_SIZE];
	struct text text;
	size_t i;

	json_array_foreach(probers, i, prober)
	{
		const char *error = document_text(prober, "error");
		const char *user = document_text(prober, "user");
		if (error == NULL)
			continue;
		text_init(&text, line, sizeof line);
		text_add(&text, "the prober ");
		text_add(&text, user == NULL ? "" : "of user ");
		shown_add(&text, user);
		text_add(&text, "%sdoes not run: ", user == NULL ? "" : " ");
		shown_add(&text, error);
		fputc('\n', screen->file);
		screen_wrap(screen, PAINT_BAD, line, 0, 2);
	}
}

static int print(const json_t *document, const struct screen *screen, struct arena *arena)
{
	const json_t *workers = document_list(document, "workers");
	char head[HEADLINE_SIZE];
	const json_t *checks = document_list(document, "checks");
	const json_t *tasks = document_list(document, "tasks");
	struct sheet sheet, asked, planned;
	struct census census;
	struct text text;

	size_t *n_sick = arena_alloc(arena, (json_array_size(workers) + 1) * sizeof *n_sick);
	if (n_sick == NULL || census_take(&census, document, arena) == -1)
		return -1;
	sheet_init(&sheet, columns, STATE, arena);
	sheet_init(&asked, check_columns, CHECK_STATUS, arena);
	sheet_init(&planned, task_columns, TASK_STATE, arena);
	if (fill(&sheet, workers, &census, n_sick) == -1 ||
	    fill_checks(&asked, checks, &census) == -1 || fill_tasks(&planned, tasks) == -1)
		return -1;
	text_init(&text, head, sizeof head);
	headline_add(&text, document, &census);
	screen_wrap(screen, headline_paint(document), head, 0, 2);
	fputs(sheet.rows == NULL ? "" : "\n", screen->file);
	sheet_print(&sheet, screen);
	fputs(asked.rows == NULL ? "" : "\n", screen->file);
	sheet_print(&asked, screen);
	fputs(planned.rows == NULL ? "" : "\n", screen->file);
	sheet_print(&planned, screen);
	print_lifespan(document_list(document, "lifespan"), screen);
	print_probers(document_list(document, "probers"), screen);
	return 0;
}

int overview_print(const json_t *document, const struct screen *screen)
{
	struct arena arena = {0};
	int result = print(document, screen, &arena);

	arena_fini(&arena);
	return result;
}
