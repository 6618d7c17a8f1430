#include "explore/moves.h"

#include <signal.h>

#include "base/must.h"

/* Every fact there is about a run, in each of its ways. */
static const struct fact news[] = {
	{.kind = FACT_SPAWNED, .pid = 77},
	{.kind = FACT_SPAWN_FAILED},
	{.kind = FACT_SPAWN_FAILED, .cancelled = true},
	{.kind = FACT_EXITED, .empty = true},
	{.kind = FACT_EXITED},
	{.kind = FACT_EXITED, .empty = true, .code = 1},
	{.kind = FACT_EXITED, .signaled = true, .code = SIGSEGV},
	{.kind = FACT_EMPTY},
	{.kind = FACT_STOP_COMMAND_DONE},
	{.kind = FACT_RELOAD_COMMAND_DONE},
	{.kind = FACT_READY},
	{.kind = FACT_STOPPING},
	{.kind = FACT_EXTEND, .span = 20 * NS_S},
	{.kind = FACT_EXTEND, .span = MONO_NEVER},
	{.kind = FACT_WATCHDOG},
	{.kind = FACT_WATCHDOG_TRIGGER},
};

enum { NEWS = sizeof news / sizeof news[0] };

/* True when a correct engine can tell this of the slot's present run. */
static bool is_possible(const struct slot *slot, const struct fact *fact)
{
	switch (fact->kind) {
	case FACT_SPAWNED:
	case FACT_SPAWN_FAILED:
		return slot->spawning;
	case FACT_EXITED:
		return slot->main;
	case FACT_EMPTY:
		return slot->rest && !slot->main;
	case FACT_STOP_COMMAND_DONE:
		return slot->command;
	case FACT_RELOAD_COMMAND_DONE:
		return slot->reload;
	case FACT_READY:
	case FACT_STOPPING:
	case FACT_EXTEND:
	case FACT_WATCHDOG:
	case FACT_WATCHDOG_TRIGGER:
		/* Messages: from main, from its children, or from a child whose start is not
		 * reported yet. */
		return slot->spawning || slot->main || slot->rest;
	case FACT_TIME:
	case FACT_BEGIN:
	case FACT_TERMINATE:
	case FACT_PROBED:
	case FACT_PROBE_NOW:
	case FACT_LAST_RUN:
	case FACT_RUN:
	case FACT_RELOAD:
	case FACT_START:
	case FACT_STOP:
	case FACT_RESTART:
	case FACT_KIND_COUNT:
		break;
	}
	return false;
}

static uint32_t add_news(const struct scene *s, uint32_t instance, uint32_t count,
			 struct fact out[MOVES_MAX])
{
	const struct slot *slot = &s->slots[instance];

	for (int n = 0; n < NEWS; n++) {
		struct fact fact = news[n];
		if (s->terse && fact.kind > FACT_READY)
			continue;
		fact.instance = instance;
		fact.gen = slot->gen;
		if (s->hostile || is_possible(slot, &fact))
			out[count++] = fact;
		fact.gen--; /* of the run before */
		if (s->hostile || slot->gen > 0)
			out[count++] = fact;
	}
	return count;
}

/* The wishes that somebody may have for such a program. */
static uint32_t add_wishes(const struct spec *spec, uint32_t instance, uint32_t count,
			   struct fact out[MOVES_MAX])
{
	const struct worker_spec *program = spec_worker_of(spec, instance);

	if (program->kind == PROGRAM_TASK)
		out[count++] = (struct fact){.kind = FACT_RUN, .instance = instance};
	if (program->kind > PROGRAM_JOB)
		return count;
	for (enum fact_kind kind = FACT_START; kind <= FACT_RESTART; kind++)
		out[count++] = (struct fact){.kind = kind, .instance = instance};
	if (program->reload_signal != 0 || program->reload_command.argc > 0)
		out[count++] = (struct fact){.kind = FACT_RELOAD, .instance = instance};
	if (program->n_dependents > 0)
		out[count++] = (struct fact){
			.kind = FACT_STOP, .instance = instance, .with_dependents = true};
	return count;
}

/* Answers, and wishes not to wait for them. An engine answers what was asked, once. */
static uint32_t add_answers(const struct scene *s, uint32_t count, struct fact out[MOVES_MAX])
{
	for (uint32_t n = 0; n < s->n_probes; n++) {
		const struct asked *asked = &s->asked[n];
		struct fact fact = {.kind = FACT_PROBED, .probe = n, .span = NS_MS};
		for (int result = PROBE_UNKNOWN; result <= PROBE_FAILURE; result++) {
			fact.result = (enum probe_result)result;
			fact.serial = asked->serial;
			if (s->hostile || asked->asking)
				out[count++] = fact;
		}
		fact.serial--;
		if (s->hostile)
			out[count++] = fact;
		if (s->by_hand)
			out[count++] = (struct fact){.kind = FACT_PROBE_NOW, .probe = n};
	}
	return count;
}

uint32_t moves_list(const struct scene *s, const struct spec *spec, struct fact out[MOVES_MAX])
{
	uint32_t count = 0;

	out[count++] = (struct fact){.kind = FACT_BEGIN};
	out[count++] = (struct fact){.kind = FACT_TIME};
	if (s->terms < TERMS_MAX)
		out[count++] = (struct fact){.kind = FACT_TERMINATE};
	for (uint32_t i = 0; i < s->n_slots && s->by_hand; i++)
		count = add_wishes(spec, i, count, out);
	for (uint32_t i = 0; i < s->n_slots; i++)
		count = add_news(s, i, count, out);
	count = add_answers(s, count, out);
	MUST(count <= MOVES_MAX);
	return count;
}

void moves_make(struct scene *s, const struct spec *spec, const struct fact *move)
{
	if (move->kind == FACT_TIME)
		scene_pass(s, spec);
	else if (move->kind == FACT_TERMINATE)
		scene_terminate(s, spec);
	else
		scene_tell(s, spec, move);
}
