/* overview, sheet, details - the picture for people fits its columns, whatever the names. */
#include "fosterctl/overview.h"

#include "fosterctl/details.h"
#include "fosterctl/document.h"
#include "fosterctl/shown.h"
#include "unit/fosterctl_kit.h"
#include "unit/suite.h"

#define READY(name) "{'name': '" name "', 'pid': 12, 'state': 'ready', 'since_ms': 192000, 'restarts': 1}"
#define STATE(name, state) "{'name': '" name "', 'state': '" state "', 'since_ms': 1000, 'restarts': 2}"
#define WORKER(name, instances) "{'name': '" name "', 'instances': [" instances "]}"

static char *overview(const char *workers, size_t width)
{
	json_t *document = document_of(workers);
	struct paper paper;

	paper_open(&paper, width);
	json_t *whole = json_pack("{ssssssso}", "name", "it", "state", "running", "status", "healthy", "workers", document);
	ck_assert_int_eq(overview_print(whole, &paper.screen), 0);
	json_decref(whole);
	return paper_close(&paper);
}

static const struct {
	const char *workers, *table;
} tables[] = {
	{"[]", "it is running, up 0s, healthy: 0 of 0 well\n"},
	{"[" WORKER("db", READY("db")) "]", "it is running, up 0s, healthy: 1 of 1 well\n\n"
					    "NAME  STATE  RESTARTS  SINCE  PID\n"
					    "db    ready         1  3m12s   12\n"},
	{"[" WORKER("none", "") "," WORKER("web", READY("web.0") "," READY("web.1")) "," WORKER("db", STATE("db", "stopped")) "]",
	 "it is running, up 0s, healthy: db is stopped\n\n"
	 "NAME  STATE      RESTARTS  SINCE  PID\n"
	 "db    stopped           2     1s    -\n"
	 "none  0/0 ready\n"
	 "web   2/2 ready         2  3m12s\n"},
	{"[" WORKER("web", READY("web.0") "," STATE("web.1", "waiting") "," STATE("web.2", "failed")) "]",
	 "it is running, up 0s, healthy: web.2 has failed; 2 of 3 are not well\n\n"
	 "NAME   STATE      RESTARTS  SINCE  PID\n"
	 "web.2  failed            2     1s    -\n"
	 "web.1  waiting           2     1s    -\n"
	 "web    1/3 ready         1  3m12s\n"},
	{"[" WORKER("job", STATE("job.0", "completed") "," READY("job.1")) ","
	 WORKER("web", "{'name': 'web', 'state': 'stopped', 'cause': 'fosterd is stopping'}") "]",
	 "it is running, up 0s, healthy: 3 of 3 well\n\n"
	 "NAME  STATE     RESTARTS  SINCE  PID\n"
	 "job   2/2 well         3     1s\n"
	 "web   stopped          0     0s    -\n"},
	{"[" WORKER("job", STATE("job", "completed")) "]", "it is running, up 0s, healthy: 1 of 1 well\n\n"
							    "NAME  STATE      RESTARTS  SINCE  PID\n"
							    "job   completed         2     1s    -\n"},
	{"[3, {}, {'instances': [{}, 7]}]", "it is running, up 0s, healthy: ? is in an unknown state; 2 of 2 are not well\n\n"
					    "NAME  STATE      RESTARTS  SINCE  PID\n"
					    "?                       0     0s    -\n"
					    "?                       0     0s    -\n"
					    "?     0/0 ready\n"
					    "?     0/0 ready\n"},
};

START_TEST(the_worst_first_and_the_well_in_a_line)
{
	char *printed = overview(tables[_i].workers, 80);

	ck_assert_str_eq(printed, tables[_i].table);
	free(printed);
}
END_TEST

START_TEST(many_sick_ones_are_counted)
{
	char *list = strdup("[{'name': 'w', 'instances': [{}");
	for (int i = 0; i < 1000; i++) {
		char *longer;
		ck_assert_int_ge(asprintf(&longer, "%s,{'name': 'w.%d', 'state': 'backoff'}", list, i), 0);
		free(list);
		list = longer;
	}
	char *all;
	ck_assert_int_ge(asprintf(&all, "%s]}]", list), 0);
	char *printed = overview(all, 80);
	ck_assert_ptr_nonnull(strstr(printed, "\nw.7 "));
	ck_assert_ptr_null(strstr(printed, "\nw.8 "));
	ck_assert_ptr_nonnull(strstr(printed, "\nw     0/1001 ready                        993 more are not well\n"));
	free(printed);
	free(all);
	free(list);
}
END_TEST

