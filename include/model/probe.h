/* probe - how a worker or a component is asked how it is: what to ask, whom, when; and which of all
 * probes it is. */
#ifndef MODEL_PROBE_H
#define MODEL_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/spec.h"

/* The three probes of a worker, in the order in which they begin. */
#define PROBE_ROLES(X)                                                                             \
	X(PROBE_STARTUP, "startup")                                                                \
	X(PROBE_READINESS, "readiness")                                                            \
	X(PROBE_LIVENESS, "liveness")

#define DRIVERS(X)                                                                                 \
	X(DRIVER_HTTP, "http")                                                                     \
	X(DRIVER_TCP, "tcp")                                                                       \
	X(DRIVER_EXEC, "exec")                                                                     \
	X(DRIVER_REDIS, "redis")                                                                   \
	X(DRIVER_POSTGRES, "postgres")

#define X(name, text) name,
enum probe_role { PROBE_ROLES(X) PROBE_ROLE_COUNT };
enum driver { DRIVERS(X) DRIVER_COUNT };
#undef X

/* One answer; and what is made of several: see policy/probe.h. */
enum probe_result {
	PROBE_UNKNOWN, /* nobody could ask: thrown away */
	PROBE_SUCCESS,
	PROBE_FAILURE,
};

enum { STATUS_WORDS = 19 }; /* bits for the HTTP status codes 0 ... 607 */

/*
 * What a target looks like, its specifiers filled in:
 *
 *   http      http://HOST[:PORT][/PATH], https://..., unix:/SOCKET[:/PATH]
 *   tcp       HOST:PORT, [V6]:PORT, unix:/PATH
 *   redis     redis://[USER@]HOST[:PORT][/DB], unix://[USER@]/SOCKET[?db=N]
 *   postgres  KEYWORD=VALUE ..., postgres://... or postgresql://..., as libpq takes it
 */
struct probe_spec {
	enum driver driver;
	const char *target;	/* template, without its password; see below; NULL for exec */
	const char *password;	/* redis, postgres; NULL: none */
	struct command command; /* exec */
	const char *const *headers; /* http: n_headers templates "Name: value" */
	size_t n_headers;
	uint32_t statuses[STATUS_WORDS]; /* http: bit n % 32 of word n / 32: n is a success */
	const char *body;		 /* http: a text that the answer must hold; NULL: any */
	bool verify;			 /* http: the server's certificate counts */
	span_ns initial_delay;
	span_ns period;	 /* > 0 */
	span_ns timeout; /* > 0 */
	uint32_t success_threshold; /* >= 1; 1 for startup and liveness */
	uint32_t failure_threshold; /* >= 1 */
	bool has_termination_grace;
	span_ns termination_grace; /* in place of stop.timeout when this probe ends the run */
	uint32_t prober;	   /* index in spec->probers of who asks; 0 for exec */
};

/* A component that fosterd asks about and does not run. */
struct check_spec {
	const char *name; /* no worker has it */
	struct probe_spec probe;
	bool critical;
	span_ns degraded_above; /* a slower success is degraded; 0: none is too slow */
	/* exec: the program is run as an instance of this worker would be; else NULL */
	const struct worker_spec *runner;
};

/* As whom network checks are made; one process each. */
struct prober_spec {
	struct identity identity; /* has_user false: as fosterd itself */
	const char *home;	  /* of that user; never NULL */
};

/* All probes have one number each: those of instance 0, of instance 1, ..., then the checks. */
#define PROBE_NONE UINT32_MAX

/* Whose probe it is. */
struct probe_owner {
	const struct probe_spec *spec;
	const struct check_spec *check;	  /* NULL: an instance's */
	const struct worker_spec *worker; /* NULL: a check's; as all below */
	uint32_t instance;
	uint32_t ordinal; /* of the instance within its worker */
	enum probe_role role;
};

/* Panics when probe >= spec->n_probes. O(log workers). */
struct probe_owner probe_owner_of(const struct spec *spec, uint32_t probe);

/* The number of an instance's probe; PROBE_NONE when its worker has none of that role. */
uint32_t probe_of_instance(const struct worker_spec *worker, uint32_t ordinal,
			   enum probe_role role);

/* The number of a check. */
uint32_t probe_of_check(const struct spec *spec, uint32_t check);

/* The words that the configuration, /status, logs and scripts use. */
const char *probe_role_name(enum probe_role role);
const char *driver_name(enum driver driver);
const char *probe_result_name(enum probe_result result); /* "unknown", "success", "failure" */

#endif
