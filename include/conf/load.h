/* load - from configuration files to one spec, or to all that is wrong with them. */
#ifndef CONF_LOAD_H
#define CONF_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/spec.h"

/* A user as conf needs one; texts live in the arena that the look-up was given. */
struct conf_user {
	const char *name, *home, *shell;
	uid_t uid;
	gid_t gid;
	const gid_t *groups;
	size_t n_groups;
};

/* What conf must know of the world. All borrowed for the call. */
struct conf_context {
	const char *const *environ; /* fosterd's own environment, NULL-terminated */
	uid_t uid; /* fosterd's effective uid: keys that need root are load errors for others */
	bool init; /* fosterd is PID 1: workers inherit the whole environment */
	const struct rlimit *rlimits; /* fosterd's own, indexed by RLIMIT_*, RLIM_NLIMITS of them:
					 others than root cannot exceed them */
	int oom_score_adj;	      /* fosterd's own: others than root cannot go below it */
	unsigned processors;	      /* that fosterd may use; 0: not known */
	const char *host;
	const char *runtime_dir, *state_dir, *log_dir;
	/* Look-ups that main wires to sys: 0, or -1 with err. */
	int (*find_user)(const char *name, struct arena *arena, struct conf_user *out,
			 struct err *err);
	int (*find_group)(const char *name, gid_t *gid, struct err *err);
};

struct conf_report; /* errors and warnings, in the order of the files; owned by the caller */

/* An empty report, the caller's; NULL when memory is refused. */
struct conf_report *conf_report_new(void);

/* Free the report and null the pointer; accepts NULL inside. */
void conf_report_free(struct conf_report **report);

/* How many errors, how many warnings. */
size_t conf_report_errors(const struct conf_report *report);
size_t conf_report_warnings(const struct conf_report *report);

/* Print all of them to out: FILE:LINE:COLUMN: error: TEXT, the source line, a caret, and "did you
 * mean". */
void conf_report_print(const struct conf_report *report, FILE *out);

/* The n-th (errors and warnings counted together, from 0) as one line FILE:LINE:COLUMN:
 * error|warning: TEXT; NULL past the last. */
const char *conf_report_line(const struct conf_report *report, size_t n);

/*
 * Read the file and its includes. Returns the spec (the caller's, spec_free), or NULL with at least
 * one error in report. Warnings may be there in both cases. Never exits, never prints.
 */
struct spec *conf_load(const char *path, const struct conf_context *context,
		       struct conf_report *report);

#endif