/* No line is wider than the screen, none ends in blanks. */
static void check_lines(const char *printed, size_t width)
{
	char line[1024];

	while (*printed != '\0') {
		size_t len = strcspn(printed, "\n");
		ck_assert_uint_lt(len, sizeof line);
		memcpy(line, printed, len);
		line[len] = '\0';
		ck_assert_msg(shown_width(line) <= width, "%zu columns: %s", shown_width(line), line);
		ck_assert_msg(len == 0 || line[len - 1] != ' ', "'%s'", line);
		printed += len + 1;
	}
}

START_TEST(it_fits)
{
	static const char workers[] =
		"[{'name': 'a-name-of-sixty-three-bytes-which-is-the-longest-that-may-be-had', 'command': '/a/very/long/path/to/some/"
		"program/that/nobody/would/ever/install/in/such/a/deep/place/on/a/machine', 'instances': ["
		"{'name': 'a-name-of-sixty-three-bytes-which-is-the-longest-that-may-be-had.9999', 'pid': 4194304, 'state': 'starting', "
		"'since_ms': 99999999999, 'restarts': 4294967295, 'deadline_ms': 99999999, 'status_text': "
		"'0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789 and some words',"
		"'last_exit': {'code': 1, 'at': '2026-11-22T21:00:00.000Z', 'rusage': {'maxrss_kb': 1}}},"
		"{'name': 'b', 'state': 'backoff', 'last_exit': {'error': 'could not execute: No such file or directory'}}]}]";
	char *printed = overview(workers, (size_t)_i);
	json_t *list = document_of(workers);
	struct paper paper;

	check_lines(printed, (size_t)_i);
	free(printed);
	paper_open(&paper, (size_t)_i);
	details_worker(json_array_get(list, 0), &paper.screen);
	printed = paper_close(&paper);
	check_lines(printed, (size_t)_i);
	free(printed);
	json_decref(list);
}
END_TEST

START_TEST(details_tell_all)
{
	json_t *worker = document_of("{'name': 'web', 'status': 'degraded', 'ready_instances': 1, 'replicas': 2, 'min_ready': 1, 'critical': true, "
				     "'command': '/bin/web', 'instances': []}");
	json_t *instance =
		document_of("{'name': 'web.1', 'pid': 5, 'state': 'ready', 'since_ms': 61000, 'restarts': 4, 'status_text': 'calm\\u001b', "
			    "'last_exit': {'signal': 'SIGTERM', 'at': '2026-11-22T21:00:00.000Z', 'run_ms': 3021, "
			    "'rusage': {'utime_ms': 1312, 'stime_ms': 20, 'maxrss_kb': 12000}}}");
	struct paper paper;

	paper_open(&paper, 80);
	details_instance(worker, instance, &paper.screen);
	char *printed = paper_close(&paper);
	ck_assert_str_eq(printed, "worker web: degraded, 1 of 2 ready (1 needed), critical, runs /bin/web\n"
				  "web.1 is ready\n"
				  "  pid         5\n"
				  "  since       1m1s\n"
				  "  restarts    4\n"
				  "  it says     calm\\x1b\n"
				  "  last end    signal TERM after 3s, at 2026-11-22T21:00:00.000Z\n"
				  "  it had used 1.312s user, 0.020s system, 11.7 MiB\n");
	free(printed);
	json_decref(instance);
	json_decref(worker);
}
END_TEST

#define TASK "{'name': 'vacuum', 'state': 'idle', 'status': 'unhealthy', 'critical': false, 'every_ms': 300000, 'next_in_ms': 90000, "\
	     "'pending': false, 'runs': 4, 'failures': 1, 'skipped': 2, 'output': 'a\\nno space', 'last_run': {'failed': true, 'code': 3, "\
	     "'duration_ms': 1500, 'run_ms': 1500, 'at': '2026-11-22T21:00:00.000Z'}}"
#define STEPS "[{'name': 'dirs', 'state': 'up', 'since_ms': 5000}, {'name': 'schema', 'state': 'starting', 'since_ms': 3000, "\
	      "'deadline_ms': 56100, 'start': {'pid': 12}}]"

