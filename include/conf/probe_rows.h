/*
 * probe_rows - the rows of one probe in the option table; a check is one, too.
 *
 * Nothing but table.c includes this.
 */
#ifndef CONF_PROBE_ROWS_H
#define CONF_PROBE_ROWS_H

#include "conf/draft.h"
#include "conf/option.h"

enum { TARGET_MAX = 2048, HEADER_MAX = 1024, BODY_MAX = 1024 };

#define PROBE_DAY  (86400 * NS_S)
#define PROBE_LONG (3600 * NS_S)

#define PROBE_WORKERS (SCOPE_DEFAULTS | SCOPE_WORKER)

/* The member of that draft, in a worker or a check. */
#define PROBE_AT(scope_, n, member)                                                                \
	.scopes = scope_, .offset = offsetof(struct draft, probes[n].member)

/* Whom to ask. path: "readiness." */
#define PROBE_DRIVER_ROWS(first, path, scope, n)                                                   \
	[(int)(first) + PROBE_KEY_HTTP] = {                                                        \
		path "http", PROBE_AT(scope, n, targets[DRIVER_HTTP]), .kind = KIND_HTTP,          \
		.min = 1, .max = TARGET_MAX, .unit = "", .unset = "not asked so",                  \
		.help = "A URL that is asked for: `http://HOST:PORT/PATH`, `https://...`, or "     \
			"`unix:/SOCKET:/PATH` for HTTP over a unix socket. A status of 200 to "    \
			"399 is a success. Redirects on the same host are followed. Specifiers "   \
			"are filled in.",                                                          \
		.example = "\"http://127.0.0.1:8080/\"",                                           \
	},                                                                                         \
	[(int)(first) + PROBE_KEY_TCP] = {                                                         \
		path "tcp", PROBE_AT(scope, n, targets[DRIVER_TCP]), .kind = KIND_TCP,             \
		.min = 1, .max = TARGET_MAX, .unit = "", .unset = "not asked so",                  \
		.help = "A socket that is connected to: `HOST:PORT`, `[V6]:PORT` or "              \
			"`unix:/PATH`. A connection is a success. Specifiers are filled in.",      \
		.example = "\"127.0.0.1:80\"",                                                     \
	},                                                                                         \
	[(int)(first) + PROBE_KEY_EXEC] = {                                                        \
		path "exec", PROBE_AT(scope, n, spec.command), .kind = KIND_COMMAND,               \
		.unit = "", .unset = "not asked so",                                               \
		.help = "A program that is run, with the user, the environment, the directory "    \
			"and the limits of the worker: a list of words, or one string, as "        \
			"`command`. Exit code 0 is a success.",                                    \
		.example = "[/srv/alive]",                                                         \
	},                                                                                         \
	[(int)(first) + PROBE_KEY_REDIS] = {                                                       \
		path "redis", PROBE_AT(scope, n, targets[DRIVER_REDIS]), .kind = KIND_REDIS,       \
		.min = 1, .max = TARGET_MAX, .unit = "", .unset = "not asked so",                  \
		.help = "A Redis that is sent PING: `redis://[[USER]:PASSWORD@]HOST[:PORT][/DB]` " \
			"or `unix://[[USER]:PASSWORD@]/SOCKET[?db=N]`. Specifiers are filled in.", \
		.example = "\"redis://127.0.0.1/0\"",                                              \
	},                                                                                         \
	[(int)(first) + PROBE_KEY_POSTGRES] = {                                                    \
		path "postgres", PROBE_AT(scope, n, targets[DRIVER_POSTGRES]),                     \
		.kind = KIND_POSTGRES, .min = 1, .max = TARGET_MAX, .unit = "",                    \
		.unset = "not asked so",                                                           \
		.help = "A PostgreSQL that is asked `SELECT 1`: a connection string of "           \
			"keywords or a `postgres://` URI, see libpq. Specifiers are filled in.",   \
		.example = "\"host=/run/postgresql\"",                                             \
	}

