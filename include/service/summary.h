/* summary - how the fleet is, in one line for people. */
#ifndef SERVICE_SUMMARY_H
#define SERVICE_SUMMARY_H

#include "service/view.h"

enum { SUMMARY_SIZE = 384 }; /* room for the line and its NUL */

/*
 * "running: 12 of 13 instances ready; web.2 is in backoff: the main process ended; database is
 * unhealthy: timeout: no answer within 1s". The one that is named belongs to a critical worker, if
 * there is such a one that is not ready; the same for the check. While the lifespan is not up that
 * is told: "starting: lifespan step schema is starting, 12s". In a drain: "stopping: 2 of 13
 * instances left, at most 24s; waits for web.2 (pid 812, killed), vacuum"; those whose turn has not
 * come are not named. Returns buf. O(workers and checks), in a drain O(instances).
 */
const char *summary_of(const struct view *view, char buf[SUMMARY_SIZE]);

#endif
