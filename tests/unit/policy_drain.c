/* The moments of a shutdown, and what each further signal does. */
#include "policy/drain.h"

#include "policy_kit.h"

#define MS(n) (T0 + (n)*NS_MS)

/* Signals at these moments, in ms; what each is to do: b begin, h hurry, k kill, . nothing. */
static const struct {
	const char *name;
	int at[6];
	const char *calls;
} rows[] = {
	{"one begins", {0}, "b"},
	{"TERM and INT at once count once", {0, 0}, "b."},
	{"within 500 ms counts once", {0, 499}, "b."},
	{"at 500 ms it counts", {0, 500}, "bh"},
	{"the third kills", {0, 600, 1200}, "bhk"},
	{"so does every later one", {0, 600, 1200, 1800, 2400}, "bhkkk"},
	{"measured from the last that counted", {0, 400, 600, 900, 1100}, "b.h.k"},
};

START_TEST(calls)
{
	struct spec spec = {.drain_delay = 5 * NS_S, .drain_timeout = 30 * NS_S};
	struct drain drain = {0};

	for (size_t n = 0; rows[_i].calls[n] != '\0'; n++) {
		enum drain_call call = drain_signal(&drain, MS(rows[_i].at[n]));
		ck_assert_msg(".bhk"[call] == rows[_i].calls[n], "%s: signal %zu gives %c",
			      rows[_i].name, n, ".bhk"[call]);
		if (call == DRAIN_CALL_BEGIN)
			drain_begin(&drain, &spec, DRAIN_AT_REST, MS(rows[_i].at[n]));
	}
}
END_TEST

START_TEST(drain_that_a_failure_began)
{
	struct spec spec = {.drain_delay = 5 * NS_S, .drain_timeout = 30 * NS_S};
	struct drain drain = {0};

	drain_begin(&drain, &spec, DRAIN_AT_REST, T0);
	ck_assert_uint_eq(drain.signals, 0);
	ck_assert_int_eq(drain_signal(&drain, MS(0)), DRAIN_CALL_NONE);
	ck_assert_int_eq(drain_signal(&drain, MS(500)), DRAIN_CALL_HURRY);
	ck_assert_int_eq(drain_signal(&drain, MS(1000)), DRAIN_CALL_KILL);
}
END_TEST

/* delay and timeout in ms; when stopping and the last kill come, after the start. */
static const struct {
	int delay, timeout, stop_at, kill_by;
} moments[] = {
	{0, 30000, 0, 29500},	  {5000, 30000, 5000, 29500}, {0, 500, 0, 0}, {0, 400, 0, 0},
	{9000, 9001, 8501, 8501}, {600, 500, 0, 0},	      {0, 0, 0, 0},
};

START_TEST(moments_of_a_drain)
{
	struct spec spec = {.drain_delay = moments[_i].delay * NS_MS,
			    .drain_timeout = moments[_i].timeout * NS_MS};
	struct drain drain = {0};

	ck_assert_int_eq(drain_kill_by(&drain), MONO_NEVER);
	drain_begin(&drain, &spec, DRAIN_AT_REST, T0);
	ck_assert(drain.active);
	ck_assert_int_eq(drain.started, T0);
	ck_assert_int_eq(drain.deadline, MS(moments[_i].timeout));
	ck_assert_int_eq(drain.stop_at, MS(moments[_i].stop_at));
	ck_assert_int_eq(drain_kill_by(&drain), MS(moments[_i].kill_by));
}
END_TEST

START_TEST(begun_twice_aborts)
{
	struct spec spec = {0};
	struct drain drain = {0};

	drain_begin(&drain, &spec, DRAIN_AT_REST, T0);
	drain_begin(&drain, &spec, DRAIN_AT_REST, T0);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("drain");

	tcase_add_loop_test(tests, calls, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(tests, drain_that_a_failure_began);
	tcase_add_loop_test(tests, moments_of_a_drain, 0, sizeof moments / sizeof moments[0]);
	tcase_add_test_raise_signal(tests, begun_twice_aborts, SIGABRT);
	return kit_run("policy/drain", tests);
}
