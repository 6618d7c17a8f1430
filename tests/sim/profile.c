/*
 * profile - the habits that a script gives to a worker's processes, and the facts that it tells
 * itself.
 */
#include <string.h>

#include "sim/stage.h"

/* One habit, at the n-th word. Returns the word after it. */
static int read_habit(const struct stage *s, int n, struct habit *h)
{
	const struct script *script = &s->script;
	const char *word = script_word(script, n);

	if (strcmp(word, "runs") == 0)
		h->runs = script_whole_span(script, script_word(script, n + 1));
	else if (strcmp(word, "exits") == 0)
		h->code = (int)script_number(script, script_word(script, n + 1));
	else if (strcmp(word, "dies") == 0)
		h->code = stage_signal(s, script_word(script, n + 1)), h->signaled = true;
	else if (strcmp(word, "ready-in") == 0)
		h->ready_in = script_whole_span(script, script_word(script, n + 1));
	else if (strcmp(word, "stops-in") == 0)
		h->stops_in = script_whole_span(script, script_word(script, n + 1));
	else if (strcmp(word, "command-takes") == 0)
		h->command_takes = script_whole_span(script, script_word(script, n + 1));
	else if (strcmp(word, "reload-takes") == 0)
		h->reload_takes = script_whole_span(script, script_word(script, n + 1));
	else
		return n;
	return n + 2;
}

static int read_flag(const struct stage *s, int n, struct habit *h)
{
	const char *word = script_word(&s->script, n);

	if (strcmp(word, "spawn-fails") == 0)
		h->spawn_fails = true;
	else if (strcmp(word, "leaves-rest") == 0)
		h->leaves_rest = true;
	else if (strcmp(word, "ignores-stop") == 0)
		h->ignores = true;
	else if (strcmp(word, "unkillable") == 0)
		h->unkillable = h->ignores = true;
	else if (strcmp(word, "command-hangs") == 0)
		h->command_takes = FOR_EVER;
	else if (strcmp(word, "reload-hangs") == 0)
		h->reload_takes = FOR_EVER;
	else if (strcmp(word, "manual") == 0)
		h->automatic = false;
	else
		script_fail(&s->script, "there is no habit `%s`", word);
	return n + 1;
}

void stage_profile(struct stage *s, int n)
{
	struct span_of_instances span = stage_instances(s, n);
	struct habit habit = {.automatic = true, .runs = FOR_EVER, .ready_in = FOR_EVER};
	int next;

	for (n++; n < s->script.n_words; n = next) {
		next = read_habit(s, n, &habit);
		if (next == n)
			next = read_flag(s, n, &habit);
	}
	for (uint32_t i = 0; i < span.count; i++)
		s->world->habits[span.first + i] = habit;
}

static enum fact_kind kind_of(const struct stage *s, const char *word)
{
	for (enum fact_kind kind = 0; kind < FACT_KIND_COUNT; kind++)
		if ((fact_kind_is_run(kind) || fact_kind_is_by_hand(kind) ||
		     kind == FACT_LAST_RUN) &&
		    strcmp(fact_kind_name(kind), word) == 0)
			return kind;
	script_fail(&s->script, "there is no command `%s`", word);
}

/* "code 1", "signal KILL", "leaving-rest", "cancelled", "gen 3", "5s". */
static void read_detail(const struct stage *s, int *n, struct fact *fact)
{
	const struct script *script = &s->script;
	const char *word = script_word(script, *n);

	if (strcmp(word, "code") == 0) {
		fact->code = (int)script_number(script, script_word(script, ++*n));
	} else if (strcmp(word, "signal") == 0) {
		fact->code = stage_signal(s, script_word(script, ++*n));
		fact->signaled = true;
	} else if (strcmp(word, "gen") == 0) {
		fact->gen = (uint32_t)script_number(script, script_word(script, ++*n));
	} else if (strcmp(word, "leaving-rest") == 0) {
		fact->empty = false;
	} else if (strcmp(word, "cancelled") == 0) {
		fact->cancelled = true;
	} else {
		fact->span = script_whole_span(script, word);
	}
}

/* All instances of a worker at once, as whoever asks for it means it. */
static void tell_by_hand(struct stage *s, int n, enum fact_kind kind)
{
	struct span_of_instances span = stage_instances(s, n);
	struct fact fact = {.kind = kind,
			    .with_dependents = script_is(&s->script, n + 1, "with-dependents")};

	if (kind == FACT_LAST_RUN)
		fact.span = script_whole_span(&s->script, script_word(&s->script, n + 1));
	for (uint32_t i = span.first; i < span.first + span.count; i++) {
		fact.instance = i;
		world_tell(s->world, fact);
	}
}

void stage_fact(struct stage *s, int n)
{
	struct fact fact = {.kind = kind_of(s, script_word(&s->script, n)), .empty = true};
	struct instance_status status;

	if (!fact_kind_is_run(fact.kind)) {
		tell_by_hand(s, n + 1, fact.kind);
		return;
	}
	fact.instance = stage_instance(s, n + 1);
	fleet_instance_status(s->world->fleet, fact.instance, &status);
	fact.gen = status.gen;
	fact.pid = (pid_t)(fact.instance + 1000);
	for (n += 2; n < s->script.n_words; n++)
		read_detail(s, &n, &fact);
	world_tell(s->world, fact);
}
