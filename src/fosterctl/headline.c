#include "fosterctl/headline.h"

#include "fosterctl/asked.h"
#include "fosterctl/document.h"
#include "fosterctl/plan.h"
#include "fosterctl/shown.h"
#include "fosterctl/words.h"

static void add_awaited(struct text *text, const json_t *one)
{
	const char *comm = document_text(one, "comm");
	json_int_t pid = document_number(one, "pid", 0);

	shown_add(text, document_name(one));
	if (pid <= 0)
		return;
	text_add(text, " (pid %lld", (long long)pid);
	if (comm != NULL) {
		text_add(text, ", ");
		shown_add(text, comm);
	}
	text_add(text, ")");
}

void headline_add_drain(struct text *text, const json_t *drain)
{
	const json_t *awaited = document_list(drain, "waiting_for"), *one;
	size_t i, count = json_array_size(awaited);

	text_add(text, "at most ");
	words_span(text, document_span(drain, "remaining_ms", 0));
	text_add(text, " left%s", count > 0 ? ", waits for " : "");
	json_array_foreach(awaited, i, one)
	{
		if (i == HEADLINE_AWAITED_MAX)
			break;
		text_add(text, "%s", i == 0 ? "" : i + 1 == count ? " and " : ", ");
		add_awaited(text, one);
	}
	if (count > HEADLINE_AWAITED_MAX)
		text_add(text, " and %zu more", count - HEADLINE_AWAITED_MAX);
}

/* The phase of the drain, when the state does not say it. */
static void add_phase(struct text *text, const json_t *drain)
{
	if (document_is(drain, "phase", "lifespan"))
		text_add(text, " (its lifespan)");
}

/* The step of the lifespan that is being started; NULL: none. */
static const json_t *starting_step(const json_t *document)
{
	const json_t *step;
	size_t i;

	json_array_foreach(document_list(document, "lifespan"), i, step)
	{
		if (document_is(step, "state", "starting"))
			return step;
	}
	return NULL;
}

static void add_health(struct text *text, const json_t *document, const struct census *census)
{
	const char *health = document_text(document, "status");
	const json_t *step = starting_step(document);

	if (step != NULL) {
		text_add(text, "lifespan step ");
		plan_step(text, step);
		return;
	}

	shown_add(text, health == NULL ? "of unknown health" : health);
	text_add(text, ": ");
	if (census->n_sick == 0) {
		text_add(text, "%zu of %zu well", census->n_all, census->n_all);
		return;
	}
	if (census->sick[0].check != NULL)
		asked_check(text, census->sick[0].check);
	else if (census->sick[0].task != NULL)
		plan_task(text, census->sick[0].task);
	else
		words_instance(text, census->sick[0].instance);
	if (census->n_sick > 1)
		text_add(text, "; %zu of %zu are not well", census->n_sick, census->n_all);
}

void headline_add(struct text *text, const json_t *document, const struct census *census)
{
	const json_t *drain = document_object(document, "drain");
	const char *name = document_text(document, "name");
	const char *state = document_text(document, "state");

	shown_add(text, name == NULL ? "fosterd" : name);
	text_add(text, " is ");
	shown_add(text, state == NULL ? "in an unknown state" : state);
	add_phase(text, drain);
	text_add(text, ", up ");
	words_span(text, document_span(document, "uptime_s", 0) / NS_MS * NS_S);
	text_add(text, ", ");
	if (drain != NULL)
		headline_add_drain(text, drain);
	else
		add_health(text, document, census);
}

enum paint headline_paint(const json_t *document)
{
	if (document_is(document, "status", "unhealthy"))
		return PAINT_BAD;
	return document_is(document, "status", "healthy") ? PAINT_GOOD : PAINT_ODD;
}
