/* prober - questions to a prober that is not always what it should be, and is replaced then. */
#include "engine/prober.h"

#include <limits.h>
#include <signal.h>

#include "unit/engine_rig.h"
#include "unit/fake_prober.h"

enum { CROWD = RIG_CHECKS };

/* So many checks that all ask for the same. */
static void begin(uint32_t checks, const char *target)
{
	rig_begin(checks, &(struct probe_spec){.driver = DRIVER_TCP,
					       .target = target,
					       .period = NS_S,
					       .timeout = 20 * NS_S,
					       .success_threshold = 1,
					       .failure_threshold = 1});
}

static char this_program[PATH_MAX];

static void open_rig(void)
{
	rig_open();
	loop.inquiry.probers.program = this_program;
}

static void target(uint32_t check, const char *is)
{
	rig_checks[check].probe.target = is;
}

static struct prober_view view(void)
{
	struct prober_view out;

	probers_look(&loop.inquiry.probers, 0, &out);
	return out;
}

static void ask(uint32_t probe, const char *what)
{
	uint32_t answered = rig_answered();

	target(probe, what);
	rig_order(ORDER_PROBE, probe, probe + 100);
	rig_await(answered + 1);
}

START_TEST(its_answer_is_taken)
{
	begin(4, "ok");
	open_rig();
	ck_assert_int_eq(view().pid, 0);
	ask(0, "ok");
	expect_success(0);
	ask(0, "bad");
	expect_failure(0, "HTTP 503");
	ask(0, "unable");
	expect_failure(0, "HTTP 503");
	ask(1, "unable");
	expect_unknown(1);
	ck_assert_str_eq(rig_question(1)->error, "no descriptors");
	ck_assert_int_gt(view().pid, 0);
	ck_assert_uint_eq(view().restarts, 0);
	ck_assert_uint_eq(view().waiting, 0);
	rig_close();
}
END_TEST

START_TEST(a_template_is_filled_in)
{
	static const char *const headers[] = {"Host: %H", "X: 100%%"};

	begin(1, "http://%H/%t");
	rig_checks[0].probe.driver = DRIVER_HTTP;
	rig_checks[0].probe.headers = headers;
	rig_checks[0].probe.n_headers = 2;
	open_rig();
	ask(0, "http://%H/%t");
	expect_failure(0, "Host: here?X: 100%?");
	ask(0, "http://%n/");
	ck_assert_ptr_nonnull(strstr(rig_question(0)->error, "%n"));
	rig_close();
}
END_TEST

START_TEST(what_was_not_asked_is_not_heard)
{
	begin(4, "ok");
	open_rig();
	ask(0, "confuse");
	ask(1, "ok");
	expect_success(0);
	expect_success(1);
	ck_assert_uint_eq(view().restarts, 0);
	rig_close();
}
END_TEST

/* The fleet itself asks; the prober claims that it took an hour. */
START_TEST(nothing_takes_longer_than_we_waited)
{
	struct check_status status = {0};

	begin(1, "ok");
	kit_workers[KIT_WEB].replicas = kit_workers[KIT_DB].replicas = 0;
	kit_spec.n_instances = 0;
	open_rig();
	desk_report(&loop.desk, (struct fact){.kind = FACT_BEGIN});
	carry_orders(&loop.carry);
	mono_ns until = mono_add(mono_now(), 20 * NS_S);
	while (status.health != HEALTH_HEALTHY || status.probe.answered == 0) {
		ck_assert(mono_now() < until);
		rig_turn();
		fleet_check_status(loop.desk.fleet, 0, &status);
	}
	ck_assert_int_gt(status.probe.latency, 0);
	ck_assert_int_lt(status.probe.latency, 30 * NS_S);
	ck_assert_uint_eq(rig_said("check is healthy"), 1);
	rig_close();
}
END_TEST

