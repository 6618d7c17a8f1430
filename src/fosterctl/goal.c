#include "fosterctl/goal.h"

#include <stdbool.h>

#include "fosterctl/document.h"
#include "fosterctl/plan.h"
#include "fosterctl/shown.h"
#include "fosterctl/words.h"

enum { NAMES_MAX = 3 };

static bool is_in(const json_t *instance, const char *state)
{
	return document_is(instance, "state", state);
}

static json_int_t starts_since(const json_t *told, const json_t *now)
{
	return document_number(now, "restarts", 0) - document_number(told, "restarts", 0);
}

/* Told to start: the first start that is seen is the one that was asked for. */
static enum goal_standing judge_start(const json_t *told, const json_t *now)
{
	if (is_in(now, "ready") || is_in(now, "completed"))
		return GOAL_REACHED;
	if (is_in(now, "failed") || is_in(now, "stopped") || is_in(now, "backoff") ||
	    starts_since(told, now) > 1)
		return GOAL_MISSED;
	return GOAL_AWAITED;
}

static enum goal_standing judge_restart(const json_t *told, const json_t *now)
{
	/* One that had no process to stop was started at once. */
	if (starts_since(told, now) > 0 || !is_in(told, "stopping"))
		return judge_start(told, now);
	return is_in(now, "failed") || is_in(now, "stopped") ? GOAL_MISSED : GOAL_AWAITED;
}

static enum goal_standing judge_stop(const json_t *told, const json_t *now)
{
	if (is_in(now, "stopped") || is_in(now, "failed") || is_in(now, "completed"))
		return GOAL_REACHED;
	return starts_since(told, now) > 0 ? GOAL_MISSED : GOAL_AWAITED;
}

/* The run that was asked for has a number; when a later one has ended already, any failure counts.
 */
static enum goal_standing judge_run(const json_t *told, const json_t *now)
{
	json_int_t runs = document_number(now, "runs", 0);
	json_int_t ended = plan_task_runs(now) ? runs - 1 : runs;

	if (ended < document_number(told, "run", 0))
		return GOAL_AWAITED;
	return document_number(now, "failures", 0) > document_number(told, "failures", 0)
		       ? GOAL_MISSED
		       : GOAL_REACHED;
}

static enum goal_standing judge(enum goal_kind kind, const json_t *told, const json_t *now)
{
	switch (kind) {
	case GOAL_READY:
		return judge_start(told, now);
	case GOAL_STOPPED:
		return judge_stop(told, now);
	case GOAL_RUN:
		return judge_run(told, now);
	case GOAL_RESTARTED:
		break;
	}
	return judge_restart(told, now);
}

static void tell_failure(struct text *who, enum goal_kind kind, const json_t *now)
{
	if (kind == GOAL_RUN)
		plan_task(who, now);
	else
		words_instance(who, now);
}

/* A failure is told in full, who waits for another as well, the rest by name and state. */
static void tell(struct text *who, enum goal_kind kind, enum goal_standing standing,
		 const json_t *now)
{
	if (standing == GOAL_MISSED) {
		tell_failure(who, kind, now);
		return;
	}
	shown_add(who, document_name(now));
	if (document_object(now, "waits_for") != NULL) {
		text_add(who, ", which waits ");
		words_why(who, now);
		return;
	}
	text_add(who, " (");
	shown_add(who, document_text(now, "state"));
	text_add(who, ")");
}

static void empty(struct text *text, size_t start)
{
	text->len = start;
	text->buf[start] = '\0';
}

struct survey {
	const struct goal *goal;
	const json_t *instances; /* or tasks, by name */
	struct text *who;
	size_t start; /* of what is said, in who */
	size_t n_awaited;
};

static enum goal_standing look_at(struct survey *survey, const json_t *told)
{
	const char *key = survey->goal->kind == GOAL_RUN ? "task" : "name";
	const char *name = document_text(told, key);
	const json_t *now = name == NULL ? NULL : json_object_get(survey->instances, name);
	enum goal_standing standing =
		now == NULL ? GOAL_MISSED : judge(survey->goal->kind, told, now);

	if (standing == GOAL_REACHED)
		return standing;
	if (standing == GOAL_MISSED)
		empty(survey->who, survey->start);
	else if (++survey->n_awaited > NAMES_MAX)
		return standing;
	else if (survey->n_awaited > 1)
		text_add(survey->who, ", ");
	if (now != NULL) {
		tell(survey->who, survey->goal->kind, standing, now);
		return standing;
	}
	shown_add(survey->who, name);
	text_add(survey->who, " is no longer there");
	return standing;
}

static enum goal_standing look_at_all(struct survey *survey)
{
	const json_t *told;
	size_t i;

	json_array_foreach(survey->goal->told, i, told)
	{
		if (look_at(survey, told) == GOAL_MISSED)
			return GOAL_MISSED;
	}
	if (survey->n_awaited > NAMES_MAX)
		text_add(survey->who, " and %zu more", survey->n_awaited - NAMES_MAX);
	return survey->n_awaited > 0 ? GOAL_AWAITED : GOAL_REACHED;
}

/* Tasks by name. NULL when memory is refused. */
static json_t *index_tasks(const json_t *document)
{
	json_t *index = json_object(), *task;
	size_t i;

	json_array_foreach(document_list(document, "tasks"), i, task)
	{
		const char *name = document_text(task, "name");
		if (name != NULL && json_object_set(index, name, task) == -1) {
			json_decref(index);
			return NULL;
		}
	}
	return index;
}

/* Instances by name; the same. */
static json_t *index_instances(const json_t *document)
{
	json_t *index = json_object(), *worker, *instance;
	size_t i, j;

	json_array_foreach(document_list(document, "workers"), i, worker)
	{
		json_array_foreach(document_list(worker, "instances"), j, instance)
		{
			const char *name = document_text(instance, "name");
			if (name != NULL && json_object_set(index, name, instance) == -1) {
				json_decref(index);
				return NULL;
			}
		}
	}
	return index;
}

/* A drain lets tasks end: those that are awaited run still. */
static bool is_finishing(const struct goal *goal, const json_t *document)
{
	const json_t *told;
	size_t i;

	json_array_foreach(goal->told, i, told)
	{
		const char *name = document_text(told, "task");
		const json_t *now = name == NULL ? NULL : document_task(document, name);
		if (plan_task_runs(now) &&
		    document_number(now, "runs", 0) == document_number(told, "run", 0))
			return true;
	}
	return false;
}

enum goal_standing goal_judge(const struct goal *goal, const json_t *document, struct text *who)
{
	bool run = goal->kind == GOAL_RUN;
	json_t *index = run ? index_tasks(document) : index_instances(document);
	struct survey survey = {.goal = goal, .instances = index, .who = who, .start = who->len};
	enum goal_standing standing = look_at_all(&survey);

	json_decref(index);
	if (standing == GOAL_AWAITED && goal->kind != GOAL_STOPPED &&
	    !is_finishing(goal, document) && document_object(document, "drain") != NULL) {
		empty(who, survey.start);
		text_add(who, "fosterd is ending");
		return GOAL_MISSED;
	}
	return standing;
}
