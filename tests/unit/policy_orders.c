/* The room that one step needs for its orders: the steps that give the most. */
#include "policy_course.h"

enum { CROWD = 30, CONSTANT = 6 * 64 + 8 };

static const uint32_t the_check[] = {0};
static struct probe_spec readiness, liveness;
static struct check_spec check;
static uint32_t most, serials[2 * CROWD + 1];

static struct probe_spec probe(void)
{
	return (struct probe_spec){.driver = DRIVER_TCP,
				   .target = "127.0.0.1:1",
				   .period = 10 * NS_S,
				   .timeout = NS_S,
				   .success_threshold = 1,
				   .failure_threshold = 1};
}

/* What a step gave, of the room that is promised to be enough; and then forget it. */
static uint32_t given(void)
{
	uint32_t count = yard.out.count;

	ck_assert_uint_le(count, fleet_orders_max(&yard.spec));
	for (uint32_t n = 0; n < count; n++)
		if (yard.out.list[n].kind == ORDER_PROBE)
			serials[yard.out.list[n].probe] = yard.out.list[n].serial;
	most = count > most ? count : most;
	yard.out.count = 0;
	return count;
}

/* All there is for each of them to be told: a stop command, a reload command, two probes. */
static void equip(uint32_t w)
{
	struct worker_spec *worker = &yard.workers[w];

	readiness = liveness = probe();
	worker->stop_command = worker->reload_command = worker->command;
	worker->probes[PROBE_READINESS] = &readiness;
	worker->probes[PROBE_LIVENESS] = &liveness;
	worker->n_probes = 2;
	worker->first_probe = yard.spec.n_probes;
	yard.spec.n_probes += 2 * worker->replicas;
}

/* db <- a crowd that goes down with it. */
static void plan_crowd(void)
{
	yard_plan(1, CROWD, -1);
	yard_depend(1, 0, DEPEND_STARTED);
	yard.workers[1].restart_with_dependency = true;
	equip(1);
}

static void answer(uint32_t number, enum probe_result result)
{
	struct probe_status status;

	fleet_probe_status(yard.fleet, number, &status);
	if (status.asking)
		step((struct fact){.kind = FACT_PROBED,
				   .probe = number,
				   .serial = serials[number],
				   .result = result});
}

/* Each of the crowd is up, and its reload goes on. */
static void raise_crowd(void)
{
	yard_open();
	tell(FACT_BEGIN);
	for (uint32_t i = 0; i < yard.spec.n_workers + CROWD - 1; i++) {
		tell_of(i, FACT_SPAWNED);
		given();
	}
	for (int n = 0; n < 4 * CROWD; n++)
		pass(10 * NS_MS), given();
	for (uint32_t n = 0; n < 2 * CROWD; n++)
		answer(n, PROBE_SUCCESS), given();
	for (uint32_t i = 1; i <= CROWD; i++) {
		ck_assert_int_eq(state_of(i), INSTANCE_READY);
		step((struct fact){.kind = FACT_RELOAD, .instance = i});
		ck_assert_uint_eq(given(), 1);
	}
}

/* The questions are due again, and all are asked. */
static void ask_all(void)
{
	uint32_t asked = 0;

	yard.now += 9 * NS_S;
	for (int n = 0; n < 8 * CROWD; n++) {
		pass(10 * NS_MS);
		asked += given();
	}
	ck_assert_uint_ge(asked, 2 * CROWD);
}

/* A reload and a question to end, told, and stopped: of each. */
START_TEST(a_dependency_that_starts_anew)
{
	plan_crowd();
	yard.workers[0].restart_delay = 0;
	raise_crowd();
	ask_all();
	fail_of(0);
	ck_assert_uint_ge(given(), 4 * CROWD);
}
END_TEST

START_TEST(a_drain_without_a_delay)
{
	plan_crowd();
	raise_crowd();
	ask_all();
	tell(FACT_TERMINATE);
	ck_assert_uint_ge(given(), 4 * CROWD);
}
END_TEST

/* Held, stopped and killed: nobody woke in time. With that the room per instance is nearest to its
 * end; the deadlines of a step have room of their own. */
