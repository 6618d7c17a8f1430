/* What is asked on the control socket: what is understood, and why the rest is refused. */
#include "service/control.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "unit/suite.h"

#define NOBODY NULL

static const struct {
	const char *method, *uri;
	enum control_verb verb;
	const char *name;
	int signo;
} good[] = {
	{"GET", "/v1/status", CONTROL_STATUS, NOBODY, 0},
	{"HEAD", "/v1/status", CONTROL_STATUS, NOBODY, 0},
	{"GET", "/v1/status?", CONTROL_STATUS, NOBODY, 0},
	{"GET", "http://fosterd/v1/status", CONTROL_STATUS, NOBODY, 0},
	{"POST", "/v1/drain", CONTROL_DRAIN, NOBODY, 0},
	{"POST", "/v1/workers/web/start", CONTROL_START, "web", 0},
	{"POST", "/v1/workers/web.2/stop", CONTROL_STOP, "web.2", 0},
	{"POST", "/v1/workers/w%65b/restart?&", CONTROL_RESTART, "web", 0},
	{"POST", "/v1/workers/drain/stop", CONTROL_STOP, "drain", 0},
	{"POST", "/v1/workers/web/signal?name=USR1", CONTROL_SIGNAL, "web", SIGUSR1},
	{"POST", "/v1/workers/web/signal?name=SIGUSR1", CONTROL_SIGNAL, "web", SIGUSR1},
	{"POST", "/v1/workers/web/signal?name=9", CONTROL_SIGNAL, "web", SIGKILL},
	{"POST", "/v1/workers/web/signal?n%61me=%48UP", CONTROL_SIGNAL, "web", SIGHUP},
	{"POST", "/v1/checks/database/run", CONTROL_RUN_CHECK, "database", 0},
	{"POST", "/v1/checks/run/run?", CONTROL_RUN_CHECK, "run", 0},
	{"POST", "/v1/tasks/vacuum/run", CONTROL_RUN_TASK, "vacuum", 0},
	{"POST", "/v1/workers/web/reload", CONTROL_RELOAD, "web", 0},
	{"POST", "/v1/workers/web.2/stop?with_dependents=1", CONTROL_STOP, "web.2", 0},
	{"POST", "/v1/workers/web/signal?name=RTMIN%2b1", CONTROL_SIGNAL, "web", -1},
};

START_TEST(understood)
{
	struct control_request request;
	struct refusal refusal;
	char uri[256];

	snprintf(uri, sizeof uri, "%s", good[_i].uri);
	int result = control_parse(&request, good[_i].method, uri, &refusal);
	ck_assert_msg(result == 0, "%s: %s", good[_i].uri, refusal.why.text);
	ck_assert_int_eq(request.verb, good[_i].verb);
	if (good[_i].name == NOBODY)
		ck_assert_ptr_null(request.name);
	else
		ck_assert_str_eq(request.name, good[_i].name);
	ck_assert_int_eq(request.with_dependents, strstr(good[_i].uri, "with_dependents") != NULL);
	ck_assert_int_eq(request.signo, good[_i].signo == -1 ? SIGRTMIN + 1 : good[_i].signo);
}
END_TEST

#define NONE NULL

