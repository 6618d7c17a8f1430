/* arguments, excerpt - the command line; the part of an explanation that was asked for. */
#include "fosterctl/arguments.h"

#include "fosterctl/excerpt.h"
#include "fosterctl/verb.h"
#include "unit/fosterctl_kit.h"
#include "unit/suite.h"

/* Split the line at its spaces and read it. What was complained of is in *told (free(3)). */
static int read_line(const char *line, struct arguments *out, char **told)
{
	static char copy[256], *argv[16];
	int argc = 0;
	size_t len;
	FILE *errors = open_memstream(told, &len);

	strcpy(copy, line);
	for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " "))
		argv[argc++] = strcmp(word, "''") == 0 ? word + 2 : word;
	argv[argc] = NULL;
	int result = arguments_read(argc, argv, out, errors);
	fclose(errors);
	ck_assert_int_eq(result == -1, **told != '\0');
	return result;
}

static const struct {
	const char *line, *verb, *words;
} good[] = {
	{"fosterctl status", "status", ""},
	{"fosterctl --json -s /s --timeout 5s stop --wait a b", "stop", "a b"},
	{"fosterctl stop a --wait b --json -s /s --timeout=5s", "stop", "a b"},
	{"fosterctl stop --wait --json --timeout 5s --socket=/s -- a b", "stop", "a b"},
	{"fosterctl signal USR1 web.2", "signal", "USR1 web.2"},
	{"fosterctl check", "check", ""},
	{"fosterctl check database cache", "check", "database cache"},
	{"fosterctl stop -- -a --json", "stop", "-a --json"},
	{"fosterctl stop --with-dependents db", "stop", "db"},
	{"fosterctl run vacuum backup", "run", "vacuum backup"},
	{"fosterctl reload web", "reload", "web"},
};

START_TEST(options_stand_anywhere)
{
	struct arguments arguments;
	char *told, words[64] = "";

	ck_assert_int_eq(read_line(good[_i].line, &arguments, &told), 0);
	ck_assert_str_eq(arguments.verb->name, good[_i].verb);
	for (int i = 0; i < arguments.n_words; i++) {
		strcat(words, i > 0 ? " " : "");
		strcat(words, arguments.words[i]);
	}
	ck_assert_str_eq(words, good[_i].words);
	bool all = strstr(good[_i].line, "--wait") != NULL;
	ck_assert(arguments.wait == all && arguments.json == all);
	ck_assert_int_eq(arguments.with_dependents, strstr(good[_i].line, "--with-d") != NULL);
	ck_assert_int_eq(arguments.timeout, all ? 5 * NS_S : MONO_NEVER);
	ck_assert(all ? strcmp(arguments.socket, "/s") == 0 : arguments.socket == NULL);
	free(told);
}
END_TEST

static const struct {
	const char *line, *told;
} bad[] = {
	{"fosterctl", "say what to do; see"},
	{"fosterctl statsu", "there is no verb statsu; did you mean status?"},
	{"fosterctl xyzzy", "there is no verb xyzzy; see"},
	{"fosterctl st\x1b[2Jop", "there is no verb st\\x1b[2Jop"},
	{"fosterctl --jsno status", "there is no option --jsno; did you mean --json?"},
	{"fosterctl -q status", "there is no option -q; see"},
	{"fosterctl status -s", "a value is missing behind -s"},
	{"fosterctl start", "say which: fosterctl start NAME..."},
	{"fosterctl signal web", "say which: fosterctl signal SIGNAL NAME..."},
	{"fosterctl drain now", "too many arguments, beginning with now"},
	{"fosterctl start ''", "an argument is empty"},
	{"fosterctl status --wait", "there is nothing to --wait for with status"},
	{"fosterctl restart --with-dependents web", "--with-dependents is for stop, not for restart"},
	{"fosterctl run", "say which: fosterctl run TASK..."},
	{"fosterctl explain --json", "there is no --json of explain"},
	{"fosterctl stop a --timeout 5", "--timeout: a bare number is no duration: say 5s or 5ms"},
	{"fosterctl stop a --timeout never", "--timeout: \"never\" is not a duration"},
};

