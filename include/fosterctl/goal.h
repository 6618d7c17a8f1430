/* goal - whether what was asked for has come true, or never will. */
#ifndef FOSTERCTL_GOAL_H
#define FOSTERCTL_GOAL_H

#include <jansson.h>

#include "base/text.h"

enum goal_kind { GOAL_READY, GOAL_STOPPED, GOAL_RESTARTED, GOAL_RUN };
enum goal_standing { GOAL_AWAITED, GOAL_REACHED, GOAL_MISSED };

struct goal {
	enum goal_kind kind;
	const json_t *told; /* borrowed: the instances as they were when the command was taken:
			       name, restarts, state; of GOAL_RUN the answers that took the
			       tasks: task, run, failures */
};

/*
 * Judge the goal by a status document. Appends to who, safe for a terminal: who is waited for
 * ("web.0 (stopping), web.1 (stopping) and 2 more"), or whom it went wrong with and why. An
 * instance that failed its first attempt has missed the goal, though it may be tried again; so has
 * a task whose run failed.
 */
enum goal_standing goal_judge(const struct goal *goal, const json_t *document, struct text *who);

#endif
