/* launch - the exact texts that a process is started with. */
#include "engine/launch.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/text.h"
#include "unit/engine_kit.h"
#include "unit/suite.h"

/* A sanitizer has its own malloc. */
#if defined(__SANITIZE_ADDRESS__)
#define CAN_REFUSE_MEMORY 0
#elif defined(__has_feature)
#define CAN_REFUSE_MEMORY !__has_feature(address_sanitizer)
#else
#define CAN_REFUSE_MEMORY 1
#endif

static struct arena arena;
static struct heritage heritage;
static struct launch made;
static struct launch_request request;

static void begin(void)
{
	kit_begin(3);
	arena = (struct arena){0};
	request = (struct launch_request){.spec = &kit_spec,
					  .worker = &kit_workers[KIT_WEB],
					  .ordinal = 2,
					  .command = &kit_workers[KIT_WEB].command,
					  .heritage = &heritage,
					  .null_fd = 77};
}

static void finish(void)
{
	arena_fini(&arena);
}

static void make(void)
{
	struct err err = {0};

	ck_assert_msg(launch_make(&request, &arena, &made, &err) == 0, "%s", err.text);
}

static void expect_failure(int num)
{
	struct err err = {0};

	ck_assert_int_eq(launch_make(&request, &arena, &made, &err), -1);
	ck_assert_int_eq(err.num, num);
	ck_assert_str_ne(err.text, "");
}

static void set_command(const char **argv, unsigned argc, bool specifiers)
{
	kit_workers[KIT_WEB].command = (struct command){.argv = argv, .argc = argc, .specifiers = specifiers};
}

static void set_environment(const struct env_entry *entries, size_t count)
{
	kit_workers[KIT_WEB].environment = entries;
	kit_workers[KIT_WEB].n_environment = count;
}

/* The lines of the environment, joined. */
static const char *environment(void)
{
	static char all[4096];
	struct text text;

	text_init(&text, all, sizeof all);
	for (const char *const *line = made.envp; *line != NULL; line++)
		text_add(&text, "%s%s", line == made.envp ? "" : " ", *line);
	return all;
}

START_TEST(the_plain_is_borrowed)
{
	make();
	ck_assert_ptr_eq(made.argv, kit_argv);
	ck_assert_str_eq(environment(), "");
	ck_assert_ptr_null(made.search_path);
	ck_assert_ptr_null(made.directory);
	ck_assert_ptr_eq(made.identity, &kit_workers[KIT_WEB].identity);
	ck_assert_ptr_eq(made.heritage, &heritage);
	ck_assert_int_eq(made.null_fd, 77);
	ck_assert_int_eq(made.stdout_fd, -1);
	ck_assert_int_eq(made.stderr_fd, -1);
	ck_assert_uint_eq(made.n_passes, 0);
	ck_assert(!made.fork && !made.has_umask && !made.has_nice && !made.has_oom_score_adj);
}
END_TEST

START_TEST(all_keys_are_handed_on)
{
	struct worker_spec *web = &kit_workers[KIT_WEB];

	web->limits[0] = (struct rlimit_spec){RLIMIT_CORE, 1, 2};
	web->n_limits = 1;
	web->has_umask = web->has_nice = web->has_oom_score_adj = true;
	web->umask = 027;
	web->nice = 5;
	web->oom_score_adj = -7;
	web->spawn = SPAWN_FORK;
	make();
	ck_assert_ptr_eq(made.limits, web->limits);
	ck_assert_uint_eq(made.n_limits, 1);
	ck_assert(made.has_umask && made.has_nice && made.has_oom_score_adj && made.fork);
	ck_assert_uint_eq(made.umask, 027);
	ck_assert_int_eq(made.nice, 5);
	ck_assert_int_eq(made.oom_score_adj, -7);
}
END_TEST

START_TEST(protection_from_lack_of_memory_is_not_handed_on)
{
	heritage.oom_shielded = true;
	make();
	ck_assert(made.has_oom_score_adj);
	ck_assert_int_eq(made.oom_score_adj, 0);
	kit_workers[KIT_WEB].has_oom_score_adj = true;
	kit_workers[KIT_WEB].oom_score_adj = -7;
	make();
	ck_assert_int_eq(made.oom_score_adj, -7);
}
END_TEST

START_TEST(places_are_filled_in)
{
	static const char *argv[] = {"/srv/%n/%I", "--port=%{8080+i}", "", "100%%", NULL};
	static const struct env_entry entries[] = {
		{"PORT=%{9000-i}", true}, {"PLAIN=100%%", false}, {"RUN=%t %S %L %H", true},
	};

	set_command(argv, 4, true);
	set_environment(entries, 3);
	kit_workers[KIT_WEB].working_directory = "/srv/%n/%i";
	make();
	ck_assert_str_eq(made.argv[0], "/srv/web/web.2");
	ck_assert_str_eq(made.argv[1], "--port=8082");
	ck_assert_str_eq(made.argv[2], "");
	ck_assert_str_eq(made.argv[3], "100%");
	ck_assert_ptr_null(made.argv[4]);
	ck_assert_str_eq(environment(),
			 "PORT=8998 PLAIN=100%% RUN=/run/kit /var/lib/kit /var/log/kit here");
	ck_assert_str_eq(made.directory, "/srv/web/2");
}
END_TEST

