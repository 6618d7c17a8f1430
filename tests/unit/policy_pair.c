/* One instance: every situation, met by every event. */
#include "policy_rig.h"

#define EVENTS(X)                                                                                  \
	X(SPAWNED, "spawned")                                                                      \
	X(SPAWN_FAILED, "spawn-failed")                                                            \
	X(EXITED_WELL, "exited 0")                                                                 \
	X(EXITED_BADLY, "exited 1")                                                                \
	X(EXITED_SIGNAL,                                                                           \
	  "exited by a signal") /* whose number is a success code: no success for that */          \
	X(EXITED_REST, "exited leaving the rest")                                                  \
	X(EMPTY, "empty")                                                                          \
	X(COMMAND_DONE, "command done")                                                            \
	X(READY, "ready")                                                                          \
	X(STOPPING, "stopping")                                                                    \
	X(EXTEND, "extend")                                                                        \
	X(WATCHDOG, "watchdog")                                                                    \
	X(TRIGGER, "trigger")                                                                      \
	X(TIME, "time")                                                                            \
	X(HOLD, "hold")                                                                            \
	X(STOP, "stop")                                                                            \
	X(KILL, "kill")

enum event {
#define X(name, text) ON_##name,
	EVENTS(X)
#undef X
		EVENT_COUNT
};

#define X(name, text) text,
static const char *const event_names[] = {EVENTS(X)};
static const char *const situation_names[] = {SITUATIONS(X)};
#undef X

static const struct fact facts[] = {
	[ON_SPAWNED] = {.kind = FACT_SPAWNED, .pid = 78},
	[ON_SPAWN_FAILED] = {.kind = FACT_SPAWN_FAILED},
	[ON_EXITED_WELL] = {.kind = FACT_EXITED, .empty = true},
	[ON_EXITED_BADLY] = {.kind = FACT_EXITED, .empty = true, .code = 1},
	[ON_EXITED_SIGNAL] = {.kind = FACT_EXITED,
			      .empty = true,
			      .signaled = true,
			      .code = SIGTERM},
	[ON_EXITED_REST] = {.kind = FACT_EXITED},
	[ON_EMPTY] = {.kind = FACT_EMPTY},
	[ON_COMMAND_DONE] = {.kind = FACT_STOP_COMMAND_DONE},
	[ON_READY] = {.kind = FACT_READY},
	[ON_STOPPING] = {.kind = FACT_STOPPING},
	[ON_EXTEND] = {.kind = FACT_EXTEND, .span = 70 * NS_S},
	[ON_WATCHDOG] = {.kind = FACT_WATCHDOG},
	[ON_TRIGGER] = {.kind = FACT_WATCHDOG_TRIGGER},
};

#define FACT_EVENTS ((int)(sizeof facts / sizeof facts[0]))

static void meet_other(struct rig *r, enum event event)
{
	if (event == ON_TIME)
		rig_time(r);
	else if (event == ON_HOLD)
		worker_hold(&r->i, &r->env);
	else if (event == ON_STOP)
		worker_stop(&r->i, &r->env);
	else
		ladder_kill(&r->i, &r->env);
}

static void meet(struct rig *r, enum event event)
{
	r->env.now += NS_S;
	if ((int)event < FACT_EVENTS)
		rig_fact(r, facts[event]);
	else
		meet_other(r, event);
	instance_check(&r->i);
}

#define SAME NULL /* nothing changes and nothing is ordered */

/*
 * All that changes anything: what comes of it, and what in a drain that began 1 s before and kills
 * 5 s after its start.
 */
