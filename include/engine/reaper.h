/* reaper - ended children, ours and strangers', taken off the process table and told to the desk.
 */
#ifndef ENGINE_REAPER_H
#define ENGINE_REAPER_H

#include "engine/carry.h"

struct reaper {
	struct carry *carry;	    /* borrowed */
	uint64_t reaped, strangers; /* since the beginning */
};

/*
 * Reap up to 64 children. Before an instance's end is reported, what it said with its last breath
 * is; after any death in a group it is asked whether the group is empty. Returns true when there
 * may be more.
 */
bool reaper_run(struct reaper *reaper);

#endif
