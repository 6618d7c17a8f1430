/* explain - what is printed loads again and means the same; the schema in conf/ is the table's; conf/ is good. */
#include "conf/explain.h"

#include <dirent.h>

#include "unit/conf_kit.h"

static char home[4096]; /* where the tests were started: the source tree */

/* What conf_explain prints for the file; the caller's to free. */
static char *explained(const char *name, const struct conf_context *context)
{
	struct conf_report *report = conf_report_new();
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(out);
	int result = conf_explain(name, context, report, out);
	ck_assert_int_eq(fclose(out), 0);
	char *printed = kit_printed(report);
	ck_assert_msg(result == 0, "%s", printed);
	free(printed);
	conf_report_free(&report);
	return text;
}

static void round_trip(const char *name, const struct conf_context *context, size_t warnings)
{
	char *text = explained(name, context);
	struct spec *first = kit_good(name, context, warnings);

	kit_file("again.yaml", text);
	struct spec *second = kit_good("again.yaml", context, warnings);
	ck_assert_msg(kit_specs_equal(first, second), "%s", text);
	spec_free(&first);
	spec_free(&second);
	free(text);
}

static const char everything[] =
	"name: \"sh\\top \\\"x\\\\\\x01\"\n"
	"listen: [0.0.0.0:80, 'unix:%t/s', fd:a, '[::]:9']\n"
	"expose: summary\n"
	"drain: {delay: 1s, timeout: 1m30s, reserve: 7s}\n"
	"include: more.yaml\n"
	"prober: {user: worker, max_exec: 3}\n"
	"checks:\n"
	"  db: {postgres: 'host=/run/p dbname=d', critical: no, degraded_above: 20ms, period: 5s}\n"
	"  cache: {redis: 'redis://u@h:1/2', user: me, initial_delay: 1s}\n"
	"  web: {http: 'unix:%t/s:/x', headers: {Host: 'a b', X: ''}, status: [200, 300-302], body: 'a \"b\"'}\n"
	"  run: {exec: 'a | b', user: me}\n"
	"defaults:\n"
	"  environment: {A: 1, B: \"two\\nlines\", C: ''}\n"
	"  limits: {core: 0, nofile: {soft: 10, hard: unlimited}}\n"
	"  ready: {when: fd, fd: 5}\n"
	"  liveness: {http: 'http://x:%{80+i}/', status: 204, verify: on, period: 3s}\n"
	"  umask: 27\n"
	"workers:\n"
	"  all:\n"
	"    command: [/bin/x, '%n', '', '- ', '%{8080+i}', é, 'a: b', '#', '{', yes, ~]\n"
	"    replicas: 3\n"
	"    min_ready: 0\n"
	"    user: worker\n"
	"    group: staff\n"
	"    supplementary_groups: [adm]\n"
	"    working_directory: /srv/%i\n"
	"    environment: {B: own, D: '%i%%'}\n"
	"    environment_file: [-/nowhere]\n"
	"    pass_environment: [APP_*]\n"
	"    limits: {nofile: 20, cpu: 10s}\n"
	"    nice: -5\n"
	"    oom_score_adjust: -7\n"
	"    no_new_privileges: yes\n"
	"    capabilities: [CAP_KILL]\n"
	"    spawn: fork\n"
	"    restart: on-failure\n"
	"    restart_delay: 1s\n"
	"    restart_delay_max: 2s\n"
	"    restart_reset: 3s\n"
	"    restart_limit: {count: 4, within: 5s}\n"
	"    success_exit_codes: [0, 3]\n"
	"    on_failed: shutdown\n"
	"    critical: no\n"
	"    ready: {when: notify, timeout: 0}\n"
	"    watchdog: 6s\n"
	"    stop: {signal: RTMIN+1, timeout: 7s, to: group, command: 'a | b'}\n"
	"    log: {to: inherit}\n"
	"    depends_on: {prepare: completed, shell: started, fd: ready}\n"
	"    on_dependency_restart: restart\n"
	"    reload: {command: [kill, '%i', a b]}\n"
	"    startup: {exec: [x, '%i'], failure_threshold: 9, period: 500ms, termination_grace: 0s}\n"
	"    readiness: {tcp: '[::1]:%{80+i}', success_threshold: 2}\n"
	"    depends_on_checks: [run, db]\n"
	"  shell: {command: 'while :; do sleep 1; done', capabilities: [], ready: {when: started}}\n"
	"  fd: {command: exec x, replicas: 0, liveness: {tcp: 'unix:/s', timeout: 2s}, reload: {signal: USR1}}\n"
	"  prepare: {command: x, kind: job, replicas: 3, ready: {timeout: 3s}, depends_on: [shell]}\n"
	"  other: {command: x, kind: job, restart: never, min_ready: 1, depends_on: fd}\n"
	"lifespan:\n"
	"  - {name: one, start: {command: 'a | b', timeout: 3s}, environment: {A: '%n'}, user: worker}\n"
	"  - {name: two, stop: {command: [x, '%n', '%I'], timeout: 1ms}, limits: {core: 0}, nice: -1}\n"
	"  - {name: three, start: {command: a}, stop: {command: b}, working_directory: /%n, umask: 7, spawn: fork}\n"
	"tasks:\n"
	"  t: {command: 'a | b', every: 7d, jitter: 1s, overlap: queue, on_drain: cancel, run_at_start: yes, persistent: on}\n"
	"  u: {command: [x, '%n'], every: 100ms, timeout: 1s, critical: on, depends_on: {other: completed, shell: ready},\n"
	"      stop: {signal: INT, timeout: 0, to: group}, success_exit_codes: [0, 7], capabilities: [], group: adm}\n";

