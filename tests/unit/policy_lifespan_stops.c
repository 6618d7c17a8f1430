/* The lifespan's stops: each has its turn and its time, whatever the others do. */
#include "policy/lifespan.h"

#include "policy_steps.h"

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

/* Nobody obeys, and the workers have used their time: TERM and SIGKILL by the shares of the rest.
 */
static const struct {
	double reserve;
	bool killable;
	double moments[4]; /* TERM and SIGKILL of the second step's stop, and of the first's */
} rests[] = {
	{5, true, {26.8, 27.25, 29.05, 29.5}},
	{1, true, {29.2, 29.25, 29.45, 29.5}},
	/* What is not gone is waited for: half a second, or a part of the little there is. */
	{5, false, {26.8, 27.25, 29.15, 29.5}},
	{1, false, {29.2, 29.25, 29.55, 29.578125}},
};

static bool was_sent(uint32_t instance, int signo)
{
	for (uint32_t n = 0; n < yard.out.count; n++)
		if (yard.out.list[n].kind == ORDER_SIGNAL && yard.out.list[n].signo == signo &&
		    yard.out.list[n].instance == instance)
			return true;
	return false;
}

static void pass_until(uint32_t instance, int signo)
{
	while (!was_sent(instance, signo)) {
		yard.out.count = 0;
		pass_to(fleet_deadline(yard.fleet));
	}
}

START_TEST(stops_at_the_end_of_the_time)
{
	yard_plan(1, -1, -1);
	course_step("one", true, true);
	course_step("none", true, false);
	course_step("two", true, true);
	yard.spec.drain_reserve = (span_ns)(rests[_i].reserve * 1e9);
	yard.workers[0].stop_timeout = 60 * NS_S;
	yard_open();
	tell(FACT_BEGIN);
	for (uint32_t i = 1; i <= 5; i += 2) {
		tell_of(i, FACT_SPAWNED);
		tell_of(i, FACT_EXITED);
	}
	tell_of(0, FACT_SPAWNED);
	tell(FACT_TERMINATE);
	ordered();
	pass_until(0, SIGKILL);
	tell_of(0, FACT_EXITED);
	for (uint32_t n = 0; n < 2; n++) {
		uint32_t stop = n == 0 ? 6 : 2;
		tell_of(stop, FACT_SPAWNED);
		ordered();
		pass_until(stop, SIGTERM);
		ck_assert_int_eq(yard.now - T0, (span_ns)(rests[_i].moments[2 * n] * 1e9));
		pass_until(stop, SIGKILL);
		ck_assert_int_eq(yard.now - T0, (span_ns)(rests[_i].moments[2 * n + 1] * 1e9));
		if (rests[_i].killable) {
			tell_of(stop, FACT_EXITED);
		} else {
			/* Signals do not make it wait for longer. */
			pass(10 * NS_MS);
			tell(FACT_TERMINATE);
		}
		while (n == 0 && state_of(2) == INSTANCE_WAITING) {
			pass_to(fleet_deadline(yard.fleet));
			tell(FACT_TERMINATE);
		}
	}
	while (status().state != FLEET_STOPPED)
		pass_to(fleet_deadline(yard.fleet));
	ck_assert_int_le(yard.now, AT(30));
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=13"));
}
END_TEST

/* What has no stop wants no time. */
START_TEST(time_of_a_step_without_a_stop)
{
	yard_plan(0, -1, -1);
	course_step("one", false, true);
	course_step("none", false, false);
	course_step("two", false, true);
	yard.workers[2].run_timeout = NS_S;
	yard.workers[4].run_timeout = yard.workers[6].run_timeout = 25 * NS_S;
	yard_open();
	tell(FACT_BEGIN);
	tell(FACT_TERMINATE);
	tell_of(5, FACT_SPAWNED);
	ck_assert_int_eq(step_of(2).deadline, AT(25));
}
END_TEST

/* The last worker's end is heard when all the time is over. */
START_TEST(leap_before_the_stops)
{
	be_up();
	tell(FACT_TERMINATE);
	yard.now += 3600 * NS_S;
	tell_of(0, FACT_EXITED);
	ck_assert_int_eq(state_of(4), INSTANCE_STARTING);
	tell_of(4, FACT_SPAWNED);
	pass(NS_S);
	tell_of(4, FACT_EXITED);
	pass(NS_S);
	end_stops(2);
	ck_assert_ptr_nonnull(strstr(ordered(), "quit=0"));
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
	TCase *tests = tcase_create("stops");

	tcase_add_test(tests, stop_that_is_overdue);
	tcase_add_loop_test(tests, stop_that_fails, 0, 2);
	tcase_add_loop_test(tests, stops_at_the_end_of_the_time, 0, sizeof rests / sizeof rests[0]);
	tcase_add_test(tests, time_of_a_step_without_a_stop);
	tcase_add_test(tests, leap_before_the_stops);
	tcase_add_test(tests, stops_that_cannot_be_killed);
	tcase_add_test(tests, leap_over_the_deadline);
	return kit_run("policy/lifespan_stops", tests);
}
