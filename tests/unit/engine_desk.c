/* desk - facts in, orders out in their order, and room for all of them. */
#include "engine/desk.h"

#include "unit/engine_kit.h"
#include "unit/suite.h"

enum { REPLICAS = 50 };

static struct desk desk;

static void open_desk(void)
{
	struct err err;

	kit_begin(REPLICAS);
	ck_assert_int_eq(desk_init(&desk, &kit_spec, 1, &err), 0);
}

static void close_desk(void)
{
	desk_fini(&desk);
	ck_assert_ptr_null(desk.fleet);
	desk_fini(&desk);
}

static void report(enum fact_kind kind, uint32_t instance, uint32_t gen)
{
	desk_report(&desk, (struct fact){.kind = kind,
					 .instance = instance,
					 .gen = gen,
					 .pid = 1000 + (pid_t)instance,
					 .empty = true,
					 .signaled = true,
					 .code = 9});
	ck_assert_uint_le(desk.head, desk.queue.count);
	ck_assert_uint_le(desk.queue.count, desk.queue.room);
	fleet_check(desk.fleet);
}

/* Take all that wait; returns how many of the kind there were. */
static unsigned take_all(enum order_kind kind)
{
	struct order order;
	unsigned count = 0;

	while (desk_next(&desk, &order))
		count += order.kind == kind;
	return count;
}

START_TEST(orders_come_in_their_order)
{
	struct order order;
	uint32_t next = 0;

	ck_assert(!desk_next(&desk, &order));
	report(FACT_BEGIN, 0, 0);
	while (desk_next(&desk, &order))
		if (order.kind == ORDER_SPAWN)
			ck_assert_uint_eq(order.instance, next++);
	ck_assert_uint_eq(next, REPLICAS + 1);
	ck_assert_uint_eq(desk.queue.count, 0);
}
END_TEST

/* Half of what waits is taken, then more comes, again and again: what waited goes to the front. */
START_TEST(what_waits_is_moved_and_kept)
{
	struct order order;
	uint32_t awaited = 0, got = 0;

	report(FACT_BEGIN, 0, 0);
	take_all(ORDER_SPAWN);
	for (uint32_t gen = 1; gen <= 40; gen++) {
		for (uint32_t i = 0; i <= REPLICAS; i++) {
			report(FACT_SPAWNED, i, gen);
			awaited++;
			if (desk_next(&desk, &order))
				got += order.kind == ORDER_TELL && order.state == INSTANCE_READY;
		}
		for (uint32_t i = 0; i <= REPLICAS; i++) {
			report(FACT_EXITED, i, gen);
			desk_next(&desk, &order);
			got += order.kind == ORDER_TELL && order.state == INSTANCE_READY;
		}
		/* Everybody's pause is over. */
		desk.now += 2 * NS_S;
		while (fleet_deadline(desk.fleet) <= desk.now) {
			report(FACT_TIME, 0, 0);
			while (desk_next(&desk, &order))
				got += order.kind == ORDER_TELL && order.state == INSTANCE_READY;
		}
	}
	ck_assert_uint_eq(got, awaited);
}
END_TEST

/* The most that one wake-up can bring before the queue is carried out: every instance's news. */
START_TEST(a_wakeup_s_news_of_all_has_room)
{
	report(FACT_BEGIN, 0, 0);
	take_all(ORDER_SPAWN);
	for (uint32_t i = 0; i <= REPLICAS; i++) {
		report(FACT_SPAWNED, i, 1);
		report(FACT_READY, i, 1);
		report(FACT_STOPPING, i, 1);
		report(FACT_WATCHDOG_TRIGGER, i, 1);
		report(FACT_EXITED, i, 1);
	}
	report(FACT_TERMINATE, 0, 0);
	/* READY, RUNNING and BACKOFF for each, and with the drain STOPPED. */
	ck_assert_uint_eq(take_all(ORDER_TELL), (3 + 1) * (REPLICAS + 1));
}
END_TEST

START_TEST(the_clock_never_goes_back)
{
	mono_ns before = desk.now;

	desk_wake(&desk);
	ck_assert_int_ge(desk.now, before);
	desk.now = MONO_NEVER - 1;
	desk_wake(&desk);
	ck_assert_int_eq(desk.now, MONO_NEVER - 1);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("desk");

	tcase_add_checked_fixture(tests, open_desk, close_desk);
	tcase_add_test(tests, orders_come_in_their_order);
	tcase_add_test(tests, what_waits_is_moved_and_kept);
	tcase_add_test(tests, a_wakeup_s_news_of_all_has_room);
	tcase_add_test(tests, the_clock_never_goes_back);
	return suite_run("engine/desk", tests);
}
