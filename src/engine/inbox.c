#include "engine/inbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "engine/message.h"
#include "sys/datagram.h"

enum { STATUS_MAX = 255, DATAGRAMS_A_WAKEUP = 16, DATAGRAMS_AT_END = 64, READS_AT_END = 16 };
enum { REFUSALS_TOLD = 5 };
static const span_ns WINDOW = 10 * NS_S;

static void directory_of(const struct inbox *inbox, char path[INBOX_PATH_SIZE])
{
	struct text text;

	text_init(&text, path, INBOX_PATH_SIZE);
	text_add(&text, "%s/notify", inbox->slots->spec->runtime_dir);
}

static void path_of(const struct inbox *inbox, uint32_t instance, char path[INBOX_PATH_SIZE])
{
	char name[INSTANCE_NAME_SIZE];
	struct text text;

	text_init(&text, path, INBOX_PATH_SIZE);
	text_add(&text, "%s/notify/%s", inbox->slots->spec->runtime_dir,
		 slots_name(inbox->slots, instance, name));
}

/* Whatever the umask was; and never through a link that somebody has put there. */
static int open_to_workers(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int result = 0;

	if (fd == -1)
		return err_set(err, errno, "open %s", path);
	if (fchmod(fd, 0711) == -1)
		result = err_set(err, errno, "set the mode of %s", path);
	fd_close(&fd);
	return result;
}

static int make_directory(const struct inbox *inbox, struct err *err)
{
	char path[INBOX_PATH_SIZE];
	const char *runtime = inbox->slots->spec->runtime_dir;

	directory_of(inbox, path);
	if (mkdir(runtime, 0755) == -1 && errno != EEXIST)
		return err_set(err, errno, "make %s", runtime);
	/* Workers of any user may go through to their own socket, and see no other's name. */
	if (mkdir(path, 0711) == -1 && errno != EEXIST)
		return err_set(err, errno, "make %s", path);
	return open_to_workers(path, err);
}

bool inbox_is_used(const struct worker_spec *worker)
{
	return worker->ready_when == READY_NOTIFY || worker->watchdog > 0;
}

int inbox_init(struct inbox *inbox, struct err *err)
{
	const struct spec *spec = inbox->slots->spec;

	for (uint32_t w = 0; w < spec->n_workers; w++)
		if (inbox_is_used(&spec->workers[w]))
			return make_directory(inbox, err);
	return 0;
}

static void close_notify(struct inbox *inbox, uint32_t instance)
{
	struct slot *slot = slots_get(inbox->slots, instance);
	char path[INBOX_PATH_SIZE];

	if (slot->notify_io.fd == -1)
		return;
	ev_io_stop(inbox->loop, &slot->notify_io);
	datagram_drop(&slot->notify_io.fd);
	path_of(inbox, instance, path);
	unlink(path);
}

void inbox_fini(struct inbox *inbox)
{
	char path[INBOX_PATH_SIZE];

	if (inbox->slots == NULL || inbox->slots->list == NULL)
		return;
	for (uint32_t i = 0; i < inbox->slots->spec->n_instances; i++) {
		inbox_close_ready(inbox, i);
		close_notify(inbox, i);
	}
	directory_of(inbox, path);
	rmdir(path);
}

static void report(struct inbox *inbox, uint32_t instance, enum fact_kind kind, span_ns span)
{
	desk_report(inbox->desk, (struct fact){.kind = kind,
					       .instance = instance,
					       .gen = slots_get(inbox->slots, instance)->gen,
					       .span = span});
}

/* Say that something was refused, in 5 lines each 10 s: anybody may send anything, at any rate. */
static void tell_refusal(struct inbox *inbox, uint32_t instance, const char *message,
			 const char *what)
{
	char name[INSTANCE_NAME_SIZE];

	if (inbox->desk->now >= inbox->window_end) {
		inbox->window_end = mono_add(inbox->desk->now, WINDOW);
		inbox->told = 0;
	}
	if (inbox->told == REFUSALS_TOLD) {
		inbox->untold++;
		return;
	}
	LOG_EVENT(inbox->log, LOG_WARNING, message,
		  F_STR("worker", slots_name(inbox->slots, instance, name)), F_STR("what", what),
		  inbox->untold > 0 ? F_INT("untold_before", inbox->untold) : F_STR("", NULL));
	inbox->told++;
	inbox->untold = 0;
}

static void keep_status(struct slot *slot, const struct message *message)
{
	size_t len = message->status_len < STATUS_MAX ? message->status_len : STATUS_MAX;
	char *text = strndup(message->status, len);

	/* Without memory the old text stays: it is for people only. */
	if (text == NULL)
		return;
	free(slot->status_text);
	slot->status_text = text;
}

static void report_message(struct inbox *inbox, uint32_t instance, const struct message *message)
{
	struct slot *slot = slots_get(inbox->slots, instance);

	if (message->status != NULL)
		keep_status(slot, message);
	if (message->refused != NULL)
		tell_refusal(inbox, instance, "worker may not set this, refused", message->refused);
	if (message->extends)
		report(inbox, instance, FACT_EXTEND, message->extend);
	if (message->ready &&
	    spec_worker_of(inbox->slots->spec, instance)->ready_when == READY_NOTIFY)
		report(inbox, instance, FACT_READY, 0);
	if (message->watchdog)
		report(inbox, instance, FACT_WATCHDOG, 0);
	if (message->trigger)
		report(inbox, instance, FACT_WATCHDOG_TRIGGER, 0);
	if (message->stopping)
		report(inbox, instance, FACT_STOPPING, 0);
}

