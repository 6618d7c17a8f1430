/* draft - what a worker's options mean together, and what does not go together. */
#include "conf/draft.h"

#include <sys/resource.h>

#include "unit/conf_kit.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define W(body) "workers: {w: {" body "}}\n"
#define LONG_63 "a23456789012345678901234567890123456789012345678901234567890123"

static const struct {
	const char *text, *why;
} bad[] = {
	{W(""), "the worker `w` has no `command`"},
	{"workers: {w: }", "the worker `w` has no `command`"},
	{W("command: []"), "`command` is empty"},
	{W("command: ''"), "`command` is empty"},
	{W("command: ['']"), "empty program"},
	{W("command: [x, {}]"), "wants one value, not a map"},
	{W("command: [x], stop: {command: ['']}"), "empty program"},
	{W("command: [x], replicas: 2, min_ready: 3"), "more than the 2 replicas of the worker `w`"},
	{W("command: [x], restart_delay: 31s"), "more than `restart_delay_max`"},
	{W("command: [x], restart_delay_max: 1ms"), "more than `restart_delay_max`"},
	{W("command: [x], ready: {when: fd}"), "wants `ready.fd`"},
	{W("command: [x], ready: {fd: 3}"), "`ready.when: fd` alone"},
	{W("command: 'x | y', ready: {when: notify}"), "begin the command with `exec `"},
	{W("command: 'x | y', watchdog: 1s"), "with `watchdog` the main process would be the shell"},
	{W("command: [x], ready: notify"), "`ready` wants a map"},
	{W("command: [x], ready: {whne: fd}"), "unknown key `whne` in ready"},
	{W("command: [x], restart: no"), "did you mean \"never\"?"},
	{W("command: [x], restart: 'false'"), "did you mean \"never\"?"},
	{W("command: [x], restart: allways"), "did you mean \"always\"?"},
	{W("command: [x], stop: {signal: TREM}"), "did you mean \"TERM\"?"},
	{W("command: [x], capabilities: [CAP_CHOWM]"), "did you mean \"CAP_CHOWN\"?"},
	{W("command: [x], limits: {nofiles: 1}"), "did you mean \"nofile\"?"},
	{W("command: [x], limits: {nofile: {soft: 1}}"), "or {soft: X, hard: Y}"},
	{W("command: [x], limits: {nofile: {soft: 2, hard: 1}}"), "the soft limit is above the hard one"},
	{W("command: [x], limits: {nofile: {soft: x, hard: 1}}"), "not a number or a size"},
	{W("command: [x], limits: {nofile: 10s}"), "not a number or a size"},
	{W("command: [x], limits: {nofile: [1]}"), "wants one value, not a list"},
	{W("command: [x], control: {}"), "unknown key `control`"},
	{W("command: [x], user: nobdy"), "there is no user \"nobdy\""},
	{W("command: [x], group: nogroup"), "there is no group \"nogroup\""},
	{W("command: [x], supplementary_groups: [staff, nogroup]"), "there is no group \"nogroup\""},
	{W("command: [x, '%q']"), "unknown specifier %q"},
	{W("command: [x, '%{0-i}'], replicas: 2"), "less than 0"},
	{W("command: [x, '%{(i-1)*(i-3)}'], replicas: 5"), "for i = 2, less than 0"},
	{W("command: [x], stop: {command: [y, '%']}"), "lone %"},
	{W("command: [x], working_directory: '/srv/%x'"), "unknown specifier %x"},
	{W("command: [x], log: {to: journal}"), "the choice is inherit"},
	{"workers: {web.0: {command: [x]}}", "a worker's name has"},
	{"workers: {-w: {command: [x]}}", "a worker's name has"},
	{"workers: {'': {command: [x]}}", "a worker's name has"},
	{"workers: {" LONG_63 "4: {command: [x]}}", "a worker's name has"},
	{"workers: {w: [x]}", "`w` wants a map"},
	{"workers: [w]", "`workers` wants a map"},
	{"defaults: 3", "`defaults` wants a map"},
	{"defaults: {command: [x]}", "unknown key `command`"},
	{"drain: {timeout: 5s, delay: 5s}\n" W("command: [x]"), "leaves nothing for stopping the workers"},
	{"drain: {delay: 30s}\n" W("command: [x]"), "leaves nothing for stopping the workers"},
	{"worker: {}", "did you mean \"workers\"?"},
	{"workers: {a: {command: [x], replicas: 9999}, b: {command: [x], replicas: 2}, c: {command: [x]}}",
	 "with `b` there are more than 10000 instances"},
	{"listen: [localhost:80]", "say 127.0.0.1:80"},
	{"listen: [example.org:80]", "not a numeric address"},
	{"listen: ['fe80::x:80']", "not a numeric address"},
	{"listen: ['[::1:80']", "is none of ADDRESS:PORT"},
	{"listen: ['[127.0.0.1]:80']", "not a numeric address"},
	{"listen: [127.0.0.1]", "is none of ADDRESS:PORT"},
	{"listen: [':x']", "is none of ADDRESS:PORT"},
	{"listen: ['127.0.0.1:']", "is not a port"},
	{"listen: ['127.0.0.1:65536']", "is not a port"},
	{"listen: ['127.0.0.1:-1']", "is not a port"},
	{"listen: ['unix:sock']", "absolute path"},
	{"listen: ['unix:/%n']", "no meaning here"},
	{"listen: ['fd:']", "not the name of a passed socket"},
	{"listen: ['fd:a:b']", "not the name of a passed socket"},
	{"listen: [127.0.0.1:80, 127.0.0.1:80]", "names 127.0.0.1:80 twice"},
	{"listen: ['unix:/a', 'fd:x', 'unix:/a']", "names unix:/a twice"},
	{"listen: ['fd:a', 'fd:a']", "names fd:a twice"},
	{"listen: ['']", "is none of ADDRESS:PORT"},
	{"listen: [{}]", "wants one value"},
};

