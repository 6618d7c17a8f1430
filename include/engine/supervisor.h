/*
 * supervisor - the fleet, joined to the kernel: facts from signals, children and sockets in, orders
 * out.
 *
 * One thread. Everything here is called from the loop's callbacks or before supervisor_run.
 */
#ifndef ENGINE_SUPERVISOR_H
#define ENGINE_SUPERVISOR_H

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "model/fact.h"
#include "model/spec.h"
#include "model/status.h"
#include "sys/spawn.h"

struct supervisor;

/* How things are at the end of a turn of the loop. */
struct turn {
	mono_ns now;
	struct status status;
	uint64_t facts; /* brought before the fleet so far: without a new one nothing has changed */
};

/* What main hands over; all borrowed and outliving the supervisor. */
struct supervisor_config {
	const struct spec *spec;
	struct log *log;
	const struct heritage *heritage;
	int signal_fd;		    /* from signals_open */
	uint64_t seed;		    /* of the backoff's jitter */
	bool has_terminal;	    /* SIGHUP then means that it has gone: drain */
	void (*reload)(void *data); /* SIGHUP without a terminal */
	/* The end of a turn. Returns when there is to be another at the latest. */
	mono_ns (*turn)(void *data, const struct turn *turn);
	void *data;
};

/* The last end of a run. */
struct last_exit {
	bool any;     /* there was one */
	bool spawned; /* false: the program was never run; step and num tell why */
	enum spawn_step step;
	int num; /* errno of step */
	bool signaled;
	bool core;
	int code; /* exit status or signal */
	wall_ns at;
	span_ns run; /* how long it lived */
	struct rusage rusage;
};

/* All that is known of one instance, for /status. Texts borrowed until the next call into the loop.
 */
struct instance_view {
	char name[INSTANCE_NAME_SIZE];
	uint32_t ordinal;
	struct instance_status status;
	const struct last_exit *last_exit;
	const char *status_text; /* STATUS= of its last message; "" none */
	const char *output; /* of a task or a step: the last that its present or last run wrote;
			       "" none */
	pid_t awaited; /* a process of it that is there: main, or what main has left, or its stop
			  or reload command; 0: none is known */
};

/* A task, for /status: what is planned, and its instance. */
struct task_view {
	struct task_status status;
	struct instance_view instance;
	wall_ns started_at;	 /* the present or last run; 0: none yet */
	const char *stamp_error; /* of a persistent one: why its last run is not kept for after a
				    restart of fosterd; NULL: it is */
};

/* A step of the lifespan, for /status. */
struct step_view {
	struct step_status status;
	struct instance_view start, stop;
};

/* What the last answers of a probe said beyond what the policy wants to know. */
struct probe_view {
	struct probe_status status;
	const char *error;  /* why its last answer was no success; NULL: it was one, or none came */
	wall_ns checked_at; /* 0: never */
	wall_ns succeeded_at; /* 0: never */
};

/* A prober, for /status. */
struct prober_view {
	pid_t pid;	   /* 0: none runs */
	uint32_t restarts; /* starts after the first */
	uint32_t waiting;  /* questions that have not been answered */
	const char *error; /* why none runs; NULL: one does */
};

/* Everything the supervisor has lived through that no instance tells. */
struct supervisor_counts {
	uint64_t spawns; /* processes started for instances */
	uint64_t spawn_failures;
	uint64_t reaped;
	uint64_t strangers;	 /* of those, children that were nobody's */
	uint32_t orders_waiting; /* in the queue now */
};

/* Build the supervisor and its loop; starts nothing. NULL with err. */
struct supervisor *supervisor_new(const struct supervisor_config *config, struct err *err);

/* Free; every watcher of others must be stopped. Accepts NULL inside. */
void supervisor_free(struct supervisor **supervisor);

/* The loop, for the watchers of the service layer. */
struct ev_loop *supervisor_loop(struct supervisor *supervisor);

/* Start the workers and turn until the drain is over. Returns the exit code 0, 10, 11, 12 or 13. */
int supervisor_run(struct supervisor *supervisor);

/*
 * The whole in numbers, as of this instant: signals that were delivered but not read yet are read
 * first, so that a readiness asked for after SIGTERM is false.
 */
void supervisor_status(struct supervisor *supervisor, struct status *out);

/* Worker and instance by index (worker in spec->workers; instance 0 ... n_instances - 1). */
void supervisor_worker(const struct supervisor *supervisor, uint32_t worker,
		       struct worker_status *out);
void supervisor_instance(const struct supervisor *supervisor, uint32_t instance,
			 struct instance_view *out);

/* One probe by its number, a check and a prober by their index. Texts borrowed until the next call
 * into the loop. */
void supervisor_probe(const struct supervisor *supervisor, uint32_t probe, struct probe_view *out);
void supervisor_check(const struct supervisor *supervisor, uint32_t check,
		      struct check_status *out);
void supervisor_prober(const struct supervisor *supervisor, uint32_t prober,
		       struct prober_view *out);

/* A task and a step by their index; the views are those of their programs' instances. */
void supervisor_task(const struct supervisor *supervisor, uint32_t task, struct task_view *out);
void supervisor_step(const struct supervisor *supervisor, uint32_t step, struct step_view *out);

/* By hand: ask this one now. Nothing when it is being asked already, or is not to be asked. */
void supervisor_probe_now(struct supervisor *supervisor, uint32_t probe);

/*
 * By hand, carried out at once: FACT_START, FACT_STOP, FACT_RESTART, FACT_RELOAD of a worker's
 * instance, FACT_RUN of a task's. with_dependents: FACT_STOP stops first all that depend on its
 * worker. Nothing in a drain.
 */
void supervisor_wish(struct supervisor *supervisor, enum fact_kind wish, uint32_t instance,
		     bool with_dependents);

/* The first program that depends on the worker, directly or not, and of which a process may exist;
 * PROGRAM_NONE: none. */
uint32_t supervisor_dependent(const struct supervisor *supervisor, uint32_t worker);

/* Send a signal to the instance's main process. False when there is none. */
bool supervisor_signal(const struct supervisor *supervisor, uint32_t instance, int signo);

/* As if SIGTERM had come. */
void supervisor_drain(struct supervisor *supervisor);

/* What it supervises; borrowed. */
const struct spec *supervisor_spec(const struct supervisor *supervisor);

/* What it has lived through. */
void supervisor_counts(const struct supervisor *supervisor, struct supervisor_counts *out);

/* When fosterd began, on both clocks. */
mono_ns supervisor_started(const struct supervisor *supervisor);

#endif
