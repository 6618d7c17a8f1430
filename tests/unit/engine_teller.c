/* teller - what the log says, and how little of it in a storm. */
#include "engine/teller.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit/engine_kit.h"
#include "unit/suite.h"

enum { REPLICAS = 2, DB = REPLICAS };

static int log_file;
static struct log *lines;
static struct slots slots;
static struct teller teller;

static void begin(void)
{
	struct err err;

	kit_begin(REPLICAS);
	kit_workers[KIT_WEB].ready_when = READY_NOTIFY;
	log_file = memfd_create("log", MFD_CLOEXEC);
	lines = log_new(log_file, LOG_DEBUG, LOG_FORMAT_LOGFMT);
	ck_assert_ptr_nonnull(lines);
	ck_assert_int_eq(slots_init(&slots, &kit_spec, &err), 0);
	ck_assert_int_eq(teller_init(&teller, lines, &slots, &err), 0);
}

static void finish(void)
{
	teller_fini(&teller);
	slots_fini(&slots);
	log_free(&lines);
	close(log_file);
}

/* All that was said since the last call, without the times. */
static const char *said(void)
{
	static char all[64 * 1024], text[64 * 1024];
	ssize_t len = pread(log_file, all, sizeof all - 1, 0);

	ck_assert_int_ge(len, 0);
	all[len] = text[0] = '\0';
	for (char *line = strtok(all, "\n"); line != NULL; line = strtok(NULL, "\n"))
		strcat(strcat(text, strchr(line, ' ') + 1), "\n");
	ck_assert_int_eq(ftruncate(log_file, 0), 0);
	ck_assert_int_eq(lseek(log_file, 0, SEEK_SET), 0);
	return text;
}

static unsigned count_lines(const char *text)
{
	unsigned count = 0;

	for (; (text = strchr(text, '\n')) != NULL; text++)
		count++;
	return count;
}

static void end_run(uint32_t instance, mono_ns now)
{
	slots_get(&slots, instance)->last_exit =
		(struct last_exit){.any = true, .spawned = true, .code = 3, .run = 1500 * NS_MS};
	teller_ended(&teller, instance, now);
}

START_TEST(a_start_and_the_ends)
{
	struct slot *db = slots_get(&slots, DB);

	db->pid = 12;
	teller_started(&teller, DB);
	ck_assert_str_eq(said(), "level=info msg=\"worker started\" worker=db pid=12\n");
	end_run(DB, 1);
	ck_assert_str_eq(said(), "level=info msg=\"worker ended\" worker=db code=3 ran=1s500ms\n");
	db->last_exit = (struct last_exit){.any = true, .spawned = true, .signaled = true, .core = true, .code = SIGSEGV};
	teller_ended(&teller, DB, 2);
	ck_assert_str_eq(said(), "level=info msg=\"worker ended\" worker=db signal=SIGSEGV core=yes ran=0s\n");
	db->last_exit = (struct last_exit){.any = true, .step = SPAWN_STEP_EXEC, .num = ENOENT};
	teller_unprepared(&teller, DB, "why");
	teller_ended(&teller, DB, 3);
	ck_assert_str_eq(said(), "level=warning msg=\"a start could not be prepared\" worker=db error=why\n"
				 "level=error msg=\"worker could not be started\" worker=db could_not=execute "
				 "error=\"No such file or directory\"\n");
	teller_killed(&teller, 0);
	ck_assert_str_eq(said(), "level=warning msg=\"worker killed\" worker=web.0 signal=SIGKILL\n");
}
END_TEST

static const struct {
	struct order order;
	const char *line;
} orders[] = {
	{{.kind = ORDER_TELL, .instance = 1, .state = INSTANCE_READY, .until = MONO_NEVER},
	 "level=info msg=\"worker ready\" worker=web.1\n"},
	{{.kind = ORDER_TELL, .state = INSTANCE_BACKOFF, .cause = CAUSE_EXITED, .until = 5 * NS_S},
	 "level=info msg=\"worker will be started again\" worker=web.0 why=\"the main process ended\" in=3s\n"},
	{{.kind = ORDER_TELL, .state = INSTANCE_STOPPING, .cause = CAUSE_DRAIN, .until = 5 * NS_S},
	 "level=info msg=\"worker stopping\" worker=web.0 why=\"fosterd is stopping\" within=3s\n"},
	{{.kind = ORDER_TELL, .state = INSTANCE_STARTING, .cause = CAUSE_FIRST_START, .until = NS_S},
	 "level=debug msg=\"worker is being started\" worker=web.0 why=\"first start\"\n"},
	{{.kind = ORDER_TELL, .state = INSTANCE_RUNNING, .cause = CAUSE_SELF_STOP, .until = MONO_NEVER},
	 "level=warning msg=\"worker is not ready any more\" worker=web.0 why=\"announced its own end\"\n"},
	{{.kind = ORDER_TELL, .state = INSTANCE_FAILED, .cause = CAUSE_RESTART_LIMIT, .until = MONO_NEVER},
	 "level=error msg=\"worker failed\" worker=web.0 why=\"too many restarts\"\n"},
	{{.kind = ORDER_TELL, .state = INSTANCE_COMPLETED, .cause = CAUSE_ENDED_WELL, .until = MONO_NEVER},
	 "level=info msg=\"worker completed\" worker=web.0 why=\"ended well\"\n"},
	{{.kind = ORDER_TELL, .state = INSTANCE_STOPPED, .cause = CAUSE_DRAIN, .until = MONO_NEVER},
	 "level=debug msg=\"worker stopped\" worker=web.0 why=\"fosterd is stopping\"\n"},
	{{.kind = ORDER_TELL, .state = INSTANCE_WAITING, .until = MONO_NEVER},
	 "level=debug msg=\"worker waits\" worker=web.0\n"},
	{{.kind = ORDER_TELL_FLEET, .fleet_state = FLEET_DRAINING},
	 "level=info msg=\"fosterd is now\" state=draining\n"},
};

