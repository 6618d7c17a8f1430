/*
 * loader - one load under way: where memory comes from and where trouble is told.
 *
 * Memory that is refused ends the load at once: loader_keep and loader_scratch never return NULL
 * but jump back to where the load began. So nothing that must be given back may be held across them
 * outside of this struct.
 */
#ifndef CONF_LOADER_H
#define CONF_LOADER_H

#include <setjmp.h>

#include "base/arena.h"
#include "conf/load.h"
#include "conf/node.h"
#include "conf/option.h"
#include "conf/source.h"
#include "model/spec.h"

struct draft;
struct env_source;
struct user_known;
struct file;
struct fy_parser;
struct fy_diag;

struct loader {
	const struct conf_context *context;
	struct conf_report *report;
	const char *path;     /* of the main file */
	struct spec *spec;    /* owned until taken; what is kept lives in its arena */
	struct arena scratch; /* what goes when the load is over */
	jmp_buf out_of_memory;
	unsigned n_sources;			 /* files met so far; the next one's order */
	struct file *files;			 /* configuration files, newest first */
	struct fy_parser *parser;		 /* owned; NULL when no file is being read */
	struct fy_diag *diag;			 /* owned; the parser's */
	const struct item *origin[OPTION_COUNT]; /* of each top-level option; NULL: its default */
	bool refused[OPTION_COUNT];		 /* its value was an error */
	const struct draft *blank;   /* a worker that says nothing, without `defaults:` */
	struct draft *defaults;	     /* what `defaults:` says; every worker begins as a copy */
	struct draft *drafts;	     /* spec->n_workers of them */
	struct draft *checks;	     /* spec->n_checks of them */
	struct draft *steps;	     /* spec->n_steps of them */
	struct draft *tasks;	     /* spec->n_tasks of them */
	struct key_index components; /* workers, checks and tasks by name */
	struct worker_spec *workers; /* the spec's programs, as long as they are put together */
	const struct conf_user *prober_user; /* as `prober.user` says; NULL: not said */
	const char *const *own_environment; /* a copy of fosterd's that stays; NULL: not made yet */
	const struct env_source *env_sources; /* environment files that have been read */
	const struct user_known *users;	      /* users that have been looked up */
};

/* Zeroed memory that lives as long as the spec. Never NULL. */
void *loader_keep(struct loader *loader, size_t size);

/* Zeroed memory that lives as long as the load. Never NULL. */
void *loader_scratch(struct loader *loader, size_t size);

/* A copy of text in the spec's arena. Never NULL. */
const char *loader_keep_text(struct loader *loader, const char *text);

/* The pointer itself; jumps as the others do when it is NULL. */
void *loader_must(struct loader *loader, void *memory);

/* Tell of an error or a warning at a place. hint may be NULL. The place of a default (no source)
 * panics. */
void loader_error(struct loader *loader, struct place at, const char *hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void loader_warning(struct loader *loader, struct place at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "FILE:LINE:COLUMN" of a place, in scratch memory. */
const char *loader_place_text(struct loader *loader, struct place at);

/* A new source with the next order, in scratch memory, not read yet. */
struct source *loader_source(struct loader *loader, const char *name);

/*
 * Begin a load into a new spec, run it, and put the report in order. Returns true when there were
 * no errors: the loader is complete. Memory that was refused is an error in the report. End it with
 * loader_end in every case.
 */
bool loader_run(struct loader *loader, const char *path, const struct conf_context *context,
		struct conf_report *report);

/* Call work with the loader and data; false when memory was refused, which is then in the report.
 */
bool loader_guard(struct loader *loader, void (*work)(struct loader *loader, void *data),
		  void *data);

/* Give back the parser, and with it what a parse that was broken off still held. */
void loader_close_parser(struct loader *loader);

/* Free all that the loader holds, the spec included unless it was taken (NULL). */
void loader_end(struct loader *loader);

#endif
