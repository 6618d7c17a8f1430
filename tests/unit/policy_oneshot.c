/* What is run for its end: a job, a task, a half of a step; how each of their runs can end. */
#include "policy/oneshot.h"

#include "policy_rig.h"

/* One with a minute to run and 10 s to stop; what fails is tried again after 9 ns if it is a job.
 */
static void be(struct rig *r, enum program_kind kind)
{
	rig_init(r);
	r->w.kind = kind;
	r->w.ready_when = READY_STARTED;
	r->w.ready_timeout = 0;
	r->w.watchdog = 0;
	r->w.run_timeout = 60 * NS_S;
	r->w.restart = kind == PROGRAM_JOB ? RESTART_ON_FAILURE : RESTART_NEVER;
}

static void do_one(struct rig *r, char event)
{
	switch (event) {
	case 's':
		rig_fact(r, (struct fact){.kind = FACT_SPAWNED, .pid = 77});
		break;
	case 'x':
		rig_fact(r, (struct fact){.kind = FACT_SPAWN_FAILED});
		break;
	case '0': /* ends well, ... */
	case '1': /* ... badly, ... */
		rig_exit(r, event - '0', true);
		break;
	case 'o': /* ... leaving something behind */
	case 'i':
		rig_exit(r, event == 'i', false);
		break;
	case 'k':
		rig_fact(r, (struct fact){.kind = FACT_EXITED,
					  .signaled = true,
					  .code = SIGKILL,
					  .empty = true});
		break;
	case 'e':
		rig_fact(r, (struct fact){.kind = FACT_EMPTY});
		break;
	case 't':
		rig_time(r);
		break;
	case 'd': /* a drain begins */
		r->env.draining = true;
		worker_hold(&r->i, &r->env);
		break;
	case 'p': /* it is stopped in the drain */
		r->env.draining = true;
		worker_stop(&r->i, &r->env);
		break;
	case 'K': /* the third signal */
		r->env.draining = true;
		ladder_kill(&r->i, &r->env);
		break;
	case 'r':
		ladder_begin(&r->i, &r->env, CAUSE_REPLACED);
		break;
	case 'D':
		hand_stop(&r->i, &r->env);
		break;
	case 'U':
		hand_restart(&r->i, &r->env);
		break;
	case 'w':
		rig_fact(r, (struct fact){.kind = FACT_READY});
		rig_fact(r, (struct fact){.kind = FACT_STOPPING});
		rig_fact(r, (struct fact){.kind = FACT_WATCHDOG});
		rig_fact(r, (struct fact){.kind = FACT_WATCHDOG_TRIGGER});
		break;
	default:
		ck_abort_msg("no such event");
	}
	instance_check(&r->i);
}

