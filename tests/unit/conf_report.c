/* report - everything that is wrong, at once, in order, with the place shown; and memory that is refused. */
#include "conf/report.h"

#include "unit/conf_kit.h"

#if defined(__SANITIZE_ADDRESS__)
#define CAN_REFUSE_MEMORY 0
#elif defined(__has_feature)
#define CAN_REFUSE_MEMORY !__has_feature(address_sanitizer)
#else
#define CAN_REFUSE_MEMORY 1
#endif

static char *printed(const char *name)
{
	struct conf_context context = kit_root();
	struct conf_report *report = conf_report_new();
	struct spec *spec = conf_load(name, &context, report);
	char *text = kit_printed(report);

	spec_free(&spec);
	conf_report_free(&report);
	return text;
}

static void prints(const char *file, const char *want)
{
	kit_file("f.yaml", file);
	char *text = printed("f.yaml");
	ck_assert_str_eq(text, want);
	free(text);
}

START_TEST(a_terminal_is_not_commanded)
{
	prints("name: \x1b[2J\te\xe9\n", "f.yaml:1:7: error: the byte 0x1b here is not UTF-8 text\n"
					"    name: ?[2J\te?\n"
					"          ^\n");
	prints("\"a\\e[2J\\nb\": 1\n", "f.yaml:1:1: error: unknown key `a?[2J?b`\n"
				       "    \"a\\e[2J\\nb\": 1\n"
				       "    ^\n");
}
END_TEST

/* Bytes that continue a character which never began, and more of them than an excerpt has. */
START_TEST(what_is_no_text_is_shown_as_far_as_it_goes)
{
	char text[400], *shown;

	memset(text, 0x86, sizeof text);
	kit_bytes("f.yaml", text, sizeof text);
	shown = printed("f.yaml");
	ck_assert_ptr_nonnull(strstr(shown, "f.yaml:1:1: error: the byte 0x86 here is not UTF-8 text\n"));
	ck_assert_uint_lt(strlen(shown), 400);
	free(shown);
}
END_TEST

START_TEST(all_at_once_in_order)
{
	prints("drain: {timeout: 30, delay: x}\n"
	       "nam: shop\n"
	       "workers:\n"
	       "  web:\n"
	       "    replcas: 3\n"
	       "    command: [x]\n"
	       "    nice: 20\n"
	       "  db: {user: nobdy}\n",
	       "f.yaml:1:18: error: `drain.timeout`: a bare number is no duration: say 30s or 30ms\n"
	       "    drain: {timeout: 30, delay: x}\n"
	       "                     ^\n"
	       "f.yaml:1:29: error: `drain.delay`: \"x\" is not a duration like 250ms, 10s or 1m30s (whole numbers "
	       "of d h m s ms us)\n"
	       "    drain: {timeout: 30, delay: x}\n"
	       "                                ^\n"
	       "f.yaml:2:1: error: unknown key `nam`\n"
	       "    nam: shop\n"
	       "    ^\n"
	       "    did you mean \"name\"?\n"
	       "f.yaml:5:5: error: unknown key `replcas`\n"
	       "        replcas: 3\n"
	       "        ^\n"
	       "    did you mean \"replicas\"?\n"
	       "f.yaml:7:11: error: `nice` is from -20 to 19, not 20\n"
	       "        nice: 20\n"
	       "              ^\n"
	       "f.yaml:8:3: error: the worker `db` has no `command`\n"
	       "      db: {user: nobdy}\n"
	       "      ^\n"
	       "f.yaml:8:14: error: `user`: there is no user \"nobdy\"\n"
	       "      db: {user: nobdy}\n"
	       "                 ^\n");
}
END_TEST

START_TEST(bounds_are_told_in_the_options_unit)
{
	prints("workers: {w: {command: [x], umask: 1000, watchdog: 2d}}\n",
	       "f.yaml:1:36: error: `umask` is from 00 to 0777, not 1000\n"
	       "    workers: {w: {command: [x], umask: 1000, watchdog: 2d}}\n"
	       "                                       ^\n"
	       "f.yaml:1:52: error: `watchdog` is from 0s to 1d, not 2d\n"
	       "    workers: {w: {command: [x], umask: 1000, watchdog: 2d}}\n"
	       "                                                       ^\n");
}
END_TEST

START_TEST(the_caret_stands_below)
{
	prints("workers: {w: {command: [\"é\",\t\"日本\"], nic: 1}}\r\n",
	       "f.yaml:1:37: error: unknown key `nic`\n"
	       "    workers: {w: {command: [\"é\",\t\"日本\"], nic: 1}}\n"
	       "                                \t       ^\n"
	       "    did you mean \"nice\"?\n");
}
END_TEST

START_TEST(long_lines_are_cut)
{
	char text[2048], *out;

	size_t len = (size_t)snprintf(text, sizeof text, "workers: {w: {command: [%-400s], nic: 1, ", "x");
	for (size_t i = len; i < len + 600; i += 2)
		memcpy(text + i, "é", 2);
	strcpy(text + len + 600, ": 3}}\n");
	kit_file("f.yaml", text);
	out = printed("f.yaml");
	for (const char *line = out; *line != '\0'; line += strcspn(line, "\n") + 1)
		ck_assert_uint_lt(strcspn(line, "\n"), line == out ? 2000 : 1300);
	ck_assert_ptr_nonnull(strstr(out, "did you mean \"nice\"?"));
	free(out);
}
END_TEST

