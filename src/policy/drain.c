#include "policy/drain.h"

#include "base/must.h"

static const span_ns SAME_WISH = 500 * NS_MS;
static const span_ns LAST_WORDS = 500 * NS_MS; /* for the killed to be reaped in */

enum drain_call drain_signal(struct drain *drain, mono_ns now)
{
	if (drain->signals > 0 && now - drain->last_signal < SAME_WISH)
		return DRAIN_CALL_NONE;
	drain->last_signal = now;
	drain->signals++;
	if (!drain->active)
		return DRAIN_CALL_BEGIN;
	if (drain->signals == 2)
		return DRAIN_CALL_HURRY;
	return drain->signals > 2 ? DRAIN_CALL_KILL : DRAIN_CALL_NONE;
}

static span_ns reserve_of(const struct spec *spec)
{
	return spec->drain_reserve > LAST_WORDS ? spec->drain_reserve : LAST_WORDS;
}

void drain_begin(struct drain *drain, const struct spec *spec, enum drain_onset onset, mono_ns now)
{
	span_ns kept = onset == DRAIN_AT_REST ? LAST_WORDS : reserve_of(spec);
	span_ns delay = onset == DRAIN_IN_START ? 0 : spec->drain_delay;

	MUST(!drain->active);
	drain->active = true;
	drain->started = now;
	drain->deadline = mono_add(now, spec->drain_timeout);
	drain->kill_by = mono_max(drain->deadline - kept, now);
	drain->stop_at = mono_min(mono_add(now, delay), drain->kill_by);
	drain->tier_by = drain->kill_by;
	drain->cut_at = drain->settle_at = MONO_NEVER;
}

bool drain_is_over(struct drain *drain, mono_ns now)
{
	if (now < drain->deadline)
		return false;
	if (drain->killed)
		return true;
	drain->deadline = mono_add(now, LAST_WORDS);
	return false;
}

void drain_prolong(struct drain *drain, const struct spec *spec, mono_ns now)
{
	drain->deadline = mono_add(now, reserve_of(spec));
}

mono_ns drain_kill_by(const struct drain *drain)
{
	return drain->active ? drain->kill_by : MONO_NEVER;
}

mono_ns drain_settle(const struct drain *drain, mono_ns now)
{
	/* Where little is kept for the lifespan's stops, most of it is left to them. */
	span_ns rest = (mono_max(drain->deadline, now) - now) / 4;

	return mono_add(now, rest < LAST_WORDS ? rest : LAST_WORDS);
}

span_ns drain_level_share(span_ns left, span_ns want, span_ns later)
{
	if (left <= 0)
		return 0;
	if (mono_add(want, later) <= left)
		return left - later;
	span_ns share = (span_ns)((double)left * ((double)want / ((double)want + (double)later)));
	if (share < 1)
		return 1;
	return share < left ? share : left;
}

span_ns drain_tasks_share(span_ns left, span_ns want, span_ns levels, uint32_t n)
{
	span_ns equal = left / ((span_ns)n + 1);
	span_ns rest = left > levels ? left - levels : 0;
	span_ns room = rest > equal ? rest : equal;

	return want < room ? want : room;
}

span_ns drain_tasks_margin(span_ns share, span_ns stop_timeout)
{
	return share / 5 < stop_timeout ? share / 5 : stop_timeout;
}

int drain_exit_code(const struct drain_faults *faults)
{
	if (faults->start_failed)
		return 12;
	if (faults->gave_up)
		return 10;
	if (faults->stop_failed)
		return 13;
	return faults->killed ? 11 : 0;
}
