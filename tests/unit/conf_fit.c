/* fit - what the drain has time for: the arithmetic, and when it is told. */
#include "conf/fit.h"

#include "unit/conf_kit.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define STEP "lifespan: [{name: s, stop: {command: x}}]\n"
#define ONE "workers: {w: {command: x}}\n"
#define THREE(a, b, c) "workers:\n  a: {command: x, stop: {timeout: " a "}}\n" \
		       "  b: {command: x, depends_on: [a], stop: {timeout: " b "}}\n" \
		       "  c: {command: x, depends_on: [b], stop: {timeout: " c "}}\n"

/* reserve, in seconds, and how many warnings. */
static const struct {
	const char *text;
	unsigned reserve;
	size_t warnings;
	const char *first; /* of them */
} good[] = {
	{ONE, 0, 0, NULL},
	{STEP ONE, 5, 0, NULL},
	{STEP "drain: {reserve: 0}\n" ONE, 0, 0, NULL},
	{STEP "drain: {reserve: 7s}\n" ONE, 7, 0, NULL},
	{"drain: {reserve: 0s}\n" ONE, 0, 0, NULL},
	{"drain: {reserve: 7s}\n" ONE, 0, 1,
	 "f.yaml:1:18: warning: `drain.reserve` keeps nothing: it is for the stops of a `lifespan`, and there is none"},
	{"drain: {reserve: 7s}\nlifespan: []\n" ONE, 0, 1, "f.yaml:1:18: warning: `drain.reserve` keeps nothing"},
	{STEP "drain: {delay: 14s}\n" ONE, 5, 0, NULL},
	{STEP "drain: {delay: 16s}\n" ONE, 5, 1,
	 "f.yaml:3:11: warning: `w` may take 10s (default) to stop, but has 9s: `drain.timeout` of 30s (default) - `drain.delay` "
	 "of 16s - `drain.reserve` of 5s (default)"},
	{"drain: {timeout: 10s}\n" ONE, 0, 1,
	 "f.yaml:2:11: warning: `w` may take 10s (default) to stop, but has 9s500ms: `drain.timeout` of 10s - `drain.delay` of 0s "
	 "(default) - 500ms for SIGKILL"},
	{"drain: {timeout: 30500ms}\n" THREE("10s", "10s", "10s"), 0, 0, NULL},
	{"drain: {timeout: 30499ms}\n" THREE("10s", "10s", "10s"), 0, 1,
	 "f.yaml:1:18: warning: stopping may take 30s, one level after the other: c 10s + b 10s + a 10s; but it has 29s999ms: "
	 "`drain.timeout` of 30s499ms - `drain.delay` of 0s (default) - 500ms for SIGKILL. Each level's time is made shorter in "
	 "proportion"},
	{STEP "drain: {delay: 3s}\n" THREE("9s", "0", "14s"), 5, 1,
	 "f.yaml:2:16: warning: stopping may take 23s, one level after the other: c 14s + a 9s; but it has 22s: `drain.timeout` of "
	 "30s (default) - `drain.delay` of 3s - `drain.reserve` of 5s (default). Each level's time"},
	{THREE("9s", "11s", "14s"), 0, 1, "f.yaml:4:3: warning: stopping may take 34s, one level after the other: c 14s + b 11s + a 9s;"},
	/* of one that does not fit by itself the sum tells, too */
	{THREE("9s", "11s", "30s"), 0, 1, "f.yaml:4:3: warning: stopping may take 50s, one level after the other: c 30s + b 11s + a 9s;"},
	/* many are told once, by the slowest */
	{"drain: {timeout: 9s}\nworkers: {a: {command: x}, b: {command: x, stop: {timeout: 20s}}, c: {command: x}}\n", 0, 1,
	 "f.yaml:2:60: warning: `b` may take 20s to stop, but has 8s500ms: `drain.timeout` of 9s - `drain.delay` of 0s (default) - "
	 "500ms for SIGKILL (and 2 more are too slow)"},
	/* the slowest of a level counts, what runs side by side does not */
	{"workers: {a: {command: x, stop: {timeout: 20s}}, b: {command: x, stop: {timeout: 25s}}}\n", 0, 0, NULL},
	{"workers: {a: {command: x, stop: {timeout: 20s}}, b: {command: x, stop: {timeout: 25s}},\n"
	 "          c: {command: x, depends_on: [a], stop: {timeout: 5s}}}\n",
	 0, 1, "f.yaml:2:11: warning: stopping may take 30s, one level after the other: c 5s + b 25s;"},
	/* a job holds up those that wait for its end, and who is not there takes no time */
	{"workers: {a: {command: x}, b: {command: x, kind: job, depends_on: [a]}, c: {command: x, depends_on: {b: completed}}}\n",
	 0, 0, NULL},
	{"workers: {a: {command: x}, b: {command: x, replicas: 0, depends_on: [a]}, c: {command: x, depends_on: {b: ready}}}\n",
	 0, 0, NULL},
};