START_TEST(tasks_and_the_lifespan)
{
	json_t *document = document_of("{'name': 'it', 'state': 'starting', 'status': 'degraded', 'workers': [], 'tasks': [" TASK
				       ", {'name': 'ok', 'state': 'waiting', 'status': 'healthy', 'waits_for': 'db', 'pending': true}, "
				       "{'name': 'now', 'state': 'running', 'status': 'healthy', 'runs': 1, 'running_ms': 412}], "
				       "'lifespan': " STEPS "}");
	struct paper paper;

	paper_open(&paper, 80);
	ck_assert_int_eq(overview_print(document, &paper.screen), 0);
	char *printed = paper_close(&paper);
	ck_assert_str_eq(printed, "it is starting, up 0s, lifespan step schema starting (pid 12) for 3s, at most\n"
				  "  57s more\n"
				  "\n"
				  "TASK    STATE    LAST RUN        TOOK  NEXT IN  WHY\n"
				  "vacuum  idle     failed: exit 3    1s    1m30s  2 skipped\n"
				  "ok      waiting  never run                      waits for db\n"
				  "now     running  not ended yet                  runs for 412ms\n"
				  "\n"
				  "lifespan: dirs up; schema starting (pid 12) for 3s, at most 57s more\n");
	free(printed);
	json_decref(document);
}
END_TEST

START_TEST(a_failed_task_is_counted_with_the_sick)
{
	json_t *document = document_of("{'name': 'it', 'state': 'running', 'status': 'degraded', 'workers': [], 'tasks': [" TASK "]}");
	struct paper paper;

	paper_open(&paper, 80);
	ck_assert_int_eq(overview_print(document, &paper.screen), 0);
	char *printed = paper_close(&paper);
	ck_assert_ptr_nonnull(strstr(printed, "it is running, up 0s, degraded: vacuum: its last run failed: exit 3\n"));
	free(printed);
	ck_assert_str_eq(document_nearest(document, "vacum"), "vacuum");
	json_decref(document);
}
END_TEST

START_TEST(what_a_job_depends_on)
{
	json_t *worker = document_of("{'name': 'tables', 'kind': 'job', 'status': 'healthy', 'depends_on': "
				     "[{'name': 'db', 'when': 'ready'}, {'name': 'x\\u001b', 'when': 'completed'}]}");
	struct paper paper;

	paper_open(&paper, 80);
	details_worker(worker, &paper.screen);
	char *printed = paper_close(&paper);
	ck_assert_str_eq(printed, "job tables: healthy, 0 of 0 ready (0 needed), not critical\n"
				  "  depends on  db (ready), x\\x1b (completed)\n");
	free(printed);
	json_decref(worker);
}
END_TEST

START_TEST(a_task_and_a_step_in_detail)
{
	json_t *task = document_of(TASK);
	json_t *step = document_of("{'name': 'schema', 'state': 'stopped', 'failed': 'start', 'start': {'cause': 'took too long', "
				   "'last_exit': {'signal': 'SIGTERM', 'run_ms': 60000}, 'output': 'no table'}, 'stop': null}");
	struct paper paper;

	paper_open(&paper, 80);
	details_task(task, &paper.screen);
	details_step(step, &paper.screen);
	char *printed = paper_close(&paper);
	ck_assert_str_eq(printed, "task vacuum: its last run failed: exit 3\n"
				  "  is run      every 5m, again in 1m30s\n"
				  "  now         2 skipped\n"
				  "  runs        4, 1 failed, 2 skipped\n"
				  "  last end    exit 3 after 1s, at 2026-11-22T21:00:00.000Z\n"
				  "  it wrote    a\n"
				  "              no space\n"
				  "lifespan step schema (start failed: took too long, signal TERM) stopped\n"
				  "  start       signal TERM after 1m\n"
				  "  it wrote    no table\n");
	free(printed);
	json_decref(step);
	json_decref(task);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("overview");

	tcase_add_loop_test(tests, the_worst_first_and_the_well_in_a_line, 0, (int)(sizeof tables / sizeof tables[0]));
	tcase_add_test(tests, many_sick_ones_are_counted);
	tcase_add_loop_test(tests, it_fits, 80, 130);
	tcase_add_test(tests, details_tell_all);
	tcase_add_test(tests, tasks_and_the_lifespan);
	tcase_add_test(tests, a_failed_task_is_counted_with_the_sick);
	tcase_add_test(tests, what_a_job_depends_on);
	tcase_add_test(tests, a_task_and_a_step_in_detail);
	return suite_run("fosterctl/overview", tests);
}
