/* What an instance's fields promise each other: each broken promise is noticed. */
#include "policy_rig.h"

static void spawn_beside_main(struct instance *i)
{
	i->spawning = true;
}

static void forget_pid(struct instance *i)
{
	i->pid = 0;
}

static void keep_pid(struct instance *i)
{
	i->pid = 5;
}

static void forget_deadline(struct instance *i)
{
	i->deadline = MONO_NEVER;
}

static void set_deadline(struct instance *i)
{
	i->deadline = T0;
}

static void forget_step(struct instance *i)
{
	i->step = STOP_STEP_NONE;
}

static void keep_step(struct instance *i)
{
	i->step = STOP_STEP_MAIN;
}

static void keep_wish(struct instance *i)
{
	i->wish = WISH_UP;
}

static void run_command(struct instance *i)
{
	i->command_alive = true;
}

static void miscount(struct instance *i)
{
	i->restarts++;
}

static void forget_readiness(struct instance *i)
{
	i->was_ready = false;
}

static void forget_attempt(struct instance *i)
{
	i->attempted = false;
}

static void lose_process(struct instance *i)
{
	i->main_alive = i->spawning = false;
	i->pid = 0;
	i->group_empty = true;
}

static void empty_group(struct instance *i)
{
	i->group_empty = true;
}

static void no_state(struct instance *i)
{
	i->state = INSTANCE_STATE_COUNT;
}

static void forget_runs(struct instance *i)
{
	i->gen = 0;
	i->restarts = 0;
}

static void be_held(struct instance *i)
{
	i->held = true;
}

static void unmeet(struct instance *i)
{
	i->met = false;
}

/* An instance that is well, in a situation, and what is then made wrong with it. */
static const struct {
	const char *name;
	enum situation situation;
	void (*spoil)(struct instance *i);
} spoilt[] = {
	{"two processes at once", IN_READY, spawn_beside_main},
	{"no pid", IN_READY, forget_pid},
	{"pid of nobody", IN_BACKOFF, keep_pid},
	{"stopping for ever", IN_STOP_MAIN, forget_deadline},
	{"backoff for ever", IN_BACKOFF, forget_deadline},
	{"deadline while waiting", IN_WAITING, set_deadline},
	{"deadline of a completed one", IN_COMPLETED, set_deadline},
	{"deadline of a stopped one", IN_STOPPED, set_deadline},
	{"deadline of a failed one", IN_FAILED, set_deadline},
	{"stopping without a step", IN_STOP_REST, forget_step},
	{"a step without stopping", IN_READY, keep_step},
	{"a wish without stopping", IN_READY, keep_wish},
	{"stop command while ready", IN_READY, run_command},
	{"restarts without runs", IN_WAITING, miscount},
	{"restarts and runs differ", IN_READY, miscount},
	{"ready and never was", IN_READY, forget_readiness},
	{"ready without an attempt", IN_RUNNING, forget_attempt},
	{"ready and its condition not met", IN_READY, unmeet},
	{"ready and held", IN_READY, be_held},
	{"held while stopping", IN_STOP_MAIN, be_held},
	{"held while ending by itself", IN_RUNNING, be_held},
	{"held and down", IN_FAILED, be_held},
	{"starting without a process", IN_STARTING, lose_process},
	{"stopping without a process", IN_STOP_MAIN, lose_process},
	{"main in an empty group", IN_STOP_MAIN, empty_group},
	{"no such state", IN_FAILED, no_state},
	{"failed without a run", IN_FAILED, forget_runs},
};

START_TEST(broken_promise_aborts)
{
	struct rig r;

	rig_enter(&r, spoilt[_i].situation);
	spoilt[_i].spoil(&r.i);
	instance_check(&r.i);
}
END_TEST

/* Whether a process may exist, by situation. */
static const bool live[SITUATION_COUNT] = {
	[IN_SPAWNING] = true,	[IN_STARTING] = true,	[IN_READY] = true,
	[IN_RUNNING] = true,	[IN_STOP_SPAWN] = true, [IN_STOP_COMMAND] = true,
	[IN_STOP_ALONE] = true, [IN_STOP_MAIN] = true,	[IN_STOP_REST] = true,
	[IN_STOP_KILL] = true,	[IN_HAND_DOWN] = true,	[IN_HAND_UP] = true,
};

START_TEST(live_while_a_process_may_exist)
{
	struct rig r;

	rig_enter(&r, (enum situation)_i);
	instance_check(&r.i);
	ck_assert_int_eq(instance_is_live(&r.i), live[_i]);
}
END_TEST

/* Leaving: told to, or by its own announcement; not merely without readiness. */
START_TEST(leaving)
{
	struct instance i = {.state = INSTANCE_RUNNING, .cause = CAUSE_READINESS};

	ck_assert(!instance_is_leaving(&i));
	i.cause = CAUSE_SELF_STOP;
	ck_assert(instance_is_leaving(&i));
	i.state = INSTANCE_READY;
	ck_assert(!instance_is_leaving(&i));
	i.state = INSTANCE_STOPPING;
	ck_assert(instance_is_leaving(&i));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("instance");

	tcase_add_loop_test_raise_signal(tests, broken_promise_aborts, SIGABRT, 0,
					 sizeof spoilt / sizeof spoilt[0]);
	tcase_add_loop_test(tests, live_while_a_process_may_exist, 0, SITUATION_COUNT);
	tcase_add_test(tests, leaving);
	return kit_run("policy/instance", tests);
}