START_TEST(told)
{
	struct conf_context context = kit_root();
	struct conf_report *report = conf_report_new();

	kit_file("f.yaml", good[_i].text);
	struct spec *spec = conf_load("f.yaml", &context, report);
	char *printed = kit_printed(report);
	ck_assert_msg(spec != NULL, "%s", printed);
	ck_assert_msg(conf_report_warnings(report) == good[_i].warnings, "%s", printed);
	if (good[_i].first != NULL)
		ck_assert_msg(strstr(printed, good[_i].first) == printed, "wanted: %s\ngot: %s", good[_i].first, printed);
	ck_assert_int_eq(spec->drain_reserve, good[_i].reserve * NS_S);
	free(printed);
	spec_free(&spec);
	conf_report_free(&report);
}
END_TEST

#define NOTHING " leaves nothing for stopping the workers\n"

static const struct {
	const char *text, *why;
} bad[] = {
	{"drain: {timeout: 1s, delay: 500ms}\n" ONE,
	 "f.yaml:1:29: error: `drain.timeout` of 1s - `drain.delay` of 500ms - 500ms for SIGKILL" NOTHING},
	{STEP "drain: {timeout: 10s, delay: 3s, reserve: 7s}\n" ONE,
	 "f.yaml:2:30: error: `drain.timeout` of 10s - `drain.delay` of 3s - `drain.reserve` of 7s" NOTHING},
	{STEP "drain: {timeout: 5s}\n" ONE,
	 "f.yaml:2:18: error: `drain.timeout` of 5s - `drain.delay` of 0s (default) - `drain.reserve` of 5s (default)" NOTHING},
	{STEP "drain: {reserve: 30s}\n" ONE,
	 "f.yaml:2:18: error: `drain.timeout` of 30s (default) - `drain.delay` of 0s (default) - `drain.reserve` of 30s" NOTHING},
	{STEP "drain: {timeout: 1s, reserve: 0, delay: 500ms}\n" ONE, "f.yaml:2:41: error: `drain.timeout` of 1s - `drain.delay`"},
	{"drain: {reserve: x}\n" ONE, "f.yaml:1:18: error: `drain.reserve`"},
	{"drain: {reserv: 5s}\n" ONE, "did you mean \"reserve\"?"},
};

START_TEST(refused)
{
	struct conf_context context = kit_root();

	kit_bad_text(bad[_i].text, &context, bad[_i].why);
}
END_TEST

START_TEST(many_levels_in_short)
{
	struct conf_context context = kit_root();
	struct conf_report *report = conf_report_new();
	char text[4096];
	int len = sprintf(text, "workers:\n  w0: {command: x}\n");

	for (int i = 1; i < 12; i++)
		len += sprintf(text + len, "  w%d: {command: x, depends_on: [w%d]}\n", i, i - 1);
	kit_file("f.yaml", text);
	struct spec *spec = conf_load("f.yaml", &context, report);
	char *printed = kit_printed(report);
	ck_assert_msg(strstr(printed, "may take 2m, one level after the other: w11 10s + w10 10s + w9 10s + w8 10s + w7 10s + w6 10s "
				      "+ w5 10s + w4 10s + 4 more; but it has") != NULL,
		      "%s", printed);
	free(printed);
	spec_free(&spec);
	conf_report_free(&report);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("fit");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_loop_test(tests, told, 0, LENGTH(good));
	tcase_add_loop_test(tests, refused, 0, LENGTH(bad));
	tcase_add_test(tests, many_levels_in_short);
	return suite_run("conf/fit", tests);
}
