/*
 * depend - who waits for whom: a program is started when all that it depends on is as it wants it.
 *
 * Nothing polls: when a worker begins or ceases to be started, ready or completed, those that
 * depend on it are marked, and looked at in the same step: each once, the lowest level first.
 */
#ifndef POLICY_DEPEND_H
#define POLICY_DEPEND_H

#include <stdbool.h>
#include <stdint.h>

#include "model/spec.h"

struct fleet;
struct orders;
struct crew;
struct instance;

/* What is kept of each program for those that depend on each other. Programs in lists: 1 + the
 * index; 0: the end. */
struct tie {
	uint32_t next_in_tier; /* after it, in its tier */
	uint32_t next_marked;  /* among the marked of its tier */
	uint32_t next_found;   /* in the list that depend_find makes */
	uint32_t n_users;      /* programs that depend on it and of which a process may exist */
	bool marked;	       /* something that it depends on has changed in this step */
	bool renewed;	       /* for restart_with_dependency: that was started for another run */
	bool found;
};

/* Whose turn it is. All zero at first. */
struct depend {
	uint32_t n_marked; /* 0 between steps */
	uint32_t lowest;   /* no tier below has marked programs; meaningful with n_marked > 0 */
};

/* The first dependency of the program that is not as it is wanted; NULL: none. */
const struct dependency *depend_missing(const struct fleet *fleet,
					const struct worker_spec *program);

/* True when the dependency is missing though its first attempt is over. */
bool depend_is_overdue(const struct fleet *fleet, const struct dependency *dependency);

/* After the change of an instance of a worker: mark who is to be looked at. O(dependents) when
 * something changed for them, else O(1). */
void depend_note(struct fleet *fleet, uint32_t worker, const struct crew *before,
		 const struct instance *was, const struct instance *is);

/* There is a first process of the program, or there is none any more. */
void depend_note_use(struct fleet *fleet, uint32_t program, bool live);

/* Look at all who are marked, and at those who are marked by that. */
void depend_follow(struct fleet *fleet, struct orders *out);

/*
 * All that depend on the worker, directly or not, nearest first: the first, and the one after it;
 * PROGRAM_NONE: none. Forget the list before another is made.
 */
uint32_t depend_find(const struct fleet *fleet, uint32_t worker);
uint32_t depend_find_next(const struct fleet *fleet, uint32_t program);
void depend_forget(const struct fleet *fleet, uint32_t worker);

/* A drain begins: nobody is looked at any more. */
void depend_end(struct fleet *fleet);

/* Panics unless who waits has a reason to, and the counts are right. For tests. */
void depend_check(const struct fleet *fleet);

#endif
