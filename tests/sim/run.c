/*
 * run - play .sim scripts: fleets from real configurations, in virtual time, as the scripts expect.
 *
 *   sim-run FILE...     exit status 0, or 1 and FILE:LINE: what was expected and what came
 *
 * A line is a command, after `#` comes a comment. `at 2s COMMAND` or `at +200ms COMMAND` lets time
 * pass first.
 *
 *   config ... end    the configuration, as YAML; in it `repeat 1..9 TEXT` is the text nine times,
 *                     with the number for $n and the one before it for $p
 *   seed N            of the jitter; before config
 *   within 1s         processor time that the script may take (times $SLACK)
 *   begin, term       start-up is over; SIGTERM came
 *   run until 30d     let time pass, and forget the orders that habits answered
 *   leap 1h           time passes in which nothing happens: fosterd was stopped, or the machine
 *
 *   A NAME is a worker (web), an instance (web.2), a task (vacuum), a step of the lifespan (schema)
 *   or half of it (schema.start, schema.stop); * is all workers.
 *
 *   profile NAME HABIT...    how the processes behave; without one the script answers
 *       runs 2s, exits 1, dies SEGV, ready-in 1s, stops-in 300ms, ignores-stop, unkillable,
 *       spawn-fails, leaves-rest, command-takes 1s, command-hangs, reload-takes 1s, reload-hangs,
 *       manual (no more habits)
 *
 *   FACT NAME DETAIL...      news of the present run: spawned, spawn-failed, exited, empty, ready,
 *                     stopping, extend, watchdog, watchdog-trigger, stop-command-done,
 *                     reload-command-done
 *       code 1, signal KILL, leaving-rest, cancelled, gen 3, a duration for extend
 *
 *   A PROBE is `readiness web.2` (startup, liveness) or the name of a check.
 *   answers PROBE success 5ms     it is always answered so, so long after the question (failure,
 *                     unknown); `answers PROBE never`; `answers PROBE by-hand`, as at first: by
 *   answer PROBE success 5ms      which took so long; late: to the question before this one
 *   probe-now PROBE   somebody does not want to wait
 *
 *   start NAME, restart NAME, reload NAME, stop NAME [with-dependents], run-task NAME    by hand
 *   last-run NAME 3m  before begin: a persistent task was last run so long ago
 *
 *   expect ORDER [at A[..B]]   the next order is this one; without `at` it was given already. Those
 *                     to workers with a profile need not be expected. Every other one must be,
 *                     before the script goes on
 *       spawn NAME, signal NAME TERM main|group, kill NAME, stop-command NAME, quit 0,
 *       reload-command NAME, kill-reload NAME (its reload command alone),
 *       ask PROBE, drop PROBE
 *   expect nothing until 5s
 *   expect state NAME backoff, worker NAME degraded, restarts NAME 5..9, fleet running, readyz 503,
 *       livez 200, startupz 200, healthz degraded, cause NAME the main process ended,
 *       verdict PROBE failure, asked PROBE 5..6 (questions so far), streak PROBE 1..2,
 *       held NAME CHECK (by-none), check NAME healthy stale|fresh slow|fast ready|unready,
 *       apart 2ms (any two questions of workers' probes), waits NAME FOR ready (waits NAME nobody),
 *       to-stop NAME yes|no, reloading NAME yes|no, phase draining|stopping|lifespan|none,
 *       task NAME idle|pending|running|stopping, next NAME at A[..B] (never), runs NAME 3,
 *       failures NAME 1..2, skipped NAME 0, last NAME well|failed|none, took NAME 3s,
 *       step NAME waiting|starting|up|stopping|stopped, step-failed NAME start|stop|none
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/stage.h"

static void need_world(const struct stage *s)
{
	if (s->world == NULL)
		script_fail(&s->script, "`config` comes first");
}

static void run_until(struct stage *s, int n)
{
	mono_ns until;

	if (!script_is(&s->script, n, "until"))
		script_fail(&s->script, "run until when?");
	until = stage_moment(s, n + 1);
	while (world_advance(s->world, until)) {
		world_forget_answered(s->world);
		stage_check(s);
	}
	world_advance_to(s->world, until);
	world_forget_answered(s->world);
	stage_check(s);
}

static void tell(struct stage *s, int n)
{
	if (script_is(&s->script, n, "begin"))
		world_tell(s->world, (struct fact){.kind = FACT_BEGIN});
	else if (script_is(&s->script, n, "term"))
		world_tell(s->world, (struct fact){.kind = FACT_TERMINATE});
	else if (script_is(&s->script, n, "answer"))
		stage_answer(s, n + 1);
	else if (script_is(&s->script, n, "probe-now"))
		stage_probe_now(s, n + 1);
	else
		stage_fact(s, n);
}

/* Commands about the world, at a moment that has come. */
static void perform(struct stage *s, int n)
{
	if (script_is(&s->script, n, "expect")) {
		stage_expect(s, n + 1);
		return;
	}
	stage_check(s);
	if (script_is(&s->script, n, "profile"))
		stage_profile(s, n + 1);
	else if (script_is(&s->script, n, "run"))
		run_until(s, n + 1);
	else if (script_is(&s->script, n, "leap"))
		world_leap(s->world, script_whole_span(&s->script, script_word(&s->script, n + 1)));
	else if (script_is(&s->script, n, "answers"))
		stage_answers(s, n + 1);
	else
		tell(s, n);
}

static void perform_at(struct stage *s)
{
	stage_check(s);
	world_advance_to(s->world, stage_moment(s, 1));
	if (!script_is(&s->script, 2, "expect"))
		stage_check(s);
	perform(s, 2);
}

static void play_line(struct stage *s)
{
	const char *word = script_word(&s->script, 0);

	if (strcmp(word, "config") == 0) {
		stage_config(s);
	} else if (strcmp(word, "seed") == 0) {
		s->seed = (uint64_t)script_number(&s->script, script_word(&s->script, 1));
	} else if (strcmp(word, "within") == 0) {
		s->within = script_whole_span(&s->script, script_word(&s->script, 1));
	} else {
		need_world(s);
		if (strcmp(word, "at") == 0)
			perform_at(s);
		else
			perform(s, 0);
	}
}

static void check_time(const struct stage *s, clock_t begin)
{
	const char *slack = getenv("SLACK");
	double factor = slack != NULL ? atof(slack) : 1;
	double used = (double)(clock() - begin) / CLOCKS_PER_SEC;

	if (s->within != 0 && used > (double)s->within / NS_S * factor)
		script_fail(&s->script, "took %.2f s of processor time", used);
}

static void play(const char *path)
{
	struct stage stage = {.seed = 1};
	clock_t begin = clock();

	script_open(&stage.script, path);
	while (script_next(&stage.script))
		play_line(&stage);
	need_world(&stage);
	stage_check(&stage);
	check_time(&stage, begin);
	script_close(&stage.script);
	world_fini(stage.world);
	free(stage.world);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: sim-run FILE...\n");
		return 64;
	}
	for (int n = 1; n < argc; n++)
		play(argv[n]);
	return 0;
}