START_TEST(a_drain_that_is_late_for_all)
{
	plan_crowd();
	yard.spec.drain_delay = 5 * NS_S;
	raise_crowd();
	tell(FACT_TERMINATE);
	given();
	pass(29900 * NS_MS);
	uint32_t count = given();
	ck_assert_uint_ge(count, 4 * CROWD);
	ck_assert_uint_le(count, fleet_orders_max(&yard.spec) - CONSTANT - 2 * CROWD);
}
END_TEST

START_TEST(a_third_signal)
{
	plan_crowd();
	yard.spec.drain_delay = 5 * NS_S;
	raise_crowd();
	for (int n = 0; n < 3; n++) {
		tell(FACT_TERMINATE);
		given();
		yard.now += NS_S;
	}
	ck_assert_uint_ge(most, 3 * CROWD);
}
END_TEST

/* Those that run are stopped later; those that would come up again, at once. */
START_TEST(a_stop_of_all)
{
	plan_crowd();
	raise_crowd();
	step((struct fact){.kind = FACT_STOP, .with_dependents = true});
	ck_assert_uint_ge(given(), 3 * CROWD);
}
END_TEST

/* Both ways, while it holds all of them. */
START_TEST(a_check_that_comes_and_goes)
{
	plan_crowd();
	check = (struct check_spec){.name = "c", .probe = probe(), .critical = true};
	yard.workers[1].gates = the_check;
	yard.workers[1].n_gates = 1;
	yard.spec.checks = &check;
	yard.spec.n_checks = 1;
	yard.spec.n_probes++;
	raise_crowd();
	ask_all();
	answer(2 * CROWD, PROBE_FAILURE);
	given();
	for (uint32_t n = 0; n < 2 * CROWD; n++)
		answer(n, PROBE_FAILURE), given();
	ask_all();
	for (uint32_t n = 0; n < 2 * CROWD; n++)
		answer(n, n % 2 == 0 ? PROBE_SUCCESS : PROBE_FAILURE), given();
	ask_all();
	answer(2 * CROWD, PROBE_SUCCESS);
	ck_assert_uint_ge(given(), CROWD);
}
END_TEST

/* As many deadlines as one step looks at, each with all there is to be said of it. */
START_TEST(deadlines_all_at_once)
{
	plan_crowd();
	yard.workers[1].watchdog = 300 * NS_S;
	raise_crowd();
	yard.now += 300 * NS_S;
	tell(FACT_TIME);
	ck_assert_uint_ge(given(), 3 * CROWD);
}
END_TEST

/* Tasks that make room for their next run, and those that are due; then a drain that cancels. */
START_TEST(tasks_all_at_once)
{
	yard_plan(1, -1, -1);
	course_step("one", true, true);
	for (int n = 0; n < 4; n++) {
		struct task_spec *task = course_task("task");
		task->overlap = OVERLAP_REPLACE;
		task->cancel = true;
		task->run_at_start = n % 2 == 0;
	}
	yard_open();
	tell(FACT_BEGIN);
	tell_of(1, FACT_SPAWNED);
	given();
	end_of(1, 0, true);
	ck_assert_uint_ge(given(), 2 * 3);
	for (uint32_t i = 0; i < 7; i++)
		tell_of(i, FACT_SPAWNED);
	given();
	pass(60 * NS_S);
	ck_assert_uint_ge(given(), 2 * 4);
	/* Two are being stopped already, of two it is not known whether they run. */
	tell(FACT_TERMINATE);
	ck_assert_uint_ge(given(), 2 + 2);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("orders");

	tcase_add_test(tests, a_dependency_that_starts_anew);
	tcase_add_test(tests, a_drain_without_a_delay);
	tcase_add_test(tests, a_drain_that_is_late_for_all);
	tcase_add_test(tests, a_third_signal);
	tcase_add_test(tests, a_stop_of_all);
	tcase_add_test(tests, a_check_that_comes_and_goes);
	tcase_add_test(tests, deadlines_all_at_once);
	tcase_add_test(tests, tasks_all_at_once);
	return kit_run("policy_orders", tests);
}