static const struct {
	const char *target, *told;
} ends[] = {
	{"die", "ended by SIGKILL"},	     {"leave", "ended with code 3"},
	{"garbage", "cannot be understood"}, {"much", "cannot be understood"},
	{"order", "cannot be understood"},
};

/* Unknown is what it had been asked; what is asked now goes to the next, soon. */
START_TEST(a_bad_one_is_replaced)
{
	begin(3, "ok");
	open_rig();
	ask(0, "ok");
	target(1, "silent");
	rig_order(ORDER_PROBE, 1, 1);
	ask(0, ends[_i].target);
	rig_await(3);
	mono_ns gone = mono_now();
	expect_unknown(1);
	ask(2, "ok");
	expect_success(2);
	ck_assert_int_lt(mono_now() - gone, NS_S);
	ck_assert_uint_eq(view().restarts, 1);
	ck_assert_ptr_null(view().error);
	ck_assert_uint_eq(rig_said("fosterd-prober ended"), 1);
	ck_assert_uint_eq(rig_said(ends[_i].told), 1);
	rig_close();
}
END_TEST

START_TEST(one_that_hangs_is_killed)
{
	begin(2, "ok");
	open_rig();
	ask(0, "ok");
	mono_ns asked = mono_now();
	target(1, "silent");
	rig_order(ORDER_PROBE, 1, 1);
	ask(0, "hang");
	rig_await(3);
	ck_assert_int_ge(mono_now() - asked, 2 * NS_S);
	ck_assert_int_lt(mono_now() - asked, 6 * NS_S);
	expect_unknown(1);
	ask(1, "ok");
	expect_success(1);
	ck_assert_uint_eq(rig_said("hung and was killed"), 1);
	rig_close();
}
END_TEST

/* Its pong stands behind answers that took a second each. */
START_TEST(one_that_answers_does_not_hang)
{
	enum { SLOW = 5 };

	begin(SLOW, "ok");
	open_rig();
	ask(0, "ok");
	for (uint32_t i = 0; i < SLOW; i++) {
		target(i, "nap");
		rig_order(ORDER_PROBE, i, i);
	}
	rig_await(SLOW + 1);
	for (uint32_t i = 0; i < SLOW; i++)
		expect_success(i);
	ck_assert_uint_eq(view().restarts, 0);
	rig_close();
}
END_TEST

/* Many in a row are one line. */
START_TEST(ends_are_told_once_a_minute)
{
	begin(1, "die");
	open_rig();
	for (int i = 0; i < 5; i++)
		ask(0, "die");
	rig_pass(100 * NS_MS);
	ck_assert_uint_eq(rig_said("fosterd-prober ended"), 1);
	ck_assert_uint_eq(view().waiting, 0);
	rig_close();
}
END_TEST

START_TEST(what_it_forgets_is_unknown)
{
	begin(1, "silent");
	rig_checks[0].probe.timeout = 100 * NS_MS;
	open_rig();
	mono_ns asked = mono_now();
	ask(0, "silent");
	expect_unknown(0);
	ck_assert_int_ge(mono_now() - asked, 2 * NS_S);
	ck_assert_int_lt(mono_now() - asked, 5 * NS_S);
	ck_assert_uint_eq(view().restarts, 0);
	ask(0, "ok");
	expect_success(0);
	rig_close();
}
END_TEST

START_TEST(what_is_stopped_is_answered_at_once)
{
	begin(2, "silent");
	open_rig();
	rig_order(ORDER_PROBE, 0, 1);
	rig_order(ORDER_PROBE_STOP, 0, 1); /* in line: nobody is there yet */
	expect_unknown(0);
	ask(1, "ok");
	rig_order(ORDER_PROBE, 0, 2);
	rig_order(ORDER_PROBE_STOP, 0, 2);
	rig_order(ORDER_PROBE_STOP, 0, 2);
	expect_unknown(0);
	ask(0, "ok");
	expect_success(0);
	ck_assert_uint_eq(view().restarts, 0);
	rig_close();
}
END_TEST

