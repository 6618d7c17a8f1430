/* draft - a worker, check, task or step while it is read: its spec so far, and where each value
 * came from. */
#ifndef CONF_DRAFT_H
#define CONF_DRAFT_H

#include "conf/loader.h"
#include "conf/node.h"
#include "conf/option.h"
#include "model/probe.h"
#include "model/spec.h"

/* One NAME: VALUE of `environment`. */
struct binding {
	const struct item *item;
	const struct binding *earlier; /* told before this one, which wins; NULL: the first */
};

/* One NAME: VALUE of `limits`, at the place that its name has in limit_name. */
struct limit {
	const struct item *item; /* NULL: not said */
	struct rlimit_spec value;
};

struct gids {
	gid_t *list; /* in the spec's arena */
	size_t count;
};

/* Whom a driver asks. */
struct target_text {
	const char *text;     /* template, its password taken out; NULL: not said */
	const char *shown;    /* the same with *** in the place of the password */
	const char *password; /* in the spec's arena; NULL: none */
};

/* A probe of a worker, or the one of a check. */
struct probe_draft {
	struct probe_spec spec;
	bool present;				  /* it has a driver; known when it is finished */
	struct target_text targets[DRIVER_COUNT]; /* by driver; none for exec */
	const struct node *headers;
	const char *password_file;
};

/* Checks by their indices. */
struct gates {
	const uint32_t *list; /* in the spec's arena */
	uint32_t count;
};

/* One of those that it depends on, as it is written. */
struct wish {
	const char *name;
	struct place at; /* of the name */
	bool listed;	 /* in a list, without a word of what it is to be */
	enum depend_when when;
};

struct wishes {
	const struct wish *list; /* in scratch memory */
	uint32_t count;
};

struct draft {
	struct worker_spec spec;
	const struct item *item;		 /* that it is; NULL for `defaults` */
	const struct item *origin[OPTION_COUNT]; /* NULL: the default */
	bool refused[OPTION_COUNT];   /* its value was an error: compare it with nothing */
	const struct conf_user *user; /* NULL: none, or one that could not be found */
	struct gids group;
	struct gids groups;
	const struct binding *environment; /* the newest */
	const struct node *environment_files;
	const struct node *pass_environment;
	struct limit limits[RLIMIT_SPEC_MAX];
	unsigned log_to;			     /* only one choice so far */
	struct probe_draft probes[PROBE_ROLE_COUNT]; /* a check has the first */
	struct gates gates;
	span_ns degraded_above; /* of a check */
	struct wishes depends_on;
	unsigned on_dependency_restart; /* 0 keep, 1 restart */
	span_ns step_stop_timeout;	/* a step's command and run_timeout are its start's */
	struct task_spec task;
	unsigned on_drain; /* 0 finish, 1 cancel */
};

/* Where to point for an option of the worker: its value, or the worker when nothing was said. */
struct place draft_place(const struct draft *draft, enum option_id id);

/* True when the worker or check itself, not `defaults`, says it. */
bool draft_says(const struct loader *loader, const struct draft *draft, enum option_id id);

/* Report a name that no component of the kind ("worker") can have. */
void draft_name_check(struct loader *loader, const struct item *item, const char *kind);

/* Fill in the arguments of the draft's command, which is the value of the option. */
void draft_try_command(struct loader *loader, const struct draft *draft, enum option_id id,
		       const struct command *command);

/* What all programs have in common, workers and tasks and steps: directory, identity, limits,
 * environment. */
void draft_finish_process(struct loader *loader, struct draft *draft);

/* A command that must be there; kind: "worker". */
void draft_finish_command(struct loader *loader, struct draft *draft, const char *kind);

/*
 * All that concerns more than one option of a worker: what was left out, what does not go together,
 * identity, environment, templates. The draft's spec is complete afterwards, unless errors were
 * reported.
 */
void draft_finish(struct loader *loader, struct draft *draft);

#endif
