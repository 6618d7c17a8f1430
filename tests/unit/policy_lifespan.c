/* The lifespan: its steps up and down, the shares of its stops, and every way it can end. */
#include "policy/lifespan.h"

#include <stdlib.h>

#include "policy_course.h"

#define S(x) ((span_ns)((x)*1e3) * NS_MS)

static const struct {
	const char *name;
	double left;
	uint32_t n;
	double timeout, others, term, kill;
} shares[] = {
	{"time enough", 29, 1, 10, 0, 10, 12},
	{"time enough for all", 60, 3, 10, 20, 10, 12},
	{"its timeout would end too late", 11, 1, 10, 0, 9, 11},
	{"a fifth of a small share", 4.5, 1, 10, 0, 3.6, 4.5},
	{"the half of it", 4, 2, 10, 10, 1.6, 2},
	{"others need little", 10, 2, 20, 1, 7.2, 9},
	{"others need nothing", 10, 3, 20, 0, 8, 10},
	{"others want more than there is", 9, 3, 20, 100, 2.4, 3},
	{"quick", 9, 3, 0.1, 100, 0.1, 2.1},
	{"quick, and TERM's 2 s do not fit", 3, 3, 0.1, 100, 0.1, 1},
};

START_TEST(share)
{
	struct stop_share got = lifespan_share(S(shares[_i].left), shares[_i].n,
					       S(shares[_i].timeout), S(shares[_i].others));

	ck_assert_msg(got.term == S(shares[_i].term) && got.kill == S(shares[_i].kill),
		      "%s: %g, %g", shares[_i].name, (double)got.term / NS_S,
		      (double)got.kill / NS_S);
}
END_TEST

static span_ns random_span(span_ns max)
{
	return 1 + (span_ns)((double)rand() / RAND_MAX * (double)max);
}

/* However stubborn all of them are, there is time for each, and all end in time. */
START_TEST(shares_fit)
{
	srand((unsigned)_i);
	span_ns left = random_span(_i % 2 == 0 ? S(30) : S(0.01));
	uint32_t n = 1 + (uint32_t)rand() % 8;
	span_ns timeouts[8];

	for (uint32_t k = 0; k < n; k++)
		timeouts[k] = random_span(rand() % 2 == 0 ? S(1) : S(20));
	for (uint32_t k = n; k > 0; k--) {
		span_ns others = 0;
		for (uint32_t other = 0; other + 1 < k; other++)
			others += timeouts[other];
		struct stop_share got = lifespan_share(left, k, timeouts[k - 1], others);
		ck_assert_int_le(got.term, got.kill);
		ck_assert_int_le(got.term, timeouts[k - 1]);
		ck_assert_int_gt(got.kill, 0);
		ck_assert_int_le(got.kill, left);
		/* All that may be had is used before anybody is cut short. */
		ck_assert(got.kill >= left / k || got.term == timeouts[k - 1]);
		left -= got.kill;
		ck_assert(left > 0 || k == 1);
	}
}
END_TEST

START_TEST(nothing_left_to_share_aborts)
{
	lifespan_share(0, 1, 1, 0);
}
END_TEST

/* Worker 0; steps: start 1, stop 2; start 3, stop 4. */
static void plan_two(void)
{
	yard_plan(1, -1, -1);
	course_step("one", true, true);
	course_step("two", true, true);
	yard_open();
}

static void be_up(void)
{
	plan_two();
	tell(FACT_BEGIN);
	tell_of(1, FACT_SPAWNED);
	tell_of(1, FACT_EXITED);
	tell_of(3, FACT_SPAWNED);
	tell_of(3, FACT_EXITED);
	tell_of(0, FACT_SPAWNED);
	ordered();
}

