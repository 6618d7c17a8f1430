/*
 * exec - probes that are programs, run as the worker is, in a session of their own.
 *
 * At most spec->exec_probes run at once; the others wait in one line, and that is not their time.
 * At its timeout a program is killed with all its group, and so is what it leaves behind in it.
 */
#ifndef ENGINE_EXEC_H
#define ENGINE_EXEC_H

#include "engine/question.h"
#include "engine/tail.h"
#include "sys/reap.h"

struct exec;

struct exec_job {
	struct exec *exec;
	pid_t pid;	/* not reaped yet; 0: the job is free */
	uint32_t probe; /* PROBE_NONE: it has been answered */
	int report_fd;	/* -1: none */
	ev_io output;	/* fd -1: nothing can come any more */
	struct tail tail;
	mono_ns deadline; /* MONO_NEVER: killed */
};

struct exec {
	struct carry *carry; /* borrowed, as the next */
	struct questions *questions;
	struct question_list waiting, asked;
	struct exec_job *jobs; /* owned */
	uint32_t n_jobs;
	mono_ns deadline; /* when exec_time is due; MONO_NEVER: not */
};

/* Borrowed fields are set by the caller. -1 with err when memory is refused. */
int exec_init(struct exec *exec, struct err *err);

/* Also ends what exec_end has not ended. */
void exec_fini(struct exec *exec);

/* Put the probe in line; take it out, or kill its program. */
void exec_ask(struct exec *exec, uint32_t probe, uint32_t serial);
void exec_drop(struct exec *exec, uint32_t probe);

/* Start those whose turn it is. */
void exec_line(struct exec *exec);

/* True when it is somebody's turn. */
bool exec_has_line(const struct exec *exec);

/* Kill those whose time is over. */
void exec_time(struct exec *exec);

/* The program of a job has been reaped, and what was left of its group was killed before. */
void exec_ended(struct exec *exec, uint32_t job, const struct reaped *child);

/* Kill all programs; exec_await sees them gone, until then at the latest. */
void exec_end(struct exec *exec);
void exec_await(struct exec *exec, mono_ns until);

#endif
