#include "engine/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/must.h"
#include "base/text.h"
#include "engine/launch.h"
#include "engine/strike.h"
#include "sys/kill.h"
#include "sys/signals.h"

int exec_init(struct exec *exec, struct err *err)
{
	uint32_t count = exec->questions->spec->exec_probes;

	exec->deadline = MONO_NEVER;
	exec->jobs = calloc(count + 1, sizeof *exec->jobs);
	if (exec->jobs == NULL)
		return err_set(err, ENOMEM, "make room for %u exec probes", count);
	exec->n_jobs = count;
	for (uint32_t i = 0; i < count; i++)
		exec->jobs[i] = (struct exec_job){.exec = exec,
						  .probe = PROBE_NONE,
						  .report_fd = -1,
						  .output.fd = -1,
						  .deadline = MONO_NEVER};
	return 0;
}

static void set_deadline(struct exec *exec)
{
	exec->deadline = MONO_NEVER;
	for (uint32_t i = 0; i < exec->n_jobs; i++)
		exec->deadline = mono_min(exec->deadline, exec->jobs[i].deadline);
}

static void end_output(struct exec_job *job)
{
	if (job->output.fd == -1)
		return;
	ev_io_stop(job->exec->carry->loop, &job->output);
	fd_close(&job->output.fd);
}

/* A child on its way may not lead its group yet, so it is meant by itself as well. */
static void kill_job(struct exec_job *job)
{
	kill_process(job->pid, SIGKILL);
	kill_group(job->pid, SIGKILL);
	job->deadline = MONO_NEVER;
}

/* The job's question is answered; its program may still be on its way out. */
static void answer(struct exec_job *job, enum probe_result result, const char *error)
{
	struct questions *questions = job->exec->questions;
	uint32_t probe = job->probe;
	struct answer what = {.result = result,
			      .latency = job->exec->carry->desk->now -
					 question_get(questions, probe)->since,
			      .error = error};

	job->probe = PROBE_NONE;
	question_answer(questions, probe, &job->exec->asked, &what);
}

static void on_output(struct ev_loop *loop, ev_io *io, int events)
{
	struct exec_job *job = io->data;

	(void)loop;
	(void)events;
	if (!tail_read(&job->tail, io->fd))
		end_output(job);
}

/* A pipe for what it says: returns the end for the child, the caller's. -1 with errno. */
static int open_output(struct exec_job *job)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	/* Only our end: the program may expect to block. */
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK) == -1) {
		int num = errno;
		fd_close(&ends[0]);
		fd_close(&ends[1]);
		errno = num;
		return -1;
	}
	ev_io_init(&job->output, on_output, ends[0], EV_READ);
	job->output.data = job;
	ev_io_start(job->exec->carry->loop, &job->output);
	return ends[1];
}

static int make_launch(struct carry *carry, uint32_t probe, struct launch *out, struct err *err)
{
	const struct spec *spec = carry->slots->spec;
	struct probe_owner owner = probe_owner_of(spec, probe);
	struct launch_request request = {
		.spec = spec,
		.worker = owner.check != NULL ? owner.check->runner : owner.worker,
		.ordinal = owner.ordinal,
		.command = &owner.spec->command,
		.heritage = carry->heritage,
		.null_fd = carry->null_fd,
	};

	return launch_make(&request, &carry->arena, out, err);
}

/* Make the program's process; returns its pid, or -1 with failure. */
static pid_t make_process(struct exec_job *job, struct spawn_report *failure)
{
	struct carry *carry = job->exec->carry;
	struct launch launch;
	struct err err = {0};
	pid_t pid = -1;
	int its_end = open_output(job);

	if (its_end == -1) {
		*failure = (struct spawn_report){.step = SPAWN_STEP_PREPARE, .num = errno};
	} else if (make_launch(carry, job->probe, &launch, &err) == -1) {
		*failure = (struct spawn_report){.step = SPAWN_STEP_PREPARE, .num = err.num};
	} else {
		launch.stdout_fd = launch.stderr_fd = its_end;
		pid = spawn(&launch, &job->report_fd, failure);
	}
	fd_close(&its_end);
	arena_reset(&carry->arena);
	desk_wake(carry->desk);
	return pid;
}

/* The machine has no more of something for now: that says nothing of whoever is asked. */
static bool is_refusal(const struct spawn_report *failure)
{
	return failure->num == EAGAIN || err_is_shortage(failure->num);
}

static void answer_failure(struct exec_job *job, const struct spawn_report *failure)
{
	char buf[128];
	struct text text;

	text_init(&text, buf, sizeof buf);
	text_add(&text, "could not %s: %s", spawn_step_text(failure->step), strerror(failure->num));
	answer(job, is_refusal(failure) ? PROBE_UNKNOWN : PROBE_FAILURE, buf);
}