START_TEST(up_in_order)
{
	plan_two();
	ck_assert_int_eq(step_of(0).state, STEP_WAITING);
	tell(FACT_BEGIN);
	ck_assert_str_eq(ordered(), " tell=starting spawn");
	ck_assert_int_eq(step_of(0).state, STEP_STARTING);
	ck_assert_int_eq(step_of(0).deadline, AT(30));
	tell_of(1, FACT_SPAWNED);
	ck_assert_str_eq(ordered(), " tell=running");
	ck_assert(!status().lifespan_up);
	tell_of(1, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=completed tell=starting spawn");
	ck_assert_int_eq(step_of(0).state, STEP_UP);
	tell_of(3, FACT_SPAWNED);
	tell_of(3, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=running tell=completed tell=starting spawn");
	ck_assert(status().lifespan_up && !status().started);
	ck_assert_int_eq(status().state, FLEET_STARTING);
	tell_of(0, FACT_SPAWNED);
	ck_assert(status().started);
	ck_assert_int_eq(status().state, FLEET_RUNNING);
}
END_TEST

START_TEST(down_in_reverse)
{
	be_up();
	tell(FACT_TERMINATE);
	ordered();
	tell_of(0, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=stopped tell=starting spawn");
	ck_assert_int_eq(status().drain.phase, DRAIN_PHASE_LIFESPAN);
	ck_assert_int_eq(step_of(1).state, STEP_STOPPING);
	ck_assert_int_eq(step_of(0).state, STEP_UP);
	tell_of(4, FACT_SPAWNED);
	tell_of(4, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=running tell=completed tell=starting spawn");
	ck_assert_int_eq(step_of(1).state, STEP_STOPPED);
	ck_assert(!step_of(1).stop_failed);
	tell_of(2, FACT_SPAWNED);
	tell_of(2, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=running tell=completed fleet=stopped quit=0");
}
END_TEST

/* Signals while the stops run: none of them is touched. */
START_TEST(signals_do_not_touch_a_stop)
{
	be_up();
	tell(FACT_TERMINATE);
	tell_of(0, FACT_EXITED);
	ordered();
	for (int n = 0; n < 4; n++) {
		pass(NS_S);
		tell(FACT_TERMINATE);
		ck_assert_str_eq(ordered(), "");
		if (n == 1)
			tell_of(4, FACT_SPAWNED);
		ordered();
	}
	tell_of(4, FACT_EXITED);
	tell_of(2, FACT_SPAWNED);
	tell_of(2, FACT_EXITED);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=0"));
}
END_TEST

static void end_stops(uint32_t from)
{
	for (uint32_t stop = from; stop >= 2; stop -= 2) {
		ck_assert_int_eq(state_of(stop), INSTANCE_STARTING);
		tell_of(stop, FACT_SPAWNED);
		tell_of(stop, FACT_EXITED);
	}
}

static const struct {
	const char *name;
	enum fact_kind kind;
	int code;
	bool signaled;
} failures[] = {
	{"an exit code", FACT_EXITED, 1, false},
	{"a signal", FACT_EXITED, SIGSEGV, true},
	{"no program", FACT_SPAWN_FAILED, 0, false},
	{"too long", FACT_TIME, 0, false},
};

START_TEST(start_that_fails)
{
	plan_two();
	tell(FACT_BEGIN);
	tell_of(1, FACT_SPAWNED);
	tell_of(1, FACT_EXITED);
	if (failures[_i].kind != FACT_SPAWN_FAILED)
		tell_of(3, FACT_SPAWNED);
	ordered();
	if (failures[_i].kind == FACT_TIME) {
		pass(30 * NS_S);
		ck_assert_str_eq(ordered(), " tell=stopping TERM>main");
		pass(2 * NS_S);
		ck_assert_str_eq(ordered(), " KILL>all");
	}
	step((struct fact){.kind = failures[_i].kind == FACT_TIME ? FACT_EXITED : failures[_i].kind,
			   .instance = 3,
			   .gen = 1,
			   .code = failures[_i].code,
			   .signaled = failures[_i].signaled,
			   .empty = true});
	ck_assert_msg(state_of(3) == INSTANCE_FAILED, "%s", failures[_i].name);
	ck_assert(step_of(1).start_failed && !step_of(0).start_failed);
	ck_assert_int_eq(state_of(0), INSTANCE_STOPPED);
	end_stops(4);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=12"));
	ck_assert(!status().lifespan_up);
}
END_TEST

/* Not counted as failed, and its own stop runs. */
START_TEST(start_that_is_interrupted)
{
	plan_two();
	yard.spec.drain_delay = 5 * NS_S;
	tell(FACT_BEGIN);
	tell_of(1, FACT_SPAWNED);
	ordered();
	tell(FACT_TERMINATE);
	/* It may end as it likes, or has to be killed. */
	ck_assert_ptr_nonnull(strstr(ordered(), "tell=stopping TERM>main"));
	if (_i > 0) {
		pass(2 * NS_S);
		ck_assert_str_eq(ordered(), " KILL>all");
	}
	end_of(1, _i == 2, true);
	ck_assert_int_eq(state_of(1), INSTANCE_STOPPED);
	ck_assert_int_eq(step_of(0).state, STEP_STOPPING);
	ck_assert(!step_of(0).start_failed);
	ck_assert_int_eq(state_of(3), INSTANCE_WAITING);
	end_stops(2);
	ck_assert_ptr_nonnull(strstr(ordered(), _i > 0 ? "quit=11" : "quit=0"));
	ck_assert_int_eq(step_of(1).state, STEP_WAITING);
}
END_TEST

START_TEST(drain_before_the_beginning)
{
	plan_two();
	tell(FACT_TERMINATE);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=0"));
	ck_assert_int_eq(step_of(0).state, STEP_WAITING);
}
END_TEST

START_TEST(halves_that_are_not_there)
{
	yard_plan(1, -1, -1);
	course_step("one", false, true);
	course_step("two", true, false);
	course_step("three", false, true);
	yard_open();
	tell(FACT_BEGIN);
	ck_assert_int_eq(step_of(0).state, STEP_UP);
	ck_assert_int_eq(state_of(3), INSTANCE_STARTING);
	tell_of(3, FACT_SPAWNED);
	tell_of(3, FACT_EXITED);
	tell_of(0, FACT_SPAWNED);
	ck_assert(status().lifespan_up);
	ck_assert_int_eq(step_of(2).state, STEP_UP);
	tell(FACT_TERMINATE);
	tell_of(0, FACT_EXITED);
	ck_assert_int_eq(state_of(6), INSTANCE_STARTING);
	tell_of(6, FACT_SPAWNED);
	tell_of(6, FACT_EXITED);
	ck_assert_int_eq(step_of(1).state, STEP_STOPPED);
	ck_assert_int_eq(state_of(2), INSTANCE_STARTING);
	tell_of(2, FACT_SPAWNED);
	ordered();
	tell_of(2, FACT_EXITED);
	ck_assert_str_eq(ordered(), " tell=completed fleet=stopped quit=0");
}
END_TEST

static void begin_stops(void)
{
	be_up();
	tell(FACT_TERMINATE);
	tell_of(0, FACT_EXITED);
	ordered();
}

/* TERM at its timeout, SIGKILL 2 s later; the next has its stop. */
START_TEST(stop_that_is_overdue)
{
	begin_stops();
	tell_of(4, FACT_SPAWNED);
	ordered();
	pass_to(AT(9.999));
	ck_assert_str_eq(ordered(), "");
	pass_to(AT(10));
	ck_assert_str_eq(ordered(), " tell=stopping TERM>main");
	pass_to(AT(12));
	ck_assert_str_eq(ordered(), " KILL>all");
	tell_of(4, FACT_EXITED);
	ck_assert(step_of(1).stop_failed);
	ck_assert_int_eq(state_of(4), INSTANCE_FAILED);
	end_stops(2);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=13"));
}
END_TEST

START_TEST(stop_that_fails)
{
	begin_stops();
	if (_i == 0) {
		tell_of(4, FACT_SPAWN_FAILED);
	} else {
		tell_of(4, FACT_SPAWNED);
		end_of(4, 3, true);
	}
	ck_assert(step_of(1).stop_failed && !step_of(0).stop_failed);
	end_stops(2);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=13"));
}
END_TEST

/* Nothing dies: each has its stop all the same, and the end is by the deadline. */
START_TEST(stops_that_cannot_be_killed)
{
	begin_stops();
	tell_of(4, FACT_SPAWNED);
	while (state_of(2) == INSTANCE_WAITING)
		pass_to(fleet_deadline(yard.fleet));
	ck_assert_int_eq(yard.now, AT(12.5));
	ck_assert_int_eq(step_of(1).state, STEP_STOPPED);
	ck_assert(step_of(1).stop_failed);
	tell_of(2, FACT_SPAWNED);
	while (status().state != FLEET_STOPPED)
		pass_to(fleet_deadline(yard.fleet));
	ck_assert_int_le(yard.now, AT(30));
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=13"));
}
END_TEST

/* fosterd stood still for an hour while a stop ran: the other one has its turn. */
START_TEST(leap_over_the_deadline)
{
	begin_stops();
	tell_of(4, FACT_SPAWNED);
	yard.now += 3600 * NS_S;
	tell(FACT_TIME);
	tell_of(4, FACT_EXITED);
	ck_assert_int_eq(state_of(2), INSTANCE_STARTING);
	tell_of(2, FACT_SPAWNED);
	pass(NS_S);
	tell_of(2, FACT_EXITED);
	ck_assert_int_eq(state_of(2), INSTANCE_COMPLETED);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=13"));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("lifespan");

	tcase_add_loop_test(tests, share, 0, sizeof shares / sizeof shares[0]);
	tcase_add_loop_test(tests, shares_fit, 0, 200);
	tcase_add_test_raise_signal(tests, nothing_left_to_share_aborts, SIGABRT);
	tcase_add_test(tests, up_in_order);
	tcase_add_test(tests, down_in_reverse);
	tcase_add_test(tests, signals_do_not_touch_a_stop);
	tcase_add_loop_test(tests, start_that_fails, 0, sizeof failures / sizeof failures[0]);
	tcase_add_loop_test(tests, start_that_is_interrupted, 0, 3);
	tcase_add_test(tests, drain_before_the_beginning);
	tcase_add_test(tests, halves_that_are_not_there);
	tcase_add_test(tests, stop_that_is_overdue);
	tcase_add_loop_test(tests, stop_that_fails, 0, 2);
	tcase_add_test(tests, stops_that_cannot_be_killed);
	tcase_add_test(tests, leap_over_the_deadline);
	return kit_run("policy/lifespan", tests);
}