static const struct {
	const char *method, *uri;
	unsigned code;
	const char *name, *suggestion, *allow;
} bad[] = {
	{"GET", "", 400, "bad_request", NONE, NONE},
	{"GET", "v1/status", 400, "bad_request", NONE, NONE},
	{"GET", "/v1/status%", 400, "bad_request", NONE, NONE},
	{"GET", "/v1/status%00", 400, "bad_request", NONE, NONE},
	{"POST", "/v1/workers/%ff/stop", 400, "bad_request", NONE, NONE},
	{"GET", "/v1/status?verbose", 400, "bad_request", NONE, NONE},
	{"POST", "/v1/drain?now=1", 400, "bad_request", NONE, NONE},
	{"POST", "/v1/drain?%", 400, "bad_request", NONE, NONE},
	{"POST", "/v1/drain?=", 400, "bad_request", NONE, NONE},
	{"POST", "/v1/workers/web/stop?name=TERM", 400, "bad_request", NONE, NONE},
	{"POST", "/v1/workers/web/signal?name=TERM&name=HUP", 400, "bad_request", NONE, NONE},
	{"POST", "/v1/workers/web/signal?name=TERM&x", 400, "bad_request", NONE, NONE},
	{"POST", "/v1/workers/web/signal", 400, "bad_signal", NONE, NONE},
	{"POST", "/v1/workers/web/signal?name", 400, "bad_signal", NONE, NONE},
	{"POST", "/v1/workers/web/signal?name=", 400, "bad_signal", NONE, NONE},
	{"POST", "/v1/workers/web/signal?name=0", 400, "bad_signal", NONE, NONE},
	{"POST", "/v1/workers/web/signal?name=65", 400, "bad_signal", NONE, NONE},
	{"POST", "/v1/workers/web/signal?name=4294967305", 400, "bad_signal", NONE, NONE},
	{"POST", "/v1/workers/web/signal?name=99999999999999999999999999", 400, "bad_signal", NONE, NONE},
	{"POST", "/v1/workers/web/signal?name=-9", 400, "bad_signal", NONE, NONE},
	{"POST", "/v1/workers/web/signal?name=TREM", 400, "bad_signal", "TERM", NONE},
	{"POST", "/v1/workers/web/signal?name=sigusr1", 400, "bad_signal", "USR1", NONE},
	{"GET", "/", 404, "not_found", NONE, NONE},
	{"GET", "/v1", 404, "not_found", NONE, NONE},
	{"GET", "/v1/", 404, "not_found", NONE, NONE},
	{"GET", "/v2/status", 404, "not_found", NONE, NONE},
	{"GET", "/status", 404, "not_found", NONE, NONE},
	{"GET", "/v1/stauts", 404, "not_found", "status", NONE},
	{"GET", "/v1/status/", 404, "not_found", "status", NONE},
	{"POST", "/v1/drian", 404, "not_found", "drain", NONE},
	{"POST", "/v1/start", 404, "not_found", NONE, NONE},
	{"POST", "/v1/workers", 404, "not_found", NONE, NONE},
	{"POST", "/v1/workers/", 404, "not_found", NONE, NONE},
	{"POST", "/v1/workers/web", 404, "not_found", NONE, NONE},
	{"POST", "/v1/workers/web/", 404, "not_found", NONE, NONE},
	{"POST", "/v1/workers//stop", 404, "not_found", NONE, NONE},
	{"POST", "/v1/workers/web/stop/now", 404, "not_found", NONE, NONE},
	{"POST", "/v1/workers/web%2f1/stop", 404, "not_found", NONE, NONE},
	{"POST", "/v1/workers/web/restrat", 404, "not_found", "restart", NONE},
	{"POST", "/v1/workers/web/reloda", 404, "not_found", "reload", NONE},
	{"POST", "/v1/workers/web/start?with_dependents=1", 400, "bad_request", NONE, NONE},
	{"POST", "/v1/workers/web/stop?with_dependents", 400, "bad_request", NONE, NONE},
	{"POST", "/v1/workers/web/stop?with_dependents=0", 400, "bad_request", NONE, NONE},
	{"POST", "/v1/tasks/vacuum/start", 404, "not_found", NONE, NONE},
	{"POST", "/v1/tasks/vacuum/rnu", 404, "not_found", "run", NONE},
	{"GET", "/v1/tasks/vacuum/run", 405, "method_not_allowed", NONE, "POST"},
	{"POST", "/v1/workers/web/drain", 404, "not_found", NONE, NONE},
	{"POST", "/v1/run", 404, "not_found", NONE, NONE},
	{"POST", "/v1/workers/web/run", 404, "not_found", NONE, NONE},
	{"POST", "/v1/checks", 404, "not_found", NONE, NONE},
	{"POST", "/v1/checks/", 404, "not_found", NONE, NONE},
	{"POST", "/v1/checks//run", 404, "not_found", NONE, NONE},
	{"POST", "/v1/checks/database/stop", 404, "not_found", NONE, NONE},
	{"POST", "/v1/checks/database/signal?name=TERM", 404, "not_found", NONE, NONE},
	{"POST", "/v1/checks/database/rnu", 404, "not_found", "run", NONE},
	{"POST", "/v1/checks/database/run?now", 400, "bad_request", NONE, NONE},
	{"GET", "/v1/checks/database/run", 405, "method_not_allowed", NONE, "POST"},
	{"POST", "/v1/status", 405, "method_not_allowed", NONE, "GET, HEAD"},
	{"GET", "/v1/drain", 405, "method_not_allowed", NONE, "POST"},
	{"HEAD", "/v1/workers/web/stop", 405, "method_not_allowed", NONE, "POST"},
	{"post", "/v1/drain", 405, "method_not_allowed", NONE, "POST"},
};

static void same(const char *got, const char *wanted)
{
	if (wanted == NONE)
		ck_assert_msg(got == NULL, "got %s", got);
	else
		ck_assert_pstr_eq(got, wanted);
}

START_TEST(refused)
{
	struct control_request request;
	struct refusal refusal;
	char uri[256];

	snprintf(uri, sizeof uri, "%s", bad[_i].uri);
	ck_assert_msg(control_parse(&request, bad[_i].method, uri, &refusal) == -1, "%s", bad[_i].uri);
	ck_assert_uint_eq(refusal.code, bad[_i].code);
	ck_assert_str_eq(refusal.name, bad[_i].name);
	same(refusal.suggestion, bad[_i].suggestion);
	same(refusal.allow, bad[_i].allow);
	ck_assert_str_ne(refusal.why.text, "");
}
END_TEST

START_TEST(verbs_have_names)
{
	ck_assert_str_eq(control_verb_name(CONTROL_STATUS), "status");
	ck_assert_str_eq(control_verb_name(CONTROL_SIGNAL), "signal");
}
END_TEST

START_TEST(no_verb_has_none)
{
	control_verb_name(CONTROL_VERB_COUNT);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("control");

	tcase_add_loop_test(tests, understood, 0, sizeof good / sizeof good[0]);
	tcase_add_loop_test(tests, refused, 0, sizeof bad / sizeof bad[0]);
	tcase_add_test(tests, verbs_have_names);
	tcase_add_test_raise_signal(tests, no_verb_has_none, SIGABRT);
	return suite_run("service/control", tests);
}
