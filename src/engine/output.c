#include "engine/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "engine/subject.h"
#include "engine/tail.h"

enum {
	LINE_SIZE = 1000, /* of a line, as much is told */
	CHUNK = 1024,	  /* read at once */
	CHUNKS_A_WAKEUP = 4,
	CHUNKS_AT_END = 64, /* all that a pipe holds */
	LINES_A_WAKEUP = 64,
	LINES_A_WINDOW = 512, /* then it is not read on */
	LINES_AT_MOST = 1024, /* in a window, the end of a run included */
	BYTES_A_WINDOW = 256 * 1024, /* of who writes no lines: as LINES_A_WINDOW */
};
static const span_ns WINDOW = 100 * NS_MS;

struct output {
	struct outputs *outputs; /* borrowed */
	ev_io io;		 /* fd -1: no pipe */
	struct tail tail;	 /* of the present or last run */
	mono_ns window_end;
	unsigned lines;	 /* in this window */
	size_t bytes;	 /* the same */
	unsigned untold; /* lines of this run that nobody was told */
	bool rests;	 /* until the window's end */
	bool cut;	 /* the line below is longer than it can be told */
	size_t len;	 /* <= LINE_SIZE */
	char line[LINE_SIZE + 1];
};

int output_init(struct outputs *outputs, struct err *err)
{
	const struct spec *spec = outputs->spec;

	outputs->first = spec_worker_instances(spec);
	outputs->deadline = MONO_NEVER;
	outputs->list = calloc(spec->n_instances - outputs->first + 1, sizeof *outputs->list);
	if (outputs->list == NULL)
		return err_set(err, ENOMEM, "make room for what tasks write");
	outputs->count = spec->n_instances - outputs->first;
	for (uint32_t i = 0; i < outputs->count; i++) {
		outputs->list[i].outputs = outputs;
		outputs->list[i].io.fd = -1;
	}
	return 0;
}

/* NULL: the instance is a worker's. */
static struct output *output_of(const struct outputs *outputs, uint32_t instance)
{
	return outputs == NULL || instance < outputs->first
		       ? NULL
		       : &outputs->list[instance - outputs->first];
}

static uint32_t instance_of(const struct output *output)
{
	return output->outputs->first + (uint32_t)(output - output->outputs->list);
}

static void tell_line(struct output *output)
{
	struct subject subject;

	subject_of(output->outputs->spec, instance_of(output), &subject);
	output->line[output->len] = '\0';
	LOG_EVENT(output->outputs->log, LOG_INFO, "output", subject.who, subject.half,
		  F_STR("line", output->line), F_STR("cut", output->cut ? "yes" : NULL));
}

static void end_line(struct output *output)
{
	if (output->len > 0 && output->line[output->len - 1] == '\r')
		output->len--;
	if (output->len > 0 && output->lines < LINES_AT_MOST)
		tell_line(output);
	else if (output->len > 0)
		output->untold++;
	output->lines++;
	output->len = 0;
	output->cut = false;
}

static void add_to_line(struct output *output, char c)
{
	if (output->len < LINE_SIZE)
		output->line[output->len++] = c == '\0' ? '?' : c;
	else
		output->cut = true;
}

static void take(struct output *output, const char *bytes, size_t len)
{
	tail_add(&output->tail, bytes, len);
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\n')
			end_line(output);
		else
			add_to_line(output, bytes[i]);
	}
}

static void end_pipe(struct output *output)
{
	if (output->io.fd == -1)
		return;
	ev_io_stop(output->outputs->loop, &output->io);
	fd_close(&output->io.fd);
	output->rests = false;
}

/* Read so many chunks, or until enough lines have come. False: there is nothing to be read now. */
static bool read_some(struct output *output, int chunks, unsigned lines)
{
	char bytes[CHUNK];

	for (unsigned before = output->lines; chunks > 0 && output->lines - before < lines;
	     chunks--) {
		ssize_t len = read(output->io.fd, bytes, sizeof bytes);
		if (len == -1 && (errno == EAGAIN || errno == EINTR))
			return false;
		if (len <= 0) {
			end_pipe(output);
			return false;
		}
		output->bytes += (size_t)len;
		take(output, bytes, (size_t)len);
	}
	return true;
}