START_TEST(what_is_wrong)
{
	struct conf_context context = kit_root();

	kit_bad_text(bad[_i].text, &context, bad[_i].why);
}
END_TEST

static const struct {
	const char *text, *why;
} ordinary[] = {
	{W("command: [x], user: worker"), "`user` needs root"},
	{W("command: [x], group: staff"), "`group` needs root"},
	{W("command: [x], supplementary_groups: staff"), "`supplementary_groups` needs root"},
	{W("command: [x], capabilities: []"), "`capabilities` needs root"},
	{W("command: [x], nice: -1"), "`nice` below 0 needs root"},
	{W("command: [x], oom_score_adjust: 9"), "below fosterd's own 10 needs root"},
};

START_TEST(what_needs_root)
{
	struct conf_context root = kit_root(), context = kit_ordinary();

	kit_bad_text(ordinary[_i].text, &context, ordinary[_i].why);
	spec_free(&(struct spec *){kit_good("f.yaml", &root, 0)});
}
END_TEST

START_TEST(what_does_not)
{
	struct conf_context context = kit_ordinary();

	kit_file("f.yaml", W("command: [x], user: me, nice: 0, oom_score_adjust: 10"));
	struct spec *spec = kit_good("f.yaml", &context, 0);
	const struct identity *identity = &spec->workers[0].identity;
	ck_assert(!identity->has_user && !identity->has_groups);
	ck_assert_str_eq(identity->user_name, "me");
	ck_assert(spec->workers[0].has_nice && spec->workers[0].has_oom_score_adj);
	spec_free(&spec);
}
END_TEST

static void groups_are(const char *text, gid_t gid, const gid_t *groups, size_t n)
{
	struct spec *spec = kit_good_text(text);
	const struct identity *identity = &spec->workers[0].identity;

	ck_assert_uint_eq(identity->gid, gid);
	ck_assert_uint_eq(identity->n_groups, n);
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(identity->groups[i], groups[i]);
	spec_free(&spec);
}

