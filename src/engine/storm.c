#include "engine/storm.h"

enum { TOLD_IN_FULL = 5 };

void storm_init(struct storm *storm)
{
	*storm = (struct storm){.window_end = MONO_NEVER};
}

bool storm_happens(struct storm *storm, mono_ns now)
{
	if (storm->window_end == MONO_NEVER)
		storm->window_end = mono_add(now, STORM_WINDOW);
	if (storm_is_full(storm)) {
		storm->untold++;
		return false;
	}
	storm->told++;
	return true;
}

bool storm_is_full(const struct storm *storm)
{
	return storm->told == TOLD_IN_FULL;
}

uint32_t storm_pass(struct storm *storm)
{
	uint32_t untold = storm->untold;

	storm->untold = 0;
	if (untold == 0)
		storm_init(storm);
	else
		storm->window_end = mono_add(storm->window_end, STORM_WINDOW);
	return untold;
}
