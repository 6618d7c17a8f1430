/* job - a worker that runs to its end: what it has not of a service. */
#ifndef CONF_JOB_H
#define CONF_JOB_H

#include "conf/draft.h"

/*
 * When the draft is a job, report what makes no sense for one, forget what `defaults` say of that,
 * and make its ready.timeout the limit of its run. Before anything else of the draft is finished.
 */
void job_finish(struct loader *loader, struct draft *draft);

#endif