START_TEST(identities)
{
	groups_are(W("command: [x], user: worker"), 100, (const gid_t[]){100, 101, 102}, 3);
	groups_are(W("command: [x], user: worker, group: staff"), 50, (const gid_t[]){50, 101, 102}, 3);
	groups_are(W("command: [x], user: worker, supplementary_groups: [adm, second]"), 100,
		   (const gid_t[]){100, 101, 102, 4}, 4);
	groups_are(W("command: [x], group: staff"), 50, NULL, 0);
	groups_are(W("command: [x], supplementary_groups: [adm, adm]"), 0, (const gid_t[]){4}, 1);
	struct spec *spec = kit_good_text(W("command: [x], user: worker, capabilities: [CAP_CHOWN, "
					    "CAP_BPF], no_new_privileges: on"));
	const struct identity *identity = &spec->workers[0].identity;
	ck_assert(identity->has_user && identity->has_capabilities && identity->no_new_privileges);
	ck_assert_uint_eq(identity->uid, 500);
	ck_assert_uint_eq(identity->capabilities, UINT64_C(1) | UINT64_C(1) << 39);
	spec_free(&spec);
}
END_TEST

START_TEST(a_user_is_looked_up_once)
{
	kit_lookups = 0;
	spec_free(&(struct spec *){kit_good_text(
		"workers: {a: {command: [x], user: worker}, b: {command: [x], user: worker}}")});
	ck_assert_uint_eq(kit_lookups, 1);
}
END_TEST

static const struct rlimit_spec *limit_of(const struct spec *spec, int resource)
{
	for (size_t i = 0; i < spec->workers[0].n_limits; i++) {
		if (spec->workers[0].limits[i].resource == resource)
			return &spec->workers[0].limits[i];
	}
	ck_abort_msg("no such limit");
	return NULL;
}

START_TEST(limits)
{
	struct spec *spec = kit_good_text(
		"defaults: {limits: {core: 0, nofile: 5}}\n"
		W("command: [x], limits: {nofile: {soft: 1K, hard: unlimited}, cpu: 1500ms, rttime: 5, "
		  "as: 2G, fsize: unlimited, rtprio: 1}"));

	ck_assert_uint_eq(spec->workers[0].n_limits, 7);
	ck_assert_uint_eq(limit_of(spec, RLIMIT_CORE)->soft, 0);
	ck_assert_uint_eq(limit_of(spec, RLIMIT_NOFILE)->soft, 1024);
	ck_assert_uint_eq(limit_of(spec, RLIMIT_NOFILE)->hard, RLIM_INFINITY);
	ck_assert_uint_eq(limit_of(spec, RLIMIT_CPU)->hard, 2);
	ck_assert_uint_eq(limit_of(spec, RLIMIT_RTTIME)->hard, 5);
	ck_assert_uint_eq(limit_of(spec, RLIMIT_AS)->soft, UINT64_C(2) << 30);
	ck_assert_uint_eq(limit_of(spec, RLIMIT_FSIZE)->soft, RLIM_INFINITY);
	spec_free(&spec);
}
END_TEST

START_TEST(limits_beyond_ones_own)
{
	struct conf_context context = kit_ordinary();

	kit_file("f.yaml", W("command: [x], limits: {nofile: 1001, core: {soft: 3, hard: 2000}, as: 1000}"));
	struct spec *spec = kit_good("f.yaml", &context, 2);
	ck_assert_uint_eq(limit_of(spec, RLIMIT_NOFILE)->soft, 1000);
	ck_assert_uint_eq(limit_of(spec, RLIMIT_NOFILE)->hard, 1000);
	ck_assert_uint_eq(limit_of(spec, RLIMIT_CORE)->soft, 3);
	ck_assert_uint_eq(limit_of(spec, RLIMIT_CORE)->hard, 1000);
	spec_free(&spec);
}
END_TEST

static const struct {
	const char *text;
	bool shell;
} commands[] = {
	{"/bin/sleep 10", false}, {"sleep  10\t20", false}, {"x a=b --c=d", false}, {"x %{1 + 2*(3)}", false},
	{"x %% %n", false}, {"x a~b c#d", false}, {"x {a} !b ^c", false}, {"x é", false}, {"executor x", false},
	{"a | b", true}, {"a & b", true}, {"a; b", true}, {"a > b", true}, {"a < b", true}, {"(a)", true},
	{"a $B", true}, {"a `b`", true}, {"a \\b", true}, {"a \"b\"", true}, {"a 'b'", true}, {"a *", true},
	{"a ?", true}, {"a [b]", true}, {"~/a", true}, {"a ~b", true}, {"a #b", true}, {"A=b c", true},
	{"a\nb", true}, {"exec a b", true}, {"a %{1} | b", true},
};

