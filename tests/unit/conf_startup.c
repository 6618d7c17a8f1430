/* startup - how long an instance may take to be ready, beside how long its startup probe may. */
#include "conf/probe.h"

#include "unit/conf_kit.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define W(body)       "workers: {w: {command: [x], " body "}}\n"

START_TEST(a_startup_beyond_the_time_for_it)
{
	struct conf_context context = kit_root();

	kit_file("f.yaml", W("startup: {tcp: 'x:1', failure_threshold: 6}"));
	spec_free(&(struct spec *){kit_good("f.yaml", &context, 0)});
	kit_file("f.yaml", W("startup: {tcp: 'x:1', failure_threshold: 6, initial_delay: 1s}, ready: {timeout: 60s}"));
	spec_free(&(struct spec *){kit_good("f.yaml", &context, 1)});
	kit_file("f.yaml", W("startup: {tcp: 'x:1', failure_threshold: 1000000, period: 1d}, ready: {timeout: 1d}"));
	spec_free(&(struct spec *){kit_good("f.yaml", &context, 1)});
	kit_file("f.yaml", W("startup: {tcp: 'x:1', failure_threshold: 1000000, period: 1d}, ready: {timeout: 0}"));
	spec_free(&(struct spec *){kit_good("f.yaml", &context, 0)});
}
END_TEST

static const struct {
	const char *startup;
	span_ns timeout; /* of ready, when nobody said how long */
} startups[] = {
	{"tcp: 'x:1'", 60 * NS_S},
	{"tcp: 'x:1', failure_threshold: 6, timeout: 2s", 62 * NS_S},
	{"tcp: 'x:1', failure_threshold: 30, initial_delay: 5s", 306 * NS_S},
	{"tcp: 'x:1', failure_threshold: 1000000, period: 1d", 0},
};

START_TEST(a_startup_has_the_time_that_it_was_given)
{
	char text[128];

	snprintf(text, sizeof text, "workers: {w: {command: [x], startup: {%s}}}\n", startups[_i].startup);
	struct spec *spec = kit_good_text(text);
	ck_assert_int_eq(spec->workers[0].ready_timeout, startups[_i].timeout);
	spec_free(&spec);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("startup");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_test(tests, a_startup_beyond_the_time_for_it);
	tcase_add_loop_test(tests, a_startup_has_the_time_that_it_was_given, 0, LENGTH(startups));
	return suite_run("conf/startup", tests);
}
