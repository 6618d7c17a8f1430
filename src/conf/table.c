/* table - the rows of all options. */
#include "base/must.h"
#include "conf/draft.h"
#include "conf/option.h"

#define TOP(member) .scope = SCOPE_TOP, .offset = offsetof(struct spec, member)
#define WORKER(member) .scope = SCOPE_WORKER, .offset = offsetof(struct draft, member)
#define BOUNDS(min_, max_) .min = (min_), .max = (max_)
#define WORDS(...) .words = (const char *const[]){__VA_ARGS__, NULL}, .unit = ""
#define DAY (86400 * NS_S)

static const struct option rows[OPTION_COUNT] = {
	[OPTION_NAME] = {
		"name", TOP(name), .kind = KIND_TEXT, BOUNDS(1, 255), .unit = "",
		.unset = "the host name",
		.help = "The name shown in status and metrics.",
	},
	[OPTION_LISTEN] = {
		"listen", TOP(listen), .kind = KIND_LISTEN, .unit = "",
		.fallback = "[\"127.0.0.1:9180\"]",
		.help = "Where HTTP is answered, read-only: ADDRESS:PORT, [V6]:PORT, "
			"unix:/PATH or fd:NAME (a socket from the service manager); port 0 "
			"lets the kernel choose; [] for none.",
	},
	[OPTION_EXPOSE] = {
		"expose", TOP(expose), .kind = KIND_WORD, WORDS("auto", "full", "summary"),
		.fallback = "auto",
		.help = "Who is told reasons and details: auto means clients on loopback "
			"and unix sockets.",
	},
	[OPTION_INCLUDE] = {
		"include", .scope = SCOPE_TOP, .kind = KIND_INCLUDE, .unit = "", .fallback = "[]",
		.help = "Further files, relative to this one; patterns with * ? [ ] are "
			"filled in in alphabetical order. Maps are merged; the same key "
			"twice is an error.",
	},
	[OPTION_DRAIN_DELAY] = {
		"drain.delay", TOP(drain_delay), .kind = KIND_SPAN, BOUNDS(0, DAY / 2),
		.unit = "duration", .fallback = "0s",
		.help = "How long readiness says 503 before anything is stopped; shorter "
			"than drain.timeout.",
	},
	[OPTION_DRAIN_TIMEOUT] = {
		"drain.timeout", TOP(drain_timeout), .kind = KIND_SPAN,
		BOUNDS(NS_S, DAY), .unit = "duration", .fallback = "30s",
		.help = "The longest that the whole shutdown may take.",
	},
	[OPTION_COMMAND] = {
		"command", .scope = SCOPE_ONE_WORKER,
		.offset = offsetof(struct draft, spec.command),
		.kind = KIND_COMMAND, .unit = "", .unset = "required",
		.help = "The program: a list of words, or one string; a string with shell "
			"characters is run by /bin/sh -c. Specifiers are filled in.",
	},
	[OPTION_REPLICAS] = {
		"replicas", WORKER(spec.replicas), .kind = KIND_NUMBER, BOUNDS(0, 10000),
		.unit = "", .fallback = "1",
		.help = "How many instances run: NAME.0, NAME.1 ...; a single one is "
			"called NAME.",
	},
	[OPTION_MIN_READY] = {
		"min_ready", WORKER(spec.min_ready), .kind = KIND_NUMBER, BOUNDS(0, 10000),
		.unit = "", .unset = "one less than replicas, but 1 at least (0 with no replicas)",
		.help = "How many instances must be ready for the worker to be ready.",
	},
	[OPTION_USER] = {
		"user", WORKER(user), .kind = KIND_USER, BOUNDS(1, 255), .unit = "",
		.unset = "fosterd's own",
		.help = "The user to run as; sets the groups and HOME, USER, LOGNAME, "
			"SHELL as well. Needs root.",
	},
	[OPTION_GROUP] = {
		"group", WORKER(group), .kind = KIND_GROUP, BOUNDS(1, 255), .unit = "",
		.unset = "the user's",
		.help = "The group to run as. Needs root.",
	},
	[OPTION_SUPPLEMENTARY_GROUPS] = {
		"supplementary_groups", WORKER(groups), .kind = KIND_GROUPS,
		BOUNDS(1, 255), .unit = "", .unset = "none beyond the user's",
		.help = "Further groups, beyond those that the user has. Needs root.",
	},
	[OPTION_WORKING_DIRECTORY] = {
		"working_directory", WORKER(spec.working_directory),
		.kind = KIND_DIRECTORY, BOUNDS(1, 4095), .unit = "", .fallback = "/",
		.help = "The directory to start in; an absolute path. Specifiers are "
			"filled in.",
	},
	[OPTION_UMASK] = {
		"umask", WORKER(spec.umask), .kind = KIND_OCTAL, BOUNDS(0, 0777),
		.unit = "octal", .unset = "fosterd's own",
		.help = "Permission bits that new files do not get; always octal.",
	},
	[OPTION_ENVIRONMENT] = {
		"environment", WORKER(environment), .kind = KIND_ENVIRONMENT, .unit = "",
		.fallback = "{}",
		.help = "Variables, the last to be set. Specifiers are filled in. A "
			"worker's are added to those in defaults.",
	},
	[OPTION_ENVIRONMENT_FILE] = {
		"environment_file", WORKER(environment_files), .kind = KIND_PATHS,
		BOUNDS(1, 4095), .unit = "", .fallback = "[]",
		.help = "Files of NAME=VALUE lines, read when the configuration is; "
			"absolute paths; one that begins with - may be absent.",
	},
	[OPTION_PASS_ENVIRONMENT] = {
		"pass_environment", WORKER(pass_environment), .kind = KIND_TEXTS,
		BOUNDS(1, 255), .unit = "", .fallback = "[]",
		.help = "Patterns of variables handed on from fosterd's own environment, "
			"beyond PATH, LANG, LC_* and TZ. As PID 1 everything is handed on.",
	},
	[OPTION_LIMITS] = {
		"limits", WORKER(limits), .kind = KIND_LIMITS, .unit = "", .fallback = "{}",
		.help = "Resource limits by systemd's names: a number, size or duration, "
			"unlimited, or {soft, hard}. Others than root get at most their "
			"own hard limit, with a warning.",
	},
	[OPTION_NICE] = {
		"nice", WORKER(spec.nice), .kind = KIND_NICE, BOUNDS(-20, 19), .unit = "",
		.unset = "fosterd's own",
		.help = "Scheduling priority; less than 0 needs root.",
	},
	[OPTION_OOM_SCORE_ADJUST] = {
		"oom_score_adjust", WORKER(spec.oom_score_adj), .kind = KIND_OOM,
		BOUNDS(-1000, 1000), .unit = "", .unset = "the one fosterd was started with",
		.help = "How gladly the kernel kills it when memory is short; lowering it "
			"needs root.",
	},
	[OPTION_NO_NEW_PRIVILEGES] = {
		"no_new_privileges", WORKER(spec.identity.no_new_privileges),
		.kind = KIND_BOOL, .unit = "", .fallback = "false",
		.help = "Nothing that it executes can gain privileges (set-user-ID "
			"programs, capabilities).",
	},
	[OPTION_CAPABILITIES] = {
		"capabilities", WORKER(spec.identity.capabilities),
		.kind = KIND_CAPABILITIES, .unit = "", .unset = "as fosterd's user gives them",
		.help = "The capabilities that it has and can ever have; [] for none. "
			"Needs root.",
	},
	[OPTION_SPAWN] = {
		"spawn", WORKER(spec.spawn), .kind = KIND_WORD, WORDS("auto", "fork"),
		.fallback = "auto",
		.help = "How the process is made; fork where entering the directory or the "
			"program's file may hang.",
	},
	[OPTION_RESTART] = {
		"restart", WORKER(spec.restart), .kind = KIND_WORD,
		WORDS("always", "on-failure", "never"), .fallback = "always",
		.help = "When it is started again after it has ended.",
	},
	[OPTION_RESTART_DELAY] = {
		"restart_delay", WORKER(spec.restart_delay), .kind = KIND_SPAN,
		BOUNDS(0, DAY), .unit = "duration", .fallback = "100ms",
		.help = "The wait before the first restart; doubles with each further one. "
			"0s: the first at once, then from 100ms.",
	},
	[OPTION_RESTART_DELAY_MAX] = {
		"restart_delay_max", WORKER(spec.restart_delay_max),
		.kind = KIND_SPAN, BOUNDS(0, DAY), .unit = "duration", .fallback = "30s",
		.help = "The longest wait before a restart. 0s: always at once.",
	},
	[OPTION_RESTART_RESET] = {
		"restart_reset", WORKER(spec.restart_reset), .kind = KIND_SPAN,
		BOUNDS(0, 30 * DAY), .unit = "duration", .fallback = "10m",
		.help = "A run this long makes earlier restarts forgotten.",
	},
	[OPTION_RESTART_LIMIT_COUNT] = {
		"restart_limit.count", WORKER(spec.restart_limit_count),
		.kind = KIND_NUMBER, BOUNDS(0, 1000), .unit = "", .fallback = "0",
		.help = "Beyond so many restarts within restart_limit.within the worker is "
			"failed. 0: never give up.",
	},
	[OPTION_RESTART_LIMIT_WITHIN] = {
		"restart_limit.within", WORKER(spec.restart_limit_within),
		.kind = KIND_SPAN, BOUNDS(NS_S, 30 * DAY), .unit = "duration", .fallback = "1m",
		.help = "The time within which restart_limit.count counts.",
	},
	[OPTION_SUCCESS_EXIT_CODES] = {
		"success_exit_codes", WORKER(spec.success_exit_codes),
		.kind = KIND_CODES, BOUNDS(0, 255), .unit = "", .fallback = "[0]",
		.help = "Exit codes that are no failure.",
	},
	[OPTION_ON_FAILED] = {
		"on_failed", WORKER(spec.on_failed), .kind = KIND_WORD,
		WORDS("degrade", "unhealthy", "shutdown"), .fallback = "degrade",
		.help = "What a failed worker means: fosterd is degraded, its liveness "
			"fails, or it drains and exits with 10.",
	},
	[OPTION_CRITICAL] = {
		"critical", WORKER(spec.critical), .kind = KIND_BOOL, .unit = "",
		.fallback = "true",
		.help = "Whether fosterd is not ready while it is not ready; else only "
			"degraded.",
	},
	[OPTION_READY_WHEN] = {
		"ready.when", WORKER(spec.ready_when), .kind = KIND_WORD,
		WORDS("started", "notify", "fd"), .fallback = "started",
		.help = "When an instance is ready: once it runs, when it says so by "
			"sd_notify, or when it writes a newline to the descriptor ready.fd.",
	},
	[OPTION_READY_FD] = {
		"ready.fd", WORKER(spec.ready_fd), .kind = KIND_INTEGER, BOUNDS(3, 1023),
		.unit = "", .unset = "required with ready.when: fd",
		.help = "The descriptor on which it tells that it is ready.",
	},
	[OPTION_READY_TIMEOUT] = {
		"ready.timeout", WORKER(spec.ready_timeout), .kind = KIND_SPAN,
		BOUNDS(0, DAY), .unit = "duration", .fallback = "60s",
		.help = "Not ready for so long after the start is a failed run. 0s: no "
			"limit.",
	},
	[OPTION_WATCHDOG] = {
		"watchdog", WORKER(spec.watchdog), .kind = KIND_SPAN, BOUNDS(0, DAY),
		.unit = "duration", .fallback = "0s",
		.help = "Once ready it must send WATCHDOG=1 at least this often. 0s: it "
			"need not.",
	},
	[OPTION_STOP_SIGNAL] = {
		"stop.signal", WORKER(spec.stop_signal), .kind = KIND_SIGNAL,
		BOUNDS(1, 64), .unit = "", .fallback = "TERM",
		.help = "The signal that asks it to end: a name with or without SIG, "
			"RTMIN+N, or a number.",
	},
	[OPTION_STOP_TIMEOUT] = {
		"stop.timeout", WORKER(spec.stop_timeout), .kind = KIND_SPAN,
		BOUNDS(0, DAY), .unit = "duration", .fallback = "10s",
		.help = "What is left of it after so long gets SIGKILL.",
	},
	[OPTION_STOP_TO] = {
		"stop.to", WORKER(spec.stop_to), .kind = KIND_WORD, WORDS("main", "group"),
		.unset = "main; group when command is run by /bin/sh -c",
		.help = "Who gets the stop signal: the main process, or all of its group.",
	},
	[OPTION_STOP_COMMAND] = {
		"stop.command", WORKER(spec.stop_command), .kind = KIND_COMMAND,
		.unit = "", .fallback = "[]",
		.help = "A program to run before the stop signal, within the same timeout. "
			"Specifiers are filled in.",
	},
	[OPTION_LOG_TO] = {
		"log.to", WORKER(log_to), .kind = KIND_WORD, WORDS("inherit"),
		.fallback = "inherit",
		.help = "Where its output goes: inherit means fosterd's own standard "
			"output and error.",
	},
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