START_TEST(shell_or_not)
{
	char text[256] = "workers:\n  w:\n    command: |-\n      ";

	for (const char *c = commands[_i].text; *c != '\0'; c++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%c%s", *c,
			 *c == '\n' ? "      " : "");
	struct spec *spec = kit_good_text(text);
	ck_assert_msg(spec->workers[0].command.shell == commands[_i].shell, "%s", commands[_i].text);
	spec_free(&spec);
}
END_TEST

static void argv_is(const char *text, const char *const *argv)
{
	struct spec *spec = kit_good_text(text);
	const struct command *command = &spec->workers[0].command;
	unsigned n = 0;

	for (; argv[n] != NULL; n++) {
		ck_assert_uint_lt(n, command->argc);
		ck_assert_str_eq(command->argv[n], argv[n]);
	}
	ck_assert_uint_eq(command->argc, n);
	ck_assert_ptr_null(command->argv[n]);
	spec_free(&spec);
}

START_TEST(argument_vectors)
{
	argv_is(W("command: '  sleep  10 %{1 + i} '"), (const char *const[]){"sleep", "10", "%{1 + i}", NULL});
	argv_is(W("command: [sleep, 1.10, no, '']"), (const char *const[]){"sleep", "1.10", "no", "", NULL});
	argv_is(W("command: 'a | b'"), (const char *const[]){"/bin/sh", "-c", "a | b", NULL});
	argv_is("workers:\n  w:\n    command: |\n      a b\n", (const char *const[]){"a", "b", NULL});
	argv_is("workers:\n  w:\n    command: |\n      a\n      b\n",
		(const char *const[]){"/bin/sh", "-c", "a\nb", NULL});
}
END_TEST

START_TEST(who_gets_the_stop_signal)
{
	struct spec *spec = kit_good_text(
		"defaults: {stop: {timeout: 3s}}\nworkers:\n  a: {command: x y}\n  b: {command: x | y}\n"
		"  c: {command: x | y, stop: {to: main}}\n  d: {command: [x], stop: {to: group, signal: 9}}\n");

	ck_assert_int_eq(spec->workers[0].stop_to, STOP_TO_MAIN);
	ck_assert_int_eq(spec->workers[1].stop_to, STOP_TO_GROUP);
	ck_assert_int_eq(spec->workers[2].stop_to, STOP_TO_MAIN);
	ck_assert_int_eq(spec->workers[3].stop_to, STOP_TO_GROUP);
	ck_assert_int_eq(spec->workers[3].stop_signal, 9);
	ck_assert_int_eq(spec->workers[3].stop_timeout, 3 * NS_S);
	spec_free(&spec);
}
END_TEST

START_TEST(shells_that_are_gone)
{
	struct spec *spec = kit_good_text(
		W("command: exec x > /dev/null, ready: {when: notify}, watchdog: 5s, umask: 27"));

	ck_assert_int_eq(spec->workers[0].ready_when, READY_NOTIFY);
	ck_assert_int_eq(spec->workers[0].watchdog, 5 * NS_S);
	ck_assert(spec->workers[0].has_umask);
	ck_assert_uint_eq(spec->workers[0].umask, 027);
	spec_free(&spec);
}
END_TEST

START_TEST(a_descriptor_in_defaults)
{
	struct spec *spec = kit_good_text("defaults: {ready: {when: fd, fd: 3}}\nworkers:\n  a: {command: [x]}\n"
					  "  b: {command: [x], ready: {when: started}}\n");

	ck_assert_int_eq(spec->workers[0].ready_when, READY_FD);
	ck_assert_int_eq(spec->workers[0].ready_fd, 3);
	ck_assert_int_eq(spec->workers[1].ready_when, READY_STARTED);
	ck_assert_int_eq(spec->workers[1].ready_fd, 0);
	spec_free(&spec);
}
END_TEST

