/* plan - tasks and the lifespan, in words for people. All text made is safe for a terminal. */
#ifndef FOSTERCTL_PLAN_H
#define FOSTERCTL_PLAN_H

#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"
#include "fosterctl/screen.h"

/* A run of it has begun and not ended. */
bool plan_task_runs(const json_t *task);

/* How bad it is with a task: 0 its last run did not fail ... 10 it did and that is critical; and
 * its colour. */
unsigned plan_task_rank(const json_t *task);
enum paint plan_task_paint(const json_t *task);

/* How its last run ended: "ok", "failed: exit 3", "never run". */
void plan_task_result(struct text *text, const json_t *task);

/* What else is to be said of it: "waits for db", "2 skipped", "running for 3s". */
void plan_task_notes(struct text *text, const json_t *task);

/* "vacuum failed: exit 3" */
void plan_task(struct text *text, const json_t *task);

/* How a step of the lifespan is: "schema up", "schema starting (pid 12) for 3s, at most 57s more";
 * and its colour. */
void plan_step(struct text *text, const json_t *step);
enum paint plan_step_paint(const json_t *step);

#endif
