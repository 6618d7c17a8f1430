/* stamps - when persistent tasks ran, over several lives of fosterd. */
#include "unit/engine_plan.h"

/* A persistent task of an hour. */
static void begin_persistent(void)
{
	begin();
	tasks[0].run_at_start = false;
	tasks[0].persistent = true;
	kit_spec.n_steps = 0;
	kit_spec.n_instances = 2;
	programs[1] = programs[TASK];
	programs[1].first_instance = 1;
}

static char state_dir[] = "/tmp/fosterd-state.XXXXXX";

static void begin_life(void)
{
	begin_persistent();
	kit_spec.state_dir = state_dir;
	strcpy(runtime_dir + strlen(runtime_dir) - 6, "XXXXXX");
}

static void put_stamp(wall_ns at)
{
	char dir[64];

	snprintf(dir, sizeof dir, "%s/tasks", state_dir);
	ck_assert_int_eq(stamp_write(dir, "vacuum", at), 0);
}

static wall_ns stamp(void)
{
	char dir[64];
	wall_ns at = 0;

	snprintf(dir, sizeof dir, "%s/tasks", state_dir);
	ck_assert_int_eq(stamp_read(dir, "vacuum", &at), 0);
	return at;
}

static void take_away(void)
{
	char path[64];

	snprintf(path, sizeof path, "%s/tasks/vacuum", state_dir);
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
	rmdir(state_dir);
}

static bool is_up(void)
{
	struct status status;

	supervisor_status(supervisor, &status);
	return status.ready;
}

static bool runs_within_a_minute(void)
{
	if (!is_up())
		return false;
	ck_assert_uint_eq(task().status.runs, 0);
	ck_assert_int_le(task().status.next - mono_now(), 60 * NS_S);
	ck_assert_int_ge(task().status.next - mono_now(), 30 * NS_S);
	return true;
}

static bool runs_in_an_hour(void)
{
	if (!is_up())
		return false;
	ck_assert_uint_eq(task().status.runs, 0);
	ck_assert_int_ge(task().status.next - mono_now(), 3500 * NS_S);
	return true;
}

START_TEST(a_run_is_remembered)
{
	ck_assert_ptr_nonnull(mkdtemp(state_dir));
	begin_life();
	run(runs_in_an_hour, 0);
	put_stamp(wall_now() - 3540 * NS_S);
	begin_life();
	run(runs_within_a_minute, 0);
	put_stamp(wall_now() - 86400 * NS_S);
	begin_life();
	run(has_run, 0);
	ck_assert_int_lt(wall_now() - stamp(), 20 * NS_S);
	begin_life();
	run(runs_in_an_hour, 0);
	/* The clock was set back. */
	put_stamp(wall_now() + 3000 * NS_S);
	begin_life();
	run(runs_in_an_hour, 0);
	take_away();
	expect_said("msg=\"the task last ran in the future, it counts as never\" task=vacuum ahead=");
}
END_TEST

/* Two of them: what the one could not write is written with the next run of the other. */
static void begin_two(void)
{
	static struct task_spec both[2];

	begin_life();
	both[0] = both[1] = tasks[0];
	both[0].run_at_start = true;
	both[1].name = "other";
	programs[2] = programs[1];
	programs[2].name = "other";
	programs[2].first_instance = 2;
	kit_spec.tasks = both;
	kit_spec.n_tasks = 2;
	kit_spec.n_instances = 3;
}

static bool other_has_run(void)
{
	static bool asked;
	struct task_view other;

	if (task().stamp_error != NULL && !asked) {
		ck_assert_int_eq(unlink(state_dir), 0);
		supervisor_wish(supervisor, FACT_RUN, 2, false);
		/* A wish comes within a turn: this is another. */
		raise(SIGCHLD);
		asked = true;
	}
	supervisor_task(supervisor, 1, &other);
	return asked && other.status.ran && task().stamp_error == NULL;
}

START_TEST(what_could_not_be_kept_is_with_the_next)
{
	char path[64];
	int fd = mkstemp(state_dir);

	ck_assert_int_ne(fd, -1);
	fd_close(&fd);
	begin_two();
	run(other_has_run, 0);
	ck_assert_int_lt(wall_now() - stamp(), 20 * NS_S);
	snprintf(path, sizeof path, "%s/tasks/other", state_dir);
	ck_assert_int_eq(unlink(path), 0);
	take_away();
}
END_TEST

static bool cannot_keep(void)
{
	return has_run() && task().stamp_error != NULL;
}

static bool keeps_again(void)
{
	static unsigned runs;

	if (!cannot_keep() && runs == 0)
		return false;
	if (runs == 0) {
		ck_assert_int_eq(unlink(state_dir), 0);
		ck_assert_int_eq(mkdir(state_dir, 0700), 0);
		supervisor_wish(supervisor, FACT_RUN, 1, false);
		/* A wish comes within a turn: this is another. */
		raise(SIGCHLD);
		runs = 1;
	}
	return task().status.runs == 2 && task().instance.status.state == INSTANCE_COMPLETED &&
	       task().stamp_error == NULL && said("is kept again") > 0;
}

START_TEST(what_cannot_be_kept_is_told_once)
{
	int fd = mkstemp(state_dir);

	ck_assert_int_ne(fd, -1);
	fd_close(&fd);
	begin_life();
	tasks[0].run_at_start = true;
	run(keeps_again, 0);
	ck_assert_uint_eq(said("cannot be kept for after a restart"), 1);
	expect_said("msg=\"when the task last ran cannot be read, it counts as never\" task=vacuum "
		    "error=\"Not a directory\"");
	ck_assert_int_lt(wall_now() - stamp(), 20 * NS_S);
	take_away();
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("stamps");

	tcase_set_timeout(tests, 30);
	tcase_add_test(tests, a_run_is_remembered);
	tcase_add_test(tests, what_cannot_be_kept_is_told_once);
	tcase_add_test(tests, what_could_not_be_kept_is_with_the_next);
	return suite_run("engine/stamps", tests);
}