static void enter_window(struct output *output)
{
	mono_ns now = output->outputs->desk->now;

	if (now < output->window_end)
		return;
	output->window_end = mono_add(now, WINDOW);
	output->lines = 0;
	output->bytes = 0;
}

static bool has_said_enough(const struct output *output)
{
	return output->lines >= LINES_A_WINDOW || output->bytes >= BYTES_A_WINDOW ||
	       outbox_is_busy(output->outputs->outbox);
}

static void rest(struct output *output)
{
	struct outputs *outputs = output->outputs;

	ev_io_stop(outputs->loop, &output->io);
	output->rests = true;
	outputs->deadline = mono_min(outputs->deadline, output->window_end);
}

static void on_output(struct ev_loop *loop, ev_io *io, int events)
{
	struct output *output = io->data;

	(void)loop;
	(void)events;
	enter_window(output);
	if (read_some(output, CHUNKS_A_WAKEUP, LINES_A_WAKEUP) && has_said_enough(output))
		rest(output);
}

static void refuse(struct outputs *outputs, uint32_t instance)
{
	struct subject subject;
	int num = errno;

	if (outputs->refused)
		return;
	outputs->refused = true;
	subject_of(outputs->spec, instance, &subject);
	LOG_EVENT(outputs->log, LOG_WARNING,
		  "no pipe for what it writes, that goes where fosterd's own goes", subject.who,
		  subject.half, F_STR("error", strerror(num)));
}

/* Only our end is not to block: the program may expect its own to. */
static int make_pipe(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
		return 0;
	int num = errno;
	fd_close(&ends[0]);
	fd_close(&ends[1]);
	errno = num;
	return -1;
}

int output_open(struct outputs *outputs, uint32_t instance)
{
	struct output *output = output_of(outputs, instance);
	int ends[2];

	if (output == NULL)
		return -1;
	output_close(outputs, instance);
	tail_fini(&output->tail);
	if (make_pipe(ends) == -1) {
		refuse(outputs, instance);
		return -1;
	}
	outputs->refused = false;
	ev_io_init(&output->io, on_output, ends[0], EV_READ);
	output->io.data = output;
	ev_io_start(outputs->loop, &output->io);
	return ends[1];
}

static void tell_untold(struct output *output)
{
	struct subject subject;

	if (output->untold == 0)
		return;
	subject_of(output->outputs->spec, instance_of(output), &subject);
	LOG_EVENT(output->outputs->log, LOG_WARNING, "lines of output were left out", subject.who,
		  subject.half, F_INT("lines", output->untold));
	output->untold = 0;
}

void output_close(struct outputs *outputs, uint32_t instance)
{
	struct output *output = output_of(outputs, instance);

	if (output == NULL)
		return;
	if (output->io.fd != -1) {
		enter_window(output);
		read_some(output, CHUNKS_AT_END, UINT32_MAX);
	}
	end_pipe(output);
	if (output->len > 0)
		end_line(output);
	tell_untold(output);
}

void output_time(struct outputs *outputs)
{
	mono_ns now = outputs->desk->now;

	if (now < outputs->deadline)
		return;
	outputs->deadline = MONO_NEVER;
	for (uint32_t i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->list[i];
		if (!output->rests)
			continue;
		if (output->window_end > now) {
			outputs->deadline = mono_min(outputs->deadline, output->window_end);
			continue;
		}
		output->rests = false;
		ev_io_start(outputs->loop, &output->io);
	}
}

const char *output_text(const struct outputs *outputs, uint32_t instance)
{
	struct output *output = output_of(outputs, instance);

	return output == NULL ? "" : tail_text(&output->tail);
}

const char *output_last_line(const struct outputs *outputs, uint32_t instance)
{
	const char *text = output_text(outputs, instance);
	const char *newline = strrchr(text, '\n');

	return newline == NULL ? text : newline + 1;
}

void output_fini(struct outputs *outputs)
{
	for (uint32_t i = 0; i < outputs->count; i++) {
		end_pipe(&outputs->list[i]);
		tail_fini(&outputs->list[i].tail);
	}
	free(outputs->list);
	outputs->list = NULL;
	outputs->count = 0;
}