/* What belongs to one driver alone. */
#define PROBE_DETAIL_ROWS(first, path, scope, n)                                                   \
	[(int)(first) + PROBE_KEY_HEADERS] = {                                                     \
		path "headers", PROBE_AT(scope, n, headers), .kind = KIND_HEADERS,                 \
		.min = 1, .max = HEADER_MAX, .unit = "", .fallback = "{}",                         \
		.help = "With http: header fields that are sent, `Host` too. Specifiers are "      \
			"filled in.",                                                              \
		.example = "{Host: shop.example}",                                                 \
	},                                                                                         \
	[(int)(first) + PROBE_KEY_STATUS] = {                                                      \
		path "status", PROBE_AT(scope, n, spec.statuses), .kind = KIND_STATUSES,           \
		.min = 100, .max = 599, .unit = "", .fallback = "[200-399]",                       \
		.help = "With http: the status codes that are a success, numbers and ranges.",     \
		.example = "[200, 300-399]",                                                       \
	},                                                                                         \
	[(int)(first) + PROBE_KEY_BODY] = {                                                        \
		path "body", PROBE_AT(scope, n, spec.body), .kind = KIND_TEXT,                     \
		.min = 1, .max = BODY_MAX, .unit = "", .unset = "any",                             \
		.help = "With http: a text that must be in the first 10 KiB of the answer.",       \
	},                                                                                         \
	[(int)(first) + PROBE_KEY_VERIFY] = {                                                      \
		path "verify", PROBE_AT(scope, n, spec.verify), .kind = KIND_BOOL,                 \
		.unit = "", .fallback = "false",                                                   \
		.help = "With https: whether the server's certificate must be good.",              \
	},                                                                                         \
	[(int)(first) + PROBE_KEY_PASSWORD_FILE] = {                                               \
		path "password_file", PROBE_AT(scope, n, password_file), .kind = KIND_PATH,        \
		.min = 1, .max = 4095, .unit = "", .unset = "none",                                \
		.help = "With redis and postgres: a file that holds the password, one line, "      \
			"read when the configuration is. An absolute path; %t, %S, %L and %H are " \
			"filled in.",                                                              \
	}

/* When to ask, and what a number of answers means. */
#define PROBE_TIME_ROWS(first, path, scope, n, success_most, success_help)                         \
	[(int)(first) + PROBE_KEY_INITIAL_DELAY] = {                                               \
		path "initial_delay", PROBE_AT(scope, n, spec.initial_delay), .kind = KIND_SPAN,   \
		.min = 0, .max = PROBE_DAY, .unit = "duration", .fallback = "0s",                  \
		.help = "How long after the start it is asked for the first time.",                \
	},                                                                                         \
	[(int)(first) + PROBE_KEY_PERIOD] = {                                                      \
		path "period", PROBE_AT(scope, n, spec.period), .kind = KIND_SPAN,                 \
		.min = 50 * NS_MS, .max = PROBE_DAY, .unit = "duration", .fallback = "10s",        \
		.help = "How often it is asked.",                                                  \
	},                                                                                         \
	[(int)(first) + PROBE_KEY_TIMEOUT] = {                                                     \
		path "timeout", PROBE_AT(scope, n, spec.timeout), .kind = KIND_SPAN,               \
		.min = 50 * NS_MS, .max = PROBE_LONG, .unit = "duration", .fallback = "1s",        \
		.help = "How long an answer may take; none in that time is a failure.",            \
	},                                                                                         \
	[(int)(first) + PROBE_KEY_SUCCESS_THRESHOLD] = {                                           \
		path "success_threshold", PROBE_AT(scope, n, spec.success_threshold),              \
		.kind = KIND_NUMBER, .min = 1, .max = success_most, .unit = "", .fallback = "1",   \
		.help = success_help,                                                              \
	},                                                                                         \
	[(int)(first) + PROBE_KEY_FAILURE_THRESHOLD] = {                                           \
		path "failure_threshold", PROBE_AT(scope, n, spec.failure_threshold),              \
		.kind = KIND_NUMBER, .min = 1, .max = 1000000, .unit = "", .fallback = "3",        \
		.help = "How many failures in a row it takes until it counts as failed.",          \
	}

#define PROBE_GRACE_ROW(first, path, n)                                                            \
	[(int)(first) + PROBE_KEY_TERMINATION_GRACE] = {                                           \
		path "termination_grace", PROBE_AT(PROBE_WORKERS, n, spec.termination_grace),      \
		.kind = KIND_SPAN, .min = 0, .max = PROBE_DAY, .unit = "duration",                 \
		.unset = "`stop.timeout`",                                                         \
		.help = "With startup and liveness: how long the instance may take to stop when "  \
			"the probe has failed.",                                                   \
	}

#define SUCCESS_ONE "It succeeds with its first success: this is 1."
#define SUCCESS_MANY                                                                               \
	"How many successes in a row it takes until it counts as well, at first and after a "      \
	"failure."

/* Those of a probe that ends a run when it fails; of one that does not. */
#define PROBE_ROWS_ENDING(first, path, n)                                                          \
	PROBE_DRIVER_ROWS(first, path, PROBE_WORKERS, n),                                          \
	PROBE_DETAIL_ROWS(first, path, PROBE_WORKERS, n),                                          \
	PROBE_TIME_ROWS(first, path, PROBE_WORKERS, n, 1, SUCCESS_ONE),                            \
	PROBE_GRACE_ROW(first, path, n)
#define PROBE_ROWS(first, path, scope, n)                                                          \
	PROBE_DRIVER_ROWS(first, path, scope, n), PROBE_DETAIL_ROWS(first, path, scope, n),        \
	PROBE_TIME_ROWS(first, path, scope, n, 1000000, SUCCESS_MANY)

#endif