START_TEST(the_protocol_s_variables)
{
	static const struct env_entry entries[] = {{"A=1", false}};

	set_environment(entries, 1);
	request.notify_path = "/run/kit/notify/web.2";
	make();
	ck_assert_str_eq(environment(), "NOTIFY_SOCKET=/run/kit/notify/web.2 A=1");
	kit_workers[KIT_WEB].watchdog = 1500 * NS_MS;
	make();
	ck_assert_str_eq(environment(),
			 "NOTIFY_SOCKET=/run/kit/notify/web.2 WATCHDOG_USEC=1500000 A=1");
	request.notify_path = NULL;
	request.main_pid = 4711;
	make();
	ck_assert_str_eq(environment(), "MAINPID=4711 A=1");
}
END_TEST

START_TEST(another_command_has_the_same_surroundings)
{
	static const char *argv[] = {"/bin/stop", "%I", NULL};
	static const struct command stop = {.argv = argv, .argc = 2, .specifiers = true};

	request.command = &stop;
	kit_workers[KIT_WEB].working_directory = "/srv";
	make();
	ck_assert_str_eq(made.argv[1], "web.2");
	ck_assert_str_eq(made.directory, "/srv");
}
END_TEST

START_TEST(the_child_s_path_is_searched)
{
	static const struct env_entry entries[] = {
		{"XPATH=/no", false}, {"PATH=/opt/%n/bin:/bin", true}, {"PATHS=/no", false},
	};

	set_environment(entries, 3);
	make();
	ck_assert_str_eq(made.search_path, "/opt/web/bin:/bin");
	set_environment(entries, 1);
	make();
	ck_assert_ptr_null(made.search_path);
}
END_TEST

/* A text that grows far beyond its template, up to what the kernel takes. */
START_TEST(long_texts)
{
	static char template[60 * 1024], name[64];
	static const char *argv[] = {"/bin/true", template, NULL};

	memset(name, 'n', sizeof name - 1);
	kit_workers[KIT_WEB].name = name;
	set_command(argv, 2, true);
	for (size_t i = 0; i < 2000; i++)
		memcpy(template + 2 * i, "%n", 2);
	make();
	ck_assert_uint_eq(strlen(made.argv[1]), 2000 * 63);
	for (size_t i = 0; i < sizeof template / 2 - 1; i++)
		memcpy(template + 2 * i, "%n", 2);
	expect_failure(E2BIG);
}
END_TEST

START_TEST(what_does_not_work_out_is_told)
{
	static const char *argv[] = {"/bin/true", "%{1-i}", NULL};
	static const struct env_entry entries[] = {{"PORT=%{1-i}", true}};

	kit_workers[KIT_WEB].working_directory = "/srv/%{1-i}";
	expect_failure(0);
	kit_workers[KIT_WEB].working_directory = NULL;
	set_environment(entries, 1);
	expect_failure(0);
	set_command(argv, 2, true);
	expect_failure(0);
}
END_TEST

#if CAN_REFUSE_MEMORY
extern void *__libc_malloc(size_t size);

/* The arena's requests are counted down; from zero on they are refused. */
static long refuse_after = -1;
static bool is_asked; /* valgrind has its own malloc as well */

void *malloc(size_t size)
{
	enum { CHUNK = 4000 };

	is_asked = true;
	if (size >= CHUNK && refuse_after == 0)
		return NULL;
	if (size >= CHUNK && refuse_after > 0)
		refuse_after--;
	return __libc_malloc(size);
}

/* Whatever piece of it is refused: the failure is told, and the next attempt begins anew. */
START_TEST(memory_is_refused)
{
	static char wide[9000];
	static const char *argv[] = {wide, wide, NULL};
	static const struct env_entry entries[] = {{wide, true}, {"B=1", false}};
	int refusals = 0;

	memset(wide, 'x', sizeof wide - 1);
	set_command(argv, 2, true);
	set_environment(entries, 2);
	kit_workers[KIT_WEB].working_directory = wide;
	request.notify_path = wide;
	for (struct err err = {0};; refusals++) {
		refuse_after = refusals;
		int result = launch_make(&request, &arena, &made, &err);
		refuse_after = -1;
		arena_fini(&arena);
		if (result == 0)
			break;
		ck_assert_int_eq(err.num, ENOMEM);
	}
	ck_assert(refusals > 2 || !is_asked);
}
END_TEST
#endif

int main(void)
{
	TCase *tests = tcase_create("launch");

	tcase_add_checked_fixture(tests, begin, finish);
	tcase_add_test(tests, the_plain_is_borrowed);
	tcase_add_test(tests, all_keys_are_handed_on);
	tcase_add_test(tests, protection_from_lack_of_memory_is_not_handed_on);
	tcase_add_test(tests, places_are_filled_in);
	tcase_add_test(tests, the_protocol_s_variables);
	tcase_add_test(tests, another_command_has_the_same_surroundings);
	tcase_add_test(tests, the_child_s_path_is_searched);
	tcase_add_test(tests, long_texts);
	tcase_add_test(tests, what_does_not_work_out_is_told);
#if CAN_REFUSE_MEMORY
	tcase_add_test(tests, memory_is_refused);
#endif
	return suite_run("engine/launch", tests);
}