START_TEST(means_the_same)
{
	struct conf_context context = kit_root();

	kit_file("f.yaml", everything);
	kit_file("more.yaml", "workers: {more: {command: sleep 1}}\n");
	round_trip("f.yaml", &context, 0);
	kit_file("f.yaml", "workers: {}\n");
	round_trip("f.yaml", &context, 1);
}
END_TEST

START_TEST(says_where_from)
{
	static const char *const lines[] = {
		"name: box  # default\n", "  delay: 1s  # f.yaml:1\n", "  timeout: 30s  # default\n",
		"  w:  # f.yaml:3\n", "    nice: 3  # defaults, f.yaml:2\n", "    replicas: 2  # f.yaml:3\n",
		"    min_ready: 1  # default\n", "      A: 1  # defaults, f.yaml:2\n", "      B: 2  # f.yaml:3\n",
		"      nofile: 9  # defaults, f.yaml:2\n", "      to: main  # default\n",
		"    # user: fosterd's own\n", "  v:  # m?.yaml:1\n", "    command: \"one\\ntwo;\"  # m?.yaml:1\n",
	};
	struct conf_context context = kit_root();

	kit_file("m\n.yaml", "workers: {v: {command: \"one\\ntwo;\"}}");
	kit_file("f.yaml", "drain: {delay: 1s}\ndefaults: {nice: 3, environment: {A: 1, B: 1}, limits: {nofile: 9}}\n"
			   "workers: {w: {command: [x], replicas: 2, environment: {B: 2}}}\ninclude: [m*.yaml]\n");
	char *text = explained("f.yaml", &context);
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		ck_assert_msg(strstr(text, lines[i]) != NULL, "%s is not in:\n%s", lines[i], text);
	free(text);
}
END_TEST

START_TEST(prints_nothing_of_what_is_wrong)
{
	struct conf_context context = kit_root();
	struct conf_report *report = conf_report_new();
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	kit_file("f.yaml", "nam: x\n");
	ck_assert_int_eq(conf_explain("f.yaml", &context, report, out), -1);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_uint_eq(len, 0);
	ck_assert_uint_eq(conf_report_errors(report), 1);
	free(text);
	conf_report_free(&report);
}
END_TEST

START_TEST(the_schema_is_the_tables)
{
	char path[5000], *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	snprintf(path, sizeof path, "%s/conf/fosterd.schema.json", home);
	conf_schema(out);
	ck_assert_int_eq(fclose(out), 0);
	FILE *file = fopen(path, "r");
	ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
	char *kept = calloc(1, len + 2);
	ck_assert_msg(fread(kept, 1, len + 1, file) == len && strcmp(kept, text) == 0,
		      "conf/fosterd.schema.json is old: run `make schema`");
	ck_assert_int_eq(fclose(file), 0);
	free(kept);
	free(text);
}
END_TEST

