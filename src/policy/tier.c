#include "policy/tier.h"

#include "base/must.h"

/* Of the workers; the spec's own number may be made later than the levels. */
static uint32_t level_count(const struct spec *spec)
{
	uint32_t count = 0;

	for (uint32_t w = 0; w < spec->n_workers; w++)
		if (spec->workers[w].level >= count)
			count = spec->workers[w].level + 1;
	return count;
}

uint32_t tier_count(const struct spec *spec)
{
	return level_count(spec) + 2;
}

uint32_t tier_of_tasks(const struct fleet *f)
{
	return f->n_tiers - 2;
}

uint32_t tier_of(const struct fleet *f, const struct worker_spec *program)
{
	switch (program->kind) {
	case PROGRAM_SERVICE:
	case PROGRAM_JOB:
		return program->level;
	case PROGRAM_TASK:
		return tier_of_tasks(f);
	case PROGRAM_STEP_START:
		return tier_of_tasks(f) + 1;
	case PROGRAM_STEP_STOP:
	case PROGRAM_KIND_COUNT:
		break;
	}
	return TIER_NONE;
}

void tier_enlist(struct fleet *f)
{
	for (uint32_t p = spec_programs(f->spec); p-- > 0;) {
		uint32_t at = tier_of(f, &f->spec->workers[p]);
		if (at == TIER_NONE)
			continue;
		roster_ties(f)[p].next_in_tier = roster_tiers(f)[at].first;
		roster_tiers(f)[at].first = p + 1;
	}
}

void tier_note(struct fleet *f, const struct worker_spec *program, const struct instance *before,
	       const struct instance *after)
{
	uint32_t at = tier_of(f, program);

	if (at == TIER_NONE)
		return;
	struct tier *tier = &roster_tiers(f)[at];
	tier->n_live += (uint32_t)instance_is_live(after) - (uint32_t)instance_is_live(before);
	tier->n_killing += (uint32_t)(after->step == STOP_STEP_KILL) -
			   (uint32_t)(before->step == STOP_STEP_KILL);
}

void tier_note_use(struct fleet *f, const struct worker_spec *program)
{
	uint32_t at = tier_of(f, program);

	if (at != TIER_NONE)
		roster_tiers(f)[at].stale = true;
}

bool tier_has_process(const struct fleet *f, uint32_t program)
{
	if (program < f->spec->n_workers)
		return roster_crews(f)[program].n_live > 0;
	return instance_is_live(&roster_instances(f)[f->spec->workers[program].first_instance]);
}

span_ns tier_longest(const struct fleet *f, uint32_t at)
{
	struct tier *tier = &roster_tiers(f)[at];

	if (!tier->stale)
		return tier->longest;
	tier->stale = false;
	tier->longest = 0;
	for (uint32_t p = tier->first; p != 0; p = roster_ties(f)[p - 1].next_in_tier)
		if (tier_has_process(f, p - 1) &&
		    f->spec->workers[p - 1].stop_timeout > tier->longest)
			tier->longest = f->spec->workers[p - 1].stop_timeout;
	return tier->longest;
}

void tier_change(struct fleet *f, uint32_t at, instance_change *how, struct orders *out)
{
	for (uint32_t p = roster_tiers(f)[at].first; p != 0;
	     p = roster_ties(f)[p - 1].next_in_tier) {
		const struct worker_spec *program = &f->spec->workers[p - 1];
		for (uint32_t n = 0; n < program->replicas; n++)
			ledger_change(f, program->first_instance + n, how, out);
	}
}

static void count(const struct fleet *f, const struct worker_spec *program, struct tier *sum)
{
	for (uint32_t n = 0; n < program->replicas; n++) {
		const struct instance *i = &roster_instances(f)[program->first_instance + n];
		sum->n_live += instance_is_live(i);
		sum->n_killing += i->step == STOP_STEP_KILL;
	}
}

void tier_check(const struct fleet *f)
{
	for (uint32_t at = 0; at < f->n_tiers; at++) {
		const struct tier *tier = &roster_tiers(f)[at];
		struct tier sum = {0};
		for (uint32_t p = tier->first; p != 0; p = roster_ties(f)[p - 1].next_in_tier) {
			MUST(tier_of(f, &f->spec->workers[p - 1]) == at);
			count(f, &f->spec->workers[p - 1], &sum);
		}
		MUST(sum.n_live == tier->n_live && sum.n_killing == tier->n_killing);
		MUST(tier->n_killing <= tier->n_live && tier->marked == 0);
	}
}
