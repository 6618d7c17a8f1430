/* A fleet that is asked: when who is, how far apart, and what one step may order at the most. */
#include "policy_yard.h"

static struct probe_spec probes[PROBE_ROLE_COUNT];
static struct check_spec checks[2];
static const uint32_t gates[] = {0, 1};

static struct probe_spec probe(span_ns period)
{
	return (struct probe_spec){
		.period = period, .timeout = NS_S, .success_threshold = 1, .failure_threshold = 1};
}

/* Worker a of so many replicas with all three probes (a bit each), and the two checks. */
static void plan(int replicas, unsigned roles, span_ns period, uint32_t n_checks)
{
	struct worker_spec *a = &yard.workers[0];

	yard_plan(replicas, -1, -1);
	for (int role = 0; role < PROBE_ROLE_COUNT; role++) {
		probes[role] = probe(period);
		a->probes[role] = (roles >> role & 1) != 0 ? &probes[role] : NULL;
		a->n_probes += roles >> role & 1;
	}
	for (uint32_t n = 0; n < n_checks; n++)
		checks[n] = (struct check_spec){
			.name = n == 0 ? "x" : "y", .probe = probe(period), .critical = true};
	a->ready_when = READY_PROBE;
	a->gates = gates;
	a->n_gates = n_checks;
	yard.spec.checks = checks;
	yard.spec.n_checks = n_checks;
	yard.spec.n_probes = a->n_probes * a->replicas + n_checks;
}

static void answer(uint32_t probe, uint32_t serial, enum probe_result result)
{
	step((struct fact){
		.kind = FACT_PROBED, .probe = probe, .serial = serial, .result = result});
}

static uint32_t count(enum order_kind kind)
{
	uint32_t n = 0;

	for (uint32_t o = 0; o < yard.out.count; o++)
		n += yard.out.list[o].kind == kind;
	yard.out.count = 0;
	return n;
}

/* To the next deadline and on, for so long; the questions, and the least time between two. */
static uint32_t ask_for(span_ns span, span_ns *closest)
{
	mono_ns end = yard.now + span, last = 0;
	uint32_t n = 0;

	*closest = span;
	yard.out.count = 0;
	while (fleet_deadline(yard.fleet) <= end) {
		pass(mono_max(fleet_deadline(yard.fleet), yard.now) - yard.now);
		uint32_t asked = count(ORDER_PROBE);
		ck_assert_uint_le(asked, 1 + yard.spec.n_checks);
		if (asked == 1 && last != 0 && yard.now - last < *closest)
			*closest = yard.now - last;
		if (asked == 1)
			last = yard.now;
		n += asked;
	}
	return n;
}

static const struct {
	int replicas;
	unsigned roles;
	span_ns period, gap;
} gaps[] = {
	{2, 2, 10 * NS_S, 2 * NS_MS},	     /* far fewer than would be close */
	{100, 2, 100 * NS_MS, 500 * NS_US},  /* 1000 a second */
	{100, 6, 100 * NS_MS, 250 * NS_US},  /* 2000 */
	{100, 6, 10 * NS_S, 2 * NS_MS},	     /* 20 */
	{100, 2, 200 * NS_MS, 1000 * NS_US}, /* 500 */
};

START_TEST(questions_are_a_gap_apart)
{
	span_ns closest;

	plan(gaps[_i].replicas, gaps[_i].roles, gaps[_i].period, 0);
	yard_run();
	uint32_t n = ask_for(gaps[_i].period - 1, &closest);
	ck_assert_uint_eq(n, yard.spec.n_probes);
	ck_assert_int_eq(closest, gaps[_i].gap);
}
END_TEST

/* Answered at once, everybody is asked each period, at the phase it got. */
START_TEST(everybody_is_asked_each_period)
{
	span_ns closest;

	plan(100, 2, 100 * NS_MS, 0);
	yard_run();
	ask_for(99 * NS_MS, &closest);
	for (uint32_t round = 1; round <= 5; round++) {
		for (uint32_t i = 0; i < 100; i++)
			answer(i, round, PROBE_SUCCESS);
		yard.out.count = 0;
		ck_assert_uint_eq(ask_for(100 * NS_MS, &closest), 100);
		ck_assert_int_ge(closest, 500 * NS_US);
	}
}
END_TEST

