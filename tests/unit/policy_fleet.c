/* The whole fleet: what its parts come to, from the first start on. */
#include "policy_yard.h"

START_TEST(begins_all_at_once)
{
	yard_plan(1, 2, -1);
	yard_open();
	ck_assert_int_eq(status().state, FLEET_STARTING);
	ck_assert_int_eq(fleet_deadline(yard.fleet), MONO_NEVER);
	tell(FACT_BEGIN);
	ck_assert_str_eq(ordered(), " tell=starting spawn tell=starting spawn tell=starting spawn");
	ck_assert_uint_eq(status().instances_live, 3);
	ck_assert_int_eq(fleet_deadline(yard.fleet), T0 + 60 * NS_S);
	tell(FACT_BEGIN);
	ck_assert_str_eq(ordered(), "");
}
END_TEST

START_TEST(running_when_all_are_ready)
{
	yard_plan(1, 1, -1);
	yard_open();
	tell(FACT_BEGIN);
	tell_of(0, FACT_SPAWNED);
	ck_assert_int_eq(status().state, FLEET_STARTING);
	ck_assert(!status().ready && !status().started);
	ordered();
	yard.now += NS_S;
	tell_of(1, FACT_SPAWNED);
	ck_assert_str_eq(ordered(), " tell=ready fleet=running");
	ck_assert(status().ready && status().started && status().live);
	ck_assert_int_eq(status().health, HEALTH_HEALTHY);
	ck_assert_int_eq(status().since, T0 + NS_S);
}
END_TEST

START_TEST(running_though_one_failed_its_first_attempt)
{
	yard_plan(1, 1, -1);
	yard_open();
	tell(FACT_BEGIN);
	tell_of(0, FACT_SPAWNED);
	tell_of(1, FACT_SPAWN_FAILED);
	ck_assert_int_eq(status().state, FLEET_RUNNING);
	ck_assert(!status().ready && !status().started);
	ck_assert_int_eq(status().health, HEALTH_UNHEALTHY);
	pass(NS_S);
	tell_of(1, FACT_SPAWNED);
	ck_assert(status().ready && status().started);
	fail_of(1);
	ck_assert(!status().ready && status().started);
}
END_TEST

START_TEST(not_critical_is_not_waited_for)
{
	yard_plan(1, 1, -1);
	yard.workers[1].critical = false;
	yard_open();
	tell(FACT_BEGIN);
	tell_of(0, FACT_SPAWNED);
	ck_assert(status().ready && status().started);
	ck_assert_int_eq(status().health, HEALTH_DEGRADED);
}
END_TEST

START_TEST(no_workers)
{
	yard_plan(-1, -1, -1);
	yard_open();
	tell(FACT_TIME);
	ck_assert_str_eq(ordered(), "");
	ck_assert(!status().started);
	tell(FACT_BEGIN);
	ck_assert_str_eq(ordered(), " fleet=running");
	ck_assert(status().ready && status().started);
	tell(FACT_TERMINATE);
	ck_assert_str_eq(ordered(), " fleet=draining fleet=stopping fleet=stopped quit=0");
}
END_TEST

START_TEST(workers_of_no_replicas_between_others)
{
	struct worker_status worker;

	yard_plan(0, 1, 0);
	yard_run();
	ck_assert(status().ready);
	fleet_worker_status(yard.fleet, 2, &worker);
	ck_assert(worker.ready && worker.health == HEALTH_HEALTHY);
	fail_of(0);
	ck_assert(!status().ready);
	fleet_worker_status(yard.fleet, 1, &worker);
	ck_assert(!worker.ready && worker.health == HEALTH_UNHEALTHY);
	ck_assert_uint_eq(worker.n_ready, 0);
}
END_TEST

START_TEST(statuses_of_instances)
{
	struct instance_status i;

	yard_plan(1, -1, -1);
	yard_run();
	fleet_instance_status(yard.fleet, 0, &i);
	ck_assert_int_eq(i.pid, 50);
	ck_assert_uint_eq(i.gen, 1);
	ck_assert_uint_eq(i.restarts, 0);
	ck_assert(!i.killing);
	fail_of(0);
	pass(NS_S);
	fleet_instance_status(yard.fleet, 0, &i);
	ck_assert_int_eq(i.pid, 0);
	ck_assert_uint_eq(i.gen, 2);
	ck_assert_uint_eq(i.restarts, 1);
	ck_assert_int_eq(i.cause, CAUSE_RESTART);
	ck_assert_int_eq(i.deadline, yard.now + 60 * NS_S);
}
END_TEST

START_TEST(spawn_is_wanted_until_it_is_known)
{
	yard_plan(1, -1, -1);
	yard_open();
	ck_assert(!fleet_wants_spawn(yard.fleet, 0, 0));
	tell(FACT_BEGIN);
	ck_assert(fleet_wants_spawn(yard.fleet, 0, 1));
	ck_assert(!fleet_wants_spawn(yard.fleet, 0, 2));
	tell_of(0, FACT_SPAWNED);
	ck_assert(!fleet_wants_spawn(yard.fleet, 0, 1));
}
END_TEST

