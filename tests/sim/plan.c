/* plan - what a script says of dependencies, the drain, the lifespan and tasks. */
#include <string.h>

#include "sim/stage.h"

static double seconds(const struct world *w, mono_ns at)
{
	return (double)(at - w->origin) / NS_S;
}

/* "waits web db ready", "waits web nobody": the words after the first. */
static void expect_waits(const struct stage *s, int n)
{
	struct instance_status status;
	struct span_of_instances span = stage_instances(s, n);

	for (uint32_t i = span.first; i < span.first + span.count; i++) {
		fleet_instance_status(s->world->fleet, i, &status);
		if (status.waits_for == PROGRAM_NONE) {
			stage_same(s, n + 1, "nobody");
			continue;
		}
		stage_same(s, n + 1, s->world->spec->workers[status.waits_for].name);
		stage_same(s, n + 2, depend_when_name(status.waits_when));
	}
}

static void expect_to_stop(const struct stage *s, int n)
{
	struct instance_status status;

	fleet_instance_status(s->world->fleet, stage_instance(s, n), &status);
	stage_same(s, n + 1, status.to_stop ? "yes" : "no");
}

static void expect_reloading(const struct stage *s, int n)
{
	struct instance_status status;

	fleet_instance_status(s->world->fleet, stage_instance(s, n), &status);
	stage_same(s, n + 1, status.reloading ? "yes" : "no");
}

static void expect_phase(const struct stage *s, int n)
{
	struct status status;

	fleet_status(s->world->fleet, &status);
	stage_same(s, n, drain_phase_name(status.drain.phase));
}

static void expect_task(const struct stage *s, int n)
{
	struct task_status task = {0};
	struct instance_status status;

	fleet_task_status(s->world->fleet, stage_task(s, n), &task);
	fleet_instance_status(s->world->fleet, stage_instance(s, n), &status);
	if (status.state == INSTANCE_STARTING || status.state == INSTANCE_RUNNING)
		stage_same(s, n + 1, "running");
	else if (status.state == INSTANCE_STOPPING)
		stage_same(s, n + 1, "stopping");
	else
		stage_same(s, n + 1, task.pending ? "pending" : "idle");
}

static void expect_next(const struct stage *s, int n)
{
	struct task_status task;
	mono_ns from = MONO_NEVER, to = MONO_NEVER;

	fleet_task_status(s->world->fleet, stage_task(s, n), &task);
	if (!script_is(&s->script, n + 1, "never"))
		stage_moments(s, n + 2, &from, &to);
	if (task.next < from || task.next > to)
		script_fail(&s->script, "its next run is at %.9gs",
			    task.next == MONO_NEVER ? -1.0 : seconds(s->world, task.next));
}

static void expect_last(const struct stage *s, int n)
{
	struct task_status task;

	fleet_task_status(s->world->fleet, stage_task(s, n), &task);
	stage_same(s, n + 1, !task.ran ? "none" : task.failed ? "failed" : "well");
}

static void expect_took(const struct stage *s, int n)
{
	struct task_status task;

	fleet_task_status(s->world->fleet, stage_task(s, n), &task);
	if (task.duration != script_whole_span(&s->script, script_word(&s->script, n + 1)))
		script_fail(&s->script, "it took %.9gs", (double)task.duration / NS_S);
}

static void expect_step(const struct stage *s, int n)
{
	struct step_status step;

	fleet_step_status(s->world->fleet, stage_step(s, n), &step);
	stage_same(s, n + 1, step_state_name(step.state));
}

static void expect_step_failed(const struct stage *s, int n)
{
	struct step_status step;
	bool start = script_is(&s->script, n + 1, "start");

	fleet_step_status(s->world->fleet, stage_step(s, n), &step);
	/* Both halves may have. */
	if (start && step.start_failed)
		return;
	stage_same(s, n + 1, step.stop_failed ? "stop" : step.start_failed ? "start" : "none");
}

static void expect_runs(const struct stage *s, int n)
{
	struct task_status task;

	fleet_task_status(s->world->fleet, stage_task(s, n), &task);
	stage_number(s, n + 1, task.runs, "runs");
}

static void expect_failures(const struct stage *s, int n)
{
	struct task_status task;

	fleet_task_status(s->world->fleet, stage_task(s, n), &task);
	stage_number(s, n + 1, task.failures, "failures");
}

static void expect_skipped(const struct stage *s, int n)
{
	struct task_status task;

	fleet_task_status(s->world->fleet, stage_task(s, n), &task);
	stage_number(s, n + 1, task.skipped, "skipped");
}

bool stage_expect_plan(const struct stage *s, int n)
{
	static const struct {
		const char *word;
		void (*expect)(const struct stage *s, int n);
	} words[] = {
		{"waits", expect_waits},     {"to-stop", expect_to_stop},
		{"phase", expect_phase},     {"reloading", expect_reloading},
		{"task", expect_task},	     {"next", expect_next},
		{"last", expect_last},	     {"took", expect_took},
		{"step", expect_step},	     {"step-failed", expect_step_failed},
		{"runs", expect_runs},	     {"failures", expect_failures},
		{"skipped", expect_skipped},
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (script_is(&s->script, n, words[i].word)) {
			words[i].expect(s, n + 1);
			return true;
		}
	return false;
}
