#include "sys/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/must.h"
#include "sys/child.h"

enum { STACK_SIZE = 64 * 1024 };

static bool must_fork(const struct launch *launch)
{
	const struct identity *identity = launch->identity;

	return launch->fork || identity->has_user || identity->has_gid || identity->has_groups ||
	       identity->has_capabilities;
}

/* What is kept from one shared child to the next: there is one at a time. */
static struct {
	char *stack; /* its low end, below it a page that stops an overflow; NULL: none yet */
	bool shares; /* a child was seen in our memory: its report needs no pipe */
} nest;

static struct child_job job_for(const struct launch *launch, int report_fd)
{
	struct child_job job = {.launch = launch, .parent = getpid(), .report_fd = report_fd};

	if (launch->has_oom_score_adj)
		snprintf(job.oom_text, sizeof job.oom_text, "%d", launch->oom_score_adj);
	return job;
}

static pid_t refuse(struct spawn_report *report, enum spawn_step step)
{
	*report = (struct spawn_report){step, errno};
	return -1;
}

static int make_stack(void)
{
	size_t guard = (size_t)sysconf(_SC_PAGESIZE);
	char *memory = mmap(NULL, guard + STACK_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

	if (memory == MAP_FAILED)
		return -1;
	if (mprotect(memory, guard, PROT_NONE) == -1) {
		munmap(memory, guard + STACK_SIZE);
		return -1;
	}
	nest.stack = memory + guard;
	return 0;
}

/*
 * A child in our memory, on a stack of its own. We stand still. The stack is kept: to give it back
 * would cost a flush on each processor that a child has run on.
 */
static pid_t start_sharing(struct child_job *job, struct spawn_report *report)
{
	if (nest.stack == NULL && make_stack() == -1)
		return refuse(report, SPAWN_STEP_PREPARE);
	pid_t pid =
		clone(child_run, nest.stack + STACK_SIZE, CLONE_VM | CLONE_VFORK | SIGCHLD, job);
	return pid == -1 ? refuse(report, SPAWN_STEP_FORK) : pid;
}

static pid_t start_forked(struct child_job *job, struct spawn_report *report)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(child_run(job));
	return pid == -1 ? refuse(report, SPAWN_STEP_FORK) : pid;
}

/* The end of a child that never became its program is nobody's news. */
static void bury(pid_t pid)
{
	while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		;
}

/*
 * Some emulators make a fork of CLONE_VM: the report is in the pipe then, and so is waited for.
 * (The kernel wakes us a moment before it closes the pipe in the child.)
 */
static pid_t settle(pid_t pid, const struct child_job *job, int read_fd,
		    struct spawn_report *report)
{
	int state = 0;

	nest.shares = nest.shares || job->here;
	if (job->here || read_fd == -1)
		*report = job->report;
	else
		while (state == 0)
			state = spawn_report_read(read_fd, report);
	if (report->step == SPAWN_STEP_NONE)
		return pid;
	bury(pid);
	return -1;
}

pid_t spawn(const struct launch *launch, int *report_fd, struct spawn_report *report)
{
	bool forked = must_fork(launch);
	int ends[2] = {-1, -1};

	MUST(launch->n_passes <= CHILD_PASS_MAX);
	*report_fd = -1;
	*report = (struct spawn_report){SPAWN_STEP_NONE, 0};
	if ((forked || !nest.shares) && pipe2(ends, O_CLOEXEC) == -1)
		return refuse(report, SPAWN_STEP_PREPARE);

	struct child_job job = job_for(launch, ends[1]);
	pid_t pid = forked ? start_forked(&job, report) : start_sharing(&job, report);
	fd_close(&ends[1]);
	if (pid != -1 && forked && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
		*report_fd = fd_take(&ends[0]);
	else if (pid != -1)
		pid = settle(pid, &job, ends[0], report);
	fd_close(&ends[0]);
	return pid;
}

int spawn_report_read(int report_fd, struct spawn_report *report)
{
	struct spawn_report got;
	ssize_t len = read(report_fd, &got, sizeof got);

	*report = (struct spawn_report){SPAWN_STEP_NONE, 0};
	if (len == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (len != (ssize_t)sizeof got)
		return 1;
	*report = got;
	return -1;
}

const char *spawn_step_text(enum spawn_step step)
{
#define X(name, text) [name] = text,
	static const char *const texts[] = {SPAWN_STEPS(X)};
#undef X

	MUST(step < SPAWN_STEP_COUNT);
	return texts[step];
}