static void start(struct exec_job *job, uint32_t probe)
{
	struct exec *exec = job->exec;
	struct carry *carry = exec->carry;
	struct spawn_report failure = {0};

	question_move(exec->questions, probe, &exec->waiting, &exec->asked);
	job->probe = probe;
	mono_ns deadline = mono_add(carry->desk->now,
				    probe_owner_of(exec->questions->spec, probe).spec->timeout);
	pid_t pid = make_process(job, &failure);
	if (pid == -1) {
		end_output(job);
		answer_failure(job, &failure);
		return;
	}
	strike_disown(carry->desk, carry->slots, pid);
	pids_set(&carry->slots->pids, pid, (uint32_t)(job - exec->jobs), PID_PROBE);
	job->pid = pid;
	job->deadline = deadline;
	exec->deadline = mono_min(exec->deadline, deadline);
}

static struct exec_job *find_free(const struct exec *exec)
{
	for (uint32_t i = 0; i < exec->n_jobs; i++)
		if (exec->jobs[i].pid == 0)
			return &exec->jobs[i];
	return NULL;
}

void exec_ask(struct exec *exec, uint32_t probe, uint32_t serial)
{
	question_begin(exec->questions, probe, serial, &exec->waiting);
}

bool exec_has_line(const struct exec *exec)
{
	return exec->waiting.count > 0 && find_free(exec) != NULL;
}

void exec_line(struct exec *exec)
{
	/* No more than there are now: what fails at once may be asked anew. */
	for (uint32_t left = exec->waiting.count; left > 0 && exec_has_line(exec); left--) {
		start(find_free(exec), exec->waiting.first);
		carry_orders(exec->carry);
	}
}

void exec_drop(struct exec *exec, uint32_t probe)
{
	const struct answer unknown = {.result = PROBE_UNKNOWN, .error = ""};

	if (question_get(exec->questions, probe)->in == &exec->waiting) {
		question_answer(exec->questions, probe, &exec->waiting, &unknown);
		return;
	}
	for (uint32_t i = 0; i < exec->n_jobs; i++) {
		struct exec_job *job = &exec->jobs[i];
		if (job->probe == probe) {
			kill_job(job);
			answer(job, PROBE_UNKNOWN, "");
		}
	}
}

static void overdue(struct exec_job *job)
{
	uint32_t probe = job->probe;
	char span[SPAN_TEXT_SIZE], buf[SPAN_TEXT_SIZE + 32];
	struct text text;

	kill_job(job);
	text_init(&text, buf, sizeof buf);
	text_add(
		&text, "timeout: no answer within %s",
		span_format(span, probe_owner_of(job->exec->questions->spec, probe).spec->timeout));
	answer(job, PROBE_FAILURE, buf);
}

void exec_time(struct exec *exec)
{
	if (exec->carry->desk->now < exec->deadline)
		return;
	for (uint32_t i = 0; i < exec->n_jobs; i++) {
		if (exec->jobs[i].deadline > exec->carry->desk->now)
			continue;
		overdue(&exec->jobs[i]);
		carry_orders(exec->carry);
	}
	set_deadline(exec);
}

static void answer_end(struct exec_job *job, const struct reaped *child)
{
	const char *said = tail_text(&job->tail);
	const char *name = signals_name(child->code);
	char buf[64];
	struct text text;

	text_init(&text, buf, sizeof buf);
	if (child->signaled)
		text_add(&text, "signal %s", strncmp(name, "SIG", 3) == 0 ? name + 3 : name);
	else
		text_add(&text, "exit code %d", child->code);
	if (!child->signaled && child->code == 0)
		answer(job, PROBE_SUCCESS, "");
	else
		answer(job, PROBE_FAILURE, *said == '\0' ? buf : said);
}

void exec_ended(struct exec *exec, uint32_t index, const struct reaped *child)
{
	struct exec_job *job = &exec->jobs[index];
	struct spawn_report failure;

	MUST(index < exec->n_jobs && job->pid != 0);
	pids_remove(&exec->carry->slots->pids, job->pid);
	job->pid = 0;
	job->deadline = MONO_NEVER;
	set_deadline(exec);
	if (job->output.fd != -1)
		tail_read(&job->tail, job->output.fd);
	end_output(job);
	bool failed = job->report_fd != -1 && spawn_report_read(job->report_fd, &failure) == -1;
	fd_close(&job->report_fd);
	if (job->probe != PROBE_NONE && failed)
		answer_failure(job, &failure);
	else if (job->probe != PROBE_NONE)
		answer_end(job, child);
	tail_fini(&job->tail);
}

void exec_end(struct exec *exec)
{
	for (uint32_t i = 0; i < exec->n_jobs; i++)
		if (exec->jobs[i].pid != 0)
			kill_job(&exec->jobs[i]);
}

void exec_await(struct exec *exec, mono_ns until)
{
	for (uint32_t i = 0; i < exec->n_jobs; i++)
		if (exec->jobs[i].pid != 0 && reap_await(exec->jobs[i].pid, until))
			exec->jobs[i].pid = 0;
}

void exec_fini(struct exec *exec)
{
	exec_end(exec);
	for (uint32_t i = 0; i < exec->n_jobs; i++) {
		end_output(&exec->jobs[i]);
		fd_close(&exec->jobs[i].report_fd);
		tail_fini(&exec->jobs[i].tail);
	}
	free(exec->jobs);
	exec->jobs = NULL;
	exec->n_jobs = 0;
}
