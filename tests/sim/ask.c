/* ask - what a script says of probes: who is asked, what they answer, and how they are by that. */
#include <string.h>

#include "sim/stage.h"

static bool is_role(const char *word, enum probe_role *role)
{
	for (*role = 0; *role < PROBE_ROLE_COUNT; (*role)++)
		if (strcmp(probe_role_name(*role), word) == 0)
			return true;
	return false;
}

uint32_t stage_check_named(const struct stage *s, int n)
{
	const struct spec *spec = s->world->spec;
	const char *name = script_word(&s->script, n);

	for (uint32_t c = 0; c < spec->n_checks; c++)
		if (strcmp(spec->checks[c].name, name) == 0)
			return c;
	script_fail(&s->script, "there is no check `%s`", name);
}

static uint32_t probe_of(const struct stage *s, uint32_t instance, enum probe_role role)
{
	const struct worker_spec *worker = spec_worker_of(s->world->spec, instance);
	uint32_t probe = probe_of_instance(worker, instance - worker->first_instance, role);

	if (probe == PROBE_NONE)
		script_fail(&s->script, "%s has no %s probe", worker->name, probe_role_name(role));
	return probe;
}

uint32_t stage_probe(const struct stage *s, int *n)
{
	enum probe_role role;

	if (is_role(script_word(&s->script, *n), &role)) {
		*n += 2;
		return probe_of(s, stage_instance(s, *n - 1), role);
	}
	return probe_of_check(s->world->spec, stage_check_named(s, (*n)++));
}

static enum probe_result result_of(const struct stage *s, int n)
{
	const char *word = script_word(&s->script, n);

	for (enum probe_result result = 0; result <= PROBE_FAILURE; result++)
		if (strcmp(probe_result_name(result), word) == 0)
			return result;
	script_fail(&s->script, "`%s` is no answer", word);
}

static struct question read_habit(const struct stage *s, int n)
{
	struct question habit = {.automatic = true, .takes = MONO_NEVER};

	if (script_is(&s->script, n, "by-hand")) {
		habit.automatic = false;
	} else if (!script_is(&s->script, n, "never")) {
		habit.result = result_of(s, n);
		habit.takes = script_whole_span(&s->script, script_word(&s->script, n + 1));
	}
	return habit;
}

/* From the next question on. */
static void set_habit(const struct stage *s, uint32_t probe, const struct question *habit)
{
	struct question *question = &s->world->questions[probe];

	question->automatic = habit->automatic;
	question->result = habit->result;
	question->takes = habit->takes;
}

void stage_answers(struct stage *s, int n)
{
	enum probe_role role;

	if (!is_role(script_word(&s->script, n), &role)) {
		struct question habit = read_habit(s, n + 1);
		set_habit(s, stage_probe(s, &n), &habit);
		return;
	}
	struct span_of_instances span = stage_instances(s, n + 1);
	struct question habit = read_habit(s, n + 2);
	for (uint32_t i = span.first; i < span.first + span.count; i++)
		set_habit(s, probe_of(s, i, role), &habit);
}

void stage_answer(struct stage *s, int n)
{
	uint32_t probe = stage_probe(s, &n);
	struct fact fact = {.kind = FACT_PROBED,
			    .probe = probe,
			    .serial = s->world->questions[probe].serial,
			    .result = result_of(s, n++)};

	for (; n < s->script.n_words; n++)
		if (script_is(&s->script, n, "late"))
			fact.serial--;
		else
			fact.span = script_whole_span(&s->script, script_word(&s->script, n));
	world_tell(s->world, fact);
}

void stage_probe_now(struct stage *s, int n)
{
	world_tell(s->world, (struct fact){.kind = FACT_PROBE_NOW, .probe = stage_probe(s, &n)});
}

static void expect_held(const struct stage *s, int n)
{
	struct instance_status status;

	fleet_instance_status(s->world->fleet, stage_instance(s, n), &status);
	stage_same(s, n + 1,
		   status.held_by == PROBE_NONE ? "by-none"
						: s->world->spec->checks[status.held_by].name);
}

static void expect_check(const struct stage *s, int n)
{
	struct check_status status;

	fleet_check_status(s->world->fleet, stage_check_named(s, n), &status);
	for (n++; n < s->script.n_words; n++)
		if (script_is(&s->script, n, "stale") || script_is(&s->script, n, "fresh"))
			stage_same(s, n, status.stale ? "stale" : "fresh");
		else if (script_is(&s->script, n, "slow") || script_is(&s->script, n, "fast"))
			stage_same(s, n, status.slow ? "slow" : "fast");
		else if (script_is(&s->script, n, "ready") || script_is(&s->script, n, "unready"))
			stage_same(s, n, status.ready ? "ready" : "unready");
		else
			stage_same(s, n, health_name(status.health));
}

bool stage_expect_probe(const struct stage *s, int n)
{
	const char *what = script_word(&s->script, n++);
	struct probe_status status;

	if (strcmp(what, "held") == 0) {
		expect_held(s, n);
		return true;
	}
	if (strcmp(what, "check") == 0) {
		expect_check(s, n);
		return true;
	}
	if (strcmp(what, "verdict") != 0 && strcmp(what, "asked") != 0 &&
	    strcmp(what, "streak") != 0)
		return false;
	uint32_t probe = stage_probe(s, &n);
	fleet_probe_status(s->world->fleet, probe, &status);
	if (*what == 'v')
		stage_same(s, n, probe_result_name(status.verdict));
	else if (*what == 'a')
		stage_number(s, n, s->world->questions[probe].count, "questions");
	else
		stage_number(s, n, status.streak, "in a row");
	return true;
}
