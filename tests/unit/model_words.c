/* fact, order, status - every kind and state has a word of its own; the list of orders is bounded. */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "model/fact.h"
#include "model/order.h"
#include "model/status.h"
#include "unit/suite.h"

static const char *fact_word(int n)
{
	return fact_kind_name((enum fact_kind)n);
}

static const char *order_word(int n)
{
	return order_kind_name((enum order_kind)n);
}

static const char *fleet_word(int n)
{
	return fleet_state_name((enum fleet_state)n);
}

static const char *instance_word(int n)
{
	return instance_state_name((enum instance_state)n);
}

static const char *cause_word(int n)
{
	return instance_cause_text((enum instance_cause)n);
}

static const char *health_word(int n)
{
	return health_name((enum health)n);
}

static const char *role_word(int n)
{
	return probe_role_name((enum probe_role)n);
}

static const char *driver_word(int n)
{
	return driver_name((enum driver)n);
}

static const char *result_word(int n)
{
	return probe_result_name((enum probe_result)n);
}

static const struct {
	const char *(*word)(int n);
	int count;
	const char *first;
} lists[] = {
	{fact_word, FACT_KIND_COUNT, "time"},
	{order_word, ORDER_KIND_COUNT, "spawn"},
	{fleet_word, FLEET_STATE_COUNT, "starting"},
	{instance_word, INSTANCE_STATE_COUNT, "waiting"},
	{cause_word, INSTANCE_CAUSE_COUNT, ""},
	{health_word, HEALTH_COUNT, "healthy"},
	{role_word, PROBE_ROLE_COUNT, "startup"},
	{driver_word, DRIVER_COUNT, "http"},
	{result_word, PROBE_FAILURE + 1, "unknown"},
};

START_TEST(words_are_there_and_differ)
{
	ck_assert_str_eq(lists[_i].word(0), lists[_i].first);
	for (int a = 0; a < lists[_i].count; a++)
		for (int b = 0; b < a; b++)
			ck_assert_str_ne(lists[_i].word(a), lists[_i].word(b));
}
END_TEST

START_TEST(a_value_that_is_none_is_a_bug)
{
	lists[_i].word(lists[_i].count);
}
END_TEST

START_TEST(some_facts_are_about_a_run)
{
	for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
		bool general = kind == FACT_TIME || kind == FACT_BEGIN || kind == FACT_TERMINATE ||
			       kind == FACT_PROBED || kind == FACT_PROBE_NOW ||
			       kind == FACT_LAST_RUN ||
			       fact_kind_is_by_hand((enum fact_kind)kind);
		ck_assert(fact_kind_is_run((enum fact_kind)kind) == !general);
	}
}
END_TEST

START_TEST(some_facts_come_by_hand)
{
	for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
		bool wish = kind == FACT_START || kind == FACT_STOP || kind == FACT_RESTART ||
			    kind == FACT_RUN || kind == FACT_RELOAD;
		ck_assert(fact_kind_is_by_hand((enum fact_kind)kind) == wish);
	}
}
END_TEST

START_TEST(some_causes_are_somebodys_wish)
{
	for (int n = 0; n < INSTANCE_CAUSE_COUNT; n++) {
		const char *text = instance_cause_text((enum instance_cause)n);
		bool wish = strstr(text, "by hand") != NULL;
		ck_assert(instance_cause_is_by_hand((enum instance_cause)n) == wish);
	}
}
END_TEST

START_TEST(orders_keep_their_order)
{
	struct order list[2];
	struct orders orders = {.list = list, .room = 2};

	orders_add(&orders, (struct order){.kind = ORDER_SPAWN, .instance = 1});
	orders_add(&orders, (struct order){.kind = ORDER_QUIT, .code = 11});
	ck_assert_uint_eq(orders.count, 2);
	ck_assert_int_eq(list[0].kind, ORDER_SPAWN);
	ck_assert_int_eq(list[1].code, 11);
}
END_TEST

START_TEST(an_order_too_many_is_a_bug)
{
	struct orders orders = {.room = 0};

	orders_add(&orders, (struct order){.kind = ORDER_SPAWN});
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("words");
	const int n = sizeof lists / sizeof lists[0];

	tcase_add_loop_test(tests, words_are_there_and_differ, 0, n);
	tcase_add_loop_test_raise_signal(tests, a_value_that_is_none_is_a_bug, SIGABRT, 0, n);
	tcase_add_test(tests, some_facts_are_about_a_run);
	tcase_add_test(tests, some_facts_come_by_hand);
	tcase_add_test(tests, some_causes_are_somebodys_wish);
	tcase_add_test(tests, orders_keep_their_order);
	tcase_add_test_raise_signal(tests, an_order_too_many_is_a_bug, SIGABRT);
	return suite_run("model/words", tests);
}