/* More than the socket takes while it sleeps: the others wait in their order. */
START_TEST(a_crowd_waits_its_turn)
{
	begin(CROWD, "ok");
	open_rig();
	ask(0, "ok");
	target(0, "nap");
	for (uint32_t i = 0; i < CROWD; i++)
		rig_order(ORDER_PROBE, i, i);
	ck_assert_uint_eq(view().waiting, CROWD);
	ck_assert_uint_gt(probers_for(&loop.inquiry.probers, 0)->waiting.count, 0);
	rig_order(ORDER_PROBE_STOP, CROWD - 1, CROWD - 1);
	mono_ns asked = mono_now();
	rig_await(CROWD + 1);
	/* As soon as there is room, and not when they are looked after next. */
	ck_assert_int_lt(mono_now() - asked, 5 * NS_S);
	for (uint32_t i = 0; i < CROWD - 1; i++)
		expect_success(i);
	expect_unknown(CROWD - 1);
	ck_assert_uint_eq(view().restarts, 0);
	rig_close();
}
END_TEST

START_TEST(without_its_program_nobody_asks)
{
	begin(1, "ok");
	rig_checks[0].probe.timeout = 100 * NS_MS;
	rig_open();
	loop.inquiry.probers.program = "/nonexistent/fosterd-prober";
	ask(0, "ok");
	expect_unknown(0);
	ck_assert_str_eq(rig_question(0)->error, "could not execute: No such file or directory");
	ck_assert_str_eq(view().error, "could not execute: No such file or directory");
	ck_assert_int_eq(view().pid, 0);
	ck_assert_uint_eq(rig_said("could not be started"), 1);
	loop.inquiry.probers.program = this_program;
	ask(0, "ok");
	expect_success(0);
	rig_close();
}
END_TEST

START_TEST(even_one_that_hangs_is_gone_at_the_end)
{
	begin(1, "ok");
	open_rig();
	ask(0, "ok");
	kill(view().pid, SIGSTOP);
	rig_close();
}
END_TEST

/* Who is not asked is not woken. */
START_TEST(without_questions_there_is_no_deadline)
{
	begin(1, "ok");
	open_rig();
	ck_assert_int_eq(inquiry_deadline(&loop.inquiry), MONO_NEVER);
	ask(0, "ok");
	rig_pass(100 * NS_MS);
	ck_assert_int_eq(inquiry_deadline(&loop.inquiry), MONO_NEVER);
	rig_close();
}
END_TEST

int main(int argc, char **argv)
{
	TCase *tests = tcase_create("prober");

	if (argc == 2 && strcmp(argv[1], "-") == 0)
		return be_prober();
	if (readlink("/proc/self/exe", this_program, sizeof this_program - 1) == -1)
		return EXIT_FAILURE;
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, its_answer_is_taken);
	tcase_add_test(tests, a_template_is_filled_in);
	tcase_add_test(tests, what_was_not_asked_is_not_heard);
	tcase_add_test(tests, nothing_takes_longer_than_we_waited);
	tcase_add_loop_test(tests, a_bad_one_is_replaced, 0, sizeof ends / sizeof ends[0]);
	tcase_add_test(tests, one_that_hangs_is_killed);
	tcase_add_test(tests, one_that_answers_does_not_hang);
	tcase_add_test(tests, ends_are_told_once_a_minute);
	tcase_add_test(tests, what_it_forgets_is_unknown);
	tcase_add_test(tests, what_is_stopped_is_answered_at_once);
	tcase_add_test(tests, a_crowd_waits_its_turn);
	tcase_add_test(tests, without_its_program_nobody_asks);
	tcase_add_test(tests, even_one_that_hangs_is_gone_at_the_end);
	tcase_add_test(tests, without_questions_there_is_no_deadline);
	return suite_run("engine/prober", tests);
}