static const struct {
	enum situation situation;
	enum event event;
	const char *outcome, *in_drain;
} rows[] = {
	{IN_WAITING, ON_HOLD, "stopped - tell=stopped", SAME},
	{IN_WAITING, ON_STOP, "stopped - tell=stopped", SAME},

	{IN_SPAWNING, ON_SPAWNED, "starting 60", "stopping/main 4 tell=stopping TERM>main"},
	{IN_SPAWNING, ON_SPAWN_FAILED, "backoff! 9e-09 tell=backoff", "stopped - tell=stopped"},
	{IN_SPAWNING, ON_READY, "starting 59", SAME},
	{IN_SPAWNING, ON_EXTEND, "starting 70", SAME},
	{IN_SPAWNING, ON_TIME, "stopping/spawn! 10 tell=stopping", "stopping/kill 1 KILL>all"},
	{IN_SPAWNING, ON_HOLD, "stopping/spawn 10 tell=stopping", SAME},
	{IN_SPAWNING, ON_STOP, "stopping/spawn 10 tell=stopping", SAME},
	{IN_SPAWNING, ON_KILL, "stopping/kill 1 tell=stopping KILL>all",
	 "stopping/kill 1 KILL>all"},

	{IN_STARTING, ON_EXITED_WELL, "backoff 9e-09 tell=backoff", "stopped - tell=stopped"},
	{IN_STARTING, ON_EXITED_BADLY, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STARTING, ON_EXITED_SIGNAL, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STARTING, ON_EXITED_REST, "stopping/rest 10 tell=stopping TERM>group",
	 "stopping/rest 4 tell=stopping TERM>group"},
	{IN_STARTING, ON_READY, "ready 30 tell=ready", "ready 30 tell=ready"},
	{IN_STARTING, ON_EXTEND, "starting 70", "starting 70"},
	{IN_STARTING, ON_TIME, "stopping/main! 10 tell=stopping TERM>main",
	 "stopping/main! 0 tell=stopping TERM>main"},
	{IN_STARTING, ON_STOP, "stopping/main 10 tell=stopping TERM>main",
	 "stopping/main 4 tell=stopping TERM>main"},
	{IN_STARTING, ON_KILL, "stopping/kill 1 tell=stopping KILL>all",
	 "stopping/kill 1 tell=stopping KILL>all"},

	{IN_READY, ON_EXITED_WELL, "backoff 9e-09 tell=backoff", "stopped - tell=stopped"},
	{IN_READY, ON_EXITED_BADLY, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_READY, ON_EXITED_SIGNAL, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_READY, ON_EXITED_REST, "stopping/rest 10 tell=stopping TERM>group",
	 "stopping/rest 4 tell=stopping TERM>group"},
	{IN_READY, ON_STOPPING, "running 10 tell=running", "running 10 tell=running"},
	{IN_READY, ON_WATCHDOG, "ready 30", "ready 30"},
	{IN_READY, ON_TRIGGER, "stopping/main! 10 tell=stopping ABRT>main",
	 "stopping/main! 4 tell=stopping ABRT>main"},
	{IN_READY, ON_TIME, "stopping/main! 10 tell=stopping ABRT>main",
	 "stopping/main! 0 tell=stopping ABRT>main"},
	{IN_READY, ON_STOP, "stopping/main 10 tell=stopping TERM>main",
	 "stopping/main 4 tell=stopping TERM>main"},
	{IN_READY, ON_KILL, "stopping/kill 1 tell=stopping KILL>all",
	 "stopping/kill 1 tell=stopping KILL>all"},

	{IN_RUNNING, ON_EXITED_WELL, "backoff 9e-09 tell=backoff", "stopped - tell=stopped"},
	{IN_RUNNING, ON_EXITED_BADLY, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_RUNNING, ON_EXITED_SIGNAL, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_RUNNING, ON_EXITED_REST, "stopping/rest 10 tell=stopping TERM>group",
	 "stopping/rest 4 tell=stopping TERM>group"},
	{IN_RUNNING, ON_EXTEND, "running 70", "running 70"},
	{IN_RUNNING, ON_TIME, "stopping/main! 10 tell=stopping TERM>main",
	 "stopping/main! 0 tell=stopping TERM>main"},
	{IN_RUNNING, ON_STOP, "stopping/main 10 tell=stopping TERM>main",
	 "stopping/main 4 tell=stopping TERM>main"},
	{IN_RUNNING, ON_KILL, "stopping/kill 1 tell=stopping KILL>all",
	 "stopping/kill 1 tell=stopping KILL>all"},

	{IN_STOP_SPAWN, ON_SPAWNED, "stopping/main! 10 tell=stopping TERM>main",
	 "stopping/main! 4 tell=stopping TERM>main"},
	{IN_STOP_SPAWN, ON_SPAWN_FAILED, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_SPAWN, ON_EXTEND, "stopping/spawn! 70", SAME},
	{IN_STOP_SPAWN, ON_TIME, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},
	{IN_STOP_SPAWN, ON_KILL, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},

	{IN_STOP_COMMAND, ON_EXITED_WELL, "stopping/command! 9", "stopping/command! 4"},
	{IN_STOP_COMMAND, ON_EXITED_BADLY, "stopping/command! 9", "stopping/command! 4"},
	{IN_STOP_COMMAND, ON_EXITED_SIGNAL, "stopping/command! 9", "stopping/command! 4"},
	{IN_STOP_COMMAND, ON_EXITED_REST, "stopping/rest! 9 TERM>group",
	 "stopping/rest! 4 TERM>group"},
	{IN_STOP_COMMAND, ON_COMMAND_DONE, "stopping/main! 9 TERM>main",
	 "stopping/main! 4 TERM>main"},
	{IN_STOP_COMMAND, ON_EXTEND, "stopping/command! 70", SAME},
	{IN_STOP_COMMAND, ON_TIME, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},
	{IN_STOP_COMMAND, ON_KILL, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},

	{IN_STOP_ALONE, ON_COMMAND_DONE, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_ALONE, ON_EXTEND, "stopping/command! 70", SAME},
	{IN_STOP_ALONE, ON_TIME, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},
	{IN_STOP_ALONE, ON_KILL, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},

	{IN_STOP_MAIN, ON_EXITED_WELL, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_MAIN, ON_EXITED_BADLY, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_MAIN, ON_EXITED_SIGNAL, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_MAIN, ON_EXITED_REST, "stopping/rest! 9 TERM>group",
	 "stopping/rest! 4 TERM>group"},
	{IN_STOP_MAIN, ON_EXTEND, "stopping/main! 70", SAME},
	{IN_STOP_MAIN, ON_TIME, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},
	{IN_STOP_MAIN, ON_KILL, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},

	{IN_STOP_REST, ON_EMPTY, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_REST, ON_EXTEND, "stopping/rest! 70", SAME},
	{IN_STOP_REST, ON_TIME, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},
	{IN_STOP_REST, ON_KILL, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},

	{IN_STOP_KILL, ON_EXITED_WELL, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_KILL, ON_EXITED_BADLY, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_KILL, ON_EXITED_SIGNAL, "backoff! 9e-09 tell=backoff", "stopped! - tell=stopped"},
	{IN_STOP_KILL, ON_EXITED_REST, "stopping/kill! 0", "stopping/kill! 0"},
	{IN_STOP_KILL, ON_TIME, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},
	{IN_STOP_KILL, ON_KILL, "stopping/kill! 1 KILL>all", "stopping/kill! 1 KILL>all"},

	{IN_BACKOFF, ON_TIME, "starting 60 tell=starting spawn", SAME},
	{IN_BACKOFF, ON_HOLD, "stopped! - tell=stopped", SAME},
	{IN_BACKOFF, ON_STOP, "stopped! - tell=stopped", SAME},
};

