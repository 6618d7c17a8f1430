/* engine_rig - a loop with real children that is asked to ask: checks and probes of the kit. */
#ifndef UNIT_ENGINE_RIG_H
#define UNIT_ENGINE_RIG_H

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/loop.h"
#include "sys/limits.h"
#include "sys/signals.h"
#include "unit/engine_kit.h"
#include "unit/suite.h"

enum { RIG_CHECKS = 2000, RIG_LOG_SIZE = 64 * 1024 };

static struct heritage heritage;
static struct loop loop;
static struct log *log_of_test;
static int log_file, signal_fd;
static char runtime_dir[] = "/tmp/fosterd-unit.XXXXXX";

static struct check_spec rig_checks[RIG_CHECKS];
static struct prober_spec rig_prober = {.home = "/"};

static mono_ns on_turn(void *data, const struct turn *turn)
{
	(void)data;
	(void)turn;
	return MONO_NEVER;
}

static void on_alarm(struct ev_loop *ev, ev_timer *alarm, int events)
{
	(void)ev;
	(void)alarm;
	(void)events;
}

/* So many checks, all alike; a test changes what it needs before rig_open. */
static inline void rig_begin(uint32_t checks, const struct probe_spec *probe)
{
	kit_begin(1);
	for (uint32_t i = 0; i < checks; i++)
		rig_checks[i] = (struct check_spec){
			.name = "db", .probe = *probe, .runner = &kit_workers[KIT_DB]};
	kit_spec.checks = rig_checks;
	kit_spec.n_checks = kit_spec.n_probes = checks;
	kit_spec.probers = &rig_prober;
	kit_spec.n_probers = 1;
	kit_spec.exec_probes = 2;
	kit_spec.runtime_dir = runtime_dir;
}

static inline void rig_open(void)
{
	static struct supervisor_config config;
	struct err err = {0};

	signals_block(&heritage.mask);
	sigemptyset(&heritage.mask);
	limits_inherit(&heritage);
	log_file = fileno(tmpfile());
	log_of_test = log_new(log_file, LOG_INFO, LOG_FORMAT_LOGFMT);
	signal_fd = signals_open(&err);
	ck_assert_int_ne(signal_fd, -1);
	ck_assert_ptr_nonnull(mkdtemp(runtime_dir));
	config = (struct supervisor_config){.spec = &kit_spec,
					    .log = log_of_test,
					    .heritage = &heritage,
					    .signal_fd = signal_fd,
					    .seed = 1,
					    .turn = on_turn};
	ck_assert_msg(loop_init(&loop, &config, &err) == 0, "%s", err.text);
	desk_wake(&loop.desk);
}

/* Nothing of ours may be left. */
static inline void rig_close(void)
{
	inquiry_end(&loop.inquiry);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	loop_fini(&loop);
	log_free(&log_of_test);
	close(signal_fd);
	rmdir(runtime_dir);
}

static uint32_t rig_asked; /* questions in all */

static inline void rig_order(enum order_kind kind, uint32_t probe, uint32_t serial)
{
	rig_asked += kind == ORDER_PROBE;
	inquiry_order(&loop.inquiry,
		      &(struct order){.kind = kind, .probe = probe, .serial = serial});
}

static inline const struct question *rig_question(uint32_t probe)
{
	return question_get(&loop.inquiry.questions, probe);
}

/* Questions that have been answered. */
static inline uint32_t rig_answered(void)
{
	uint32_t answered = rig_asked;

	for (uint32_t i = 0; i < kit_spec.n_probes; i++)
		answered -= rig_question(i)->in != NULL;
	return answered;
}

/* One turn, of at most 20 ms. */
static inline void rig_turn(void)
{
	ev_timer alarm;

	ev_timer_init(&alarm, on_alarm, 0.02, 0);
	ev_timer_start(loop.ev, &alarm);
	ev_run(loop.ev, EVRUN_ONCE);
	ev_timer_stop(loop.ev, &alarm);
}

/* Turn until so many have been answered. */
static inline void rig_await(uint32_t answers)
{
	mono_ns until = mono_add(mono_now(), 30 * NS_S);

	while (rig_answered() < answers) {
		ck_assert_msg(mono_now() < until, "%u answers", rig_answered());
		rig_turn();
	}
}

/* Turn for so long. */
static inline void rig_pass(span_ns span)
{
	mono_ns until = mono_add(mono_now(), span);

	while (mono_now() < until)
		rig_turn();
}

/* How often the log says it. */
static inline unsigned rig_said(const char *what)
{
	static char all[RIG_LOG_SIZE];
	unsigned count = 0;
	ssize_t len;

	log_flush(log_of_test);
	len = pread(log_file, all, sizeof all - 1, 0);
	ck_assert_int_ge(len, 0);
	all[len] = '\0';
	for (const char *at = all; (at = strstr(at, what)) != NULL; at++)
		count++;
	return count;
}

static inline void expect_success(uint32_t probe)
{
	ck_assert_ptr_null(rig_question(probe)->in);
	ck_assert_ptr_null(rig_question(probe)->error);
	ck_assert_int_gt(rig_question(probe)->succeeded_at, 0);
	ck_assert_int_eq(rig_question(probe)->checked_at, rig_question(probe)->succeeded_at);
}

static inline void expect_failure(uint32_t probe, const char *error)
{
	ck_assert_ptr_null(rig_question(probe)->in);
	ck_assert_int_gt(rig_question(probe)->checked_at, 0);
	ck_assert_ptr_nonnull(rig_question(probe)->error);
	ck_assert_str_eq(rig_question(probe)->error, error);
}

/* Answered, and by nobody who knows. */
static inline void expect_unknown(uint32_t probe)
{
	ck_assert_ptr_null(rig_question(probe)->in);
	ck_assert_int_eq(rig_question(probe)->checked_at, 0);
}

#endif