/* However long nobody was asked, few are at the same moment. */
START_TEST(no_burst_after_a_leap)
{
	span_ns closest;

	plan(100, 2, 100 * NS_MS, 0);
	yard_run();
	ask_for(99 * NS_MS, &closest);
	for (uint32_t i = 0; i < 100; i++)
		answer(i, 1, PROBE_SUCCESS);
	yard.out.count = 0;
	pass(3600 * NS_S);
	ck_assert_uint_le(count(ORDER_PROBE), 10 * NS_MS / (500 * NS_US) + 1);
	ck_assert_uint_ge(ask_for(99 * NS_MS, &closest), 79);
}
END_TEST

/* Wake-ups that are a little late do not add up. */
START_TEST(late_wakeup_keeps_the_phase)
{
	plan(1, 2, 10 * NS_S, 0);
	yard_run();
	pass(3 * NS_MS);
	ck_assert_uint_eq(count(ORDER_PROBE), 1);
	answer(0, 1, PROBE_SUCCESS);
	ck_assert_int_eq(fleet_deadline(yard.fleet), T0 + 10 * NS_S);
	pass(12 * NS_S);
	answer(0, 2, PROBE_SUCCESS);
	ck_assert_int_eq(fleet_deadline(yard.fleet), yard.now - 10 * NS_MS + 10 * NS_S);
}
END_TEST

START_TEST(checks_are_asked_together)
{
	plan(1, 2, 10 * NS_S, 2);
	yard_open();
	tell(FACT_BEGIN);
	ordered();
	pass(0);
	ck_assert_str_eq(ordered(), " probe=1 probe=2");
	answer(1, 1, PROBE_SUCCESS);
	ck_assert_str_eq(ordered(), " tell-probe=1");
	answer(1, 1, PROBE_FAILURE);
	ck_assert_str_eq(ordered(), "");
}
END_TEST

/* What is new is told once: verdicts, and the health of a check also when it is time that changes
 * it. */
START_TEST(what_is_new_is_told)
{
	plan(1, 2, 10 * NS_S, 1);
	yard_open();
	tell(FACT_BEGIN);
	tell_of(0, FACT_SPAWNED);
	pass(0);
	ordered();
	answer(0, 1, PROBE_SUCCESS);
	ck_assert_str_eq(ordered(), " tell-probe=0 tell=ready fleet=running");
	answer(1, 1, PROBE_SUCCESS);
	ck_assert_str_eq(ordered(), " tell-probe=1");
	pass(10 * NS_S);
	ck_assert_str_eq(ordered(), " probe=1 probe=0");
	answer(0, 2, PROBE_SUCCESS);
	ck_assert_str_eq(ordered(), "");
	pass(NS_S + 50 * NS_MS);
	ck_assert_str_eq(ordered(), " tell-probe=1");
	answer(1, 2, PROBE_FAILURE);
	ck_assert_int_eq(yard.out.list[0].health, HEALTH_UNHEALTHY);
	ck_assert_int_eq(yard.out.list[0].verdict, PROBE_FAILURE);
	ck_assert_str_eq(ordered(), " tell-probe=1");
}
END_TEST

START_TEST(nobody_is_asked_before_the_beginning)
{
	plan(1, 2, 10 * NS_S, 1);
	yard_open();
	ck_assert_int_eq(fleet_deadline(yard.fleet), MONO_NEVER);
	for (uint32_t n = 0; n < 2; n++)
		step((struct fact){.kind = FACT_PROBE_NOW, .probe = n});
	pass(NS_S);
	answer(0, 0, PROBE_FAILURE);
	answer(1, 0, PROBE_FAILURE);
	ck_assert_str_eq(ordered(), "");
}
END_TEST

/* All that can be ordered in one step finds room: the orders' list is exactly as long as promised.
 */
static void squeeze(void)
{
	yard.out.count = 0;
	yard.out.room = fleet_orders_max(&yard.spec);
}