START_TEST(many_deadlines_take_several_steps)
{
	yard_plan(200, -1, -1);
	yard.workers[0].ready_when = READY_NOTIFY;
	yard_run();
	yard.now += 60 * NS_S;
	for (int n = 0; fleet_deadline(yard.fleet) <= yard.now; n++) {
		uint32_t before = yard.out.count;
		ck_assert_int_lt(n, 4);
		tell(FACT_TIME);
		ck_assert_uint_le(yard.out.count - before, 2 * 64);
	}
	for (uint32_t i = 0; i < 200; i++)
		ck_assert_int_eq(state_of(i), INSTANCE_STOPPING);
}
END_TEST

/* One restart in ten seconds: each instance ends at moments of its own, further apart. */
START_TEST(limit_is_each_instance_s_own)
{
	yard_plan(2, 1, -1);
	for (int w = 0; w < 2; w++) {
		yard.workers[w].restart_limit_count = 1;
		yard.workers[w].restart_limit_within = 10 * NS_S;
		yard.workers[w].restart_delay_max = 0;
	}
	yard_run();
	for (int round = 0; round < 4; round++)
		for (uint32_t i = 0; i < 3; i++) {
			pass(3 * NS_S + (i == 0) * 2 * NS_S);
			fail_of(i);
			ck_assert_int_eq(state_of(i), INSTANCE_STARTING);
			tell_of(i, FACT_SPAWNED);
		}
	fail_of(2);
	ck_assert_int_eq(state_of(2), INSTANCE_FAILED);
	ck_assert_int_eq(state_of(1), INSTANCE_READY);
}
END_TEST

START_TEST(copy_is_the_same_and_goes_its_own_way)
{
	static alignas(max_align_t) unsigned char other[BLOCK_SIZE];

	yard_plan(1, 2, -1);
	yard_run();
	memcpy(other, yard.block, fleet_size(&yard.spec));
	ck_assert_uint_eq(fleet_hash(yard.fleet), fleet_hash((struct fleet *)other));
	fail_of(1);
	ck_assert_uint_ne(fleet_hash(yard.fleet), fleet_hash((struct fleet *)other));
	fleet_check((struct fleet *)other);
	struct fact fact = {.kind = FACT_EXITED, .instance = 1, .gen = 1, .code = 1, .empty = true};
	fleet_step((struct fleet *)other, &fact, yard.now, &yard.out);
	ck_assert_uint_eq(fleet_hash(yard.fleet), fleet_hash((struct fleet *)other));
}
END_TEST

/* Whatever was in the memory before, not even the gaps between fields remember it. */
START_TEST(hash_knows_the_fleet_alone)
{
	yard_plan(2, 1, -1);
	yard_open();
	uint64_t hash = fleet_hash(yard.fleet);
	memset(yard.block, 0x11, sizeof yard.block);
	ck_assert_uint_eq(fleet_hash(fleet_init(yard.block, &yard.spec, 1, T0)), hash);
	ck_assert_uint_ne(fleet_hash(fleet_init(yard.block, &yard.spec, 2, T0)), hash);
}
END_TEST

START_TEST(time_that_went_back_aborts)
{
	yard_plan(1, -1, -1);
	yard_open();
	yard.now -= 1;
	tell(FACT_TIME);
}
END_TEST

START_TEST(instance_out_of_range_aborts)
{
	yard_plan(1, -1, -1);
	yard_open();
	step((struct fact){.kind = FACT_READY, .instance = 1});
}
END_TEST

START_TEST(status_of_nobody_aborts)
{
	struct instance_status instance;

	yard_plan(1, -1, -1);
	yard_open();
	fleet_instance_status(yard.fleet, 1, &instance);
}
END_TEST

START_TEST(status_of_no_worker_aborts)
{
	struct worker_status worker;

	yard_plan(1, -1, -1);
	yard_open();
	fleet_worker_status(yard.fleet, 1, &worker);
}
END_TEST

START_TEST(no_room_for_orders_aborts)
{
	yard_plan(1, -1, -1);
	yard_open();
	yard.out.room = fleet_orders_max(&yard.spec) - 1;
	tell(FACT_BEGIN);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("fleet");

	tcase_add_test(tests, begins_all_at_once);
	tcase_add_test(tests, running_when_all_are_ready);
	tcase_add_test(tests, running_though_one_failed_its_first_attempt);
	tcase_add_test(tests, not_critical_is_not_waited_for);
	tcase_add_test(tests, no_workers);
	tcase_add_test(tests, workers_of_no_replicas_between_others);
	tcase_add_test(tests, statuses_of_instances);
	tcase_add_test(tests, spawn_is_wanted_until_it_is_known);
	tcase_add_test(tests, many_deadlines_take_several_steps);
	tcase_add_test(tests, limit_is_each_instance_s_own);
	tcase_add_test(tests, copy_is_the_same_and_goes_its_own_way);
	tcase_add_test(tests, hash_knows_the_fleet_alone);
	tcase_add_test_raise_signal(tests, time_that_went_back_aborts, SIGABRT);
	tcase_add_test_raise_signal(tests, instance_out_of_range_aborts, SIGABRT);
	tcase_add_test_raise_signal(tests, status_of_nobody_aborts, SIGABRT);
	tcase_add_test_raise_signal(tests, status_of_no_worker_aborts, SIGABRT);
	tcase_add_test_raise_signal(tests, no_room_for_orders_aborts, SIGABRT);
	return kit_run("policy/fleet", tests);
}
