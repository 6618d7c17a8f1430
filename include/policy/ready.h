/*
 * ready - who is ready: from instances to workers to the whole, in sums kept up to date.
 *
 * Each instance stands in one of three ways: up, down, or fresh (on its way up for the first time).
 * A crew counts its instances, the muster counts the crews and the checks; a change of one instance
 * costs the same among ten or ten thousand.
 */
#ifndef POLICY_READY_H
#define POLICY_READY_H

#include "policy/check.h"
#include "policy/instance.h"
#include "policy/task.h"

/* The instances of one worker, counted. fresh ones: n_instances - n_ready - n_down. */
struct crew {
	uint32_t n_ready;     /* ready now */
	uint32_t n_down;      /* neither ready nor on their first way up */
	uint32_t n_attempted; /* whose first attempt is over; never shrinks */
	uint32_t n_failed;    /* in INSTANCE_FAILED */
	uint32_t n_started;   /* whose program runs, or, of a job, has completed */
	uint32_t n_completed; /* in INSTANCE_COMPLETED */
	uint32_t n_live;      /* of which a process may exist */
	uint32_t n_to_stop;   /* that are to be stopped by hand, after those that depend on it */
	bool was_ready;	      /* the worker was ready once; latched */
};

/* The crews and the checks, counted. */
struct muster {
	uint32_t critical_unready;   /* critical workers and checks that are not ready */
	uint32_t critical_never;     /* critical workers that have never been ready */
	uint32_t critical_unsettled; /* of those, with an instance on its first attempt */
	uint32_t critical_down;	     /* critical workers and checks whose component is down */
	uint32_t not_healthy;	     /* workers and checks whose component is not healthy */
	uint32_t fatal;		     /* workers with on_failed: unhealthy and a failed instance */
};

/* A crew whose instances all wait, counted into the muster. */
void ready_enlist(struct muster *muster, struct crew *crew, const struct worker_spec *worker);

/* One instance of the crew has changed from before to after: count both anew. */
void ready_update(struct muster *muster, struct crew *crew, const struct worker_spec *worker,
		  const struct instance *before, const struct instance *after);

/* The same for a check: it is there; it has changed. */
void ready_enlist_check(struct muster *muster, const struct check_spec *spec,
			const struct check *check);
void ready_update_check(struct muster *muster, const struct check_spec *spec,
			const struct check *before, const struct check *after);

/* The same for a task, once its last run has failed or has not. */
void ready_update_task(struct muster *muster, const struct worker_spec *program, bool was_failed,
		       bool failed);

/* At least min_ready instances are ready. */
bool ready_crew_is_ready(const struct crew *crew, const struct worker_spec *worker);

/*
 * All ready: healthy. Ready, or made so by those that are on their first way up: degraded. Else
 * down (unhealthy).
 */
enum health ready_crew_health(const struct crew *crew, const struct worker_spec *worker);

/* A critical worker down: unhealthy; anything else that is not healthy: degraded. */
enum health ready_health(const struct muster *muster);

/* Panics unless muster counts exactly these crews, checks and tasks, one for each of the spec. For
 * tests. */
void ready_check_muster(const struct muster *muster, const struct spec *spec,
			const struct crew *crews, const struct check *checks,
			const struct task *tasks);

/*
 * Panics unless crew counts exactly the given instances (the worker's own, n = worker->replicas).
 * For tests.
 */
void ready_check(const struct crew *crew, const struct worker_spec *worker,
		 const struct instance *instances);

#endif
