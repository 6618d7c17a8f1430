#include "policy/probe.h"

#include "base/must.h"

void probe_init(struct probe *p, enum probe_result verdict)
{
	*p = (struct probe){.due = MONO_NEVER, .verdict = verdict};
}

void probe_clear(struct probe *p, enum probe_result verdict)
{
	p->answered = p->succeeded = 0;
	p->latency = 0;
	p->streak = 0;
	p->last = PROBE_UNKNOWN;
	p->verdict = verdict;
}

mono_ns probe_deadline(const struct probe *p)
{
	return p->asking ? MONO_NEVER : p->due;
}

uint32_t probe_ask(struct probe *p, const struct probe_spec *spec, mono_ns at)
{
	MUST(!p->asking);
	p->asking = true;
	p->due = mono_add(at, spec->period);
	return ++p->serial;
}

bool probe_drop(struct probe *p)
{
	bool counted = p->asking && !p->dropped;

	p->due = MONO_NEVER;
	p->dropped = p->asking;
	return counted;
}

static void count(struct probe *p, const struct probe_spec *spec, enum probe_result result)
{
	uint32_t threshold =
		result == PROBE_SUCCESS ? spec->success_threshold : spec->failure_threshold;

	if (result != p->last)
		p->streak = 0;
	p->last = result;
	if (p->streak < UINT32_MAX)
		p->streak++;
	if (p->streak >= threshold)
		p->verdict = result;
}

bool probe_answer(struct probe *p, const struct probe_spec *spec, const struct fact *fact,
		  mono_ns now)
{
	if (!p->asking || fact->serial != p->serial)
		return false;
	bool counts = !p->dropped && fact->result != PROBE_UNKNOWN;
	p->asking = p->dropped = false;
	if (p->due != MONO_NEVER)
		p->due = mono_max(p->due, now);
	if (!counts)
		return false;
	p->answered = now;
	p->latency = fact->span;
	if (fact->result == PROBE_SUCCESS)
		p->succeeded = now;
	count(p, spec, fact->result);
	return true;
}

void probe_hurry(struct probe *p, mono_ns now)
{
	if (!p->asking && p->due != MONO_NEVER)
		p->due = now;
}

void probe_show(const struct probe *p, struct probe_status *out)
{
	*out = (struct probe_status){.verdict = p->verdict,
				     .last = p->last,
				     .streak = p->streak,
				     .asking = p->asking,
				     .next = p->due,
				     .answered = p->answered,
				     .last_success = p->succeeded,
				     .latency = p->latency};
}

void probe_check(const struct probe *p)
{
	MUST(p->asking || !p->dropped);
	MUST((p->streak == 0) == (p->last == PROBE_UNKNOWN));
	MUST((p->answered == 0) == (p->last == PROBE_UNKNOWN));
	MUST(p->succeeded <= p->answered);
	MUST(p->last != PROBE_SUCCESS || p->succeeded == p->answered);
}