static const struct {
	const char *events;
	const char *job, *other; /* its state, and its cause when it is no job; NULL: not asked */
	enum instance_cause cause;
} ends[] = {
	{"", "starting", "starting", CAUSE_FIRST_START},
	{"s", "running", "running", CAUSE_NONE},
	{"sw", "running", "running", CAUSE_NONE},
	{"w", "starting", "starting", CAUSE_FIRST_START},
	{"s0", "completed", "completed", CAUSE_EXITED},
	{"s1", "backoff", "failed", CAUSE_EXITED},
	{"sk", "backoff", "failed", CAUSE_EXITED},
	{"x", "backoff", "failed", CAUSE_SPAWN_FAILED},
	{"so", "stopping", "stopping", CAUSE_EXITED},
	{"soe", "completed", "completed", CAUSE_EXITED},
	{"sie", "backoff", "failed", CAUSE_EXITED},
	{"sotte", "completed", "completed", CAUSE_EXITED},
	/* Too long, before it is known to run as well; its code is no matter then. */
	{"st", "stopping", "stopping", CAUSE_RUN_TIMEOUT},
	{"st0", "backoff", "failed", CAUSE_RUN_TIMEOUT},
	{"sttk", "backoff", "failed", CAUSE_RUN_TIMEOUT},
	{"t", "stopping", "stopping", CAUSE_RUN_TIMEOUT},
	{"tx", "backoff", "failed", CAUSE_RUN_TIMEOUT},
	{"ts0", "backoff", "failed", CAUSE_RUN_TIMEOUT},
	/* In a drain it goes on until it is stopped; what became of it is known. */
	{"sd", "running", "running", CAUSE_NONE},
	{"sd0", "completed", "completed", CAUSE_EXITED},
	{"sd1", "stopped", "failed", CAUSE_EXITED},
	{"sdt", "stopping", "stopping", CAUSE_RUN_TIMEOUT},
	{"sdt0", "stopped", "failed", CAUSE_RUN_TIMEOUT},
	{"sdp", "stopping", "stopping", CAUSE_DRAIN},
	{"sdp0", "stopped", "stopped", CAUSE_DRAIN},
	{"sp1", "stopped", "stopped", CAUSE_DRAIN},
	{"sptk", "stopped", "stopped", CAUSE_DRAIN},
	{"sK", "stopping", "stopping", CAUSE_DRAIN},
	{"sKk", "stopped", "stopped", CAUSE_DRAIN},
	{"d", "stopping", NULL, CAUSE_DRAIN},
	{"dx", "stopped", NULL, CAUSE_DRAIN},
	{"ds0", "stopped", NULL, CAUSE_DRAIN},
	/* What was decided before the drain stays decided. */
	{"sop", "stopping", "stopping", CAUSE_EXITED},
	{"sope", "completed", "completed", CAUSE_EXITED},
	{"sipe", "stopped", "failed", CAUSE_EXITED},
	{"stp0", "stopped", "failed", CAUSE_RUN_TIMEOUT},
	/* Another run takes its place, or had to after all. */
	{"sr0", NULL, "stopped", CAUSE_REPLACED},
	{"srtk", NULL, "stopped", CAUSE_REPLACED},
	{"srd0", NULL, "stopped", CAUSE_REPLACED},
	{"rx", NULL, "stopped", CAUSE_REPLACED},
	/* By hand: a job. */
	{"sD0", "stopped", NULL, CAUSE_NONE},
	{"sD1", "stopped", NULL, CAUSE_NONE},
	{"s1D", "stopped", NULL, CAUSE_NONE},
	{"soDe", "stopped", NULL, CAUSE_NONE},
	{"stD0", "stopped", NULL, CAUSE_NONE},
	{"sDd0", "stopped", NULL, CAUSE_NONE},
	{"soDde", "stopped", NULL, CAUSE_NONE},
	{"sU0", "starting", NULL, CAUSE_NONE},
	{"s1U", "starting", NULL, CAUSE_NONE},
	{"s0U", "starting", NULL, CAUSE_NONE},
	{"s0Us0", "completed", NULL, CAUSE_NONE},
	{"s0Us1", "backoff", NULL, CAUSE_NONE},
	{"s1t", "starting", NULL, CAUSE_NONE},
	{"s1ts0", "completed", NULL, CAUSE_NONE},
	{"s1d", "stopped", NULL, CAUSE_NONE},
};

static void follow(struct rig *r, enum program_kind kind, const char *events)
{
	be(r, kind);
	worker_begin(&r->i, &r->env);
	for (const char *event = events; *event != '\0'; event++) {
		r->env.now += NS_S;
		do_one(r, *event);
	}
}

START_TEST(job)
{
	struct rig r;

	if (ends[_i].job == NULL)
		return;
	follow(&r, PROGRAM_JOB, ends[_i].events);
	ck_assert_msg(strcmp(instance_state_name(r.i.state), ends[_i].job) == 0, "%s: %s",
		      ends[_i].events, instance_state_name(r.i.state));
	if (r.i.state == INSTANCE_COMPLETED)
		ck_assert_int_eq(r.i.cause, CAUSE_ENDED_WELL);
	else if (r.i.state == INSTANCE_STOPPED)
		ck_assert_int_eq(r.i.cause, r.env.draining ? CAUSE_DRAIN : CAUSE_STOPPED_BY_HAND);
}
END_TEST

