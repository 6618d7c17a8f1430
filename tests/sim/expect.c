/* expect - what a script says will be ordered, and how it says things stand. */
#include <signal.h>
#include <string.h>

#include "sim/stage.h"

enum { WORDING_SIZE = 220 };

static const char *const targets[] = {"main", "group", "all", "reload"};

static double seconds(const struct world *w, mono_ns at)
{
	return (double)(at - w->origin) / NS_S;
}

static const char *name_of(const struct world *w, uint32_t instance, char buf[INSTANCE_NAME_SIZE])
{
	const struct worker_spec *worker = spec_worker_of(w->spec, instance);

	return instance_name(buf, worker, instance - worker->first_instance);
}

static const char *probe_wording(const struct world *w, uint32_t probe, char buf[WORDING_SIZE / 2])
{
	struct probe_owner owner = probe_owner_of(w->spec, probe);
	char name[INSTANCE_NAME_SIZE];

	if (owner.check != NULL)
		return owner.check->name;
	snprintf(buf, WORDING_SIZE / 2, "%s %s", probe_role_name(owner.role),
		 name_of(w, owner.instance, name));
	return buf;
}

/* An order in the script's own words. */
static const char *wording(const struct world *w, const struct order *o, char buf[WORDING_SIZE])
{
	char name[WORDING_SIZE / 2];

	if (o->kind == ORDER_QUIT)
		snprintf(buf, WORDING_SIZE, "quit %d", o->code);
	else if (o->kind == ORDER_SIGNAL)
		snprintf(buf, WORDING_SIZE, "signal %s %s %s", name_of(w, o->instance, name),
			 sigabbrev_np(o->signo), targets[o->target]);
	else if (o->kind == ORDER_PROBE || o->kind == ORDER_PROBE_STOP)
		snprintf(buf, WORDING_SIZE, "%s %s", o->kind == ORDER_PROBE ? "ask" : "drop",
			 probe_wording(w, o->probe, name));
	else
		snprintf(buf, WORDING_SIZE, "%s %s", order_kind_name(o->kind),
			 name_of(w, o->instance, name));
	return buf;
}

/* An order that its instance alone describes. */
static bool is_plain(const char *word, enum order_kind *kind)
{
	static const enum order_kind plain[] = {ORDER_SPAWN, ORDER_STOP_COMMAND,
						ORDER_RELOAD_COMMAND};

	for (size_t n = 0; n < sizeof plain / sizeof plain[0]; n++)
		if (strcmp(order_kind_name(plain[n]), word) == 0) {
			*kind = plain[n];
			return true;
		}
	return false;
}

/* The order that the words from n on describe; *n moves behind it. False: they describe none. */
static bool read_order(const struct stage *s, int *n, struct order *o)
{
	const struct script *script = &s->script;
	const char *word = script_word(script, *n);

	*o = (struct order){0};
	if (strcmp(word, "quit") == 0) {
		o->kind = ORDER_QUIT;
		o->code = (int)script_number(script, script_word(script, *n + 1));
	} else if (is_plain(word, &o->kind)) {
		o->instance = stage_instance(s, *n + 1);
	} else if (strcmp(word, "kill") == 0 || strcmp(word, "kill-reload") == 0) {
		*o = (struct order){.kind = ORDER_SIGNAL,
				    .instance = stage_instance(s, *n + 1),
				    .signo = SIGKILL,
				    .target = word[4] == '-' ? ORDER_TO_RELOAD : ORDER_TO_ALL};
	} else if (strcmp(word, "signal") == 0) {
		*o = (struct order){.kind = ORDER_SIGNAL,
				    .instance = stage_instance(s, *n + 1),
				    .signo = stage_signal(s, script_word(script, *n + 2))};
		bool group = strcmp(script_word(script, *n + 3), "group") == 0;
		o->target = group ? ORDER_TO_GROUP : ORDER_TO_MAIN;
		*n += 2;
	} else if (strcmp(word, "ask") == 0 || strcmp(word, "drop") == 0) {
		++*n;
		*o = (struct order){.kind = *word == 'a' ? ORDER_PROBE : ORDER_PROBE_STOP,
				    .probe = stage_probe(s, n)};
		o->instance = probe_owner_of(s->world->spec, o->probe).instance;
		return true;
	} else {
		return false;
	}
	*n += 2;
	return true;
}

static bool is_same(const struct order *a, const struct order *b)
{
	return a->kind == b->kind && a->instance == b->instance && a->signo == b->signo &&
	       a->target == b->target && a->code == b->code && a->probe == b->probe;
}

static void take_first(struct world *w)
{
	w->n_notes--;
	memmove(w->notes, w->notes + 1, w->n_notes * sizeof w->notes[0]);
}

/*
 * Look through the orders that are there: true when the wanted one was among them. Those before it
 * must be answered ones.
 */
static bool find(const struct stage *s, const struct order *wanted, mono_ns *at)
{
	struct world *w = s->world;
	char want[WORDING_SIZE], got[WORDING_SIZE];

	while (w->n_notes > 0) {
		struct note first = w->notes[0];
		bool same = is_same(&first.order, wanted);
		if (!same && !first.automatic)
			script_fail(&s->script, "expected %s, but at %gs came %s",
				    wording(w, wanted, want), seconds(w, first.at),
				    wording(w, &first.order, got));
		take_first(w);
		*at = first.at;
		if (same)
			return true;
	}
	return false;
}