static const char *outcome_of(enum situation situation, enum event event, bool draining)
{
	for (size_t n = 0; n < sizeof rows / sizeof rows[0]; n++)
		if (rows[n].situation == situation && rows[n].event == event)
			return draining ? rows[n].in_drain : rows[n].outcome;
	return SAME;
}

static void drain(struct rig *r)
{
	r->env.draining = true;
	r->env.kill_by = r->env.now + 5 * NS_S;
	worker_hold(&r->i, &r->env);
	r->out.count = 0;
}

static void check_pair(enum situation situation, enum event event, bool draining)
{
	const char *want = outcome_of(situation, event, draining);
	char got[300];
	struct rig r;

	rig_enter(&r, situation);
	if (draining)
		drain(&r);
	if (event == ON_TIME && r.i.deadline == MONO_NEVER)
		return; /* time_without_a_deadline_aborts */
	struct instance before = r.i;
	meet(&r, event);
	bool same = memcmp(&before, &r.i, sizeof before) == 0 && r.out.count == 0;
	if (want == SAME)
		ck_assert_msg(same, "%s, %s: %s", situation_names[situation], event_names[event],
			      rig_describe(&r, got, sizeof got));
	else
		ck_assert_msg(strcmp(rig_describe(&r, got, sizeof got), want) == 0, "%s, %s: %s",
			      situation_names[situation], event_names[event], got);
}

START_TEST(every_pair)
{
	for (int event = 0; event < EVENT_COUNT; event++)
		check_pair((enum situation)_i, (enum event)event, false);
}
END_TEST

