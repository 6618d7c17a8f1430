/* goal - what --wait waits for, and when it gives up hope. */
#include "fosterctl/goal.h"

#include "unit/fosterctl_kit.h"
#include "unit/suite.h"

static const struct {
	enum goal_kind kind;
	const char *told_state, *state;
	int more; /* restarts since it was told */
	enum goal_standing standing;
} cases[] = {
	/* start */
	{GOAL_READY, "starting", "waiting", 0, GOAL_AWAITED},
	{GOAL_READY, "starting", "starting", 0, GOAL_AWAITED},
	{GOAL_READY, "starting", "starting", 1, GOAL_AWAITED},
	{GOAL_READY, "starting", "running", 1, GOAL_AWAITED},
	{GOAL_READY, "stopping", "stopping", 0, GOAL_AWAITED},
	{GOAL_READY, "starting", "novel", 0, GOAL_AWAITED},
	{GOAL_READY, "ready", "ready", 0, GOAL_REACHED},
	{GOAL_READY, "starting", "ready", 1, GOAL_REACHED},
	{GOAL_READY, "starting", "ready", 3, GOAL_REACHED},
	{GOAL_READY, "starting", "completed", 0, GOAL_REACHED},
	{GOAL_READY, "starting", "backoff", 0, GOAL_MISSED},
	{GOAL_READY, "starting", "failed", 0, GOAL_MISSED},
	{GOAL_READY, "starting", "stopped", 0, GOAL_MISSED},
	{GOAL_READY, "starting", "starting", 2, GOAL_MISSED},
	/* stop */
	{GOAL_STOPPED, "stopping", "stopping", 0, GOAL_AWAITED},
	{GOAL_STOPPED, "starting", "starting", 0, GOAL_AWAITED},
	{GOAL_STOPPED, "stopping", "stopped", 0, GOAL_REACHED},
	{GOAL_STOPPED, "stopping", "failed", 0, GOAL_REACHED},
	{GOAL_STOPPED, "stopping", "completed", 0, GOAL_REACHED},
	{GOAL_STOPPED, "stopping", "starting", 1, GOAL_MISSED},
	{GOAL_STOPPED, "stopping", "ready", 1, GOAL_MISSED},
	/* restart */
	{GOAL_RESTARTED, "stopping", "ready", 0, GOAL_AWAITED},
	{GOAL_RESTARTED, "stopping", "stopping", 0, GOAL_AWAITED},
	{GOAL_RESTARTED, "stopping", "backoff", 0, GOAL_AWAITED},
	{GOAL_RESTARTED, "stopping", "starting", 1, GOAL_AWAITED},
	{GOAL_RESTARTED, "stopping", "ready", 1, GOAL_REACHED},
	{GOAL_RESTARTED, "stopping", "completed", 1, GOAL_REACHED},
	{GOAL_RESTARTED, "stopping", "stopped", 0, GOAL_MISSED},
	{GOAL_RESTARTED, "stopping", "failed", 0, GOAL_MISSED},
	{GOAL_RESTARTED, "stopping", "backoff", 1, GOAL_MISSED},
	{GOAL_RESTARTED, "starting", "ready", 0, GOAL_REACHED}, /* it had never run */
	{GOAL_RESTARTED, "starting", "backoff", 0, GOAL_MISSED},
};

static enum goal_standing judge(const struct goal *goal, json_t *document, char who[256])
{
	struct text text;

	text_init(&text, who, 256);
	return goal_judge(goal, document, &text);
}

START_TEST(one_instance)
{
	json_t *told = json_pack("[{sssiss}]", "name", "w", "restarts", 4, "state", cases[_i].told_state);
	json_t *document = json_pack("{s[{s[{sssssi}]}]}", "workers", "instances", "name", "w", "state", cases[_i].state, "restarts",
				     4 + cases[_i].more);
	const struct goal goal = {cases[_i].kind, told};
	char who[256];

	ck_assert_int_eq(judge(&goal, document, who), cases[_i].standing);
	ck_assert_int_eq(who[0] == '\0', cases[_i].standing == GOAL_REACHED);
	json_decref(told);
	json_decref(document);
}
END_TEST

static const char *const names[] = {"a", "b", "c", "d", "e"};

/* Five instances, each in the state that its letter says. */
static json_t *five(const char *letters)
{
	json_t *list = json_array();

	for (int i = 0; i < 5; i++) {
		const char *state = letters[i] == 'r' ? "ready" : letters[i] == 's' ? "starting" : "failed";
		json_array_append_new(list, json_pack("{sssiss}", "name", names[i], "restarts", 0, "state", state));
	}
	return list;
}

static const struct {
	const char *letters, *who;
	enum goal_standing standing;
} crowds[] = {
	{"rrrrr", "", GOAL_REACHED},
	{"rsrrr", "b (starting)", GOAL_AWAITED},
	{"srsrs", "a (starting), c (starting), e (starting)", GOAL_AWAITED},
	{"sssss", "a (starting), b (starting), c (starting) and 2 more", GOAL_AWAITED},
	{"ssfss", "c has failed", GOAL_MISSED},
	{"rrrrf", "e has failed", GOAL_MISSED},
};

