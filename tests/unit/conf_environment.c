/* environment - what a worker inherits, what its user, files and own keys add, and who wins. */
#include "conf/environment.h"

#include "unit/conf_kit.h"

#define W(body) "workers: {w: {command: [x], " body "}}\n"

/* The value of a variable of the first worker; NULL when it has none. */
static const char *value_of(const struct spec *spec, const char *name)
{
	const struct worker_spec *w = &spec->workers[0];
	const char *found = NULL;

	for (size_t i = 0; i < w->n_environment; i++) {
		size_t len = strlen(name);
		if (strncmp(w->environment[i].line, name, len) != 0 || w->environment[i].line[len] != '=')
			continue;
		ck_assert_msg(found == NULL, "%s twice", name);
		found = w->environment[i].line + len + 1;
	}
	return found;
}

static void value_is(const struct spec *spec, const char *name, const char *value)
{
	const char *is = value_of(spec, name);

	ck_assert_msg((is == NULL) == (value == NULL) && (is == NULL || strcmp(is, value) == 0),
		      "%s is %s, not %s", name, is == NULL ? "not there" : is,
		      value == NULL ? "absent" : value);
}

START_TEST(what_is_inherited)
{
	struct spec *spec = kit_good_text(W("nice: 1"));

	ck_assert_uint_eq(spec->workers[0].n_environment, 4);
	value_is(spec, "PATH", "/bin");
	value_is(spec, "LANG", "C");
	value_is(spec, "LC_ALL", "C");
	value_is(spec, "TZ", "UTC");
	spec_free(&spec);
	spec = kit_good_text(W("pass_environment: [APP_*, NOTIFY_*, SEC]"));
	value_is(spec, "APP_A", "1");
	value_is(spec, "SECRET", NULL);
	value_is(spec, "NOTIFY_SOCKET", NULL);
	spec_free(&spec);
}
END_TEST

START_TEST(as_pid_1_all_is_inherited)
{
	struct conf_context context = kit_root();

	context.init = true;
	kit_file("f.yaml", W("nice: 1"));
	struct spec *spec = kit_good("f.yaml", &context, 0);
	value_is(spec, "SECRET", "x");
	value_is(spec, "LISTEN_FDS", NULL);
	value_is(spec, "WATCHDOG_USEC", NULL);
	ck_assert_uint_eq(spec->workers[0].n_environment, 6);
	spec_free(&spec);
}
END_TEST