START_TEST(every_pair_in_a_drain)
{
	for (int event = 0; event < EVENT_COUNT; event++)
		check_pair((enum situation)_i, (enum event)event, true);
}
END_TEST

/* News of another run changes nothing, whatever it is and wherever it comes. */
START_TEST(stale_news)
{
	for (int event = 0; event < FACT_EVENTS; event++)
		for (uint32_t shift = 1; shift <= 2; shift++) {
			struct fact fact = facts[event];
			struct rig r;
			rig_enter(&r, (enum situation)_i);
			struct instance before = r.i;
			fact.gen = r.i.gen + shift * 2 - 3; /* one before, one after */
			worker_fact(&r.i, &r.env, &fact);
			ck_assert_msg(memcmp(&before, &r.i, sizeof before) == 0 && r.out.count == 0,
				      "%s, stale %s", situation_names[_i], event_names[event]);
		}
}
END_TEST

/* What the state is told to come from. */
static const struct {
	enum situation situation;
	enum event event;
	enum instance_cause cause;
} causes[] = {
	{IN_SPAWNING, ON_SPAWN_FAILED, CAUSE_SPAWN_FAILED},
	{IN_SPAWNING, ON_TIME, CAUSE_READY_TIMEOUT},
	{IN_STARTING, ON_TIME, CAUSE_READY_TIMEOUT},
	{IN_STARTING, ON_EXITED_BADLY, CAUSE_EXITED},
	{IN_READY, ON_EXITED_REST, CAUSE_EXITED},
	{IN_READY, ON_READY, CAUSE_NONE},
	{IN_READY, ON_TIME, CAUSE_WATCHDOG},
	{IN_READY, ON_TRIGGER, CAUSE_WATCHDOG},
	{IN_READY, ON_STOPPING, CAUSE_SELF_STOP},
	{IN_RUNNING, ON_TIME, CAUSE_SELF_STOP},
	{IN_RUNNING, ON_EXITED_WELL, CAUSE_EXITED},
	{IN_READY, ON_STOP, CAUSE_DRAIN},
	{IN_WAITING, ON_HOLD, CAUSE_DRAIN},
	{IN_STOP_SPAWN, ON_SPAWNED, CAUSE_READY_TIMEOUT},
	{IN_STOP_MAIN, ON_EXITED_WELL, CAUSE_READY_TIMEOUT},
	{IN_COMPLETED, ON_EMPTY, CAUSE_NO_RESTART},
	{IN_FAILED, ON_EMPTY, CAUSE_NO_RESTART},
	{IN_BACKOFF, ON_TIME, CAUSE_RESTART},
};

START_TEST(cause)
{
	struct rig r;

	rig_enter(&r, causes[_i].situation);
	meet(&r, causes[_i].event);
	ck_assert_str_eq(instance_cause_text(r.i.cause), instance_cause_text(causes[_i].cause));
}
END_TEST

/* Only what waits can begin. */
START_TEST(begin_elsewhere_aborts)
{
	struct rig r;

	rig_enter(&r, (enum situation)_i);
	worker_begin(&r.i, &r.env);
}
END_TEST

static const enum situation timeless[] = {IN_WAITING, IN_COMPLETED, IN_STOPPED, IN_FAILED};

START_TEST(time_without_a_deadline_aborts)
{
	struct rig r;

	rig_enter(&r, timeless[_i]);
	r.env.now = MONO_NEVER;
	worker_time(&r.i, &r.env);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("pair");

	tcase_add_loop_test(tests, every_pair, 0, SITUATION_COUNT);
	tcase_add_loop_test(tests, every_pair_in_a_drain, 0, SITUATION_COUNT);
	tcase_add_loop_test(tests, stale_news, 0, SITUATION_COUNT);
	tcase_add_loop_test(tests, cause, 0, sizeof causes / sizeof causes[0]);
	tcase_add_loop_test_raise_signal(tests, begin_elsewhere_aborts, SIGABRT, IN_SPAWNING,
					 SITUATION_COUNT);
	tcase_add_loop_test_raise_signal(tests, time_without_a_deadline_aborts, SIGABRT, 0,
					 sizeof timeless / sizeof timeless[0]);
	return kit_run("policy/pair", tests);
}
