/* include - files that cannot be read or understood, and files that are merged. */
#include "conf/include.h"

#include <time.h>

#include "unit/conf_kit.h"

#define WORKER "workers: {w: {command: [x]}}\n"

/* Of processor time, which neighbours do not stretch; what valgrind and sanitizers do to it is
 * taken out. */
static double seconds(void)
{
	const char *slower = getenv("CK_TIMEOUT_MULTIPLIER");
	struct timespec ts;

	ck_assert_int_eq(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts), 0);
	return ((double)ts.tv_sec + (double)ts.tv_nsec / 1e9) / (slower == NULL ? 1 : atof(slower));
}

static void bad_file(const char *name, const char *line)
{
	struct conf_context context = kit_root();

	kit_bad(name, &context, (const char *const[]){line, NULL});
}

START_TEST(what_is_no_readable_file)
{
	bad_file("absent.yaml", "absent.yaml:1:1: error: cannot open the file: No such file or directory");
	bad_file("/tmp", "/tmp:1:1: error: it is a directory, not a regular file");
	bad_file("/dev/null", "/dev/null:1:1: error: it is a device or a socket, not a regular file");
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	bad_file("fifo", "fifo:1:1: error: it is a FIFO, not a regular file");
}
END_TEST

START_TEST(no_permission)
{
	kit_file("secret.yaml", WORKER);
	ck_assert_int_eq(chmod("secret.yaml", 0), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	bad_file("secret.yaml", "secret.yaml:1:1: error: cannot open the file: Permission denied");
	ck_assert_int_eq(seteuid(getuid()), 0);
}
END_TEST

START_TEST(ten_megabytes)
{
	size_t len = 10 * 1024 * 1024;
	char *text = malloc(len);

	ck_assert_ptr_nonnull(text);
	memset(text, '#', len);
	kit_bytes("big.yaml", text, len);
	bad_file("big.yaml", "big.yaml:1:1: error: the file is larger than 1 MiB");
	kit_bytes("big.yaml", text, SOURCE_BYTES_MAX + 1);
	bad_file("big.yaml", "big.yaml:1:1: error: the file is larger than 1 MiB");
	text[0] = '\n';
	memcpy(text, WORKER, strlen(WORKER));
	text[strlen(WORKER)] = '#';
	kit_bytes("big.yaml", text, SOURCE_BYTES_MAX);
	free(text);
	struct conf_context context = kit_root();
	spec_free(&(struct spec *){kit_good("big.yaml", &context, 0)});
}
END_TEST

#define SHALLOW "the lines behind a | or > have to stand further in than what they belong to"

static const struct {
	const char *text, *line;
} broken[] = {
	{"workers: {web: {command: [a", "f.yaml:1:28: error: flow sequence without a closing bracket"},
	{"a: b: c\n", "f.yaml:1:5: error: invalid nested block mapping on the same line: put a value with a colon "
	 "into quotes"},
	{"workers:\n\tweb: 1\n", "f.yaml:2:1: error: tab character may not be used as indentation"},
	{"name: x\n\tlisten: [a]\n" WORKER, "f.yaml:1:7: error: invalid multiline plain key; line 2 begins with a "
					    "tab: YAML wants blanks"},
	{"name: \"open\n" WORKER, "f.yaml:1:7: error: wrongly indented double-quoted scalar: is its last quote missing?"},
	{"%YAML 9.9\n---\n" WORKER, "f.yaml:1:1: error: this is not YAML that can be read"},
	{"workers:\n  w:\n    command: |\n    a\n      \n      \n      b\n    nice: 1\n", "f.yaml:3:5: error: " SHALLOW},
	{"workers:\n  w:\n    command: >-\n\n    a\n", "f.yaml:3:5: error: " SHALLOW},
	{"workers:\n  w:\n    command:\n    - x\n    - |\n    a\n", "f.yaml:6:5: error: " SHALLOW},
	{"  |\n  a\n   \n   \n   b", "f.yaml:2:3: error: a configuration file is a map: `workers:` and so on"},
	{"- a\n", "f.yaml:1:1: error: a configuration file is a map: `workers:` and so on"},
	{"word", "f.yaml:1:1: error: a configuration file is a map: `workers:` and so on"},
	{"name: a\n---\nname: b\n", "f.yaml:2:1: error: a second document: a file holds one"},
	{"name: a\nname: b\n" WORKER, "f.yaml:2:1: error: `name` stands here twice: it is also at f.yaml:1:1"},
	{"name: caf\xe9\n" WORKER, "f.yaml:1:10: error: the byte 0xe9 here is not UTF-8 text"},
	{"name: \xc3\xa9\xe2\x82\n" WORKER, "f.yaml:1:8: error: the byte 0xe2 here is not UTF-8 text"},
	{"name: \xed\xa0\x80\n" WORKER, "f.yaml:1:7: error: the byte 0xed here is not UTF-8 text"},
	{"name: \xf0\x9f\x98\x80\x01\n", "f.yaml:1:8: error: the byte 0x01 here is not UTF-8 text"},
	{"name: \"a\\0b\"\n" WORKER, "f.yaml:1:7: error: a NUL byte in a text"},
	{"name: !!str a\n" WORKER, "f.yaml:1:13: error: tags like tag:yaml.org,2002:str are not read: each option has its type"},
	{"? [a]\n: b\n" WORKER, "f.yaml:1:3: error: a key must be a plain word"},
	{"name: *a\n" WORKER, "f.yaml:1:7: error: no anchor &a stands before this alias: a text that begins "
				   "with * wants quotes"},
	{"workers: &w {a: *w}\n", "f.yaml:1:17: error: an alias inside of what it stands for"},
	{"name: [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]\n", "f.yaml:1:22: error: lists and maps inside each other more than 16 deep"},
	{"include: absent.yaml\n" WORKER, "f.yaml:1:10: error: absent.yaml: cannot open the file: No such file or directory"},
	{"include: [f.yaml]\n" WORKER, "f.yaml:1:11: error: a circle of includes: f.yaml -> f.yaml"},
};

START_TEST(what_cannot_be_understood)
{
	kit_file("f.yaml", broken[_i].text);
	bad_file("f.yaml", broken[_i].line);
}
END_TEST

START_TEST(merge_keys)
{
	struct conf_context context = kit_root();

	kit_bad_text("workers: {w: {command: &x [x], <<: *x}}\n", &context, "merge keys (<<)");
}
END_TEST

START_TEST(alias_bomb)
{
	char text[8192];
	size_t len = 0;

	for (int i = 0; i < 12; i++) {
		len += (size_t)snprintf(text + len, sizeof text - len, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			len += i == 0 ? (size_t)snprintf(text + len, sizeof text - len, "x,")
				      : (size_t)snprintf(text + len, sizeof text - len, "*a%d,", i - 1);
		len += (size_t)snprintf(text + len, sizeof text - len, "]\n");
	}
	kit_file("f.yaml", text);
	double before = seconds();
	bad_file("f.yaml", "f.yaml:5:38: error: aliases expand to more than 100000 values");
	ck_assert(seconds() - before < 0.1);
}
END_TEST

START_TEST(aliases_are_expanded)
{
	struct spec *spec = kit_good_text("workers:\n  a: &a {&n command: &c [x, y], nice: 1}\n  b: *a\n"
					  "  c: {*n : *c}\n  d: {command: &c [z]}\n  e: {command: *c}\n");

	ck_assert_uint_eq(spec->n_workers, 5);
	ck_assert_int_eq(spec->workers[1].nice, 1);
	ck_assert_uint_eq(spec->workers[2].command.argc, 2);
	ck_assert_str_eq(spec->workers[4].command.argv[0], "z");
	spec_free(&spec);
}
END_TEST

static void empty_is_a_warning(const char *text)
{
	struct conf_context context = kit_root();

	kit_file("f.yaml", text);
	struct spec *spec = kit_good("f.yaml", &context, 1);
	ck_assert_uint_eq(spec->n_workers, 0);
	spec_free(&spec);
}

START_TEST(nothing_to_do)
{
	empty_is_a_warning("");
	empty_is_a_warning("# nothing\n");
	empty_is_a_warning("---\n");
	empty_is_a_warning("workers:\n");
	empty_is_a_warning("workers: {}\ndefaults:\ndrain:\n");
}
END_TEST

START_TEST(ten_thousand_keys_are_quick)
{
	FILE *file = fopen("f.yaml", "w");

	ck_assert_ptr_nonnull(file);
	fputs("workers:\n", file);
	for (int i = 0; i < 10000; i++)
		fprintf(file, "  w%d: {command: [x]}\n", i);
	ck_assert_int_eq(fclose(file), 0);
	struct conf_context context = kit_root();
	double before = seconds();
	struct spec *spec = kit_good("f.yaml", &context, 0);
	ck_assert_uint_eq(spec->n_instances, 10000);
	ck_assert_uint_eq(spec->workers[9999].first_instance, 9999);
	spec_free(&spec);
	ck_assert(seconds() - before < 5);
}
END_TEST

START_TEST(maps_are_merged)
{
	struct conf_context context = kit_root();

	ck_assert_int_eq(mkdir("d", 0755), 0);
	kit_file("f.yaml", "include: [d/*.yaml, none/*.yaml, '*.nothing']\ndrain: {delay: 1s}\nworkers:\n");
	kit_file("d/20.yaml", "workers: {b: {command: [b]}}\ndefaults: {nice: 3, environment: {A: 1}}\n");
	kit_file("d/10.yaml", "include: sub/c.yaml\ndrain: {timeout: 19s}\nworkers: {a: {command: [a]}}\n");
	ck_assert_int_eq(mkdir("d/sub", 0755), 0);
	kit_file("d/sub/c.yaml", "workers: {c: {command: [c]}}\ndefaults: {environment: {B: 2}, umask: 7}\n");
	struct spec *spec = kit_good("f.yaml", &context, 0);
	ck_assert_uint_eq(spec->n_workers, 3);
	ck_assert_str_eq(spec->workers[0].name, "a");
	ck_assert_str_eq(spec->workers[1].name, "c");
	ck_assert_str_eq(spec->workers[2].name, "b");
	ck_assert_int_eq(spec->drain_delay, NS_S);
	ck_assert_int_eq(spec->drain_timeout, 19 * NS_S);
	ck_assert_int_eq(spec->workers[0].nice, 3);
	ck_assert_uint_eq(spec->workers[0].umask, 7);
	spec_free(&spec);
}
END_TEST

START_TEST(a_path_from_elsewhere)
{
	struct conf_context context = kit_root();
	char path[128], text[256];

	kit_file("in.yaml", WORKER);
	snprintf(text, sizeof text, "include: %s/in.yaml\n", kit_dir);
	kit_file("f.yaml", text);
	snprintf(path, sizeof path, "%s/f.yaml", kit_dir);
	ck_assert_int_eq(chdir("/"), 0);
	struct spec *spec = kit_good(path, &context, 0);
	ck_assert_uint_eq(spec->n_workers, 1);
	ck_assert_str_eq(spec->file, path);
	spec_free(&spec);
}
END_TEST

START_TEST(the_same_twice)
{
	struct conf_context context = kit_root();

	kit_file("f.yaml", "include: [a.yaml, b.yaml, a.yaml]\ndrain: {delay: 1s}\n" WORKER);
	kit_file("a.yaml", "drain: {delay: 2s}\nworkers: {w: {command: [y]}}\n");
	kit_file("b.yaml", "drain: 3\nlisten: []\n");
	kit_bad("f.yaml", &context, (const char *const[]){
		"f.yaml:1:27: error: a.yaml is included twice: it is also at f.yaml:1:11",
		"a.yaml:1:9: error: `delay` is set twice: it is also at f.yaml:2:9",
		"a.yaml:2:11: error: the worker `w` is described twice: it is also at f.yaml:3:11",
		"b.yaml:1:1: error: `drain` is set twice: it is also at f.yaml:2:1",
		NULL});
}
END_TEST

START_TEST(circle)
{
	struct conf_context context = kit_root();

	kit_file("f.yaml", "include: a.yaml\n" WORKER);
	kit_file("a.yaml", "include: b.yaml\n");
	kit_file("b.yaml", "include: ./f.yaml\n");
	kit_bad("f.yaml", &context, (const char *const[]){
		"b.yaml:1:10: error: a circle of includes: f.yaml -> a.yaml -> b.yaml -> f.yaml", NULL});
}
END_TEST

START_TEST(trouble_in_includes)
{
	struct conf_context context = kit_root();

	kit_file("f.yaml", "include: [a.yaml, b.yaml, [x], '']\nnam: x\n" WORKER);
	kit_file("a.yaml", "defaults: {nicer: 3}\n");
	kit_file("b.yaml", "a: [\n");
	kit_bad("f.yaml", &context, (const char *const[]){
		"f.yaml:1:27: error: `include` wants one value, not a list",
		"f.yaml:1:32: error: `include` names no file",
		"f.yaml:2:1: error: unknown key `nam`",
		"a.yaml:1:12: error: unknown key `nicer`",
		"b.yaml:2:1: error: flow sequence without a closing bracket", NULL});
}
END_TEST

START_TEST(a_directory_that_cannot_be_read)
{
	kit_file("f.yaml", "include: d/*.yaml\n" WORKER);
	ck_assert_int_eq(mkdir("d", 0), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	bad_file("f.yaml", "f.yaml:1:10: error: cannot read the directory of d/*.yaml");
	ck_assert_int_eq(seteuid(getuid()), 0);
}
END_TEST

START_TEST(too_many_files)
{
	ck_assert_int_eq(mkdir("d", 0755), 0);
	for (int i = 0; i < INCLUDE_FILES_MAX; i++) {
		char name[32];
		snprintf(name, sizeof name, "d/%04d.yaml", i);
		kit_file(name, "");
	}
	kit_file("f.yaml", "include: d/*.yaml\n" WORKER);
	bad_file("f.yaml", "f.yaml:1:10: error: more than 1000 files");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("include");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_test(tests, what_is_no_readable_file);
	tcase_add_test(tests, no_permission);
	tcase_add_test(tests, ten_megabytes);
	tcase_add_loop_test(tests, what_cannot_be_understood, 0, sizeof broken / sizeof broken[0]);
	tcase_add_test(tests, merge_keys);
	tcase_add_test(tests, alias_bomb);
	tcase_add_test(tests, aliases_are_expanded);
	tcase_add_test(tests, nothing_to_do);
	tcase_add_test(tests, ten_thousand_keys_are_quick);
	tcase_add_test(tests, maps_are_merged);
	tcase_add_test(tests, a_path_from_elsewhere);
	tcase_add_test(tests, the_same_twice);
	tcase_add_test(tests, circle);
	tcase_add_test(tests, trouble_in_includes);
	tcase_add_test(tests, a_directory_that_cannot_be_read);
	tcase_add_test(tests, too_many_files);
	return suite_run("conf/include", tests);
}
