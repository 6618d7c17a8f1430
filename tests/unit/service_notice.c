/* What the service manager is told, and when: with a clock of our own. */
#include "service/notice.h"

#include "unit/suite.h"

static struct notice notice;
static struct notice_news news;

static void begin(span_ns watchdog)
{
	notice_init(&notice, watchdog, 100 * NS_S);
	news = (struct notice_news){.state = FLEET_STARTING};
}

/* What is due at that time, in ms after the beginning; it is told. */
static unsigned at(int64_t ms)
{
	mono_ns now = 100 * NS_S + ms * NS_MS;
	unsigned parts = notice_due(&notice, &news, now);

	if (parts != 0)
		notice_told(&notice, parts, now);
	return parts;
}

/* When the next is due without news, in the same ms; -1: never. */
static int64_t next(void)
{
	mono_ns deadline = notice_deadline(&notice);

	return deadline == MONO_NEVER ? -1 : (deadline - 100 * NS_S) / NS_MS;
}

static void run(void)
{
	at(0);
	news.state = FLEET_RUNNING;
	ck_assert_uint_eq(at(1), NOTICE_READY | NOTICE_STATUS);
}

START_TEST(a_life)
{
	begin(0);
	ck_assert_uint_eq(at(0), NOTICE_STATUS | NOTICE_EXTEND);
	ck_assert_int_eq(next(), 10000);
	ck_assert_uint_eq(at(9999), 0);
	ck_assert_uint_eq(at(10000), NOTICE_EXTEND);
	ck_assert_int_eq(next(), 20000);
	news.state = FLEET_RUNNING;
	ck_assert_uint_eq(at(12000), NOTICE_READY | NOTICE_STATUS);
	ck_assert_int_eq(next(), -1);
	ck_assert_uint_eq(at(90000), 0);
	news.state = FLEET_DRAINING;
	ck_assert_uint_eq(at(90001), NOTICE_STOPPING | NOTICE_STATUS | NOTICE_EXTEND);
	ck_assert_int_eq(next(), 100001);
	news.state = FLEET_STOPPING;
	ck_assert_uint_eq(at(90002), NOTICE_STATUS);
	ck_assert_uint_eq(at(100001), NOTICE_EXTEND);
	news.state = FLEET_STOPPED;
	ck_assert_uint_eq(at(100002), NOTICE_STATUS);
	ck_assert_int_eq(next(), -1);
}
END_TEST

START_TEST(a_drain_extends_at_once)
{
	begin(0);
	ck_assert_uint_eq(at(0), NOTICE_STATUS | NOTICE_EXTEND);
	news.state = FLEET_DRAINING;
	ck_assert_uint_eq(at(5), NOTICE_STOPPING | NOTICE_STATUS | NOTICE_EXTEND);
	ck_assert_int_lt(10 * NS_S, NOTICE_EXTENSION / 2);
}
END_TEST

START_TEST(parts_of_the_fleet_are_told_of_once_a_second)
{
	begin(0);
	run();
	news.facts = 1;
	ck_assert_uint_eq(at(500), 0);
	ck_assert_int_eq(next(), 1001);
	ck_assert_uint_eq(at(1001), NOTICE_STATUS);
	ck_assert_int_eq(next(), -1);
	news.facts = 2;
	ck_assert_uint_eq(at(5000), NOTICE_STATUS);
	ck_assert_uint_eq(at(6001), 0);
}
END_TEST

START_TEST(what_tells_of_time_is_told_each_second)
{
	begin(0);
	news.ticks = true;
	ck_assert_uint_eq(at(0), NOTICE_STATUS | NOTICE_EXTEND);
	ck_assert_int_eq(next(), 1000);
	ck_assert_uint_eq(at(999), 0);
	ck_assert_uint_eq(at(1000), NOTICE_STATUS);
	ck_assert_int_eq(next(), 2000);
	news.ticks = false;
	ck_assert_uint_eq(at(2000), 0);
	ck_assert_int_eq(next(), 10000);
}
END_TEST