START_TEST(several_instances)
{
	json_t *told = five("sssss");
	json_t *document = json_pack("{s[{so}]}", "workers", "instances", five(crowds[_i].letters));
	const struct goal goal = {GOAL_READY, told};
	char who[256];

	ck_assert_int_eq(judge(&goal, document, who), crowds[_i].standing);
	ck_assert_str_eq(who, crowds[_i].who);
	json_decref(told);
	json_decref(document);
}
END_TEST

START_TEST(who_is_gone_is_missed)
{
	json_t *told = five("sssss"), *document = json_pack("{s[]}", "workers");
	const struct goal goal = {GOAL_READY, told};
	char who[256];

	ck_assert_int_eq(judge(&goal, document, who), GOAL_MISSED);
	ck_assert_str_eq(who, "a is no longer there");
	json_decref(told);
	json_decref(document);
}
END_TEST

START_TEST(nothing_becomes_ready_in_a_drain)
{
	json_t *told = five("sssss");
	json_t *document = json_pack("{s[{so}]s{}}", "workers", "instances", five("srrrr"), "drain");
	struct goal goal = {GOAL_READY, told};
	char who[256];

	ck_assert_int_eq(judge(&goal, document, who), GOAL_MISSED);
	ck_assert_str_eq(who, "fosterd is ending");
	goal.kind = GOAL_STOPPED;
	ck_assert_int_eq(judge(&goal, document, who), GOAL_AWAITED);
	json_decref(told);
	json_decref(document);
}
END_TEST

static const struct {
	const char *task;
	enum goal_standing standing;
	const char *who;
} runs[] = {
	/* The fifth run is waited for; two had failed before. */
	{"'runs': 4, 'failures': 2, 'state': 'waiting'", GOAL_AWAITED, "vacuum (waiting)"},
	{"'runs': 4, 'failures': 2, 'state': 'running'", GOAL_AWAITED, "vacuum (running)"},
	{"'runs': 5, 'failures': 2, 'state': 'running'", GOAL_AWAITED, "vacuum (running)"},
	{"'runs': 5, 'failures': 2, 'state': 'stopping'", GOAL_AWAITED, "vacuum (stopping)"},
	{"'runs': 5, 'failures': 2, 'state': 'idle'", GOAL_REACHED, ""},
	{"'runs': 6, 'failures': 2, 'state': 'running'", GOAL_REACHED, ""},
	{"'runs': 5, 'failures': 3, 'state': 'idle', 'status': 'unhealthy', 'last_run': {'failed': true, 'code': 3}",
	 GOAL_MISSED, "vacuum: its last run failed: exit 3"},
	{"'runs': 7, 'failures': 4, 'state': 'idle', 'status': 'healthy', 'last_run': {}", GOAL_MISSED, "vacuum: ok"},
};

static enum goal_standing judge_run(const char *task, bool draining, char who[256])
{
	char text[512];

	snprintf(text, sizeof text, "{'tasks': [{'name': 'x'}, {'name': 'vacuum', %s}]%s}", task,
		 draining ? ", 'drain': {}" : "");
	json_t *document = document_of(text), *told = document_of("[{'task': 'vacuum', 'run': 5, 'failures': 2}]");
	const struct goal goal = {GOAL_RUN, told};
	enum goal_standing standing = judge(&goal, document, who);

	json_decref(told);
	json_decref(document);
	return standing;
}

START_TEST(a_run_of_a_task)
{
	char who[256];

	ck_assert_int_eq(judge_run(runs[_i].task, false, who), runs[_i].standing);
	ck_assert_str_eq(who, runs[_i].who);
}
END_TEST

START_TEST(a_run_is_awaited_in_a_drain_while_it_goes_on)
{
	char who[256];

	ck_assert_int_eq(judge_run("'runs': 5, 'failures': 2, 'state': 'running'", true, who), GOAL_AWAITED);
	ck_assert_int_eq(judge_run("'runs': 4, 'failures': 2, 'state': 'running'", true, who), GOAL_MISSED);
	ck_assert_str_eq(who, "fosterd is ending");
}
END_TEST

START_TEST(who_waits_for_whom_is_told)
{
	json_t *told = document_of("[{'name': 'web', 'restarts': 0, 'state': 'waiting'}]");
	json_t *document = document_of("{'workers': [{'instances': [{'name': 'web', 'state': 'waiting', 'waits_for': "
				       "{'name': 'db', 'when': 'ready'}}]}]}");
	const struct goal goal = {GOAL_READY, told};
	char who[256];

	ck_assert_int_eq(judge(&goal, document, who), GOAL_AWAITED);
	ck_assert_str_eq(who, "web, which waits for db to be ready");
	json_decref(told);
	json_decref(document);
}
END_TEST

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))

int main(void)
{
	TCase *tests = tcase_create("goal");

	tcase_add_loop_test(tests, one_instance, 0, LENGTH(cases));
	tcase_add_loop_test(tests, several_instances, 0, LENGTH(crowds));
	tcase_add_test(tests, who_is_gone_is_missed);
	tcase_add_test(tests, nothing_becomes_ready_in_a_drain);
	tcase_add_loop_test(tests, a_run_of_a_task, 0, LENGTH(runs));
	tcase_add_test(tests, a_run_is_awaited_in_a_drain_while_it_goes_on);
	tcase_add_test(tests, who_waits_for_whom_is_told);
	return suite_run("fosterctl/goal", tests);
}
