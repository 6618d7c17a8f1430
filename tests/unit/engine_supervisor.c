/* supervisor - the whole engine with real children: what it knows at once, and how much it does a turn. */
#include "engine/supervisor.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/limits.h"
#include "sys/signals.h"
#include "unit/engine_kit.h"
#include "unit/suite.h"

enum { CROWD = 100, STARTS_A_TURN = 32 };

static const char *sleeper[] = {"/bin/sleep", "600", NULL};
/* It stops itself, and once continued has a word left to say. */
static const char *last_word[] = {"/bin/sh", "-c", "kill -STOP $$; echo >&3", NULL};

static struct heritage heritage;
static struct log *log_of_test;
static struct supervisor *supervisor;
static int signal_fd;
static char runtime_dir[] = "/tmp/fosterd-unit.XXXXXX";

/* What a test does between two events of a turn; true: it has seen all it wanted. */
static bool (*look)(void);
static bool seen;

static struct turn turn; /* the last */
static unsigned turns;
static mono_ns next_turn = MONO_NEVER;

static mono_ns on_turn(void *data, const struct turn *this_turn)
{
	(void)data;
	turn = *this_turn;
	turns++;
	return next_turn;
}

/* web alone, of so many, that sleeps; a test changes what it needs before supervise(). */
static struct worker_spec *begin(uint32_t replicas)
{
	kit_begin(replicas);
	kit_spec.n_workers = 1;
	kit_spec.n_instances = replicas;
	kit_spec.runtime_dir = runtime_dir;
	kit_workers[KIT_WEB].command = (struct command){.argv = sleeper, .argc = 2};
	return &kit_workers[KIT_WEB];
}

static void make_supervisor(void)
{
	struct err err = {0};

	signals_block(&heritage.mask);
	sigemptyset(&heritage.mask);
	limits_inherit(&heritage);
	log_of_test = log_new(STDERR_FILENO, LOG_ERROR, LOG_FORMAT_LOGFMT);
	signal_fd = signals_open(&err);
	ck_assert_int_ne(signal_fd, -1);
	ck_assert_ptr_nonnull(mkdtemp(runtime_dir));
	supervisor = supervisor_new(&(struct supervisor_config){.spec = &kit_spec,
								.log = log_of_test,
								.heritage = &heritage,
								.signal_fd = signal_fd,
								.seed = 1,
								.turn = on_turn},
				    &err);
	ck_assert_msg(supervisor != NULL, "%s", err.text);
}

static void free_supervisor(void)
{
	supervisor_free(&supervisor);
	log_free(&log_of_test);
	close(signal_fd);
	rmdir(runtime_dir);
}

static void on_look(struct ev_loop *loop, ev_prepare *prepare, int events)
{
	(void)events;
	if (!look())
		return;
	seen = true;
	ev_prepare_stop(loop, prepare);
	raise(SIGTERM);
}

/* Run until the look has seen it all, and see the workers off. Looks come last in a turn. */
static void supervise(bool (*each_turn)(void))
{
	ev_prepare prepare;

	make_supervisor();
	look = each_turn;
	ev_prepare_init(&prepare, on_look);
	ev_set_priority(&prepare, EV_MINPRI);
	ev_prepare_start(supervisor_loop(supervisor), &prepare);
	ck_assert_int_eq(supervisor_run(supervisor), 0);
	ck_assert(seen);
	free_supervisor();
}

static struct status now(void)
{
	struct status status;

	supervisor_status(supervisor, &status);
	return status;
}

static struct instance_status web(void)
{
	struct instance_view view;

	supervisor_instance(supervisor, 0, &view);
	return view.status;
}

/* Wait until the child has stopped, or (what is left to reap) ended. */
static void await_child(pid_t pid, int how)
{
	siginfo_t info;

	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, how), 0);
}

static bool terminates(void)
{
	if (!now().ready)
		return false;
	raise(SIGTERM);
	ck_assert(!now().ready);
	ck_assert_str_eq(fleet_state_name(now().state), "draining");
	ck_assert_uint_eq(now().drain.signals, 1);
	return true;
}

/* The second signal, by which every look ends, does no harm. */
START_TEST(a_signal_is_known_at_once)
{
	begin(1);
	kit_spec.drain_delay = 100 * NS_MS;
	supervise(terminates);
}
END_TEST

START_TEST(a_signal_before_the_start_is_known_at_once)
{
	begin(1);
	make_supervisor();
	raise(SIGTERM);
	ck_assert(!now().ready);
	ck_assert_int_eq((int)now().drain.signals, 1);
	ck_assert_int_eq(supervisor_run(supervisor), 0);
	free_supervisor();
}
END_TEST

