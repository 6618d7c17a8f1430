/* plight - what is the matter with one instance or one check, in words for people. */
#ifndef SERVICE_PLIGHT_H
#define SERVICE_PLIGHT_H

#include "service/view.h"

enum { PLIGHT_SIZE = 640 }; /* room for one and its NUL */

/*
 * How an instance of that worker is and why, in one line: "web.2 is starting: its readiness probe
 * fails: HTTP 503", "web is held: check database is unhealthy". Returns buf.
 */
const char *plight_of_instance(const struct view *view, uint32_t worker,
			       const struct instance_view *instance, char buf[PLIGHT_SIZE]);

/*
 * What makes the check less than healthy, in one line: "timeout: no answer within 1s". Returns buf;
 * NULL when it is healthy.
 */
const char *plight_of_check(const struct view *view, uint32_t check, char buf[PLIGHT_SIZE]);

#endif
