/*
 * spec - what fosterd was told to do: the configuration, complete, checked and never changed again.
 *
 * Everything lives in one arena that conf fills; all the others borrow. Texts named "template" may
 * hold specifiers (model/specifier.h) and have been tried for every instance at load.
 */
#ifndef MODEL_SPEC_H
#define MODEL_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/clock.h"

enum restart_mode { RESTART_ALWAYS, RESTART_ON_FAILURE, RESTART_NEVER };
enum on_failed { ON_FAILED_DEGRADE, ON_FAILED_UNHEALTHY, ON_FAILED_SHUTDOWN };
enum ready_when { READY_STARTED, READY_NOTIFY, READY_FD, READY_PROBE };
enum stop_target { STOP_TO_MAIN, STOP_TO_GROUP };
enum spawn_mode { SPAWN_AUTO, SPAWN_FORK };
enum expose { EXPOSE_AUTO, EXPOSE_FULL, EXPOSE_SUMMARY };
enum task_overlap { OVERLAP_SKIP, OVERLAP_QUEUE, OVERLAP_REPLACE };

/* What a program is run for. All but a service are run for their end, once: oneshots. */
#define PROGRAM_KINDS(X)                                                                           \
	X(PROGRAM_SERVICE, "service")                                                              \
	X(PROGRAM_JOB, "job")                                                                      \
	X(PROGRAM_TASK, "task")                                                                    \
	X(PROGRAM_STEP_START, "lifespan start")                                                    \
	X(PROGRAM_STEP_STOP, "lifespan stop")

/* What a program waits for before it is started. */
#define DEPEND_WHENS(X)                                                                            \
	X(DEPEND_STARTED, "started")                                                               \
	X(DEPEND_READY, "ready")                                                                   \
	X(DEPEND_COMPLETED, "completed")

#define X(name, text) name,
enum program_kind { PROGRAM_KINDS(X) PROGRAM_KIND_COUNT };
enum depend_when { DEPEND_WHENS(X) DEPEND_WHEN_COUNT };
#undef X

/* Of spec->workers: a service or a job, never a task or a step. */
struct dependency {
	uint32_t worker;
	enum depend_when when;
};

#define PROGRAM_NONE UINT32_MAX

/* A program and its arguments. argc == 0: none. */
struct command {
	const char **argv; /* templates; argc of them and a NULL; argv[0] is looked up in the
			      child's PATH when it has no '/' */
	unsigned argc;
	bool shell;	 /* a string that needed /bin/sh -c; argv is then {"/bin/sh", "-c", text} */
	bool specifiers; /* some argument holds a '%' */
};

/* One line NAME=VALUE of an environment. */
struct env_entry {
	const char *line;
	bool specifiers; /* the value is a template with a '%' in it */
};

struct rlimit_spec {
	int resource; /* RLIMIT_* */
	rlim_t soft;  /* RLIM_INFINITY for unlimited; <= hard */
	rlim_t hard;
};

enum { RLIMIT_SPEC_MAX = 16 };

/* How the child must look when its program begins. */
struct identity {
	bool has_user; /* uid and gid are to be set; else they stay */
	uid_t uid;
	gid_t gid;
	bool has_gid;	     /* group: without user: sets the group alone */
	const gid_t *groups; /* supplementary groups, complete; only with has_user or has_groups */
	size_t n_groups;
	bool has_groups;
	const char *user_name; /* NULL without user: */
	bool no_new_privileges;
	bool has_capabilities;
	uint64_t capabilities; /* bit CAP_x set: kept in the bounding, permitted, inheritable,
				  ambient set; all others go */
};

struct probe_spec; /* model/probe.h, as the next two */
struct check_spec;
struct prober_spec;

/* A program and how its processes are to be run: a worker; or a task, or one half of a step of the
 * lifespan, each with one instance. */
struct worker_spec {
	const char *name; /* of a step's halves "NAME.start" and "NAME.stop" */
	enum program_kind kind;
	struct command command; /* argc == 0: a step without this half */
	uint32_t replicas;	 /* 0 ... 10000 */
	uint32_t min_ready;	 /* 0 ... replicas */
	uint32_t first_instance; /* index of its instance 0 among all instances */

	struct identity identity;
	const char *working_directory; /* template; NULL: "/" */
	bool has_umask;
	mode_t umask;
	const struct env_entry
		*environment; /* complete but for what the engine adds (NOTIFY_SOCKET, ...) */
	size_t n_environment;
	struct rlimit_spec limits[RLIMIT_SPEC_MAX];
	size_t n_limits;
	bool has_nice;
	int nice; /* -20 ... 19 */
	bool has_oom_score_adj;
	int oom_score_adj; /* -1000 ... 1000 */
	enum spawn_mode spawn;

	enum restart_mode restart;
	span_ns restart_delay;
	span_ns restart_delay_max;
	span_ns restart_reset;
	uint32_t restart_limit_count; /* 0: never give up */
	span_ns restart_limit_within;
	uint32_t success_exit_codes[8]; /* bit n % 32 of word n / 32: exit code n is a success */
	enum on_failed on_failed;
	bool critical;

	enum ready_when ready_when;
	int ready_fd;	       /* the child's descriptor with READY_FD, >= 3 */
	span_ns ready_timeout; /* 0: wait for ever */
	bool has_ready_timeout; /* with a readiness probe: somebody wrote it, so that it holds where
				   that alone fails, too */
	span_ns watchdog;      /* 0: none */

