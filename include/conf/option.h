/*
 * option - every key of the configuration, one row each.
 *
 * The parser, the bounds check, the defaults, --explain, the JSON Schema and the manual page come
 * from this table.
 */
#ifndef CONF_OPTION_H
#define CONF_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a value is and what it is stored as. */
enum option_kind {
	KIND_TEXT,	/* const char *; min, max: bytes */
	KIND_DIRECTORY, /* const char *, a template that begins with / or a specifier */
	KIND_INTEGER,	/* int */
	KIND_NUMBER,	/* uint32_t */
	KIND_NICE,	/* int; lowering it needs root */
	KIND_OOM,	/* int; lowering it needs root */
	KIND_SPAN,	/* span_ns; min, max in nanoseconds */
	KIND_BOOL,	/* bool */
	KIND_WORD,	/* an enumeration: the index in words */
	KIND_OCTAL,	/* mode_t */
	KIND_SIGNAL,	/* int */
	KIND_COMMAND,	/* struct command */
	KIND_TEXTS, /* const struct node *, a list of texts or one; min, max: of how many bytes each
		     */
	KIND_PATHS, /* the same, absolute paths, with - before those that may be absent */
	KIND_CODES, /* uint32_t[8], a bit for each exit code; min, max: of each */
	KIND_CAPABILITIES, /* uint64_t, a bit for each; needs root */
	KIND_LIMITS,	   /* struct limit[RLIMIT_SPEC_MAX] */
	KIND_ENVIRONMENT,  /* struct binding *, newest last */
	KIND_USER,	   /* const struct conf_user *; others than oneself need root */
	KIND_GROUP,	   /* struct gids of one; needs root */
	KIND_GROUPS,	   /* struct gids; needs root */
	KIND_PATH,    /* const char *, an absolute path, specifiers filled in; min, max: bytes */
	KIND_GID,     /* struct group_spec */
	KIND_LISTEN,  /* listeners of the spec */
	KIND_INCLUDE, /* read before all the others */
	KIND_HTTP, /* struct target_text, as the next three: whom a probe asks; min, max: bytes */
	KIND_TCP,
	KIND_REDIS,
	KIND_POSTGRES,
	KIND_HEADERS,  /* const struct node *, a map of texts; min, max: of a whole line */
	KIND_STATUSES, /* uint32_t[STATUS_WORDS], a bit for each status code; min, max: of each */
	KIND_CHECKS,   /* struct gates, names of checks */
	KIND_DEPENDS,  /* struct wishes, names of workers and what they are wanted to be */
	KIND_PROBER,   /* the load's prober_user; others than oneself need root */
	KIND_COUNT
};

/* Where a key may stand; an option's scopes are the sum of some. Offsets of top-level options are
 * those in struct spec, the others' those in struct draft. */
enum option_scope {
	SCOPE_TOP = 1,
	SCOPE_DEFAULTS = 2,
	SCOPE_WORKER = 4,
	SCOPE_CHECK = 8,
	SCOPE_STEP = 16, /* of the lifespan */
	SCOPE_TASK = 32,
};

/* What can be said of a probe, in the order of its options. The first ones are drivers, as in
 * enum driver. */
enum probe_key {
	PROBE_KEY_HTTP,
	PROBE_KEY_TCP,
	PROBE_KEY_EXEC,
	PROBE_KEY_REDIS,
	PROBE_KEY_POSTGRES,
	PROBE_KEY_HEADERS,
	PROBE_KEY_STATUS,
	PROBE_KEY_BODY,
	PROBE_KEY_VERIFY,
	PROBE_KEY_PASSWORD_FILE,
	PROBE_KEY_INITIAL_DELAY,
	PROBE_KEY_PERIOD,
	PROBE_KEY_TIMEOUT,
	PROBE_KEY_SUCCESS_THRESHOLD,
	PROBE_KEY_FAILURE_THRESHOLD,
	PROBE_KEY_TERMINATION_GRACE, /* startup and liveness alone have it */
	PROBE_KEY_COUNT
};