START_TEST(there_is_an_end)
{
	FILE *file = fopen("f.yaml", "w");

	ck_assert_ptr_nonnull(file);
	for (int i = 0; i < 1500; i++)
		fprintf(file, "k%d: 1\n", i);
	ck_assert_int_eq(fclose(file), 0);
	char *text = printed("f.yaml");
	ck_assert_ptr_nonnull(strstr(text, "f.yaml:1000:1: error: "));
	ck_assert_ptr_nonnull(strstr(text, "\n... and 500 more\n"));
	free(text);
}
END_TEST

START_TEST(warnings_are_told_too)
{
	prints("", "f.yaml:1:1: warning: no workers: there is nothing to supervise\n    \n    ^\n");
	struct conf_context context = kit_ordinary();
	kit_file("f.yaml", "workers: {w: {command: [x], limits: {nofile: 2000}}}\n");
	struct conf_report *report = conf_report_new();
	struct spec *spec = conf_load("f.yaml", &context, report);
	ck_assert_ptr_nonnull(spec);
	ck_assert_uint_eq(conf_report_warnings(report), 1);
	ck_assert_str_eq(conf_report_line(report, 0),
			 "f.yaml:1:46: warning: `limits.nofile` is above fosterd's own hard limit of 1000, "
			 "which others than root cannot exceed: that is used");
	ck_assert_ptr_null(conf_report_line(report, 1));
	spec_free(&spec);
	conf_report_free(&report);
	conf_report_free(&report);
}
END_TEST

#if CAN_REFUSE_MEMORY
extern void *__libc_malloc(size_t size);

/* Requests as large as the arena's chunks are counted down; from zero on they are refused. */
static long refuse_after = -1;

void *malloc(size_t size)
{
	enum { CHUNK = 4000 };

	if (size >= CHUNK && refuse_after == 0)
		return NULL;
	if (size >= CHUNK && refuse_after > 0)
		refuse_after--;
	return __libc_malloc(size);
}

static int explain(const char *name, const struct conf_context *context, struct conf_report *report)
{
	FILE *out = fopen("/dev/null", "w");

	ck_assert_ptr_nonnull(out);
	int result = conf_explain(name, context, report, out);
	ck_assert_int_eq(fclose(out), 0);
	return result;
}

START_TEST(memory_may_be_refused)
{
	struct conf_context context = kit_root();
	bool done = false;

	ck_assert_int_eq(mkdir("d", 0755), 0);
	kit_file("d/a.yaml", "workers: {v: {command: [y]}}");
	kit_file("e", "A=1\n");
	kit_file("f.yaml", "include: d/*.yaml\nlisten: ['unix:%t/x']\nworkers: {w: {command: x %n, user: worker, "
			   "environment: {A: 1, B: '%i'}, environment_file: [-/nowhere], limits: {core: 0}}}\n");
	for (long n = 0; !done; n++) {
		struct conf_report *report = conf_report_new();
		refuse_after = n;
		done = explain("f.yaml", &context, report) == 0;
		refuse_after = -1;
		ck_assert_int_lt(n, 1000);
		ck_assert(done || conf_report_errors(report) > 0);
		if (!done)
			ck_assert_ptr_nonnull(conf_report_line(report, 0));
		free(kit_printed(report));
		conf_report_free(&report);
	}
}
END_TEST

START_TEST(memory_may_be_refused_to_a_report)
{
	struct conf_context context = kit_root();
	char name[] = "f.yaml";

	kit_file(name, "nam: x\n");
	for (long n = 0; n < 12; n++) {
		struct conf_report *report = conf_report_new();
		refuse_after = n;
		struct spec *spec = conf_load(name, &context, report);
		refuse_after = -1;
		ck_assert_ptr_null(spec);
		ck_assert_uint_gt(conf_report_errors(report), 0);
		char *text = kit_printed(report);
		ck_assert_ptr_nonnull(strstr(text, "error: "));
		free(text);
		conf_report_free(&report);
	}
}
END_TEST
#endif

START_TEST(what_defaults_say_wrongly_is_said_once)
{
	static const char *const lines[] = {
		"f.yaml:1:30: error: `liveness.http`: the host is missing",
		"f.yaml:1:50: warning: `liveness.timeout` of 20s is longer than the period of 10s (default): a slow answer "
		"delays the next question",
		NULL,
	};
	struct conf_context context = kit_root();

	kit_file("f.yaml", "defaults: {liveness: {http:  'http://', timeout: 20s}}\n"
			   "workers: {a: {command: [x]}, b: {command: [x]}, c: {command: [x]}}\n");
	kit_bad("f.yaml", &context, lines);
	kit_file("f.yaml", "defaults: {liveness: {tcp: 'x:1', timeout: 20s}}\n"
			   "workers: {a: {command: [x]}, b: {command: [x]}, c: {command: [x]}}\n");
	spec_free(&(struct spec *){kit_good("f.yaml", &context, 1)});
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("report");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_test(tests, a_terminal_is_not_commanded);
	tcase_add_test(tests, what_is_no_text_is_shown_as_far_as_it_goes);
	tcase_add_test(tests, all_at_once_in_order);
	tcase_add_test(tests, bounds_are_told_in_the_options_unit);
	tcase_add_test(tests, the_caret_stands_below);
	tcase_add_test(tests, long_lines_are_cut);
	tcase_add_test(tests, there_is_an_end);
	tcase_add_test(tests, warnings_are_told_too);
#if CAN_REFUSE_MEMORY
	tcase_add_test(tests, memory_may_be_refused);
	tcase_add_test(tests, memory_may_be_refused_to_a_report);
#endif
	tcase_add_test(tests, what_defaults_say_wrongly_is_said_once);
	return suite_run("conf/report", tests);
}
