#include "engine/stamps.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "sys/aside.h"
#include "sys/stamp.h"

static const span_ns READ_WITHIN = 2 * NS_S, WRITE_WITHIN = 10 * NS_S;
static const span_ns PATIENCE = 500 * NS_MS; /* on the way out */
enum { DIRECTORY_SIZE = 4096 };

struct stamp {
	wall_ns at;   /* of the last run that began here */
	bool waits;   /* to be written */
	bool written; /* is being, just now */
	int num;      /* errno why it is not on the disk; 0: it is, or nothing is to be */
};

/* What became of one. */
struct result {
	uint32_t task;
	int num;
	wall_ns at; /* when it was to be read, and num is 0 */
};

int stamps_init(struct stamps *stamps, struct err *err)
{
	stamps->writer.fd = -1;
	stamps->list = calloc(stamps->spec->n_tasks + 1, sizeof *stamps->list);
	return stamps->list == NULL ? err_set(err, ENOMEM, "make room for the stamps of tasks") : 0;
}

static void directory_of(const struct stamps *stamps, char dir[DIRECTORY_SIZE])
{
	snprintf(dir, DIRECTORY_SIZE, "%s/tasks", stamps->spec->state_dir);
}

static void answer(int out, const struct result *result)
{
	ssize_t len = write(out, result, sizeof *result);

	/* Who waits for it takes silence for a failure. */
	(void)len;
}

static struct result read_one(const struct stamps *stamps, uint32_t task)
{
	struct result result = {.task = task};
	char dir[DIRECTORY_SIZE];

	directory_of(stamps, dir);
	if (stamp_read(dir, stamps->spec->tasks[task].name, &result.at) == -1)
		result.num = errno;
	return result;
}

/* In the process, as write_all. */
static void read_all(const void *input, int out)
{
	const struct stamps *stamps = input;

	for (uint32_t t = 0; t < stamps->spec->n_tasks; t++) {
		struct result result = read_one(stamps, t);
		if (stamps->spec->tasks[t].persistent)
			answer(out, &result);
	}
}

static void write_all(const void *input, int out)
{
	const struct stamps *stamps = input;
	char dir[DIRECTORY_SIZE];

	directory_of(stamps, dir);
	for (uint32_t t = 0; t < stamps->spec->n_tasks; t++) {
		struct result result = {.task = t};
		if (!stamps->list[t].written)
			continue;
		if (stamp_write(dir, stamps->spec->tasks[t].name, stamps->list[t].at) == -1)
			result.num = errno;
		answer(out, &result);
	}
}

static void remember(struct stamps *stamps, const struct result *result, wall_ns now)
{
	const char *task = stamps->spec->tasks[result->task].name;

	if (result->num == ENOENT)
		return;
	if (result->num != 0)
		LOG_EVENT(stamps->log, LOG_WARNING,
			  "when the task last ran cannot be read, it counts as never",
			  F_STR("task", task), F_STR("error", strerror(result->num)));
	else if (result->at > now)
		LOG_EVENT(stamps->log, LOG_WARNING,
			  "the task last ran in the future, it counts as never",
			  F_STR("task", task), F_SPAN("ahead", result->at - now));
	else
		desk_report(stamps->desk, (struct fact){.kind = FACT_LAST_RUN,
							.instance = spec_task_instance(
								stamps->spec, result->task),
							.span = now - result->at});
}

static uint32_t count_persistent(const struct spec *spec)
{
	uint32_t count = 0;

	for (uint32_t t = 0; t < spec->n_tasks; t++)
		count += spec->tasks[t].persistent;
	return count;
}

/* The machine has no process for it just now. */
static void read_here(struct stamps *stamps)
{
	for (uint32_t t = 0; t < stamps->spec->n_tasks; t++) {
		struct result result = read_one(stamps, t);
		if (stamps->spec->tasks[t].persistent)
			remember(stamps, &result, wall_now());
	}
}

void stamps_read(struct stamps *stamps)
{
	struct aside aside = {.function = read_all, .input = stamps, .timeout = READ_WITHIN};
	uint32_t count = count_persistent(stamps->spec);
	struct result *results = calloc(count + 1, sizeof *results);
	struct err err = {.num = ENOMEM};
	long len = -1;

	if (count > 0 && results != NULL)
		len = aside_run(&aside, results, count * sizeof *results, &err);
	if (len < 0 && err.num != ETIMEDOUT)
		read_here(stamps);
	else if (len < 0)
		LOG_EVENT(stamps->log, LOG_WARNING,
			  "when tasks last ran cannot be read, it counts as never",
			  F_STR("error", err.text));
	for (size_t i = 0; len > 0 && i < (size_t)len / sizeof *results; i++)
		remember(stamps, &results[i], wall_now());
	free(results);
}