/* By hand, and carried out before the call comes back. */
static bool is_handled(void)
{
	if (!now().ready)
		return false;
	pid_t pid = web().pid;
	supervisor_wish(supervisor, FACT_STOP, 0, false);
	ck_assert_int_eq(web().state, INSTANCE_STOPPING);
	await_child(pid, WEXITED | WNOWAIT);
	ck_assert(!now().ready);
	ck_assert_int_eq(web().state, INSTANCE_STOPPED);
	ck_assert(!supervisor_signal(supervisor, 0, SIGKILL));
	supervisor_wish(supervisor, FACT_START, 0, false);
	ck_assert_int_eq(web().state, INSTANCE_STARTING);
	ck_assert_uint_eq(web().restarts, 1);
	supervisor_drain(supervisor);
	ck_assert_int_eq(now().state, FLEET_STOPPING);
	ck_assert_uint_eq(now().drain.signals, 1);
	supervisor_wish(supervisor, FACT_RESTART, 0, false);
	ck_assert_int_eq(web().state, INSTANCE_STOPPING);
	return true;
}

START_TEST(wishes_are_carried_out_at_once)
{
	begin(1);
	supervise(is_handled);
}
END_TEST

static bool is_signalled(void)
{
	if (!now().ready)
		return false;
	pid_t pid = web().pid;
	ck_assert(supervisor_signal(supervisor, 0, SIGKILL));
	await_child(pid, WEXITED | WNOWAIT);
	ck_assert(!now().ready);
	ck_assert_int_eq(web().state, INSTANCE_BACKOFF);
	return true;
}

START_TEST(a_signal_by_hand_reaches_main)
{
	begin(1);
	supervise(is_signalled);
}
END_TEST

static bool loses_its_worker(void)
{
	if (!now().ready)
		return false;
	kill(web().pid, SIGKILL);
	await_child(web().pid, WEXITED | WNOWAIT);
	ck_assert(!now().ready);
	ck_assert_str_eq(instance_state_name(web().state), "backoff");
	return true;
}

START_TEST(an_end_is_known_at_once)
{
	begin(1);
	supervise(loses_its_worker);
}
END_TEST

/* The worker's socket takes it from us as well: we are of its user. */
static void say_ready(void)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(to.sun_path, sizeof to.sun_path, "%s/notify/web", runtime_dir);
	ck_assert_int_eq((int)sendto(fd, "READY=1", 7, 0, (struct sockaddr *)&to, sizeof to), 7);
	close(fd);
}

static bool says_and_ends(void)
{
	pid_t pid = web().pid;

	if (pid == 0)
		return false;
	ck_assert(!now().started);
	say_ready();
	kill(pid, SIGKILL);
	await_child(pid, WEXITED | WNOWAIT);
	ck_assert(now().started);
	ck_assert_int_eq(web().pid, 0);
	return true;
}

START_TEST(a_last_message_counts)
{
	struct worker_spec *worker = begin(1);

	worker->ready_when = READY_NOTIFY;
	worker->restart = RESTART_NEVER;
	supervise(says_and_ends);
}
END_TEST

static bool writes_and_ends(void)
{
	pid_t pid = web().pid;

	if (pid == 0)
		return false;
	await_child(pid, WSTOPPED);
	ck_assert(!now().started);
	kill(pid, SIGCONT);
	await_child(pid, WEXITED | WNOWAIT);
	ck_assert(now().started);
	ck_assert_str_eq(instance_state_name(web().state), "completed");
	return true;
}

START_TEST(a_last_newline_counts)
{
	struct worker_spec *worker = begin(1);

	worker->command = (struct command){.argv = last_word, .argc = 3};
	worker->success_exit_codes[0] = 1;
	worker->ready_when = READY_FD;
	worker->ready_fd = 3;
	worker->restart = RESTART_NEVER;
	supervise(writes_and_ends);
}
END_TEST

static uint64_t spawned(void)
{
	struct supervisor_counts counts;

	supervisor_counts(supervisor, &counts);
	return counts.spawns;
}

/* Turn for turn the most that may be, until all are there. */
static bool grows(void)
{
	static uint64_t wanted;

	wanted = wanted + STARTS_A_TURN < CROWD ? wanted + STARTS_A_TURN : CROWD;
	ck_assert_uint_eq(spawned(), wanted);
	return wanted == CROWD;
}

START_TEST(a_turn_starts_32)
{
	begin(CROWD);
	supervise(grows);
}
END_TEST

/* Asked for again and again, with news and without. */
static bool has_turned(void)
{
	ck_assert(turns == 0 || turn.facts > 0);
	return turns > 20 && turn.status.ready;
}

START_TEST(a_turn_comes_when_it_was_asked_for)
{
	begin(1);
	next_turn = 0;
	turns = 0;
	supervise(has_turned);
	next_turn = MONO_NEVER;
	ck_assert_str_eq(fleet_state_name(turn.status.state), "stopped");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("supervisor");

	tcase_set_timeout(tests, 20);
	tcase_add_test(tests, a_signal_is_known_at_once);
	tcase_add_test(tests, a_signal_before_the_start_is_known_at_once);
	tcase_add_test(tests, an_end_is_known_at_once);
	tcase_add_test(tests, wishes_are_carried_out_at_once);
	tcase_add_test(tests, a_signal_by_hand_reaches_main);
	tcase_add_test(tests, a_last_message_counts);
	tcase_add_test(tests, a_last_newline_counts);
	tcase_add_test(tests, a_turn_starts_32);
	tcase_add_test(tests, a_turn_comes_when_it_was_asked_for);
	return suite_run("engine/supervisor", tests);
}
