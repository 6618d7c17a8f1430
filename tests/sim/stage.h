/*
 * stage - one script being played: the script, its world, and the commands that its lines are made
 * of.
 */
#ifndef SIM_STAGE_H
#define SIM_STAGE_H

#include "sim/script.h"
#include "sim/world.h"

struct stage {
	struct script script;
	struct world *world; /* owned; NULL before the configuration */
	uint64_t seed;
	span_ns within; /* processor time it may take; 0: any */
};

/* Instances that a name stands for: a worker's all, the one of "web.2", a task's, a step's two, one
 * of them by "schema.start"; "*" all workers' ones. */
struct span_of_instances {
	uint32_t first, count;
};

/* Fail when the world is in trouble, or when there are orders that the script did not expect. */
void stage_check(const struct stage *stage);

/* The name at the n-th word; stage_instance wants exactly one. */
struct span_of_instances stage_instances(const struct stage *stage, int n);
uint32_t stage_instance(const struct stage *stage, int n);

/* The index of the program, the task, the step that the n-th word names. */
uint32_t stage_program(const struct stage *stage, int n);
uint32_t stage_task(const struct stage *stage, int n);
uint32_t stage_step(const struct stage *stage, int n);

/*
 * The probe at the n-th word: "readiness web.2", or a check's name. *n moves behind it. And the
 * index of a check.
 */
uint32_t stage_probe(const struct stage *stage, int *n);
uint32_t stage_check_named(const struct stage *stage, int n);

/*
 * The n-th word as a moment, "2s" from the beginning or "+2s" from now; and as two of them,
 * "2s..3s".
 */
mono_ns stage_moment(const struct stage *stage, int n);
void stage_moments(const struct stage *stage, int n, mono_ns *from, mono_ns *to);

/* A signal's number by its name without SIG, or by digits. */
int stage_signal(const struct stage *stage, const char *word);

/* The commands. n is the word that the command's own words begin after. */
void stage_config(struct stage *stage);		/* config ... end */
void stage_profile(struct stage *stage, int n); /* profile NAME HABIT... */
void stage_fact(struct stage *stage, int n); /* ready NAME, exited NAME code 1 leaving-rest, ... */
void stage_answers(struct stage *stage, int n);	  /* answers readiness web success 5ms */
void stage_answer(struct stage *stage, int n);	  /* answer readiness web success 5ms */
void stage_probe_now(struct stage *stage, int n); /* probe-now readiness web */
void stage_expect(struct stage *stage, int n);	  /* expect ... */

/* expect verdict, asked, streak, held, check ...; false: it is none of them. */
bool stage_expect_probe(const struct stage *stage, int n);

/* expect waits, to-stop, reloading, phase, task, next, runs, step ...; false: it is none of them.
 */
bool stage_expect_plan(const struct stage *stage, int n);

/* Fail unless the n-th word is what there is; or a number "3", or a range "3..5" of it, that has
 * what is there. */
void stage_same(const struct stage *stage, int n, const char *got);
void stage_number(const struct stage *stage, int n, uint32_t got, const char *what);

#endif
