/* policy_kit - a worker and a place for orders, as the unit tests of the policy layer need them. */
#ifndef UNIT_POLICY_KIT_H
#define UNIT_POLICY_KIT_H

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/fact.h"
#include "model/order.h"
#include "model/spec.h"

#define T0 (1000 * NS_S) /* when the tests' time begins */

enum { KIT_ORDERS = 4096 };

static const char *kit_argv[] = {"/bin/true", NULL};

/* A worker as the defaults make it, but that its moments are round numbers. */
static inline struct worker_spec kit_worker(const char *name)
{
	return (struct worker_spec){
		.name = name,
		.command = {.argv = kit_argv, .argc = 1},
		.replicas = 1,
		.min_ready = 1,
		.restart = RESTART_ALWAYS,
		.restart_delay = 100 * NS_MS,
		.restart_delay_max = 30 * NS_S,
		.restart_reset = 600 * NS_S,
		.success_exit_codes = {1},
		.critical = true,
		.ready_timeout = 60 * NS_S,
		.stop_signal = SIGTERM,
		.stop_timeout = 10 * NS_S,
	};
}

/* Orders with a place of their own; one at a time. */
static inline struct orders kit_orders(void)
{
	static struct order list[KIT_ORDERS];

	return (struct orders){.list = list, .room = KIT_ORDERS};
}

static inline void kit_describe_order(struct text *text, const struct order *o)
{
	static const char *const targets[] = {"main", "group", "all", "reload"};

	switch (o->kind) {
	case ORDER_SIGNAL:
		text_add(text, " %s>%s", sigabbrev_np(o->signo), targets[o->target]);
		break;
	case ORDER_QUIT:
		text_add(text, " quit=%d", o->code);
		break;
	case ORDER_TELL:
		text_add(text, " tell=%s", instance_state_name(o->state));
		break;
	case ORDER_TELL_FLEET:
		text_add(text, " fleet=%s", fleet_state_name(o->fleet_state));
		break;
	case ORDER_PROBE:
	case ORDER_PROBE_STOP:
	case ORDER_TELL_PROBE:
		text_add(text, " %s=%u", order_kind_name(o->kind), (unsigned)o->probe);
		break;
	case ORDER_SPAWN:
	case ORDER_STOP_COMMAND:
	case ORDER_RELOAD_COMMAND:
	case ORDER_KIND_COUNT:
		text_add(text, " %s", order_kind_name(o->kind));
		break;
	}
}

/* " tell=stopping TERM>main": what was ordered, in words; forgets it. Returns buf. */
static inline const char *kit_describe(struct orders *orders, char *buf, size_t size)
{
	struct text text;

	text_init(&text, buf, size);
	for (uint32_t i = 0; i < orders->count; i++)
		kit_describe_order(&text, &orders->list[i]);
	orders->count = 0;
	return buf;
}

/* Run the one test case of a suite; main's exit status. */
static inline int kit_run(const char *name, TCase *tests)
{
	Suite *suite = suite_create(name);

	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}

#endif