#define C "control: {path: /c}\n" /* elsewhere: in this directory it is too long as well */

START_TEST(long_socket_paths)
{
	struct conf_context context = kit_root();
	char dir[128], text[256];

	/* DIR/notify/w is 107 bytes long, and w.9 two more. */
	memset(dir, 'd', sizeof dir);
	dir[0] = '/';
	dir[98] = '\0';
	context.runtime_dir = dir;
	kit_file("f.yaml", C W("command: [x], ready: {when: notify}"));
	spec_free(&(struct spec *){kit_good("f.yaml", &context, 0)});
	kit_bad_text(C W("command: [x], replicas: 10, ready: {when: notify}"), &context, "of 109 bytes, 107");
	kit_bad_text(C W("command: [x], replicas: 0, watchdog: 1s"), &context, "of 109 bytes, 107");
	snprintf(text, sizeof text, C "listen: ['unix:%s/234567890']\n" W("command: [x]"), dir);
	kit_bad_text(text, &context, "the socket's path has 108 bytes, 107 is the most");
}
END_TEST

START_TEST(listeners)
{
	struct spec *spec = kit_good_text("listen: [127.0.0.1:0, 127.0.0.1:0, '[::1]:80', 'unix:%t/a%%', fd:web]\n"
					  "expose: full\n" W("command: [x]"));

	ck_assert_uint_eq(spec->n_listen, 5);
	ck_assert_int_eq(spec->listen[0].kind, LISTEN_TCP);
	ck_assert_str_eq(spec->listen[2].host, "::1");
	ck_assert_uint_eq(spec->listen[2].port, 80);
	ck_assert_int_eq(spec->listen[3].kind, LISTEN_UNIX);
	ck_assert_str_eq(spec->listen[3].path, "/run/fosterd/a%");
	ck_assert_int_eq(spec->listen[4].kind, LISTEN_FD);
	ck_assert_str_eq(spec->listen[4].fd_name, "web");
	ck_assert_int_eq(spec->expose, EXPOSE_FULL);
	spec_free(&spec);
	spec = kit_good_text("listen: 0.0.0.0:80\nname: shop\n" W("command: [x]"));
	ck_assert_uint_eq(spec->n_listen, 1);
	ck_assert_str_eq(spec->name, "shop");
	spec_free(&spec);
	spec = kit_good_text("listen: []\n" W("command: [x]"));
	ck_assert_uint_eq(spec->n_listen, 0);
	spec_free(&spec);
}
END_TEST

START_TEST(instances_are_numbered)
{
	struct spec *spec = kit_good_text("workers: {a: {command: [x], replicas: 3}, b: {command: [x], "
					  "replicas: 0}, " LONG_63 ": {command: [x], success_exit_codes: [3, 75]}}");

	ck_assert_uint_eq(spec->n_instances, 4);
	ck_assert_uint_eq(spec->workers[1].first_instance, 3);
	ck_assert_uint_eq(spec->workers[2].first_instance, 3);
	ck_assert(worker_spec_is_success(&spec->workers[2], 75) &&
		  !worker_spec_is_success(&spec->workers[2], 0));
	spec_free(&spec);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("worker");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_loop_test(tests, what_is_wrong, 0, LENGTH(bad));
	tcase_add_loop_test(tests, what_needs_root, 0, LENGTH(ordinary));
	tcase_add_test(tests, what_does_not);
	tcase_add_test(tests, identities);
	tcase_add_test(tests, a_user_is_looked_up_once);
	tcase_add_test(tests, limits);
	tcase_add_test(tests, limits_beyond_ones_own);
	tcase_add_loop_test(tests, shell_or_not, 0, LENGTH(commands));
	tcase_add_test(tests, argument_vectors);
	tcase_add_test(tests, who_gets_the_stop_signal);
	tcase_add_test(tests, shells_that_are_gone);
	tcase_add_test(tests, a_descriptor_in_defaults);
	tcase_add_test(tests, long_socket_paths);
	tcase_add_test(tests, listeners);
	tcase_add_test(tests, instances_are_numbered);
	return suite_run("conf/worker", tests);
}