/* A drain comes before it is known to run: a task is finished, a step's start is ended. */
static const struct {
	const char *events;
	const char *task, *start;
} in_flight[] = {
	{"d", "starting", "stopping"},	  {"ds", "running", "stopping"},
	{"ds0", "completed", "stopped"},  {"ds1", "failed", "stopped"},
	{"dx", "failed", "stopped"},	  {"dp", "stopping", "stopping"},
	{"dps0", "stopped", "stopped"},
};

START_TEST(drain_before_it_is_known_to_run)
{
	struct rig r;

	follow(&r, PROGRAM_TASK, in_flight[_i].events);
	ck_assert_str_eq(instance_state_name(r.i.state), in_flight[_i].task);
	follow(&r, PROGRAM_STEP_START, in_flight[_i].events);
	ck_assert_str_eq(instance_state_name(r.i.state), in_flight[_i].start);
}
END_TEST

START_TEST(task_or_half_of_a_step)
{
	static const enum program_kind kinds[] = {PROGRAM_TASK, PROGRAM_STEP_START};

	for (int n = 0; n < 2 && ends[_i].other != NULL; n++) {
		struct rig r;
		follow(&r, kinds[n], ends[_i].events);
		ck_assert_msg(strcmp(instance_state_name(r.i.state), ends[_i].other) == 0 &&
				      r.i.cause == ends[_i].cause,
			      "%s: %s, %s", ends[_i].events, instance_state_name(r.i.state),
			      instance_cause_text(r.i.cause));
	}
}
END_TEST

START_TEST(codes_of_success)
{
	struct rig r;

	be(&r, PROGRAM_TASK);
	r.w.success_exit_codes[0] = 1u << 3;
	worker_begin(&r.i, &r.env);
	do_one(&r, 's');
	rig_exit(&r, _i == 0 ? 3 : 0, true);
	ck_assert_int_eq(r.i.state, _i == 0 ? INSTANCE_COMPLETED : INSTANCE_FAILED);
}
END_TEST

/* Its time is that of its process, and none of the waiting for it. */
START_TEST(limit_of_a_run)
{
	struct rig r;

	be(&r, PROGRAM_JOB);
	worker_begin(&r.i, &r.env);
	ck_assert_int_eq(r.i.deadline, T0 + 60 * NS_S);
	r.env.now += 50 * NS_S;
	do_one(&r, 's');
	ck_assert_int_eq(r.i.deadline, T0 + 110 * NS_S);
	be(&r, PROGRAM_JOB);
	r.w.run_timeout = 0;
	worker_begin(&r.i, &r.env);
	do_one(&r, 's');
	ck_assert_int_eq(r.i.deadline, MONO_NEVER);
}
END_TEST

/* However long it may take, others wait: TERM then, SIGKILL at the end. */
START_TEST(limit_of_a_stop)
{
	struct rig r;

	be(&r, PROGRAM_STEP_STOP);
	r.env.run_by = T0 + 4 * NS_S;
	r.env.kill_by = T0 + 5 * NS_S;
	worker_begin(&r.i, &r.env);
	ck_assert_int_eq(r.i.deadline, r.env.run_by);
	do_one(&r, 's');
	rig_fact(&r, (struct fact){.kind = FACT_EXTEND, .span = 60 * NS_S});
	ck_assert_int_eq(r.i.deadline, r.env.run_by);
	rig_time(&r);
	ck_assert_int_eq(r.i.deadline, r.env.kill_by);
	rig_fact(&r, (struct fact){.kind = FACT_EXTEND, .span = 60 * NS_S});
	ck_assert_int_eq(r.i.deadline, r.env.kill_by);
	be(&r, PROGRAM_STEP_STOP);
	r.w.run_timeout = 0;
	r.env.run_by = T0 + 4 * NS_S;
	worker_begin(&r.i, &r.env);
	ck_assert_int_eq(r.i.deadline, r.env.run_by);
}
END_TEST

