/* options - the command line: what is read, what is refused and with which hint. */
#include "conf/options.h"

#include <stdio.h>
#include <string.h>

#include "unit/suite.h"

enum { ARGUMENTS_MAX = 8 };

static struct options options;
static char errors[1024];

/* Read the words after the program's name; what it complained about is in errors. */
static int parse(const char *const *words)
{
	char *argv[ARGUMENTS_MAX + 2] = {(char *)"fosterd"};
	int argc = 1;
	FILE *out = fmemopen(errors, sizeof errors, "w");

	ck_assert_ptr_nonnull(out);
	for (; argc <= ARGUMENTS_MAX && words[argc - 1] != NULL; argc++)
		argv[argc] = (char *)words[argc - 1];
	int result = options_read(argc, argv, &options, out);
	fclose(out);
	return result;
}

static const struct {
	const char *words[ARGUMENTS_MAX];
	struct options want;
} good[] = {
	{{NULL}, {OPTIONS_RUN, "/etc/fosterd/fosterd.yaml", LOG_INFO, LOG_FORMAT_AUTO}},
	{{"-c", "f"}, {OPTIONS_RUN, "f", LOG_INFO, LOG_FORMAT_AUTO}},
	{{"-cf"}, {OPTIONS_RUN, "f", LOG_INFO, LOG_FORMAT_AUTO}},
	{{"--config", "f"}, {OPTIONS_RUN, "f", LOG_INFO, LOG_FORMAT_AUTO}},
	{{"--config=f"}, {OPTIONS_RUN, "f", LOG_INFO, LOG_FORMAT_AUTO}},
	{{"--config=a", "-c", "b"}, {OPTIONS_RUN, "b", LOG_INFO, LOG_FORMAT_AUTO}},
	{{"--check", "-c", "f"}, {OPTIONS_CHECK, "f", LOG_INFO, LOG_FORMAT_AUTO}},
	{{"--explain"}, {OPTIONS_EXPLAIN, "/etc/fosterd/fosterd.yaml", LOG_INFO, LOG_FORMAT_AUTO}},
	{{"--version"}, {OPTIONS_VERSION, "/etc/fosterd/fosterd.yaml", LOG_INFO, LOG_FORMAT_AUTO}},
	{{"--help"}, {OPTIONS_HELP, "/etc/fosterd/fosterd.yaml", LOG_INFO, LOG_FORMAT_AUTO}},
	{{"-h"}, {OPTIONS_HELP, "/etc/fosterd/fosterd.yaml", LOG_INFO, LOG_FORMAT_AUTO}},
	{{"-c", "f", "--log-level", "error"}, {OPTIONS_RUN, "f", LOG_ERROR, LOG_FORMAT_AUTO}},
	{{"-c", "f", "--log-level=warning"}, {OPTIONS_RUN, "f", LOG_WARNING, LOG_FORMAT_AUTO}},
	{{"-c", "f", "--log-level=info"}, {OPTIONS_RUN, "f", LOG_INFO, LOG_FORMAT_AUTO}},
	{{"-c", "f", "--log-level=debug"}, {OPTIONS_RUN, "f", LOG_DEBUG, LOG_FORMAT_AUTO}},
	{{"-c", "f", "--log-format=auto"}, {OPTIONS_RUN, "f", LOG_INFO, LOG_FORMAT_AUTO}},
	{{"-c", "f", "--log-format=logfmt"}, {OPTIONS_RUN, "f", LOG_INFO, LOG_FORMAT_LOGFMT}},
	{{"-c", "f", "--log-format=json"}, {OPTIONS_RUN, "f", LOG_INFO, LOG_FORMAT_JSON}},
};

START_TEST(is_read)
{
	const struct options *want = &good[_i].want;

	ck_assert_msg(parse(good[_i].words) == 0, "%s", errors);
	ck_assert_int_eq(options.verb, want->verb);
	ck_assert_str_eq(options.file, want->file);
	ck_assert_int_eq(options.log_level, want->log_level);
	ck_assert_int_eq(options.log_format, want->log_format);
	ck_assert_str_eq(errors, "");
}
END_TEST

static const struct {
	const char *words[ARGUMENTS_MAX];
	const char *told; /* a part of it */
} bad[] = {
	{{"-c"}, "-c wants a value"},
	{{"--config"}, "--config wants a value"},
	{{"--log-level"}, "--log-level wants a value"},
	{{"--log-level", "inof"}, "--log-level: \"inof\" is none of error warning info debug; did you mean info?"},
	{{"--log-level="}, "\"\" is none of"},
	{{"--log-format", "jsn"}, "--log-format: \"jsn\" is none of auto logfmt json; did you mean json?"},
	{{"--log-format", "xml"}, "none of"},
	{{"--chekc"}, "\"--chekc\"; did you mean --check?"},
	{{"--expalin", "-c", "f"}, "\"--expalin\"; did you mean --explain?"},
	{{"--nothing-like-it"}, "\"--nothing-like-it\"; see fosterd --help"},
	{{"-x"}, "\"-x\""},
	{{"file.yaml"}, "\"file.yaml\"; did you mean -c file.yaml?"},
	{{"--check", "file.yaml"}, "\"file.yaml\"; did you mean -c file.yaml?"},
	{{"-c", "f", "more"}, "\"more\"; see fosterd --help"},
	{{"--check", "--explain"}, "--check and --explain do not go together; see fosterd --help"},
	{{"--explain", "--check"}, "--check and --explain do not go together"},
	{{"--check=yes"}, "\"--check=yes\""},
	{{"-cf", "--", "x"}, "\"x\""},
};

START_TEST(is_refused)
{
	ck_assert_int_eq(parse(bad[_i].words), -1);
	ck_assert_msg(strstr(errors, bad[_i].told) != NULL, "%s", errors);
	ck_assert_ptr_eq(strchr(errors, '\n'), errors + strlen(errors) - 1);
}
END_TEST

/* An option in a cluster: what is named is the argument it stands in. */
START_TEST(a_cluster_is_named_whole)
{
	ck_assert_int_eq(parse((const char *[]){"-hx", NULL}), -1);
	ck_assert_msg(strstr(errors, "\"-hx\"") != NULL, "%s", errors);
}
END_TEST

START_TEST(help_names_every_option)
{
	static const char *const names[] = {"-c, --config", "--check",	   "--explain", "--log-level",
					    "--log-format", "--version", "-h, --help"};
	char text[4096] = "";
	FILE *out = fmemopen(text, sizeof text, "w");

	options_help(out);
	fclose(out);
	ck_assert_ptr_nonnull(strstr(text, "on a terminal"));
	ck_assert_ptr_null(strstr(text, "USR1 reopens"));
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		ck_assert_msg(strstr(text, names[i]) != NULL, "%s", names[i]);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("options");

	tcase_add_loop_test(tests, is_read, 0, sizeof good / sizeof good[0]);
	tcase_add_loop_test(tests, is_refused, 0, sizeof bad / sizeof bad[0]);
	tcase_add_test(tests, a_cluster_is_named_whole);
	tcase_add_test(tests, help_names_every_option);
	return suite_run("conf/options", tests);
}