static void expect_order(const struct stage *s, int n, const struct order *wanted)
{
	struct world *w = s->world;
	mono_ns from = w->origin, to = w->now, at;
	char want[WORDING_SIZE];

	if (script_is(&s->script, n, "at"))
		stage_moments(s, n + 1, &from, &to);
	while (!find(s, wanted, &at)) {
		if (!world_advance(w, to))
			script_fail(&s->script, "expected %s, but by %gs it did not come",
				    wording(w, wanted, want), seconds(w, to));
		if (w->trouble != NULL)
			script_fail(&s->script, "%s", w->trouble);
	}
	if (at < from || at > to)
		script_fail(&s->script, "%s came, but at %.9gs", wording(w, wanted, want),
			    seconds(w, at));
}

/* Nothing is ordered from now to the moment after "until". */
static void expect_nothing(const struct stage *s, int n)
{
	struct world *w = s->world;
	char got[WORDING_SIZE];

	stage_check(s);
	w->n_notes = 0;
	world_advance_to(w, stage_moment(s, n + 2));
	if (w->n_notes > 0)
		script_fail(&s->script, "expected nothing, but at %gs came %s",
			    seconds(w, w->notes[0].at), wording(w, &w->notes[0].order, got));
}

void stage_same(const struct stage *s, int n, const char *got)
{
	const char *want = script_word(&s->script, n);

	if (strcmp(want, got) != 0)
		script_fail(&s->script, "expected %s, but at %gs it is %s", want,
			    seconds(s->world, s->world->now), got);
}

void stage_number(const struct stage *s, int n, uint32_t got, const char *what)
{
	unsigned long least, most;
	const char *word = script_word(&s->script, n);
	int read = sscanf(word, "%lu..%lu", &least, &most);

	if (read < 1)
		script_fail(&s->script, "expected a number, or LEAST..MOST");
	if (read == 1)
		most = least;
	if (got < least || got > most)
		script_fail(&s->script, "expected %s %s, but at %gs it is %u", word, what,
			    seconds(s->world, s->world->now), (unsigned)got);
}

static void expect_instance(const struct stage *s, int n)
{
	struct span_of_instances span = stage_instances(s, n);
	struct instance_status status;

	for (uint32_t i = 0; i < span.count; i++) {
		fleet_instance_status(s->world->fleet, span.first + i, &status);
		stage_same(s, n + 1, instance_state_name(status.state));
	}
}

/* "the readiness probe fails": the words from n on. */
static void expect_cause(const struct stage *s, int n)
{
	char want[WORDING_SIZE] = "";
	struct instance_status status;

	fleet_instance_status(s->world->fleet, stage_instance(s, n), &status);
	for (n++; n < s->script.n_words; n++) {
		if (*want != '\0')
			strncat(want, " ", sizeof want - strlen(want) - 1);
		strncat(want, script_word(&s->script, n), sizeof want - strlen(want) - 1);
	}
	if (strcmp(want, instance_cause_text(status.cause)) != 0)
		script_fail(&s->script, "expected `%s`, but it is `%s`", want,
			    instance_cause_text(status.cause));
}

/* Any two questions of workers' probes were so far apart. */
static void expect_apart(const struct stage *s, int n)
{
	span_ns least = script_whole_span(&s->script, script_word(&s->script, n));

	if (s->world->closest < least)
		script_fail(&s->script, "two questions came %g ms apart",
			    (double)s->world->closest / NS_MS);
}

static void expect_restarts(const struct stage *s, int n)
{
	struct instance_status status;

	fleet_instance_status(s->world->fleet, stage_instance(s, n), &status);
	stage_number(s, n + 1, status.restarts, "restarts");
}

static void expect_component(const struct stage *s, int n)
{
	uint32_t program = stage_program(s, n);
	struct worker_status status;
	struct task_status task;

	if (program < s->world->spec->n_workers) {
		fleet_worker_status(s->world->fleet, program, &status);
		stage_same(s, n + 1, health_name(status.health));
	} else {
		fleet_task_status(s->world->fleet, stage_task(s, n), &task);
		stage_same(s, n + 1, health_name(task.health));
	}
}

/* How things stand; each name is a question to the fleet's status. */
static void expect_standing(const struct stage *s, int n)
{
	const char *what = script_word(&s->script, n);
	struct status status;

	fleet_status(s->world->fleet, &status);
	if (strcmp(what, "state") == 0)
		expect_instance(s, n + 1);
	else if (strcmp(what, "cause") == 0)
		expect_cause(s, n + 1);
	else if (strcmp(what, "restarts") == 0)
		expect_restarts(s, n + 1);
	else if (strcmp(what, "apart") == 0)
		expect_apart(s, n + 1);
	else if (strcmp(what, "worker") == 0)
		expect_component(s, n + 1);
	else if (strcmp(what, "fleet") == 0)
		stage_same(s, n + 1, fleet_state_name(status.state));
	else if (strcmp(what, "livez") == 0)
		stage_same(s, n + 1, status.live ? "200" : "503");
	else if (strcmp(what, "readyz") == 0)
		stage_same(s, n + 1, status.ready ? "200" : "503");
	else if (strcmp(what, "startupz") == 0)
		stage_same(s, n + 1, status.started ? "200" : "503");
	else if (strcmp(what, "healthz") == 0)
		stage_same(s, n + 1, health_name(status.health));
	else
		script_fail(&s->script, "`%s` cannot be expected", what);
}

void stage_expect(struct stage *s, int n)
{
	struct order wanted;

	if (script_is(&s->script, n, "nothing"))
		expect_nothing(s, n);
	else if (read_order(s, &n, &wanted))
		expect_order(s, n, &wanted);
	else if (!stage_expect_probe(s, n) && !stage_expect_plan(s, n))
		expect_standing(s, n);
}