START_TEST(the_watchdog_is_fed_at_half_time)
{
	begin(2 * NS_S);
	run();
	ck_assert_int_eq(next(), 1000);
	ck_assert_uint_eq(at(999), 0);
	ck_assert_uint_eq(at(1003), NOTICE_WATCHDOG);
	ck_assert_int_eq(next(), 2003);
	news.state = FLEET_STOPPING;
	ck_assert_uint_eq(at(2003) & NOTICE_WATCHDOG, NOTICE_WATCHDOG);
}
END_TEST

START_TEST(a_reload_is_told_of_and_ended)
{
	begin(0);
	run();
	notice_reload(&notice, 103 * NS_S);
	news.reading = true;
	ck_assert_uint_eq(at(3000), NOTICE_RELOADING);
	ck_assert_int_eq(notice.reload_at, 103 * NS_S);
	ck_assert_uint_eq(at(3100), 0);
	ck_assert_int_eq(next(), -1);
	/* Another HUP meanwhile is another announcement, and one end. */
	notice_reload(&notice, 104 * NS_S);
	ck_assert_uint_eq(at(4000), NOTICE_RELOADING);
	news.reading = false;
	ck_assert_uint_eq(at(4100), NOTICE_READY);
	ck_assert_uint_eq(at(4200), 0);
	ck_assert_int_eq(next(), -1);
}
END_TEST

START_TEST(a_reload_that_has_ended_already_is_ended_next)
{
	begin(0);
	run();
	notice_reload(&notice, 103 * NS_S);
	ck_assert_uint_eq(at(3000), NOTICE_RELOADING);
	ck_assert_int_le(next(), 3000);
	ck_assert_uint_eq(at(3000), NOTICE_READY);
}
END_TEST

START_TEST(no_reload_makes_what_does_not_run_ready)
{
	begin(0);
	notice_reload(&notice, 100 * NS_S);
	ck_assert_uint_eq(at(0), NOTICE_STATUS | NOTICE_EXTEND);
	ck_assert_uint_eq(at(1), 0);
	news.state = FLEET_RUNNING;
	ck_assert_uint_eq(at(2), NOTICE_READY | NOTICE_STATUS);
	ck_assert_uint_eq(at(3), 0);
	notice_reload(&notice, 100 * NS_S);
	news.reading = true;
	ck_assert_uint_eq(at(4), NOTICE_RELOADING);
	news.state = FLEET_DRAINING;
	ck_assert_uint_eq(at(5) & NOTICE_READY, 0);
	news.reading = false;
	ck_assert_uint_eq(at(6), 0);
}
END_TEST

START_TEST(what_is_refused_stays_due)
{
	begin(4 * NS_S);
	at(0);
	news.state = FLEET_RUNNING;
	ck_assert_uint_eq(notice_due(&notice, &news, 105 * NS_S),
			  NOTICE_READY | NOTICE_STATUS | NOTICE_WATCHDOG);
	notice_refused(&notice, 105 * NS_S);
	ck_assert_uint_eq(at(5999), 0);
	ck_assert_int_eq(next(), 6000);
	ck_assert_uint_eq(at(6000), NOTICE_READY | NOTICE_STATUS | NOTICE_WATCHDOG);
	ck_assert_int_eq(next(), 8000);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("notice");

	tcase_add_test(tests, a_life);
	tcase_add_test(tests, a_drain_extends_at_once);
	tcase_add_test(tests, parts_of_the_fleet_are_told_of_once_a_second);
	tcase_add_test(tests, what_tells_of_time_is_told_each_second);
	tcase_add_test(tests, the_watchdog_is_fed_at_half_time);
	tcase_add_test(tests, a_reload_is_told_of_and_ended);
	tcase_add_test(tests, a_reload_that_has_ended_already_is_ended_next);
	tcase_add_test(tests, no_reload_makes_what_does_not_run_ready);
	tcase_add_test(tests, what_is_refused_stays_due);
	return suite_run("service/notice", tests);
}
