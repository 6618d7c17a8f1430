/* plight - what is the matter with an instance, a check, a task or the lifespan, in words for
 * people. */
#ifndef SERVICE_PLIGHT_H
#define SERVICE_PLIGHT_H

#include "service/view.h"

enum { PLIGHT_SIZE = 640 }; /* room for one and its NUL */

/*
 * How an instance of that worker is and why, in one line: "web.2 is starting: its readiness probe
 * fails: HTTP 503", "web is held: check database is unhealthy", "web waits for db to be ready".
 * Returns buf.
 */
const char *plight_of_instance(const struct view *view, uint32_t worker,
			       const struct instance_view *instance, char buf[PLIGHT_SIZE]);

/*
 * What makes the check less than healthy, in one line: "timeout: no answer within 1s". Returns buf;
 * NULL when it is healthy.
 */
const char *plight_of_check(const struct view *view, uint32_t check, char buf[PLIGHT_SIZE]);

/*
 * What makes the task less than healthy, in one line: "its last run failed: exit code 3". Returns
 * buf; NULL when it is healthy.
 */
const char *plight_of_task(const struct view *view, uint32_t task, char buf[PLIGHT_SIZE]);

/*
 * The step of the lifespan that is at work or has failed, in one line: "lifespan step schema is
 * starting", "the start of lifespan step schema failed: exit code 1". Returns buf; NULL when there
 * is no such step.
 */
const char *plight_of_lifespan(const struct view *view, char buf[PLIGHT_SIZE]);

#endif
