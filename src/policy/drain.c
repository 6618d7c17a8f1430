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

void drain_begin(struct drain *drain, const struct spec *spec, mono_ns now)
{
	MUST(!drain->active);
	drain->active = true;
	drain->started = now;
	drain->deadline = mono_add(now, spec->drain_timeout);
	drain->kill_by = mono_max(drain->deadline - LAST_WORDS, now);
	drain->stop_at = mono_min(mono_add(now, spec->drain_delay), drain->kill_by);
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

mono_ns drain_kill_by(const struct drain *drain)
{
	return drain->active ? drain->kill_by : MONO_NEVER;
}
