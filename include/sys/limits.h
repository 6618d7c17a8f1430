/* limits - what this process may use, raised for itself and remembered for its children. */
#ifndef SYS_LIMITS_H
#define SYS_LIMITS_H

#include "sys/spawn.h"

/*
 * Remember RLIMIT_NOFILE and oom_score_adj in heritage (mask is filled in by the caller) and raise
 * our own soft nofile limit to the hard one. Failures leave things as they are. An oom_score_adj
 * below 0 protects a supervisor and not what it runs, but in PID 1 of a container, whose it is.
 */
void limits_inherit(struct heritage *heritage);

#endif