	int stop_signal;
	span_ns stop_timeout;
	enum stop_target stop_to;
	struct command stop_command;
	int reload_signal; /* 0: none */
	struct command reload_command;
	span_ns run_timeout; /* a oneshot that takes longer is stopped and has failed; 0: none */

	const struct dependency *depends_on; /* n_depends_on, each worker once */
	uint32_t n_depends_on;
	const uint32_t *dependents; /* indices of the programs that depend on it, ascending */
	uint32_t n_dependents;
	uint32_t level; /* 0: it depends on nothing; else one above the highest of those */
	bool restart_with_dependency; /* on_dependency_restart: restart */

	const struct probe_spec *probes[3]; /* by enum probe_role; NULL: none */
	uint32_t n_probes;		    /* of them that are there */
	uint32_t first_probe;		    /* number of instance 0's first among all probes */
	const uint32_t *gates;		    /* depends_on_checks: n_gates indices in spec->checks */
	uint32_t n_gates;
};

enum listen_kind { LISTEN_TCP, LISTEN_UNIX, LISTEN_FD };

struct listen_spec {
	enum listen_kind kind;
	const char *text; /* as written: "127.0.0.1:9180", "[::1]:9180", "unix:/path", "fd:NAME" */
	const char *host; /* LISTEN_TCP: numeric address without brackets */
	uint16_t port;	  /* LISTEN_TCP */
	const char *path; /* LISTEN_UNIX, specifiers expanded */
	const char *fd_name; /* LISTEN_FD */
};

/* A group that may have been named. */
struct group_spec {
	bool given;
	gid_t gid;
};

/* The socket on which fosterd is told what to do. */
struct control_spec {
	const char *path;	 /* specifiers expanded; at most 107 bytes */
	mode_t mode;		 /* 0 ... 0777 */
	struct group_spec group; /* of the file; not given: fosterd's own */
};

/* One step of the lifespan; its halves are programs. */
struct step_spec {
	const char *name;
};

/* When a task is run; the rest is its program's. */
struct task_spec {
	const char *name;
	span_ns every;	/* > 0 */
	span_ns jitter; /* each run is up to so much later than its time; < every */
	enum task_overlap overlap;
	bool cancel; /* on_drain: cancel; else finish */
	bool run_at_start;
	bool persistent;
};

struct spec {
	struct arena arena; /* owns all that is pointed to below, the spec itself excepted */
	const char *name;
	const char *file; /* the main configuration file as it was named */
	const struct listen_spec *listen;
	size_t n_listen;
	enum expose expose;
	struct control_spec control;
	span_ns drain_delay;
	span_ns drain_timeout;
	span_ns drain_reserve; /* of that, kept for lifespan stops; 0 without a lifespan */
	/* All programs: the workers, then each step's start and stop, then the tasks. So are their
	 * instances numbered. */
	const struct worker_spec *workers;
	uint32_t n_workers;
	uint32_t n_levels;    /* of the workers: their highest level + 1; 0 without workers */
	uint32_t n_instances; /* of all programs */
	const struct step_spec *steps; /* in the order in which they are started */
	uint32_t n_steps;
	const struct task_spec *tasks;
	uint32_t n_tasks;
	const struct check_spec *checks;
	uint32_t n_checks;
	uint32_t n_probes; /* of all instances, and the checks */
	const struct prober_spec *probers;
	uint32_t n_probers;
	uint32_t exec_probes; /* how many exec probes run at once at the most; >= 1 */
	const char *runtime_dir;
	const char *state_dir;
	const char *log_dir;
	const char *host;
};

/* How many programs there are, and how many instances of workers; both in O(1). */
uint32_t spec_programs(const struct spec *spec);
uint32_t spec_worker_instances(const struct spec *spec);

/* The instances of a step's halves and of a task. Panic when there is no such step or task. */
uint32_t spec_step_start(const struct spec *spec, uint32_t step);
uint32_t spec_step_stop(const struct spec *spec, uint32_t step);
uint32_t spec_task_instance(const struct spec *spec, uint32_t task);

/* Which step or task the instance of such a program belongs to. Panic when it is of another
 * kind. */
uint32_t spec_step_of(const struct spec *spec, uint32_t instance);
uint32_t spec_task_of(const struct spec *spec, uint32_t instance);

/* True for all but services. */
bool worker_spec_is_oneshot(const struct worker_spec *worker);

/* The words that the configuration, /status, logs and scripts use. */
const char *program_kind_name(enum program_kind kind);
const char *depend_when_name(enum depend_when when);

/* True when code is among the worker's success_exit_codes. */
bool worker_spec_is_success(const struct worker_spec *worker, int code);

/* Which program the instance belongs to. Panics when instance >= spec->n_instances. O(log
 * programs). */
const struct worker_spec *spec_worker_of(const struct spec *spec, uint32_t instance);

enum {
	INSTANCE_NAME_SIZE = 80
}; /* room for instance_name's text: a worker name is at most 63 bytes */

/* Write the instance's name: "web.2", or "web" when the worker has one replica. Returns buf. */
const char *instance_name(char buf[INSTANCE_NAME_SIZE], const struct worker_spec *worker,
			  uint32_t ordinal);

/* Free the spec and its arena; nulls *spec; accepts NULL inside. */
void spec_free(struct spec **spec);

#endif