static void tell(struct stamps *stamps, int num)
{
	if (num != 0 && !stamps->failing)
		LOG_EVENT(stamps->log, LOG_WARNING,
			  "when tasks ran cannot be kept for after a restart, tried with each run",
			  F_STR("in", stamps->spec->state_dir), F_STR("error", strerror(num)));
	else if (num == 0 && stamps->failing)
		LOG_EVENT(stamps->log, LOG_INFO, "when tasks ran is kept again",
			  F_STR("in", stamps->spec->state_dir));
	stamps->failing = num != 0;
}

/* All that are being written were not. */
static void fail(struct stamps *stamps, int num)
{
	for (uint32_t t = 0; t < stamps->spec->n_tasks; t++) {
		struct stamp *stamp = &stamps->list[t];
		if (!stamp->written)
			continue;
		stamp->written = false;
		stamp->waits = true;
		stamp->num = num;
		tell(stamps, num);
	}
}

static void note(struct stamps *stamps, const struct result *result)
{
	if (result->task >= stamps->spec->n_tasks)
		return;
	struct stamp *stamp = &stamps->list[result->task];
	stamp->written = false;
	stamp->num = result->num;
	stamp->waits = stamp->waits || result->num != 0;
	tell(stamps, result->num);
}

static void write_those_waiting(struct stamps *stamps);

/* Read what the writer has to say. False: that was all, it has ended. */
static bool hear(struct stamps *stamps)
{
	struct result result;
	ssize_t len = read(stamps->writer.fd, &result, sizeof result);

	if (len == (ssize_t)sizeof result)
		note(stamps, &result);
	return len > 0 || (len == -1 && (errno == EAGAIN || errno == EINTR));
}

static void end_writer(struct stamps *stamps)
{
	ev_io_stop(stamps->loop, &stamps->writer);
	fd_close(&stamps->writer.fd);
	fail(stamps, ETIMEDOUT);
}

static bool has_new(const struct stamps *stamps)
{
	for (uint32_t t = 0; t < stamps->spec->n_tasks; t++)
		if (stamps->list[t].waits && stamps->list[t].num == 0)
			return true;
	return false;
}

static void on_writer(struct ev_loop *loop, ev_io *io, int events)
{
	struct stamps *stamps = io->data;

	(void)loop;
	(void)events;
	if (hear(stamps))
		return;
	end_writer(stamps);
	/* What has come meanwhile; what has failed waits for the next. */
	if (has_new(stamps))
		write_those_waiting(stamps);
}

static void write_those_waiting(struct stamps *stamps)
{
	struct aside aside = {.function = write_all, .input = stamps, .timeout = WRITE_WITHIN};

	for (uint32_t t = 0; t < stamps->spec->n_tasks; t++) {
		struct stamp *stamp = &stamps->list[t];
		stamp->written = stamp->waits;
		stamp->waits = false;
	}
	int fd = aside_start(&aside);
	int num = errno;
	desk_wake(stamps->desk);
	if (fd == -1) {
		fail(stamps, num);
		return;
	}
	stamps->overdue_at = mono_add(stamps->desk->now, WRITE_WITHIN + NS_S);
	ev_io_init(&stamps->writer, on_writer, fd, EV_READ);
	stamps->writer.data = stamps;
	ev_io_start(stamps->loop, &stamps->writer);
}

void stamps_begun(struct stamps *stamps, uint32_t task)
{
	struct stamp *stamp = &stamps->list[task];

	if (!stamps->spec->tasks[task].persistent)
		return;
	stamp->at = wall_now();
	stamp->waits = true;
	stamp->num = 0;
	if (stamps->writer.fd == -1)
		write_those_waiting(stamps);
	else if (stamps->desk->now >= stamps->overdue_at)
		tell(stamps, ETIMEDOUT);
}

const char *stamps_error(const struct stamps *stamps, uint32_t task)
{
	const struct stamp *stamp = &stamps->list[task];
	bool hangs = stamps->writer.fd != -1 && stamps->desk->now >= stamps->overdue_at &&
		     (stamp->waits || stamp->written);
	int num = hangs ? ETIMEDOUT : stamp->num;

	return num == 0 ? NULL : strerror(num);
}

void stamps_end(struct stamps *stamps)
{
	mono_ns until = mono_add(mono_now(), PATIENCE);

	if (stamps->writer.fd == -1 && has_new(stamps))
		write_those_waiting(stamps);
	while (stamps->writer.fd != -1 && mono_now() < until) {
		struct pollfd ready = {.fd = stamps->writer.fd, .events = POLLIN};
		poll(&ready, 1, (int)((until - mono_now()) / NS_MS) + 1);
		if ((ready.revents & (POLLIN | POLLHUP)) == 0 || hear(stamps))
			continue;
		end_writer(stamps);
		if (has_new(stamps))
			write_those_waiting(stamps);
	}
}

void stamps_fini(struct stamps *stamps)
{
	if (stamps->list != NULL && stamps->writer.fd != -1)
		ev_io_stop(stamps->loop, &stamps->writer);
	if (stamps->list != NULL)
		fd_close(&stamps->writer.fd);
	free(stamps->list);
	stamps->list = NULL;
}