START_TEST(orders_of_a_drain_with_all_under_way)
{
	span_ns closest;

	plan(40, 6, NS_S, 2);
	yard.workers[0].stop_command = yard.workers[0].command;
	yard.spec.drain_timeout = 0;
	yard_run();
	ask_for(NS_S - 1, &closest);
	squeeze();
	tell(FACT_TERMINATE);
	/* Readiness goes on until the process has gone. */
	ck_assert_uint_eq(count(ORDER_PROBE_STOP), 40);
	squeeze();
	pass(0);
	ck_assert_int_eq(status().state, FLEET_STOPPING);
	for (uint32_t i = 0; i < 40; i++) {
		squeeze();
		tell_of(i, FACT_EXITED);
		ck_assert_uint_eq(count(ORDER_PROBE_STOP), 1);
	}
}
END_TEST

/* So late that its delay and its time to kill have passed: told to stop and killed at once. */
START_TEST(orders_of_a_late_drain)
{
	span_ns closest;

	plan(200, 6, NS_S, 0);
	yard.workers[0].stop_command = yard.workers[0].command;
	yard.spec.drain_delay = 5 * NS_S;
	yard.spec.drain_timeout = 10 * NS_S;
	yard_run();
	ask_for(NS_S - 1, &closest);
	squeeze();
	tell(FACT_TERMINATE);
	ck_assert_uint_eq(count(ORDER_PROBE_STOP), 200);
	squeeze();
	pass(9600 * NS_MS);
	ck_assert_uint_ge(yard.out.count, 3 * 200);
}
END_TEST

/* Each of them is held, and then all are not. */
START_TEST(orders_of_a_check_that_is_back)
{
	span_ns closest;

	plan(40, 4, NS_S, 1);
	yard_run();
	pass(0);
	answer(40, 1, PROBE_FAILURE);
	ask_for(NS_S - 1, &closest);
	for (uint32_t i = 0; i < 40; i++) {
		struct instance_status instance;
		answer(i, 1, PROBE_FAILURE);
		fleet_instance_status(yard.fleet, i, &instance);
		ck_assert_int_eq(instance.state, INSTANCE_RUNNING);
		ck_assert_uint_eq(instance.held_by, 0);
	}
	squeeze();
	pass(NS_S);
	squeeze();
	answer(40, 2, PROBE_SUCCESS);
	ck_assert_uint_eq(count(ORDER_TELL), 40);
	ck_assert_int_eq(state_of(39), INSTANCE_READY);
}
END_TEST

START_TEST(no_such_probe_aborts)
{
	plan(1, 2, NS_S, 1);
	yard_run();
	answer(2, 0, PROBE_SUCCESS);
}
END_TEST

START_TEST(no_such_probe_to_hurry_aborts)
{
	plan(1, 2, NS_S, 1);
	yard_run();
	step((struct fact){.kind = FACT_PROBE_NOW, .probe = 2});
}
END_TEST

START_TEST(no_such_probe_to_show_aborts)
{
	struct probe_status out;

	plan(1, 2, NS_S, 1);
	yard_open();
	fleet_probe_status(yard.fleet, 2, &out);
}
END_TEST

START_TEST(no_such_check_to_show_aborts)
{
	struct check_status out;

	plan(1, 2, NS_S, 1);
	yard_open();
	fleet_check_status(yard.fleet, 1, &out);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("rounds");

	tcase_add_loop_test(tests, questions_are_a_gap_apart, 0, sizeof gaps / sizeof gaps[0]);
	tcase_add_test(tests, everybody_is_asked_each_period);
	tcase_add_test(tests, no_burst_after_a_leap);
	tcase_add_test(tests, late_wakeup_keeps_the_phase);
	tcase_add_test(tests, checks_are_asked_together);
	tcase_add_test(tests, what_is_new_is_told);
	tcase_add_test(tests, nobody_is_asked_before_the_beginning);
	tcase_add_test(tests, orders_of_a_drain_with_all_under_way);
	tcase_add_test(tests, orders_of_a_late_drain);
	tcase_add_test(tests, orders_of_a_check_that_is_back);
	tcase_add_test_raise_signal(tests, no_such_probe_aborts, SIGABRT);
	tcase_add_test_raise_signal(tests, no_such_probe_to_hurry_aborts, SIGABRT);
	tcase_add_test_raise_signal(tests, no_such_probe_to_show_aborts, SIGABRT);
	tcase_add_test_raise_signal(tests, no_such_check_to_show_aborts, SIGABRT);
	return kit_run("policy/rounds", tests);
}