START_TEST(orders_are_told)
{
	teller_order(&teller, &orders[_i].order, 2 * NS_S);
	ck_assert_str_eq(said(), orders[_i].line);
}
END_TEST

START_TEST(who_is_held_and_by_whom)
{
	static const struct check_spec checks[] = {{.name = "store"}, {.name = "queue"}};
	struct order order = {.kind = ORDER_TELL, .state = INSTANCE_RUNNING, .cause = CAUSE_LIVENESS,
			      .until = MONO_NEVER, .probe = 1};

	kit_spec.checks = checks;
	kit_spec.n_checks = 2;
	teller_order(&teller, &order, 1);
	ck_assert_str_eq(said(), "level=warning msg=\"worker is held\" worker=web.0 "
				 "why=\"the liveness probe failed\" held_by=queue\n");
	order.state = INSTANCE_BACKOFF;
	order.cause = CAUSE_EXITED;
	order.until = 5 * NS_S;
	order.probe = 0;
	teller_order(&teller, &order, 2 * NS_S);
	ck_assert_str_eq(said(), "level=info msg=\"worker will be started again\" worker=web.0 "
				 "why=\"the main process ended\" held_by=store in=3s\n");
	order.state = INSTANCE_READY;
	order.probe = PROBE_NONE;
	teller_order(&teller, &order, 2 * NS_S);
	ck_assert_ptr_null(strstr(said(), "held"));
	kit_spec.n_checks = 0;
}
END_TEST

/* That a program runs and that it is ready is one thing, told once. */
START_TEST(ready_by_its_start_is_no_news)
{
	teller_order(&teller,
		     &(struct order){.kind = ORDER_TELL, .instance = DB, .state = INSTANCE_READY, .until = MONO_NEVER}, 1);
	ck_assert_str_eq(said(), "");
}
END_TEST

START_TEST(a_storm_is_summed_up)
{
	const struct order ready = {.kind = ORDER_TELL, .state = INSTANCE_READY, .until = MONO_NEVER};
	const struct order failed = {.kind = ORDER_TELL, .state = INSTANCE_FAILED, .until = MONO_NEVER};

	ck_assert_int_eq(teller.deadline, MONO_NEVER);
	for (int i = 0; i < 5; i++)
		end_run((uint32_t)i % REPLICAS, NS_S + i);
	ck_assert_uint_eq(count_lines(said()), 5);
	ck_assert_int_eq(teller.deadline, 11 * NS_S);
	for (int i = 0; i < 100; i++) {
		end_run((uint32_t)i % REPLICAS, 2 * NS_S + i);
		teller_started(&teller, 0);
		teller_unprepared(&teller, 0, "why");
		teller_order(&teller, &ready, 2 * NS_S + i);
	}
	ck_assert_str_eq(said(), "");
	/* But another worker's news, and what is final, are told as ever. */
	end_run(DB, 3 * NS_S);
	teller_order(&teller, &failed, 3 * NS_S);
	ck_assert_uint_eq(count_lines(said()), 2);
	teller_time(&teller, 11 * NS_S - 1);
	ck_assert_str_eq(said(), "");
	teller_time(&teller, 11 * NS_S);
	ck_assert_str_eq(said(), "level=warning msg=\"worker ended more often than is told\" worker=web times=100 "
				 "within=10s last=\"code 3\"\n");
}
END_TEST

START_TEST(a_storm_goes_on_and_ends)
{
	for (int i = 0; i < 6; i++)
		end_run(0, NS_S);
	teller_time(&teller, 11 * NS_S);
	said();
	/* Not told in full again until 10 s have passed without any. */
	end_run(0, 12 * NS_S);
	ck_assert_str_eq(said(), "");
	slots_get(&slots, 0)->last_exit = (struct last_exit){.step = SPAWN_STEP_FORK, .num = EAGAIN};
	teller_ended(&teller, 0, 12 * NS_S);
	teller_time(&teller, 21 * NS_S);
	ck_assert_str_eq(said(), "level=warning msg=\"worker ended more often than is told\" worker=web times=2 "
				 "within=10s last=\"could not fork: Resource temporarily unavailable\"\n");
	teller_time(&teller, 31 * NS_S);
	ck_assert_str_eq(said(), "");
	ck_assert_int_eq(teller.deadline, MONO_NEVER);
	end_run(0, 40 * NS_S);
	ck_assert_uint_eq(count_lines(said()), 1);
	ck_assert_int_eq(teller.deadline, 50 * NS_S);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("teller");

	tcase_add_checked_fixture(tests, begin, finish);
	tcase_add_test(tests, a_start_and_the_ends);
	tcase_add_loop_test(tests, orders_are_told, 0, sizeof orders / sizeof orders[0]);
	tcase_add_test(tests, who_is_held_and_by_whom);
	tcase_add_test(tests, ready_by_its_start_is_no_news);
	tcase_add_test(tests, a_storm_is_summed_up);
	tcase_add_test(tests, a_storm_goes_on_and_ends);
	return suite_run("engine/teller", tests);
}