/* All files in that directory of the source tree are good. */
static void are_good(const char *name)
{
	struct conf_context root = kit_root(), ordinary = kit_ordinary();
	char path[5000];
	unsigned n = 0;

	snprintf(path, sizeof path, "%s/%s", home, name);
	DIR *dir = opendir(path);
	ck_assert_msg(dir != NULL, "%s: %s", path, strerror(errno));
	for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		size_t len = strlen(entry->d_name);
		if (len < 5 || strcmp(entry->d_name + len - 5, ".yaml") != 0)
			continue;
		snprintf(path, sizeof path, "%s/%s/%s", home, name, entry->d_name);
		round_trip(path, &root, 0);
		round_trip(path, &ordinary, 0);
		n++;
	}
	closedir(dir);
	ck_assert_uint_gt(n, 0);
}

START_TEST(what_is_shipped_is_good)
{
	are_good("conf");
	are_good("conf/examples");
}
END_TEST

/* A file of the source tree; the caller's to free. */
static char *shipped(const char *name)
{
	char path[5000], *text = calloc(1, 65536);

	snprintf(path, sizeof path, "%s/%s", home, name);
	FILE *file = fopen(path, "r");
	ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
	ck_assert_uint_lt(fread(text, 1, 65535, file), 65535);
	ck_assert_int_eq(fclose(file), 0);
	return text;
}

/* "# key:", "#   key:" and "#   - key:" after any blanks: a key that is there for the asking. Its place in the line, or NULL. */
static char *commented_key(char *line)
{
	char *mark = line + strspn(line, " ");

	if (mark[0] != '#' || mark[1] != ' ')
		return NULL;
	const char *key = mark + 1 + strspn(mark + 1, " ");
	key += strncmp(key, "- ", 2) == 0 ? 2 : 0;
	size_t len = strspn(key, "abcdefghijklmnopqrstuvwxyz_");
	return len > 0 && key[len] == ':' && strchr(" \n", key[len + 1]) != NULL ? mark : NULL;
}

/* Every commented key wanted; `listen` is there as a key as well, which then goes. */
static unsigned uncomment(char *text, FILE *out)
{
	unsigned count = 0;

	for (char *line = text, *next; *line != '\0'; line = next) {
		size_t len = strcspn(line, "\n") + 1;
		char *mark = commented_key(line);
		next = line + len;
		if (mark != NULL) {
			fprintf(out, "%.*s%.*s", (int)(mark - line), line, (int)(next - mark - 2), mark + 2);
			count++;
		} else if (strncmp(line, "listen:", 7) != 0)
			fprintf(out, "%.*s", (int)len, line);
	}
	return count;
}

static int find_anyone(const char *name, struct arena *arena, struct conf_user *out, struct err *err)
{
	(void)name;
	return kit_find_user("worker", arena, out, err);
}

START_TEST(what_is_commented_is_good_too)
{
	struct conf_context context = kit_root();
	char *text = shipped("conf/fosterd.yaml");
	FILE *out = fopen("f.yaml", "w");

	context.find_user = find_anyone;
	ck_assert_ptr_nonnull(out);
	ck_assert_uint_gt(uncomment(text, out), 20);
	ck_assert_int_eq(fclose(out), 0);
	struct spec *spec = kit_good("f.yaml", &context, 0);
	ck_assert_uint_eq(spec->n_workers, 4);
	ck_assert(spec->n_steps == 1 && spec->n_tasks == 1 && spec->n_levels == 2);
	ck_assert_uint_gt(spec->n_listen, 1);
	spec_free(&spec);
	free(text);
}
END_TEST

START_TEST(the_readmes_example_is_good)
{
	static const char before[] = "$ cat shop.yaml\n";
	struct conf_context context = kit_root();
	char *text = shipped("README.md"), *begin = strstr(text, before);

	ck_assert_ptr_nonnull(begin);
	begin += strlen(before);
	char *end = strstr(begin, "\n$ ");
	ck_assert_ptr_nonnull(end);
	kit_bytes("shop.yaml", begin, (size_t)(end - begin));
	struct spec *spec = kit_good("shop.yaml", &context, 0);
	ck_assert_str_eq(spec->name, "shop");
	spec_free(&spec);
	free(text);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("explain");

	if (getcwd(home, sizeof home) == NULL)
		return EXIT_FAILURE;
	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_test(tests, means_the_same);
	tcase_add_test(tests, says_where_from);
	tcase_add_test(tests, prints_nothing_of_what_is_wrong);
	tcase_add_test(tests, the_schema_is_the_tables);
	tcase_add_test(tests, what_is_shipped_is_good);
	tcase_add_test(tests, what_is_commented_is_good_too);
	tcase_add_test(tests, the_readmes_example_is_good);
	return suite_run("conf/explain", tests);
}
