/* One instance: every situation, met by every event. */
#include "policy_pairs.h"

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
	else if (event == ON_KILL)
		ladder_kill(&r->i, &r->env);
	else if (event == ON_HAND_START)
		hand_start(&r->i, &r->env);
	else if (event == ON_HAND_STOP)
		hand_stop(&r->i, &r->env);
	else
		hand_restart(&r->i, &r->env);
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
	{IN_COMPLETED, ON_EMPTY, CAUSE_ENDED_WELL},
	{IN_FAILED, ON_EMPTY, CAUSE_NO_RESTART},
	{IN_BACKOFF, ON_TIME, CAUSE_RESTART},
	{IN_FAILED, ON_HAND_START, CAUSE_STARTED_BY_HAND},
	{IN_BACKOFF, ON_HAND_RESTART, CAUSE_STARTED_BY_HAND},
	{IN_READY, ON_HAND_RESTART, CAUSE_RESTARTED_BY_HAND},
	{IN_READY, ON_HAND_STOP, CAUSE_STOPPED_BY_HAND},
	{IN_WAITING, ON_HAND_STOP, CAUSE_STOPPED_BY_HAND},
	{IN_STOP_MAIN, ON_HAND_STOP, CAUSE_READY_TIMEOUT},
	{IN_HAND_DOWN, ON_HAND_START, CAUSE_RESTARTED_BY_HAND},
	{IN_HAND_UP, ON_HAND_STOP, CAUSE_STOPPED_BY_HAND},
	{IN_HAND_UP, ON_EXITED_WELL, CAUSE_RESTARTED_BY_HAND},
	{IN_HAND_DOWN, ON_EXITED_WELL, CAUSE_STOPPED_BY_HAND},
};

START_TEST(cause)
{
	struct rig r;

	rig_enter(&r, causes[_i].situation);
	meet(&r, causes[_i].event);
	ck_assert_str_eq(instance_cause_text(r.i.cause), instance_cause_text(causes[_i].cause));
}
END_TEST

/* Else the whole would wait for its first attempt for ever. */
START_TEST(stopped_while_waiting_has_had_its_attempt)
{
	struct rig r;

	rig_enter(&r, IN_WAITING);
	ck_assert(!r.i.attempted);
	hand_stop(&r.i, &r.env);
	ck_assert(r.i.attempted);
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
	tcase_add_test(tests, stopped_while_waiting_has_had_its_attempt);
	tcase_add_loop_test(tests, cause, 0, sizeof causes / sizeof causes[0]);
	tcase_add_loop_test_raise_signal(tests, begin_elsewhere_aborts, SIGABRT, IN_SPAWNING,
					 SITUATION_COUNT);
	tcase_add_loop_test_raise_signal(tests, time_without_a_deadline_aborts, SIGABRT, 0,
					 sizeof timeless / sizeof timeless[0]);
	return kit_run("policy/pair", tests);
}
