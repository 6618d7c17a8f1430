#include "service/view.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"

static void ask_worker(const void *source, uint32_t worker, struct worker_status *out)
{
	supervisor_worker(source, worker, out);
}

static void ask_instance(const void *source, uint32_t instance, struct instance_view *out)
{
	supervisor_instance(source, instance, out);
}

static void ask_probe(const void *source, uint32_t probe, struct probe_view *out)
{
	supervisor_probe(source, probe, out);
}

static void ask_check(const void *source, uint32_t check, struct check_status *out)
{
	supervisor_check(source, check, out);
}

static void ask_prober(const void *source, uint32_t prober, struct prober_view *out)
{
	supervisor_prober(source, prober, out);
}

static void ask_task(const void *source, uint32_t task, struct task_view *out)
{
	supervisor_task(source, task, out);
}

static void ask_step(const void *source, uint32_t step, struct step_view *out)
{
	supervisor_step(source, step, out);
}

static bool read_comm(pid_t pid, char out[COMM_SIZE])
{
	char path[32];

	snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd == -1 ? -1 : read(fd, out, COMM_SIZE - 1);
	fd_close(&fd);
	if (len <= 0)
		return false;
	out[len] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return true;
}

/* Asked once: it is a system call, and a view is made for each request. */
static pid_t own_pid(void)
{
	static pid_t pid;

	if (pid == 0)
		pid = getpid();
	return pid;
}

static struct view view_on(const struct supervisor *supervisor)
{
	return (struct view){
		.spec = supervisor_spec(supervisor),
		.started = supervisor_started(supervisor),
		.pid = own_pid(),
		.source = supervisor,
		.worker = ask_worker,
		.instance = ask_instance,
		.probe = ask_probe,
		.check = ask_check,
		.prober = ask_prober,
		.task = ask_task,
		.step = ask_step,
		.comm = read_comm,
	};
}

void view_of_turn(const struct supervisor *supervisor, const struct turn *turn, struct view *out)
{
	*out = view_on(supervisor);
	out->status = turn->status;
	out->now = turn->now;
	out->wall = wall_now();
}

void view_of(struct supervisor *supervisor, struct view *out)
{
	*out = view_on(supervisor);
	supervisor_status(supervisor, &out->status);
	supervisor_counts(supervisor, &out->counts);
	out->now = mono_now();
	out->wall = wall_now();
}
