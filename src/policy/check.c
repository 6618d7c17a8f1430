#include "policy/check.h"

#include "base/must.h"

/* An answer that the timeout itself gave is on its way for a while. */
static const span_ns GRACE = 50 * NS_MS;

/* When there has been no answer for so long that it is told; that the verdict is no longer kept. */
static mono_ns stale_at(const struct check *c, const struct probe_spec *spec)
{
	return mono_add(mono_add(mono_add(c->heard, spec->period), spec->timeout), GRACE);
}

static mono_ns lost_at(const struct check *c, const struct probe_spec *spec)
{
	if (spec->period > MONO_NEVER / spec->failure_threshold)
		return MONO_NEVER;
	return mono_add(stale_at(c, spec), spec->failure_threshold * spec->period);
}

static enum health health_of(const struct check *c, const struct probe *p)
{
	if (p->verdict == PROBE_FAILURE || c->lost)
		return HEALTH_UNHEALTHY;
	if (p->verdict == PROBE_SUCCESS && p->last == PROBE_SUCCESS && !c->slow && !c->stale)
		return HEALTH_HEALTHY;
	return HEALTH_DEGRADED;
}

static void judge(struct check *c, const struct check_spec *spec, const struct probe *p,
		  mono_ns now)
{
	c->stale = now >= stale_at(c, &spec->probe);
	c->lost = now >= lost_at(c, &spec->probe);
	c->ready = p->verdict == PROBE_SUCCESS && !c->lost;
	c->health = health_of(c, p);
}

void check_init(struct check *c)
{
	*c = (struct check){.health = HEALTH_DEGRADED, .deadline = MONO_NEVER};
}

void check_begin(struct check *c, const struct check_spec *spec, struct probe *p, mono_ns now)
{
	p->due = c->heard = mono_add(now, spec->probe.initial_delay);
	check_wait(c, spec, p);
}

void check_answer(struct check *c, const struct check_spec *spec, struct probe *p, mono_ns now)
{
	/* Else it would be up again by its old verdict, for that it fails. */
	if (c->lost && p->last == PROBE_FAILURE)
		p->verdict = PROBE_FAILURE;
	c->heard = now;
	if (p->last == PROBE_SUCCESS)
		c->slow = spec->degraded_above > 0 && p->latency > spec->degraded_above;
	judge(c, spec, p, now);
}

void check_time(struct check *c, const struct check_spec *spec, const struct probe *p, mono_ns now)
{
	MUST(now >= c->deadline);
	/* Who was not listening has no right to call the others silent. */
	c->heard = mono_min(mono_add(c->heard, now - c->deadline), mono_max(c->heard, now));
	judge(c, spec, p, now);
}

void check_wait(struct check *c, const struct check_spec *spec, const struct probe *p)
{
	mono_ns next = MONO_NEVER;

	if (!c->stale)
		next = stale_at(c, &spec->probe);
	else if (!c->lost)
		next = lost_at(c, &spec->probe);
	c->deadline = mono_min(probe_deadline(p), next);
}
