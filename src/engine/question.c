#include "engine/question.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/utf8.h"

enum { ERROR_MAX = 4096 };

int questions_init(struct questions *questions, struct err *err)
{
	questions->list = calloc(questions->spec->n_probes + 1, sizeof *questions->list);
	if (questions->list == NULL)
		return err_set(err, ENOMEM, "make room for %u probes", questions->spec->n_probes);
	return 0;
}

void questions_fini(struct questions *questions)
{
	for (uint32_t i = 0; questions->list != NULL && i < questions->spec->n_probes; i++)
		free(questions->list[i].error);
	free(questions->list);
	*questions = (struct questions){0};
}

struct question *question_get(const struct questions *questions, uint32_t probe)
{
	MUST(probe < questions->spec->n_probes);
	return &questions->list[probe];
}

static void append(struct questions *questions, uint32_t probe, struct question_list *list)
{
	struct question *question = question_get(questions, probe);

	question->in = list;
	question->since = questions->carry->desk->now;
	question->previous = list->last;
	if (list->count++ == 0)
		list->first = probe;
	else
		question_get(questions, list->last)->next = probe;
	list->last = probe;
}

static void take_out(struct questions *questions, uint32_t probe, struct question_list *list)
{
	struct question *question = question_get(questions, probe);

	MUST(question->in == list && list->count > 0);
	if (probe == list->first)
		list->first = question->next;
	else
		question_get(questions, question->previous)->next = question->next;
	if (probe == list->last)
		list->last = question->previous;
	else
		question_get(questions, question->next)->previous = question->previous;
	list->count--;
	question->in = NULL;
}

void question_begin(struct questions *questions, uint32_t probe, uint32_t serial,
		    struct question_list *list)
{
	struct question *question = question_get(questions, probe);

	MUST(question->in == NULL);
	question->serial = serial;
	append(questions, probe, list);
}

void question_move(struct questions *questions, uint32_t probe, struct question_list *from,
		   struct question_list *to)
{
	take_out(questions, probe, from);
	append(questions, probe, to);
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Whatever a program says, it is shown as text: no other bytes, and lines as its only layout. */
static void clean(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && is_blank(text[len - 1]))
		text[--len] = '\0';
	for (size_t length; *text != '\0'; text += length) {
		bool is_layout = *text == '\n' || *text == '\t';
		length = is_layout ? 1 : utf8_letter(text);
		if (length == 0) {
			*text = '?';
			length = 1;
		}
	}
}

/* Without memory there is no text: it is for people only. */
static void keep_error(struct question *question, const char *error)
{
	char *text = strndup(error, ERROR_MAX);

	if (text != NULL)
		clean(text);
	free(question->error);
	question->error = text;
}

static void note(struct question *question, const struct answer *answer)
{
	if (answer->result == PROBE_UNKNOWN) {
		/* It counts for nothing, and so does not hide why a real answer was bad. */
		if (question->checked_at == 0)
			keep_error(question, answer->error);
		return;
	}
	question->checked_at = wall_now();
	if (answer->result == PROBE_FAILURE) {
		keep_error(question, answer->error);
		return;
	}
	question->succeeded_at = question->checked_at;
	free(question->error);
	question->error = NULL;
}

void question_answer(struct questions *questions, uint32_t probe, struct question_list *from,
		     const struct answer *answer)
{
	struct question *question = question_get(questions, probe);

	take_out(questions, probe, from);
	note(question, answer);
	desk_report(questions->carry->desk, (struct fact){.kind = FACT_PROBED,
							  .probe = probe,
							  .serial = question->serial,
							  .result = answer->result,
							  .span = answer->latency});
}

void question_give_up(struct questions *questions, struct question_list *list, const char *reason)
{
	const struct answer unknown = {.result = PROBE_UNKNOWN, .error = reason};

	/* What is asked anew because of it comes to another list, or behind these. */
	for (uint32_t left = list->count; left > 0 && list->count > 0; left--) {
		question_answer(questions, list->first, list, &unknown);
		carry_orders(questions->carry);
	}
}
