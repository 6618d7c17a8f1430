/*
 * status - /status: the whole picture as JSON.
 *
 * Fields end in their unit; since_ms is how long ago, deadline_ms how far ahead, null when time
 * alone changes nothing. A client that may not see details gets name, version, state and
 * uptime_s.
 */
#ifndef SERVICE_STATUS_H
#define SERVICE_STATUS_H

#include "service/answer.h"
#include "service/view.h"

/* Names of so many processes are read in one answer; the rest have comm null. */
enum { STATUS_COMM_MAX = 100 };

/* Fill answer (all zero before). O(instances). */
void status_answer(const struct view *view, struct answer *answer);

#endif
