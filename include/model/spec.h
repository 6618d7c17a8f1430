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

struct worker_spec {
	const char *name;
	struct command command;
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
	const struct worker_spec *workers;
	uint32_t n_workers;
	uint32_t n_instances; /* sum of replicas */
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

/* True when code is among the worker's success_exit_codes. */
bool worker_spec_is_success(const struct worker_spec *worker, int code);

/* Which worker the instance belongs to. Panics when instance >= spec->n_instances. O(log workers).
 */
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