START_TEST(a_path_when_there_is_none)
{
	struct conf_context context = kit_root();
	char huge[512] = "";
	const char *const own[] = {huge, NULL};

	memset(huge, 'A', 300);
	huge[300] = '=';
	context.environ = own;
	kit_file("f.yaml", W("pass_environment: '*'"));
	struct spec *spec = kit_good("f.yaml", &context, 0);
	value_is(spec, "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	ck_assert_uint_eq(spec->workers[0].n_environment, 1);
	spec_free(&spec);
}
END_TEST

START_TEST(later_ones_win)
{
	char text[1024];

	kit_file("env", "HOME=/file\nTZ=file\nA=file\nB=100%\n");
	snprintf(text, sizeof text,
		 "defaults: {environment: {A: default, D: default}}\n"
		 W("user: worker, environment_file: %s/env, environment: {A: own, P: '%%{8080+i}', N: no, E: }"),
		 kit_dir);
	struct spec *spec = kit_good_text(text);
	value_is(spec, "USER", "worker");
	value_is(spec, "LOGNAME", "worker");
	value_is(spec, "SHELL", "/bin/sh");
	value_is(spec, "HOME", "/file");
	value_is(spec, "TZ", "file");
	value_is(spec, "A", "own");
	value_is(spec, "B", "100%");
	value_is(spec, "D", "default");
	value_is(spec, "P", "%{8080+i}");
	value_is(spec, "N", "no");
	value_is(spec, "E", "");
	for (size_t i = 0; i < spec->workers[0].n_environment; i++) {
		const struct env_entry *entry = &spec->workers[0].environment[i];
		ck_assert_msg(entry->specifiers == (entry->line[0] == 'P' && entry->line[1] == '='), "%s",
			      entry->line);
	}
	spec_free(&spec);
}
END_TEST

static const struct {
	const char *text, *value; /* of A */
} lines[] = {
	{"A=1", "1"}, {"A=1\n", "1"}, {"A=", ""}, {"A=\n", ""}, {"\n\n# x\n; y\n  A=1 \t\r\n", "1"},
	{"A =1", "1"}, {"A= 1", "1"}, {"A=a b  c ", "a b  c"}, {"A='a  '", "a  "}, {"A=\"a  \"  ", "a  "},
	{"A='a\\b'", "a\\b"}, {"A=\"a\\\"b\\\\c\\x\\$\\`\"", "a\"b\\c\\x$`"}, {"A=a\\ b\\\\c", "a b\\c"},
	{"A=a\\\nb", "ab"}, {"A=\"a\\\nb\"", "ab"}, {"A=\"a\nb\"", "a\nb"}, {"A='a\nb'", "a\nb"},
	{"A=\"a\"b", "ab"}, {"A=a=b", "a=b"}, {"A=x#y", "x#y"}, {"A=a\"b", "a\"b"}, {"A=1\nA=2", "2"},
	{"A=\\", "\\"}, {"A=%i", "%i"},
};

START_TEST(files)
{
	char text[256];

	kit_file("env", lines[_i].text);
	snprintf(text, sizeof text, W("environment_file: [%s/env]"), kit_dir);
	struct spec *spec = kit_good_text(text);
	value_is(spec, "A", lines[_i].value);
	spec_free(&spec);
}
END_TEST

static const struct {
	const char *text, *why;
} wrong[] = {
	{"word\nA=1", "/env:1:1: error: a line wants NAME=VALUE"},
	{"A=1\nexport B=1", "/env:2:1: error: this is not a variable's name"},
	{"1A=1", "this is not a variable's name"},
	{"=1", "this is not a variable's name"},
	{"NOTIFY_SOCKET=/x", "fosterd's to set"},
	{"A=\"x", "a quote without its end"},
	{"A='x", "a quote without its end"},
	{"B=1\nA=\xff", "/env:2:3: error: this is not UTF-8 text"},
};

START_TEST(what_is_wrong_in_files)
{
	struct conf_context context = kit_root();
	char text[256];

	kit_file("env", wrong[_i].text);
	/* Two workers: it is told once. */
	snprintf(text, sizeof text,
		 "defaults: {environment_file: %s/env}\nworkers: {a: {command: [x]}, b: {command: [x]}}", kit_dir);
	kit_bad_text(text, &context, wrong[_i].why);
}
END_TEST

START_TEST(files_that_are_not_there)
{
	struct conf_context context = kit_root();

	spec_free(&(struct spec *){kit_good_text(W("environment_file: [-/nowhere/x, '-%t/y']"))});
	kit_bad_text(W("environment_file: [/nowhere/x]"), &context,
		     "environment file /nowhere/x: cannot open the file: No such file");
	kit_bad_text(W("environment_file: [-/tmp]"), &context, "it is a directory");
	kit_bad_text(W("environment_file: ['/%n']"), &context, "no meaning here");
}
END_TEST

START_TEST(what_is_wrong_in_keys)
{
	struct conf_context context = kit_root();

	kit_bad_text(W("environment: {1A: x}"), &context, "`1A` is not a variable's name");
	kit_bad_text(W("environment: {A-B: x}"), &context, "`A-B` is not a variable's name");
	kit_bad_text(W("environment: {LISTEN_FDS: 1}"), &context, "`LISTEN_FDS` is fosterd's to set");
	kit_bad_text(W("environment: {A: [x]}"), &context, "a variable wants one value");
	kit_bad_text(W("environment: {A: '%q'}"), &context, "unknown specifier %q");
	kit_bad_text(W("environment: [A]"), &context, "`environment` wants a map");
}
END_TEST

START_TEST(many_variables)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(out);
	fputs("workers:\n  w:\n    command: [x]\n    environment:\n", out);
	for (int i = 0; i < 500; i++)
		fprintf(out, "      V%d: %d\n", i, i);
	ck_assert_int_eq(fclose(out), 0);
	struct spec *spec = kit_good_text(text);
	ck_assert_uint_eq(spec->workers[0].n_environment, 504);
	value_is(spec, "V499", "499");
	spec_free(&spec);
	free(text);
}
END_TEST

START_TEST(a_text_that_grows_too_long)
{
	struct conf_context context = kit_root();
	size_t half = 70000;
	char *text = malloc(2 * half + 100);

	ck_assert_ptr_nonnull(text);
	char *at = text + sprintf(text, "workers: {w: {command: [x, '%%n");
	memset(at, 'x', 2 * half);
	strcpy(at + 2 * half, "']}}");
	kit_bad_text(text, &context, "too long with its specifiers filled in");
	free(text);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("environment");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_test(tests, what_is_inherited);
	tcase_add_test(tests, as_pid_1_all_is_inherited);
	tcase_add_test(tests, a_path_when_there_is_none);
	tcase_add_test(tests, later_ones_win);
	tcase_add_loop_test(tests, files, 0, sizeof lines / sizeof lines[0]);
	tcase_add_loop_test(tests, what_is_wrong_in_files, 0, sizeof wrong / sizeof wrong[0]);
	tcase_add_test(tests, files_that_are_not_there);
	tcase_add_test(tests, what_is_wrong_in_keys);
	tcase_add_test(tests, many_variables);
	tcase_add_test(tests, a_text_that_grows_too_long);
	return suite_run("conf/environment", tests);
}
