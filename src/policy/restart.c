#include "policy/restart.h"

#include "base/must.h"
#include "policy/chance.h"

static const span_ns FIRST_DELAY = 100 * NS_MS; /* with restart_delay 0, of the second restart */

bool restart_run_is_calm(const struct worker_spec *worker, span_ns run, span_ns ready)
{
	MUST(run >= 0 && ready >= 0 && ready <= run);
	return run >= worker->restart_reset || (ready > 0 && ready >= worker->restart_delay_max);
}

static bool is_wanted(const struct worker_spec *worker, bool failed)
{
	switch (worker->restart) {
	case RESTART_ALWAYS:
		return true;
	case RESTART_ON_FAILURE:
		return failed;
	case RESTART_NEVER:
		return false;
	}
	MUST(false && "a restart mode");
	return false;
}

/* Note one more restart; false when there have been too many of late. */
static bool limit_allows(struct restart *restart, const struct restart_means *means)
{
	const struct worker_spec *worker = means->worker;
	mono_ns *history = means->history;
	mono_ns now = means->now;
	uint32_t count = worker->restart_limit_count;

	if (count == 0)
		return true;
	if (restart->known < count) {
		history[(restart->oldest + restart->known++) % count] = now;
		return true;
	}
	if (now - history[restart->oldest] < worker->restart_limit_within)
		return false;
	history[restart->oldest] = now;
	restart->oldest = (restart->oldest + 1) % count;
	return true;
}

/* first * 2^times, at most ceiling. */
static span_ns doubled(span_ns first, uint32_t times, span_ns ceiling)
{
	while (times-- > 0 && first < ceiling)
		first = first > ceiling / 2 ? ceiling : 2 * first;
	return first < ceiling ? first : ceiling;
}

static span_ns delay_of(uint32_t streak, const struct worker_spec *worker, uint64_t *chance)
{
	span_ns ceiling = worker->restart_delay_max, delay;

	if (worker->restart_delay > 0)
		delay = doubled(worker->restart_delay, streak, ceiling);
	else if (streak > 0)
		delay = doubled(FIRST_DELAY, streak - 1, ceiling);
	else
		return 0;
	span_ns jitter = chance_span(chance, delay / 10);
	/* Never beyond the ceiling, and never all at the same moment at it. */
	return delay + jitter > ceiling ? delay - jitter : delay + jitter;
}

enum restart_verdict restart_decide(struct restart *restart, const struct restart_run *run,
				    const struct restart_means *means, mono_ns *at)
{
	if (!is_wanted(means->worker, run->failed))
		return run->failed ? RESTART_DOWN_FAILED : RESTART_DOWN_WELL;
	if (!limit_allows(restart, means))
		return RESTART_DOWN_LIMIT;
	if (run->calm)
		restart->streak = 0;
	uint32_t streak = means->slowest ? UINT32_MAX : restart->streak;
	*at = mono_add(means->now, delay_of(streak, means->worker, means->chance));
	if (restart->streak < UINT32_MAX)
		restart->streak++;
	return RESTART_AT;
}
