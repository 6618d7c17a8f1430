#include "service/notice.h"

static const span_ns EXTEND_EVERY = 10 * NS_S;
static const span_ns STATUS_PACE = NS_S;
static const span_ns AGAIN_IN = NS_S;

void notice_init(struct notice *notice, span_ns watchdog, mono_ns now)
{
	span_ns pace = watchdog / 2;

	*notice = (struct notice){
		.watchdog_pace = pace,
		.watchdog_at = pace > 0 ? mono_add(now, pace) : MONO_NEVER,
	};
}

void notice_reload(struct notice *notice, mono_ns now)
{
	notice->reload_wanted = true;
	notice->reload_at = now;
}

/* The manager's timeout of a start or a stop runs. */
static bool is_timed(enum fleet_state state)
{
	return state != FLEET_RUNNING && state != FLEET_STOPPED;
}

/* What is told once a state, and each of it once. */
static unsigned state_parts(const struct notice *notice)
{
	unsigned parts = 0;

	if (!notice->status_told || notice->state_told != notice->news.state)
		parts |= NOTICE_STATUS;
	if (notice->news.state == FLEET_RUNNING && !notice->ready_told)
		parts |= NOTICE_READY;
	if (notice->news.state > FLEET_RUNNING && !notice->stopping_told)
		parts |= NOTICE_STOPPING;
	return parts;
}

static unsigned reload_parts(const struct notice *notice)
{
	if (notice->news.state != FLEET_RUNNING || !notice->ready_told)
		return 0;
	if (notice->reload_wanted)
		return NOTICE_RELOADING;
	return notice->reloading_told && !notice->news.reading ? NOTICE_READY : 0;
}

/* What was told of the parts may be so no more. */
static bool is_status_old(const struct notice *notice)
{
	return notice->news.ticks || notice->facts_told != notice->news.facts;
}

unsigned notice_due(struct notice *notice, const struct notice_news *news, mono_ns now)
{
	unsigned parts;

	notice->news = *news;
	if (news->state != FLEET_RUNNING)
		notice->reload_wanted = notice->reloading_told = false;
	if (now < notice->silent_until)
		return 0;
	parts = state_parts(notice) | reload_parts(notice);
	if (is_status_old(notice) && now >= notice->status_from)
		parts |= NOTICE_STATUS;
	/* A state that is entered is one whose timeout has just begun. */
	if (is_timed(news->state) && (now >= notice->extend_at || (parts & NOTICE_STOPPING) != 0))
		parts |= NOTICE_EXTEND;
	if (now >= notice->watchdog_at)
		parts |= NOTICE_WATCHDOG;
	return parts;
}

void notice_told(struct notice *notice, unsigned parts, mono_ns now)
{
	notice->silent_until = 0;
	if ((parts & NOTICE_STATUS) != 0) {
		notice->status_told = true;
		notice->state_told = notice->news.state;
		notice->facts_told = notice->news.facts;
		notice->status_from = mono_add(now, STATUS_PACE);
	}
	if ((parts & NOTICE_READY) != 0) {
		notice->ready_told = true;
		notice->reloading_told = false;
	}
	if ((parts & NOTICE_STOPPING) != 0)
		notice->stopping_told = true;
	if ((parts & NOTICE_RELOADING) != 0) {
		notice->reload_wanted = false;
		notice->reloading_told = true;
	}
	if ((parts & NOTICE_EXTEND) != 0)
		notice->extend_at = mono_add(now, EXTEND_EVERY);
	if ((parts & NOTICE_WATCHDOG) != 0)
		notice->watchdog_at = mono_add(now, notice->watchdog_pace);
}

void notice_refused(struct notice *notice, mono_ns now)
{
	notice->silent_until = mono_add(now, AGAIN_IN);
}

mono_ns notice_deadline(const struct notice *notice)
{
	mono_ns at = notice->watchdog_at;

	if (is_timed(notice->news.state))
		at = mono_min(at, notice->extend_at);
	if (is_status_old(notice))
		at = mono_min(at, notice->status_from);
	if (state_parts(notice) != 0 || reload_parts(notice) != 0)
		at = 0;
	return mono_max(at, notice->silent_until);
}