START_TEST(mistakes_are_told)
{
	struct arguments arguments;
	char *told;

	ck_assert_int_eq(read_line(bad[_i].line, &arguments, &told), -1);
	ck_assert_msg(strstr(told, bad[_i].told) != NULL, "%s", told);
	free(told);
}
END_TEST

START_TEST(help_names_every_verb)
{
	struct paper paper;
	const struct verb *verb;

	paper_open(&paper, 80);
	arguments_help(paper.screen.file);
	char *help = paper_close(&paper);
	for (size_t i = 0; (verb = verb_row(i)) != NULL; i++) {
		const char *found = strstr(help, verb->help);
		ck_assert_msg(found != NULL, "%s", verb->name);
	}
	for (char *line = strtok(help, "\n"); line != NULL; line = strtok(NULL, "\n"))
		ck_assert_msg(strlen(line) <= 80, "%s", line);
	free(help);
}
END_TEST

START_TEST(help_and_version_need_no_verb)
{
	struct arguments arguments;
	char *told;

	ck_assert_int_eq(read_line("fosterctl --help", &arguments, &told), 0);
	ck_assert_int_eq(arguments.wish, ARGUMENTS_HELP);
	free(told);
	ck_assert_int_eq(read_line("fosterctl status --version", &arguments, &told), 0);
	ck_assert_int_eq(arguments.wish, ARGUMENTS_VERSION);
	free(told);
}
END_TEST

static const char *const explanation[] = {
	"name: shop  # f:1\n", "drain:\n", "  delay: 0s  # default\n", "workers:\n",
	"  web:  # f:3\n",     "    nice: 0  # default\n", "    # user: none\n",
	"  \"9\":  # f:7\n",   "    nice: 1  # f:8\n", "  web-2:  # f:9\n", "    nice: 2  # f:9\n",
};

/* The numbers of the lines that were let through. */
static const char *excerpt(char **wanted, int count, struct excerpt *excerpt, struct arena *arena)
{
	static char lines[64];

	lines[0] = '\0';
	ck_assert_int_eq(excerpt_init(excerpt, wanted, count, arena), 0);
	for (unsigned i = 0; i < sizeof explanation / sizeof explanation[0]; i++)
		if (excerpt_line(excerpt, explanation[i]))
			sprintf(lines + strlen(lines), "%u ", i);
	return lines;
}

START_TEST(an_excerpt_is_of_those_workers)
{
	static char web[] = "web", instance[] = "web-2.1", nine[] = "9", wbe[] = "wbe-2", drain[] = "delay";
	struct arena arena = {0};
	struct excerpt e;

	ck_assert_str_eq(excerpt((char *[]){web}, 1, &e, &arena), "4 5 6 ");
	ck_assert_str_eq(excerpt((char *[]){instance, nine}, 2, &e, &arena), "7 8 9 10 ");
	ck_assert(e.found[0] && e.found[1]);
	ck_assert_str_eq(excerpt((char *[]){wbe, web, drain}, 3, &e, &arena), "4 5 6 ");
	ck_assert(!e.found[0] && e.found[1] && !e.found[2]);
	ck_assert_str_eq(excerpt_nearest(&e, wbe), "web-2");
	ck_assert_ptr_null(excerpt_nearest(&e, "xyzzy"));
	arena_fini(&arena);
}
END_TEST

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))

int main(void)
{
	TCase *tests = tcase_create("arguments");

	tcase_add_loop_test(tests, options_stand_anywhere, 0, LENGTH(good));
	tcase_add_loop_test(tests, mistakes_are_told, 0, LENGTH(bad));
	tcase_add_test(tests, help_names_every_verb);
	tcase_add_test(tests, help_and_version_need_no_verb);
	tcase_add_test(tests, an_excerpt_is_of_those_workers);
	return suite_run("fosterctl/arguments", tests);
}
