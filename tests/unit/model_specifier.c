/* specifier - places filled in, arithmetic, and what is refused. */
#include "model/specifier.h"

#include <check.h>
#include <string.h>

#include "unit/suite.h"

static const struct spec spec = {
	.runtime_dir = "/run/fosterd", .state_dir = "/var/lib/fosterd", .log_dir = "/var/log/fosterd",
	.host = "box",
};
static const struct worker_spec web = {.name = "web", .replicas = 4};
static const struct worker_spec step = {.name = "schema.start", .kind = PROGRAM_STEP_START, .replicas = 1};
static const struct worker_spec one = {.name = "one", .replicas = 1};

static const struct {
	const char *template, *result;
	const struct worker_spec *worker;
	uint32_t ordinal;
} good[] = {
	{"", "", &web, 0},
	{"plain", "plain", &web, 0},
	{"%n %i %I", "web 2 web.2", &web, 2},
	{"%I", "one", &one, 0},
	{"%n %i %I", "schema 0 schema.start", &step, 0},
	{"%t %S %L %H", "/run/fosterd /var/lib/fosterd /var/log/fosterd box", &web, 0},
	{"%t/x", "/run/fosterd/x", NULL, 0},
	{"100%%", "100%", NULL, 0},
	{"%%n", "%n", &web, 0},
	{"%{8080+i}", "8083", &web, 3},
	{"[%{ 2 * ( i + 1 ) - 1 }]", "[5]", &web, 2},
	{"%{1+2*3}", "7", &web, 0},
	{"%{(1+2)*3}", "9", &web, 0},
	{"%{10-2-3}", "5", &web, 0},
	{"%{i}%{i}", "33", &web, 3},
	{"%{9223372036854775807}", "9223372036854775807", &web, 0},
	{"%{3-i}", "0", &web, 3},
	{"}%{0}}", "}0}", &web, 0},
};

START_TEST(fills_in)
{
	struct specifier_context context = {&spec, good[_i].worker, good[_i].ordinal};
	char buf[256];
	struct text out;
	struct err err = {0};

	text_init(&out, buf, sizeof buf);
	ck_assert_msg(specifier_expand(&out, good[_i].template, &context, &err) == 0, "%s: %s",
		      good[_i].template, err.text);
	ck_assert_str_eq(buf, good[_i].result);
}
END_TEST

static const struct {
	const char *template, *why;
	const struct worker_spec *worker;
} bad[] = {
	{"%", "lone %", &web},
	{"a%", "lone %", &web},
	{"%q", "unknown specifier %q", &web},
	{"%\xc3\xa9", "unknown specifier", &web},
	{"%n", "no meaning here", NULL},
	{"%i", "no meaning here", NULL},
	{"%{1}", "no meaning here", NULL},
	{"%{", "without its }", &web},
	{"%{1", "without its }", &web},
	{"%{}", "integers, i", &web},
	{"%{x}", "integers, i", &web},
	{"%{1 2}", "integers, i", &web},
	{"%{1+}", "integers, i", &web},
	{"%{(1}", ") is missing", &web},
	{"%{-1}", "integers, i", &web},
	{"%{1/2}", "integers, i", &web},
	{"%{0-1}", "less than 0", &web},
	{"%{9223372036854775808}", "number in %{ } is too large", &web},
	{"%{9223372036854775807+1}", "result of %{ } is too large", &web},
	{"%{0-9223372036854775807-2}", "result of %{ } is too large", &web},
	{"%{9223372036854775807*2}", "result of %{ } is too large", &web},
	{"%{((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))}", "too many parentheses", &web},
};

START_TEST(refuses)
{
	struct specifier_context context = {&spec, bad[_i].worker, 0};
	char buf[256];
	struct text out;
	struct err err = {0};

	text_init(&out, buf, sizeof buf);
	ck_assert_int_eq(specifier_expand(&out, bad[_i].template, &context, &err), -1);
	ck_assert_msg(strstr(err.text, bad[_i].why) != NULL, "%s: %s", bad[_i].template, err.text);
}
END_TEST

START_TEST(tells_what_does_not_fit)
{
	struct specifier_context context = {&spec, &web, 0};
	char buf[8];
	struct text out;
	struct err err;

	text_init(&out, buf, sizeof buf);
	ck_assert_int_eq(specifier_expand(&out, "%t", &context, &err), 0);
	ck_assert(out.truncated);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("specifier");

	tcase_add_loop_test(tests, fills_in, 0, sizeof good / sizeof good[0]);
	tcase_add_loop_test(tests, refuses, 0, sizeof bad / sizeof bad[0]);
	tcase_add_test(tests, tells_what_does_not_fit);
	return suite_run("model/specifier", tests);
}