START_TEST(more_time)
{
	struct rig r;

	be(&r, PROGRAM_JOB);
	worker_begin(&r.i, &r.env);
	do_one(&r, 's');
	rig_fact(&r, (struct fact){.kind = FACT_EXTEND, .span = 59 * NS_S});
	ck_assert_int_eq(r.i.deadline, T0 + 60 * NS_S);
	rig_fact(&r, (struct fact){.kind = FACT_EXTEND, .span = 61 * NS_S});
	ck_assert_int_eq(r.i.deadline, T0 + 61 * NS_S);
	be(&r, PROGRAM_JOB);
	r.w.run_timeout = 0;
	worker_begin(&r.i, &r.env);
	do_one(&r, 's');
	rig_fact(&r, (struct fact){.kind = FACT_EXTEND, .span = 61 * NS_S});
	ck_assert_int_eq(r.i.deadline, MONO_NEVER);
}
END_TEST

/* It goes back as a service does: ever slower, and at last not at all. */
START_TEST(job_that_fails_again_and_again)
{
	struct rig r;

	be(&r, PROGRAM_JOB);
	r.w.restart_delay = NS_S;
	r.w.restart_limit_count = 2;
	r.w.restart_limit_within = 3600 * NS_S;
	worker_begin(&r.i, &r.env);
	for (int n = 0; n < 2; n++) {
		span_ns least = (n + 1) * NS_S;
		do_one(&r, 's');
		do_one(&r, '1');
		ck_assert_int_eq(r.i.state, INSTANCE_BACKOFF);
		ck_assert_int_ge(r.i.deadline - r.env.now, least);
		ck_assert_int_le(r.i.deadline - r.env.now, least + least / 10);
		do_one(&r, 't');
	}
	do_one(&r, 's');
	do_one(&r, '1');
	ck_assert_int_eq(r.i.state, INSTANCE_FAILED);
	ck_assert_int_eq(r.i.cause, CAUSE_RESTART_LIMIT);
}
END_TEST

START_TEST(job_that_is_not_tried_again)
{
	struct rig r;

	be(&r, PROGRAM_JOB);
	r.w.restart = RESTART_NEVER;
	worker_begin(&r.i, &r.env);
	do_one(&r, 's');
	do_one(&r, _i == 0 ? '1' : '0');
	ck_assert_int_eq(r.i.state, _i == 0 ? INSTANCE_FAILED : INSTANCE_COMPLETED);
	ck_assert_int_eq(r.i.cause, _i == 0 ? CAUSE_NO_RESTART : CAUSE_ENDED_WELL);
}
END_TEST

/* What was not begun is not told of. */
START_TEST(idle_in_a_drain)
{
	struct rig r;

	be(&r, _i == 0 ? PROGRAM_TASK : PROGRAM_JOB);
	do_one(&r, 'd');
	ck_assert_int_eq(r.i.state, _i == 0 ? INSTANCE_WAITING : INSTANCE_STOPPED);
	ck_assert_uint_eq(r.out.count, (uint32_t)_i);
}
END_TEST

int main(void)
{
	const int n_ends = sizeof ends / sizeof ends[0];
	TCase *tests = tcase_create("oneshot");

	tcase_add_loop_test(tests, job, 0, n_ends);
	tcase_add_loop_test(tests, task_or_half_of_a_step, 0, n_ends);
	tcase_add_loop_test(tests, drain_before_it_is_known_to_run, 0,
			    sizeof in_flight / sizeof in_flight[0]);
	tcase_add_loop_test(tests, codes_of_success, 0, 2);
	tcase_add_test(tests, limit_of_a_run);
	tcase_add_test(tests, limit_of_a_stop);
	tcase_add_test(tests, more_time);
	tcase_add_test(tests, job_that_fails_again_and_again);
	tcase_add_loop_test(tests, job_that_is_not_tried_again, 0, 2);
	tcase_add_loop_test(tests, idle_in_a_drain, 0, 2);
	return kit_run("policy/oneshot", tests);
}