/* Root, ourselves, and the worker's own user may speak for the instance. */
static bool may_speak(const struct inbox *inbox, uint32_t instance, uid_t uid)
{
	const struct identity *identity = &spec_worker_of(inbox->slots->spec, instance)->identity;

	return uid == 0 || uid == geteuid() || (identity->has_user && uid == identity->uid);
}

static void take(struct inbox *inbox, uint32_t instance, struct datagram *datagram)
{
	const struct slot *slot = slots_get(inbox->slots, instance);

	if (!datagram->valid) {
		tell_refusal(inbox, instance, "a message that cannot be understood was dropped",
			     "cut short, with a zero byte, or from nobody we can see");
	} else if (!may_speak(inbox, instance, datagram->uid)) {
		tell_refusal(inbox, instance, "a message was dropped", "it came from another user");
	} else if (slot->pid != 0) {
		struct message message = message_read(datagram->text, datagram->len);
		report_message(inbox, instance, &message);
	}
}

static void read_some(struct inbox *inbox, uint32_t instance, int most)
{
	const struct slot *slot = slots_get(inbox->slots, instance);
	struct datagram datagram;

	for (int n = 0; n < most && datagram_read(slot->notify_io.fd, &datagram) == 1; n++)
		take(inbox, instance, &datagram);
}

static uint32_t instance_of(const struct inbox *inbox, const struct slot *slot)
{
	return (uint32_t)(slot - inbox->slots->list);
}

static struct slot *slot_of_notify(ev_io *io)
{
	return (struct slot *)(void *)((char *)io - offsetof(struct slot, notify_io));
}

static struct slot *slot_of_ready(ev_io *io)
{
	return (struct slot *)(void *)((char *)io - offsetof(struct slot, ready_io));
}

static void on_notify(struct ev_loop *loop, ev_io *io, int events)
{
	struct inbox *inbox = io->data;
	struct slot *slot = slot_of_notify(io);

	(void)events;
	/* What is said before its start has been confirmed stays in the socket until then. */
	if (slot->report_io.fd != -1)
		ev_io_stop(loop, io);
	else
		read_some(inbox, instance_of(inbox, slot), DATAGRAMS_A_WAKEUP);
}

/* Drop what was sent while nothing ran: it is not this run's. */
static void forget_old(const struct slot *slot)
{
	struct datagram datagram;

	for (int n = 0; n < DATAGRAMS_AT_END && datagram_read(slot->notify_io.fd, &datagram) == 1;
	     n++)
		continue;
}

int inbox_open(struct inbox *inbox, uint32_t instance, char path[INBOX_PATH_SIZE], struct err *err)
{
	struct slot *slot = slots_get(inbox->slots, instance);

	path_of(inbox, instance, path);
	if (slot->notify_io.fd != -1 && access(path, F_OK) == 0) {
		forget_old(slot);
		return 0;
	}
	close_notify(inbox, instance);
	if (make_directory(inbox, err) == -1)
		return -1;
	int fd = datagram_open(path, err);
	if (fd == -1)
		return -1;
	ev_io_init(&slot->notify_io, on_notify, fd, EV_READ);
	slot->notify_io.data = inbox;
	ev_io_start(inbox->loop, &slot->notify_io);
	return 0;
}

void inbox_listen(struct inbox *inbox, uint32_t instance)
{
	struct slot *slot = slots_get(inbox->slots, instance);

	if (slot->notify_io.fd != -1)
		ev_io_start(inbox->loop, &slot->notify_io);
}

void inbox_close_ready(struct inbox *inbox, uint32_t instance)
{
	struct slot *slot = slots_get(inbox->slots, instance);

	if (slot->ready_io.fd == -1)
		return;
	ev_io_stop(inbox->loop, &slot->ready_io);
	fd_close(&slot->ready_io.fd);
}

/* Look for the newline. True when there is nothing more to come. */
static bool read_ready(struct inbox *inbox, uint32_t instance)
{
	char buf[512];
	ssize_t len = read(slots_get(inbox->slots, instance)->ready_io.fd, buf, sizeof buf);

	if (len > 0 && memchr(buf, '\n', (size_t)len) != NULL) {
		report(inbox, instance, FACT_READY, 0);
		return true;
	}
	return len == 0 || (len == -1 && errno != EAGAIN && errno != EINTR);
}

static void on_ready(struct ev_loop *loop, ev_io *io, int events)
{
	struct inbox *inbox = io->data;
	struct slot *slot = slot_of_ready(io);
	uint32_t instance = instance_of(inbox, slot);

	(void)loop;
	(void)events;
	if (slot->report_io.fd == -1 && read_ready(inbox, instance))
		inbox_close_ready(inbox, instance);
}

int inbox_open_ready(struct inbox *inbox, uint32_t instance, struct err *err)
{
	struct slot *slot = slots_get(inbox->slots, instance);
	int ends[2];

	inbox_close_ready(inbox, instance);
	if (pipe2(ends, O_CLOEXEC) == -1)
		return err_set(err, errno, "make a pipe");
	/* Only our end: the worker may expect to block. */
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK) == -1) {
		err_set(err, errno, "set up a pipe");
		fd_close(&ends[0]);
		fd_close(&ends[1]);
		return -1;
	}
	ev_io_init(&slot->ready_io, on_ready, ends[0], EV_READ);
	slot->ready_io.data = inbox;
	ev_io_start(inbox->loop, &slot->ready_io);
	return ends[1];
}

void inbox_drain(struct inbox *inbox, uint32_t instance)
{
	struct slot *slot = slots_get(inbox->slots, instance);

	if (slot->notify_io.fd != -1)
		read_some(inbox, instance, DATAGRAMS_AT_END);
	for (int n = 0; n < READS_AT_END && slot->ready_io.fd != -1; n++)
		if (read_ready(inbox, instance))
			break;
}
