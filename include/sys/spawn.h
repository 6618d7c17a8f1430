/*
 * spawn - a new process, made exactly as the launch says, with a report of what went wrong.
 *
 * Two ways. SPAWN by clone(CLONE_VM|CLONE_VFORK): cheap, the caller stands still until the program
 * runs, and the report is there at once. By fork: the caller goes on, the report comes through a
 * descriptor. A child that changes uid, gid or capabilities is always forked: with shared memory
 * the change would clear the parent's dumpable flag and let that user signal it. The child leads a
 * session and a process group of its own.
 */
#ifndef SYS_SPAWN_H
#define SYS_SPAWN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "model/spec.h"

/* The step that failed, as a phrase after "could not ". PREPARE: before there was a child. */
#define SPAWN_STEPS(X) \
	X(SPAWN_STEP_NONE, "") \
	X(SPAWN_STEP_PREPARE, "prepare") \
	X(SPAWN_STEP_FORK, "fork") \
	X(SPAWN_STEP_SESSION, "start a session") \
	X(SPAWN_STEP_STDIO, "set up stdin, stdout, stderr") \
	X(SPAWN_STEP_FDS, "pass descriptors") \
	X(SPAWN_STEP_LIMITS, "set limits") \
	X(SPAWN_STEP_NICE, "set nice") \
	X(SPAWN_STEP_OOM, "set oom_score_adj") \
	X(SPAWN_STEP_CAPABILITIES, "set capabilities") \
	X(SPAWN_STEP_GROUP, "set groups") \
	X(SPAWN_STEP_USER, "set user") \
	X(SPAWN_STEP_NO_NEW_PRIVS, "set no_new_privileges") \
	X(SPAWN_STEP_DEATH_SIGNAL, "set the death signal") \
	X(SPAWN_STEP_CHDIR, "enter the working directory") \
	X(SPAWN_STEP_EXEC, "execute")

enum spawn_step {
#define X(name, text) name,
	SPAWN_STEPS(X)
#undef X
		SPAWN_STEP_COUNT
};

struct spawn_report {
	enum spawn_step step; /* SPAWN_STEP_NONE: the program runs */
	int num;	      /* errno of that step */
};

/* A descriptor for the child: its number `to` becomes a duplicate of fosterd's `from`. */
struct fd_pass {
	int from; /* borrowed */
	int to;	  /* >= 3, each once */
};

/* What fosterd was started with, changed for itself, and gives back to its children. */
struct heritage {
	sigset_t mask;
	uint64_t caught; /* signals_caught: a child must not come upon a handler of ours */
	struct rlimit nofile;
	int oom_score_adj; /* a child has it by itself */
	bool oom_shielded; /* that is a protection meant for us: a child is to have 0 */
};

struct launch {
	/* NULL-terminated; argv[0] without '/' is looked for in search_path, inside directory */
	const char *const *argv;
	const char *const *envp; /* NULL-terminated */
	/* Value of the child's PATH; NULL: sbin and bin of /usr/local, /usr and / */
	const char *search_path;
	const char *directory;		 /* NULL: "/" */
	const struct identity *identity; /* never NULL */
	const struct rlimit_spec *limits; /* what is above our own hard limit is clamped to it */
	size_t n_limits;
	bool has_umask;
	mode_t umask;
	bool has_nice;
	int nice;
	bool has_oom_score_adj; /* else it stays what ours is */
	int oom_score_adj;
	int null_fd;   /* /dev/null, for reading and writing; becomes the child's stdin */
	int stdout_fd; /* -1: fosterd's own; null_fd when that is closed or CLOEXEC */
	int stderr_fd; /* likewise */
	const struct fd_pass *passes;
	size_t n_passes; /* <= 64 */
	bool fork;	 /* never share memory with the child */
	const struct heritage *heritage;
};

/*
 * Start the program.
 *
 *   returns the child's pid. *report_fd is -1: the program runs. Or a descriptor (now the caller's,
 *           non-blocking, CLOEXEC): the child is on its way, ask spawn_report_read when readable.
 *           -1 when there is no child (none was made, or it failed at once and has been reaped):
 *           report tells why. A forked child that fails exits with 127.
 *   Every signal must be blocked in the caller. Not for threads. A shared child that hangs in chdir
 *   or exec (a dead network file system) holds the caller: launch->fork avoids it.
 */
pid_t spawn(const struct launch *launch, int *report_fd, struct spawn_report *report);

/*
 * What a forked child reported. Returns 0 when it has not yet; 1 when the program runs or (no
 * report, then its end is for the reaper to tell) the child is gone; -1 when it failed, report
 * tells how, and the child is about to end.
 */
int spawn_report_read(int report_fd, struct spawn_report *report);

/* What the step does, as a phrase after "could not "; "" for SPAWN_STEP_NONE. */
const char *spawn_step_text(enum spawn_step step);

#endif
