#include "service/systemd.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "sys/datagram.h"

enum { MESSAGE_SIZE = 512 };

/* A number of microseconds or a pid; 0 when it is none. */
static uint64_t number_of(const char *variable)
{
	const char *value = getenv(variable);
	char *end;

	if (value == NULL || *value < '0' || *value > '9')
		return 0;
	uint64_t number = strtoull(value, &end, 10);
	return *end == '\0' ? number : 0;
}

/* How long the manager waits for one WATCHDOG=1; 0: it does not, or waits for somebody else. */
static span_ns watchdog_wanted(void)
{
	uint64_t usec = number_of("WATCHDOG_USEC");

	if (usec > (uint64_t)(INT64_MAX / NS_US))
		return 0;
	if (getenv("WATCHDOG_PID") != NULL && number_of("WATCHDOG_PID") != (uint64_t)getpid())
		return 0;
	return (span_ns)usec * NS_US;
}

void systemd_init(struct systemd *systemd, struct log *log)
{
	*systemd = (struct systemd){.address = getenv("NOTIFY_SOCKET"), .log = log};
	notice_init(&systemd->notice, watchdog_wanted(), mono_now());
}

void systemd_reload(struct systemd *systemd)
{
	notice_reload(&systemd->notice, mono_now());
}

static void write_message(struct text *text, const struct systemd *systemd, unsigned parts,
			  const char *summary)
{
	if ((parts & NOTICE_READY) != 0)
		text_add(text, "READY=1\n");
	if ((parts & NOTICE_STOPPING) != 0)
		text_add(text, "STOPPING=1\n");
	if ((parts & NOTICE_RELOADING) != 0)
		text_add(text, "RELOADING=1\nMONOTONIC_USEC=%" PRId64 "\n",
			 systemd->notice.reload_at / NS_US);
	if ((parts & NOTICE_EXTEND) != 0)
		text_add(text, "EXTEND_TIMEOUT_USEC=%" PRId64 "\n", NOTICE_EXTENSION / NS_US);
	if ((parts & NOTICE_WATCHDOG) != 0)
		text_add(text, "WATCHDOG=1\n");
	if ((parts & NOTICE_STATUS) != 0)
		text_add(text, "STATUS=%s\n", summary);
}

/* False when it may be taken later: what is refused for another reason will be then as well. */
static bool send_message(struct systemd *systemd, const char *message)
{
	struct err err;

	if (datagram_send(systemd->address, message, &err) == 0) {
		systemd->failed = false;
		return true;
	}
	if (!systemd->failed)
		LOG_EVENT(systemd->log, LOG_WARNING, "the service manager cannot be told",
			  F_STR("error", err.text));
	systemd->failed = true;
	/* Its socket is full, or there is no descriptor or memory for ours. */
	return err.num != EAGAIN && !err_is_shortage(err.num);
}

static void tell(struct systemd *systemd, const struct view *view, unsigned parts)
{
	char buf[MESSAGE_SIZE], summary[SUMMARY_SIZE] = "";
	unsigned said = parts;
	struct text text;

	if ((parts & NOTICE_STATUS) != 0)
		summary_of(view, summary);
	if (strcmp(summary, systemd->summary) == 0)
		said &= ~(unsigned)NOTICE_STATUS;
	text_init(&text, buf, sizeof buf);
	write_message(&text, systemd, said, summary);
	if (said != 0 && !send_message(systemd, buf)) {
		notice_refused(&systemd->notice, view->now);
		return;
	}
	if ((parts & NOTICE_STATUS) != 0)
		memcpy(systemd->summary, summary, sizeof summary);
	notice_told(&systemd->notice, parts, view->now);
}

/* How long a step of the lifespan takes, and how much of a drain is left. */
static bool ticks(const struct status *status, const struct spec *spec)
{
	if (status->state == FLEET_STARTING)
		return !status->lifespan_up && spec->n_steps > 0;
	return status->state == FLEET_DRAINING || status->state == FLEET_STOPPING;
}

mono_ns systemd_turn(struct systemd *systemd, const struct supervisor *supervisor,
		     const struct turn *turn, bool reading)
{
	const struct notice_news news = {turn->status.state, turn->facts, reading,
					 ticks(&turn->status, supervisor_spec(supervisor))};
	struct view view;

	if (systemd->address == NULL)
		return MONO_NEVER;
	unsigned parts = notice_due(&systemd->notice, &news, turn->now);
	if (parts != 0) {
		view_of_turn(supervisor, turn, &view);
		tell(systemd, &view, parts);
	}
	return notice_deadline(&systemd->notice);
}