/* In the order in which they are explained; keys of one map stand together. */
enum option_id {
	OPTION_NAME,
	OPTION_LISTEN,
	OPTION_EXPOSE,
	OPTION_CONTROL_PATH,
	OPTION_CONTROL_MODE,
	OPTION_CONTROL_GROUP,
	OPTION_INCLUDE,
	OPTION_DRAIN_DELAY,
	OPTION_DRAIN_TIMEOUT,
	OPTION_DRAIN_RESERVE,
	OPTION_PROBER_USER,
	OPTION_PROBER_MAX_EXEC,
	OPTION_STEP_NAME,
	OPTION_STEP_START_COMMAND,
	OPTION_STEP_START_TIMEOUT,
	OPTION_STEP_STOP_COMMAND,
	OPTION_STEP_STOP_TIMEOUT,
	OPTION_COMMAND,
	OPTION_KIND,
	OPTION_REPLICAS,
	OPTION_MIN_READY,
	OPTION_TASK_EVERY,
	OPTION_TASK_JITTER,
	OPTION_TASK_TIMEOUT,
	OPTION_TASK_OVERLAP,
	OPTION_TASK_ON_DRAIN,
	OPTION_TASK_RUN_AT_START,
	OPTION_TASK_PERSISTENT,
	OPTION_TASK_CRITICAL,
	OPTION_USER,
	OPTION_GROUP,
	OPTION_SUPPLEMENTARY_GROUPS,
	OPTION_WORKING_DIRECTORY,
	OPTION_UMASK,
	OPTION_ENVIRONMENT,
	OPTION_ENVIRONMENT_FILE,
	OPTION_PASS_ENVIRONMENT,
	OPTION_LIMITS,
	OPTION_NICE,
	OPTION_OOM_SCORE_ADJUST,
	OPTION_NO_NEW_PRIVILEGES,
	OPTION_CAPABILITIES,
	OPTION_SPAWN,
	OPTION_DEPENDS_ON,
	OPTION_ON_DEPENDENCY_RESTART,
	OPTION_RESTART,
	OPTION_RESTART_DELAY,
	OPTION_RESTART_DELAY_MAX,
	OPTION_RESTART_RESET,
	OPTION_RESTART_LIMIT_COUNT,
	OPTION_RESTART_LIMIT_WITHIN,
	OPTION_SUCCESS_EXIT_CODES,
	OPTION_ON_FAILED,
	OPTION_CRITICAL,
	OPTION_READY_WHEN,
	OPTION_READY_FD,
	OPTION_READY_TIMEOUT,
	OPTION_WATCHDOG,
	/* The first of each probe's; behind it they come as in enum probe_key. */
	OPTION_STARTUP,
	OPTION_READINESS = OPTION_STARTUP + PROBE_KEY_COUNT,
	OPTION_LIVENESS = OPTION_READINESS + PROBE_KEY_COUNT - 1,
	OPTION_DEPENDS_ON_CHECKS = OPTION_LIVENESS + PROBE_KEY_COUNT,
	OPTION_STOP_SIGNAL,
	OPTION_STOP_TIMEOUT,
	OPTION_STOP_TO,
	OPTION_STOP_COMMAND,
	OPTION_RELOAD_SIGNAL,
	OPTION_RELOAD_COMMAND,
	OPTION_LOG_TO,
	OPTION_CHECK, /* as OPTION_READINESS */
	OPTION_CHECK_CRITICAL = OPTION_CHECK + PROBE_KEY_COUNT - 1,
	OPTION_CHECK_DEGRADED_ABOVE,
	OPTION_CHECK_USER,
	OPTION_COUNT
};

struct option {
	const char *path; /* "ready.when" */
	unsigned scopes;  /* of enum option_scope */
	enum option_kind kind;
	size_t offset;
	int64_t min, max;	  /* both allowed */
	const char *const *words; /* KIND_WORD: in the order of the enumeration, NULL-terminated */
	const char *fallback;	  /* the default as it would be written; NULL: see unset */
	const char *unset;	  /* without fallback: what holds when nothing is said */
	const char *unit;	  /* "" none */
	const char *help;	  /* what it does, for people; `literals` */
	const char *example;	  /* a value as it would be written; NULL: none is needed */
};

/* The row of an option. */
const struct option *option_row(enum option_id id);

/* The option with that path in that scope, or NULL. */
const struct option *option_find(enum option_scope scope, const char *path);

/* Which row it is. Panics when it is none of the table. */
enum option_id option_id_of(const struct option *option);

/* True when path is a map that holds options: "ready"; "" is not. */
bool option_is_group(enum option_scope scope, const char *path);

struct option_key {
	char text[32];
};

/* The keys of the map at path ("" for the outermost), each once. Returns how many. */
size_t option_keys(enum option_scope scope, const char *path, struct option_key keys[OPTION_COUNT]);

#endif
