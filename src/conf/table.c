/* table - the rows of all options. */
#include "base/must.h"
#include "conf/draft.h"
#include "conf/option.h"
#include "conf/probe_rows.h"
#include "conf/program_rows.h"

#define TOP(member) .scopes = SCOPE_TOP, .offset = offsetof(struct spec, member)
#define DRAFT(scopes_, member) .scopes = (scopes_), .offset = offsetof(struct draft, member)
#define WORKER(member) DRAFT(SCOPE_DEFAULTS | SCOPE_WORKER, member)
#define PROGRAM(member) DRAFT(SCOPE_DEFAULTS | SCOPE_WORKER | SCOPE_TASK, member)
#define PROCESS(member) DRAFT(SCOPE_DEFAULTS | SCOPE_WORKER | SCOPE_TASK | SCOPE_STEP, member)
#define CHECK(member) DRAFT(SCOPE_CHECK, member)
#define BOUNDS(min_, max_) .min = (min_), .max = (max_)
#define WORDS(...) .words = (const char *const[]){__VA_ARGS__, NULL}, .unit = ""
#define DAY (86400 * NS_S)

static const struct option rows[OPTION_COUNT] = {
	[OPTION_NAME] = {
		"name", TOP(name), .kind = KIND_TEXT, BOUNDS(1, 255), .unit = "",
		.unset = "the host name",
		.help = "What this fosterd is called in /status.",
	},
	[OPTION_LISTEN] = {
		"listen", TOP(listen), .kind = KIND_LISTEN, .unit = "",
		.fallback = "[\"127.0.0.1:9180\"]",
		.help = "Where HTTP is answered, read-only: `ADDRESS:PORT`, `[V6]:PORT`, "
			"`unix:/PATH`, or `fd:NAME` for a socket that the service manager passes. "
			"Addresses are numeric; `0.0.0.0` and `[::]` are all. Port 0 lets the "
			"kernel choose. `[]` is for none.",
		.example = "[\"127.0.0.1:9180\", \"unix:%t/http.sock\"]",
	},
	[OPTION_EXPOSE] = {
		"expose", TOP(expose), .kind = KIND_WORD, WORDS("auto", "full", "summary"),
		.fallback = "auto",
		.help = "Who is told reasons, names and details over HTTP; everybody gets the "
			"status codes. `auto`: clients on loopback and unix sockets, but for "
			"requests with a Forwarded or X-Forwarded-* header. `full`: everybody. "
			"`summary`: nobody.",
	},
	[OPTION_CONTROL_PATH] = {
		"control.path", TOP(control.path), .kind = KIND_PATH, BOUNDS(1, 107),
		.unit = "", .fallback = "\"%t/control.sock\"",
		.help = "The unix socket on which fosterctl(1) tells fosterd what to do; an "
			"absolute path. Specifiers are filled in.",
	},
	[OPTION_CONTROL_MODE] = {
		"control.mode", TOP(control.mode), .kind = KIND_OCTAL, BOUNDS(0, 0777),
		.unit = "octal", .fallback = "0600",
		.help = "Who may use that socket, beyond root and fosterd's own user: its group "
			"with 0660, everybody with 0666. It takes the bit for writing; octal, "
			"with or without a leading 0.",
		.example = "0660",
	},
	[OPTION_CONTROL_GROUP] = {
		"control.group", TOP(control.group), .kind = KIND_GID, BOUNDS(1, 255),
		.unit = "", .unset = "fosterd's own",
		.help = "The group of that socket, a name or a number. Without root one that "
			"fosterd's user is in.",
	},
	[OPTION_INCLUDE] = {
		"include", .scopes = SCOPE_TOP, .kind = KIND_INCLUDE, .unit = "", .fallback = "[]",
		.help = "Further files, relative to this one. A pattern with * ? or [ ] stands "
			"for all files that match, in alphabetical order. Maps are merged; the "
			"same key or worker twice is an error.",
		.example = "[conf.d/*.yaml]",
	},
	[OPTION_DRAIN_DELAY] = {
		"drain.delay", TOP(drain_delay), .kind = KIND_SPAN, BOUNDS(0, DAY / 2),
		.unit = "duration", .fallback = "0s",
		.help = "How long readiness says 503 before anything is stopped, so that load "
			"balancers have time to notice. Part of `drain.timeout`.",
	},
	[OPTION_DRAIN_TIMEOUT] = {
		"drain.timeout", TOP(drain_timeout), .kind = KIND_SPAN,
		BOUNDS(NS_S, DAY), .unit = "duration", .fallback = "30s",
		.help = "The longest that the whole shutdown may take, `drain.delay` included. "
			"Its last 500ms are for SIGKILL.",
	},
	[OPTION_DRAIN_RESERVE] = {
		"drain.reserve", TOP(drain_reserve), .kind = KIND_SPAN, BOUNDS(0, DAY / 2),
		.unit = "duration", .unset = "5s with a `lifespan`, else 0s",
		.help = "What is kept of `drain.timeout` for the stops of the `lifespan`, "
			"however long the workers take.",
	},
	[OPTION_PROBER_USER] = {
		"prober.user", .scopes = SCOPE_TOP, .kind = KIND_PROBER, BOUNDS(1, 255),
		.unit = "", .unset = "fosterd-prober or else nobody; without root "
			"fosterd's own",
		.help = "The user as whom http, tcp, redis and postgres are asked, by a process "
			"of its own. A check may name another.",
	},
	[OPTION_PROBER_MAX_EXEC] = {
		"prober.max_exec", TOP(exec_probes), .kind = KIND_NUMBER, BOUNDS(1, 10000),
		.unit = "", .unset = "twice the number of processors",
		.help = "How many programs of exec probes run at once; others wait in line, "
			"which is not their time.",
	},
	[OPTION_COMMAND] = {
		"command", DRAFT(SCOPE_WORKER | SCOPE_TASK, spec.command),
		.kind = KIND_COMMAND, .unit = "", .unset = "required",
		.help = "The program, looked for in its PATH unless it has a slash: a "
			"list of words, or one string. A string with shell characters is run by "
			"`/bin/sh -c`. Specifiers are filled in.",
		.example = "[/usr/bin/python3, -m, http.server, \"%{8080+i}\"]",
	},
	[OPTION_KIND] = {
		"kind", WORKER(spec.kind), .kind = KIND_WORD, WORDS("service", "job"),
		.fallback = "service",
		.help = "`service`: it runs on and on, and is to be ready. `job`: it runs to its "
			"end, once, and has completed with an exit code that is among "
			"`success_exit_codes`.",
	},
	[OPTION_REPLICAS] = {
		"replicas", WORKER(spec.replicas), .kind = KIND_NUMBER, BOUNDS(0, 10000),
		.unit = "", .fallback = "1",
		.help = "How many instances run: `NAME.0`, `NAME.1` and so on; a single one is "
			"called `NAME`. All workers together have 10000 at most.",
	},
	[OPTION_MIN_READY] = {
		"min_ready", WORKER(spec.min_ready), .kind = KIND_NUMBER, BOUNDS(0, 10000),
		.unit = "",
		.unset = "one less than replicas, but at least 1 (0 of 0); of a job all",
		.help = "How many instances must be ready for the worker to be; at most "
			"`replicas`.",
	},
	[OPTION_USER] = {
		"user", PROCESS(user), .kind = KIND_USER, BOUNDS(1, 255), .unit = "",
		.unset = "fosterd's own",
		.help = "The user to run as, a name or a number. Sets the groups and HOME, USER, "
			"LOGNAME and SHELL as well. Needs root, unless it is fosterd's own.",
	},
	[OPTION_GROUP] = {
		"group", PROCESS(group), .kind = KIND_GROUP, BOUNDS(1, 255), .unit = "",
		.unset = "the user's",
		.help = "The group to run as, a name or a number. Needs root.",
	},
	[OPTION_SUPPLEMENTARY_GROUPS] = {
		"supplementary_groups", PROCESS(groups), .kind = KIND_GROUPS,
		BOUNDS(1, 255), .unit = "", .unset = "none beyond the user's",
		.help = "Further groups, beyond those that the user has. Needs root.",
		.example = "[staff, adm]",
	},
	[OPTION_WORKING_DIRECTORY] = {
		"working_directory", PROCESS(spec.working_directory),
		.kind = KIND_DIRECTORY, BOUNDS(1, 4095), .unit = "", .fallback = "/",
		.help = "The directory to start in; an absolute path. Specifiers are filled in. "
			"One that is not there makes a failed start, which is tried again.",
	},
	[OPTION_UMASK] = {
		"umask", PROCESS(spec.umask), .kind = KIND_OCTAL, BOUNDS(0, 0777),
		.unit = "octal", .unset = "fosterd's own",
		.help = "Permission bits that new files do not get; octal, with or without a "
			"leading 0.",
		.example = "0027",
	},
	[OPTION_ENVIRONMENT] = {
		"environment", PROCESS(environment), .kind = KIND_ENVIRONMENT, .unit = "",
		.fallback = "{}",
		.help = "Variables, set last. Specifiers are filled in. A worker's are added to "
			"those in `defaults`.",
		.example = "{MODE: production, PORT: \"%{8080+i}\"}",
	},
	[OPTION_ENVIRONMENT_FILE] = {
		"environment_file", PROCESS(environment_files), .kind = KIND_PATHS,
		BOUNDS(1, 4095), .unit = "", .fallback = "[]",
		.help = "Files of NAME=VALUE lines, written as for systemd's EnvironmentFile= and "
			"read when the configuration is. Absolute paths; one that begins with - "
			"may be absent.",
		.example = "[-/etc/default/web]",
	},
	[OPTION_PASS_ENVIRONMENT] = {
		"pass_environment", PROCESS(pass_environment), .kind = KIND_TEXTS,
		BOUNDS(1, 255), .unit = "", .fallback = "[]",
		.help = "Patterns of variables handed on from fosterd's own environment, beyond "
			"PATH, LANG, LC_* and TZ. As PID 1 everything is handed on.",
		.example = "[\"APP_*\"]",
	},
	[OPTION_LIMITS] = {
		"limits", PROCESS(limits), .kind = KIND_LIMITS, .unit = "", .fallback = "{}",
		.help = "Resource limits, named as in prlimit(1) and systemd: a number, a size, a "
			"duration for times, `unlimited`, or `{soft: X, hard: Y}`. A worker's are "
			"added to those in `defaults`. Without root a limit is at most fosterd's "
			"own hard one, with a warning.",
		.example = "{nofile: 16384, core: 0, cpu: {soft: 1m, hard: 2m}}",
	},
	[OPTION_NICE] = {
		"nice", PROCESS(spec.nice), .kind = KIND_NICE, BOUNDS(-20, 19), .unit = "",
		.unset = "fosterd's own",
		.help = "Scheduling priority, from -20 (most favoured) to 19, see nice(2). Less "
			"than 0 needs root.",
	},
	[OPTION_OOM_SCORE_ADJUST] = {
		"oom_score_adjust", PROCESS(spec.oom_score_adj), .kind = KIND_OOM,
		BOUNDS(-1000, 1000), .unit = "",
		.unset = "the one fosterd was started with, or 0 when that is less",
		.help = "How gladly the kernel kills it when memory is short: from -1000 (never) "
			"to 1000 (first), see proc(5). Less than fosterd was started with needs "
			"root.",
	},
	[OPTION_NO_NEW_PRIVILEGES] = {
		"no_new_privileges", PROCESS(spec.identity.no_new_privileges),
		.kind = KIND_BOOL, .unit = "", .fallback = "false",
		.help = "Nothing that it executes can gain privileges, by set-user-ID or by "
			"capabilities of files.",
	},
	[OPTION_CAPABILITIES] = {
		"capabilities", PROCESS(spec.identity.capabilities),
		.kind = KIND_CAPABILITIES, .unit = "", .unset = "as fosterd's user gives them",
		.help = "The capabilities that it has, as whatever user, and can ever have, see "
			"capabilities(7). `[]` is for none. Needs root.",
		.example = "[CAP_NET_BIND_SERVICE]",
	},
	[OPTION_SPAWN] = {
		"spawn", PROCESS(spec.spawn), .kind = KIND_WORD, WORDS("auto", "fork"),
		.fallback = "auto",
		.help = "How the process is made. `auto`: the faster way, in which fosterd waits "
			"until the program is loaded. `fork`: for a program or a directory on a "
			"file system that may hang.",
	},
	[OPTION_RESTART] = {
		"restart", WORKER(spec.restart), .kind = KIND_WORD,
		WORDS("always", "on-failure", "never"),
		.unset = "always; of a job on-failure",
		.help = "Whether it is started again after it has ended: `always`, `never`, or "
			"`on-failure`, which is a signal, an exit code that is not in "
			"`success_exit_codes`, or a stop for a fault (`ready.timeout`, "
			"`watchdog`, a failed `startup` or `liveness` probe). A job that "
			"completed is not started again: there is no `always` for it.",
	},
	[OPTION_RESTART_DELAY] = {
		"restart_delay", WORKER(spec.restart_delay), .kind = KIND_SPAN,
		BOUNDS(0, DAY), .unit = "duration", .fallback = "100ms",
		.help = "The wait before the first restart, doubled with each further one up to "
			"`restart_delay_max`, and with up to 10 % jitter. 0s: the first at once, "
			"then from 100ms.",
	},
	[OPTION_RESTART_DELAY_MAX] = {
		"restart_delay_max", WORKER(spec.restart_delay_max),
		.kind = KIND_SPAN, BOUNDS(0, DAY), .unit = "duration", .fallback = "30s",
		.help = "The longest wait before a restart. 0s: always at once.",
	},
	[OPTION_RESTART_RESET] = {
		"restart_reset", WORKER(spec.restart_reset), .kind = KIND_SPAN,
		BOUNDS(0, 30 * DAY), .unit = "duration", .fallback = "10m",
		.help = "A run this long makes earlier restarts forgotten: the wait begins at "
			"`restart_delay` again. So does a run that was ready for "
			"`restart_delay_max`.",
	},
	[OPTION_RESTART_LIMIT_COUNT] = {
		"restart_limit.count", WORKER(spec.restart_limit_count),
		.kind = KIND_NUMBER, BOUNDS(0, 1000), .unit = "", .fallback = "0",
		.help = "An instance that would be restarted more often than this within "
			"`restart_limit.within` is failed instead, and stays down. 0: never give "
			"up.",
	},
	[OPTION_RESTART_LIMIT_WITHIN] = {
		"restart_limit.within", WORKER(spec.restart_limit_within),
		.kind = KIND_SPAN, BOUNDS(NS_S, 30 * DAY), .unit = "duration", .fallback = "1m",
		.help = "The time within which restarts are counted for `restart_limit.count`.",
	},
	[OPTION_SUCCESS_EXIT_CODES] = {
		"success_exit_codes", PROGRAM(spec.success_exit_codes),
		.kind = KIND_CODES, BOUNDS(0, 255), .unit = "", .fallback = "[0]",
		.help = "Exit codes that are no failure.",
		.example = "[0, 143]",
	},
	[OPTION_ON_FAILED] = {
		"on_failed", WORKER(spec.on_failed), .kind = KIND_WORD,
		WORDS("degrade", "unhealthy", "shutdown"), .fallback = "degrade",
		.help = "What follows when an instance has failed for good, beyond its not being "
			"ready. `degrade`: nothing. `unhealthy`: /livez says 503, so that others "
			"may restart the whole. `shutdown`: fosterd drains and exits with 10.",
	},
	[OPTION_CRITICAL] = {
		"critical", WORKER(spec.critical), .kind = KIND_BOOL, .unit = "",
		.fallback = "true",
		.help = "`true`: while the worker is not ready, fosterd is not. `false`: then "
			"fosterd is only degraded.",
	},
	[OPTION_READY_WHEN] = {
		"ready.when", WORKER(spec.ready_when), .kind = KIND_WORD,
		WORDS("started", "notify", "fd", "probe"),
		.unset = "probe with a startup or a readiness probe, else started",
		.help = "What makes an instance ready, once its probes, if any, succeed as well. "
			"`started`: the program runs. `notify`: it says READY=1, see "
			"sd_notify(3). `fd`: it writes a newline to the descriptor `ready.fd`, as "
			"with s6. `probe`: nothing but its startup and its readiness probe.",
	},
	[OPTION_READY_FD] = {
		"ready.fd", WORKER(spec.ready_fd), .kind = KIND_INTEGER, BOUNDS(3, 1023),
		.unit = "", .unset = "required with ready.when: fd",
		.help = "The number of the descriptor that it gets for `ready.when: fd`.",
	},
	[OPTION_READY_TIMEOUT] = {
		"ready.timeout", WORKER(spec.ready_timeout), .kind = KIND_SPAN,
		BOUNDS(0, DAY), .unit = "duration",
		.unset = "60s, or as long as the startup probe may take; of a job 0s",
		.help = "An instance that is not ready so long after its start is stopped, and "
			"its run has failed. 0s: no limit. Where only the readiness probe is "
			"missing it is stopped for a time that is written down, not for the "
			"default. A job must complete within it; what `defaults` say is for "
			"services alone.",
	},
	[OPTION_WATCHDOG] = {
		"watchdog", WORKER(spec.watchdog), .kind = KIND_SPAN, BOUNDS(0, DAY),
		.unit = "duration", .fallback = "0s",
		.help = "Once ready, an instance must send WATCHDOG=1, see sd_notify(3), at least "
			"this often; else it gets SIGABRT, and its run has failed. 0s: it need "
			"not.",
	},
	DEPEND_ROWS,
	PROBE_ROWS_ENDING(OPTION_STARTUP, "startup.", PROBE_STARTUP),
	PROBE_ROWS(OPTION_READINESS, "readiness.", PROBE_WORKERS, PROBE_READINESS),
	PROBE_ROWS_ENDING(OPTION_LIVENESS, "liveness.", PROBE_LIVENESS),
	[OPTION_DEPENDS_ON_CHECKS] = {
		"depends_on_checks", WORKER(gates), .kind = KIND_CHECKS, .unit = "",
		.fallback = "[]",
		.help = "Checks without which it can do nothing. While one of them is unhealthy, "
			"an instance whose startup or liveness probe fails is left as it is, and "
			"one that ends is started again at the slowest pace.",
		.example = "[database]",
	},
	[OPTION_STOP_SIGNAL] = {
		"stop.signal", PROGRAM(spec.stop_signal), .kind = KIND_SIGNAL,
		BOUNDS(1, 64), .unit = "", .fallback = "TERM",
		.help = "The signal that asks it to end: a name with or without SIG, RTMIN+N, "
			"RTMAX-N, or a number.",
		.example = "QUIT",
	},
	[OPTION_STOP_TIMEOUT] = {
		"stop.timeout", PROGRAM(spec.stop_timeout), .kind = KIND_SPAN,
		BOUNDS(0, DAY), .unit = "duration", .fallback = "10s",
		.help = "How long it may take to stop, `stop.command` included. What is left of "
			"it then gets SIGKILL.",
	},
	[OPTION_STOP_TO] = {
		"stop.to", PROGRAM(spec.stop_to), .kind = KIND_WORD, WORDS("main", "group"),
		.unset = "main; group when command is run by /bin/sh -c",
		.help = "Who gets the stop signal: `main`, the main process (and, once that has "
			"ended, whatever it left running), or `group`, all processes at once.",
	},
	[OPTION_STOP_COMMAND] = {
		"stop.command", WORKER(spec.stop_command), .kind = KIND_COMMAND,
		.unit = "", .fallback = "[]",
		.help = "A program that is run before the stop signal is sent, with MAINPID in "
			"its environment and within `stop.timeout`. Specifiers are filled in.",
		.example = "[/usr/sbin/nginx, -s, quit]",
	},
	RELOAD_ROWS,
	[OPTION_LOG_TO] = {
		"log.to", WORKER(log_to), .kind = KIND_WORD, WORDS("inherit"),
		.fallback = "inherit",
		.help = "Where its output goes. `inherit`: to fosterd's own standard output and "
			"error.",
	},
	PROBE_ROWS(OPTION_CHECK, "", SCOPE_CHECK, 0),
	[OPTION_CHECK_CRITICAL] = {
		"critical", CHECK(spec.critical), .kind = KIND_BOOL, .unit = "",
		.fallback = "true",
		.help = "`true`: while it is unhealthy, fosterd is not ready. `false`: then "
			"fosterd is only degraded.",
	},
	[OPTION_CHECK_DEGRADED_ABOVE] = {
		"degraded_above", CHECK(degraded_above), .kind = KIND_SPAN, BOUNDS(0, DAY),
		.unit = "duration", .fallback = "0s",
		.help = "An answer that takes longer makes it degraded, though ready. 0s: none "
			"does.",
	},
	[OPTION_CHECK_USER] = {
		"user", CHECK(user), .kind = KIND_USER, BOUNDS(1, 255), .unit = "",
		.unset = "`prober.user`; with exec fosterd's own",
		.help = "The user as whom it is asked, a name or a number. Needs root, unless it "
			"is fosterd's own.",
	},
	STEP_ROWS,
	TASK_ROWS,
};

const struct option *option_row(enum option_id id)
{
	MUST(id < OPTION_COUNT);
	return &rows[id];
}

enum option_id option_id_of(const struct option *option)
{
	MUST(option >= rows && option < rows + OPTION_COUNT);
	return (enum option_id)(option - rows);
}
