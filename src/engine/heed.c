#include "engine/heed.h"

#include <signal.h>

#include "sys/signals.h"

enum { SIGNALS_A_WAKEUP = 128 };

static void terminate(struct heed *heed)
{
	desk_report(heed->carry->desk, (struct fact){.kind = FACT_TERMINATE});
	carry_orders(heed->carry);
}

static void on_hangup(struct heed *heed)
{
	if (heed->config->has_terminal)
		terminate(heed);
	else
		heed->config->reload(heed->config->data);
}

static void on_signal(struct heed *heed, const struct signal_news *news)
{
	struct log *log = heed->config->log;

	switch (news->signo) {
	case SIGCHLD:
		heed->children_ended = true;
		break;
	case SIGTERM:
	case SIGINT:
		LOG_EVENT(log, LOG_INFO, "signal", F_STR("signal", signals_name(news->signo)),
			  F_INT("from", news->pid));
		terminate(heed);
		break;
	case SIGHUP:
		on_hangup(heed);
		break;
	case SIGUSR1:
		LOG_EVENT(log, LOG_INFO, "there are no log files to reopen",
			  F_STR("signal", "SIGUSR1"));
		break;
	case SIGPIPE: /* a write of ours says so itself */
	case SIGCONT: /* systemd sends it after every other */
		break;
	default:
		LOG_EVENT(log, LOG_WARNING, "signal has no meaning here, ignored",
			  F_STR("signal", signals_name(news->signo)), F_INT("from", news->pid));
	}
}

/* Those with low numbers come first, so a flood of others does not keep SIGTERM waiting. */
void heed_signals(struct heed *heed)
{
	struct signal_news news;

	for (int n = 0; n < SIGNALS_A_WAKEUP; n++) {
		if (signals_read(heed->config->signal_fd, &news) == 0)
			break;
		on_signal(heed, &news);
	}
}

static void on_readable(struct ev_loop *ev, ev_io *io, int events)
{
	(void)ev;
	(void)events;
	heed_signals(io->data);
}

void heed_start(struct heed *heed, struct ev_loop *ev)
{
	ev_io_init(&heed->io, on_readable, heed->config->signal_fd, EV_READ);
	ev_set_priority(&heed->io, EV_MAXPRI);
	heed->io.data = heed;
	ev_io_start(ev, &heed->io);
}

void heed_stop(struct heed *heed, struct ev_loop *ev)
{
	ev_io_stop(ev, &heed->io);
}
