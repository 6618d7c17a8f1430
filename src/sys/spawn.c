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

/*
 * A child in our memory, on a stack of its own with a page below it that stops an overflow. We
 * stand still.
 */
static pid_t start_sharing(struct child_job *job, struct spawn_report *report)
{
	size_t guard = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = guard + STACK_SIZE;
	char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	pid_t pid = -1;

	if (stack == MAP_FAILED)
		return refuse(report, SPAWN_STEP_PREPARE);
	if (mprotect(stack, guard, PROT_NONE) == -1) {
		refuse(report, SPAWN_STEP_PREPARE);
	} else {
		pid = clone(child_run, stack + size, CLONE_VM | CLONE_VFORK | SIGCHLD, job);
		if (pid == -1)
			refuse(report, SPAWN_STEP_FORK);
	}
	munmap(stack, size);
	return pid;
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
 * The kernel wakes us a moment before it closes the pipe in the child, and some emulators make a
 * fork of CLONE_VM: so wait for the pipe's end here too.
 */
static pid_t settle(pid_t pid, int read_fd, struct spawn_report *report)
{
	int state;

	do
		state = spawn_report_read(read_fd, report);
	while (state == 0);
	if (state == 1)
		return pid;
	bury(pid);
	return -1;
}

pid_t spawn(const struct launch *launch, int *report_fd, struct spawn_report *report)
{
	int ends[2];

	MUST(launch->n_passes <= CHILD_PASS_MAX);
	*report_fd = -1;
	*report = (struct spawn_report){SPAWN_STEP_NONE, 0};
	if (pipe2(ends, O_CLOEXEC) == -1)
		return refuse(report, SPAWN_STEP_PREPARE);

	bool forked = must_fork(launch);
	struct child_job job = job_for(launch, ends[1]);
	pid_t pid = forked ? start_forked(&job, report) : start_sharing(&job, report);
	fd_close(&ends[1]);
	if (pid != -1 && forked && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
		*report_fd = fd_take(&ends[0]);
	else if (pid != -1)
		pid = settle(pid, ends[0], report);
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
