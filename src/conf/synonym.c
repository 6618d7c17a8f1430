#include "conf/synonym.h"

#include <string.h>

typedef const char *pair[2];

/* A key stands here twice where it means different things in different places. */
static const pair keys[] = {
	{"cmd", "command"},
	{"exec", "command"},
	{"program", "command"},
	{"env", "environment"},
	{"env_file", "environment_file"},
	{"directory", "working_directory"},
	{"cwd", "working_directory"},
	{"chdir", "working_directory"},
	{"workdir", "working_directory"},
	{"numprocs", "replicas"},
	{"instances", "replicas"},
	{"groups", "supplementary_groups"},
	{"rlimits", "limits"},
	{"ulimits", "limits"},
	{"autorestart", "restart"},
	{"exitcodes", "success_exit_codes"},
	{"stopsignal", "stop.signal"},
	{"stopwaitsecs", "stop.timeout"},
	{"services", "workers"},
	{"programs", "workers"},
	{"processes", "workers"},
	{"bind", "listen"},
	{"probes", "readiness"},
	{"healthcheck", "liveness"},
	{"health_check", "liveness"},
	{"livenessProbe", "liveness"},
	{"liveness_probe", "liveness"},
	{"readinessProbe", "readiness"},
	{"readiness_probe", "readiness"},
	{"startupProbe", "startup"},
	{"startup_probe", "startup"},
	{"healthchecks", "checks"},
	{"dependencies", "checks"},
	{"After", "depends_on"},
	{"after", "depends_on"},
	{"Requires", "depends_on"},
	{"requires", "depends_on"},
	{"Wants", "depends_on"},
	{"wants", "depends_on"},
	{"BindsTo", "depends_on"},
	{"links", "depends_on"},
	{"priority", "depends_on"},
	{"dependencies", "depends_on"},
	{"dependencies.d", "depends_on"},
	{"depends", "depends_on"},
	{"needs", "depends_on"},
	{"Type", "kind"},
	{"type", "kind"},
	{"oneshot", "kind"},
	{"ExecStart", "command"},
	{"ExecStop", "stop.command"},
	{"ExecReload", "reload.command"},
	{"PartOf", "on_dependency_restart"},
	{"KillSignal", "stop.signal"},
	{"TimeoutStopSec", "stop.timeout"},
	{"stop_grace_period", "stop.timeout"},
	{"schedule", "every"},
	{"cron", "every"},
	{"OnCalendar", "every"},
	{"OnUnitActiveSec", "every"},
	{"interval", "every"},
	{"period", "every"},
	{"RandomizedDelaySec", "jitter"},
	{"splay", "jitter"},
	{"OnBootSec", "run_at_start"},
	{"run_on_start", "run_at_start"},
	{"Persistent", "persistent"},
	{"concurrencyPolicy", "overlap"},
	{"concurrency_policy", "overlap"},
	{"RuntimeMaxSec", "timeout"},
	{"activeDeadlineSeconds", "timeout"},
	{"ExecStart", "start.command"},
	{"up", "start"},
	{"down", "stop"},
	{"timers", "tasks"},
	{"cron", "tasks"},
	{"crons", "tasks"},
	{"cronjobs", "tasks"},
	{"jobs", "tasks"},
	{"schedules", "tasks"},
	{"periodic", "tasks"},
	{"steps", "lifespan"},
	{"init", "lifespan"},
	{"oneshots", "lifespan"},
};

/* What other supervisors call the keys of a probe. */
static const pair probe_keys[] = {
	{"initialDelaySeconds", "initial_delay"},
	{"initial_delay_seconds", "initial_delay"},
	{"start_period", "initial_delay"},
	{"delay", "initial_delay"},
	{"periodSeconds", "period"},
	{"period_seconds", "period"},
	{"interval", "period"},
	{"every", "period"},
	{"timeoutSeconds", "timeout"},
	{"timeout_seconds", "timeout"},
	{"successThreshold", "success_threshold"},
	{"rise", "success_threshold"},
	{"failureThreshold", "failure_threshold"},
	{"retries", "failure_threshold"},
	{"threshold", "failure_threshold"},
	{"fall", "failure_threshold"},
	{"terminationGracePeriodSeconds", "termination_grace"},
	{"httpGet", "http"},
	{"http_get", "http"},
	{"https", "http"},
	{"url", "http"},
	{"tcpSocket", "tcp"},
	{"tcp_socket", "tcp"},
	{"command", "exec"},
	{"test", "exec"},
	{"cmd", "exec"},
	{"script", "exec"},
	{"httpHeaders", "headers"},
	{"pg", "postgres"},
	{"postgresql", "postgres"},
	{"valkey", "redis"},
	{"warn_above", "degraded_above"},
};

/* Words, YAML's booleans among them. */
static const pair words[] = {
	{"no", "never"},
	{"false", "never"},
	{"off", "never"},
	{"none", "never"},
	{"yes", "always"},
	{"true", "always"},
	{"on", "always"},
	{"unless-stopped", "always"},
	{"unexpected", "on-failure"},
	{"simple", "started"},
	{"process", "main"},
	{"all", "group"},
	{"oneshot", "job"},
	{"once", "job"},
	{"task", "job"},
	{"simple", "service"},
	{"exec", "service"},
	{"notify", "service"},
	{"forking", "service"},
	{"daemon", "service"},
	{"longrun", "service"},
	{"process", "service"},
	{"no", "keep"},
	{"false", "keep"},
	{"off", "keep"},
	{"yes", "restart"},
	{"true", "restart"},
	{"on", "restart"},
	{"Forbid", "skip"},
	{"forbid", "skip"},
	{"no", "skip"},
	{"false", "skip"},
	{"Replace", "replace"},
	{"kill", "replace"},
	{"wait", "queue"},
	{"wait", "finish"},
	{"kill", "cancel"},
	{"stop", "cancel"},
	{"abort", "cancel"},
};

static const char *const parts[] = {"workers", "defaults", "checks", "lifespan", "tasks"};

bool synonym_is_part(const char *key)
{
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (strcmp(key, parts[i]) == 0)
			return true;
	}
	return false;
}

const char *synonym_part(size_t n)
{
	return n < sizeof parts / sizeof parts[0] ? parts[n] : NULL;
}

static bool is_ours(enum option_scope scope, const char *path)
{
	return option_find(scope, path) != NULL || option_is_group(scope, path) ||
	       (scope == SCOPE_TOP && synonym_is_part(path));
}

const char *synonym_key(enum option_scope scope, const char *key)
{
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		if (strcmp(key, keys[i][0]) == 0 && is_ours(scope, keys[i][1]))
			return keys[i][1];
	}
	return NULL;
}

const char *synonym_probe_key(const char *key)
{
	for (size_t i = 0; i < sizeof probe_keys / sizeof probe_keys[0]; i++) {
		if (strcmp(key, probe_keys[i][0]) == 0)
			return probe_keys[i][1];
	}
	return NULL;
}

static bool is_among(const char *word, const char *const *choice, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(word, choice[i]) == 0)
			return true;
	}
	return false;
}

const char *synonym_word(const char *word, const char *const *choice, size_t n)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcmp(word, words[i][0]) == 0 && is_among(words[i][1], choice, n))
			return words[i][1];
	}
	return word;
}

const char *synonym_advice(enum option_scope scope, const char *key)
{
	static const pair advice[] = {
		{"ExecStartPre", "what is to be done before is a worker of `kind: job` that it "
				 "depends on, or a step of the `lifespan`"},
		{"pre_start", "what is to be done before is a worker of `kind: job` that it "
			      "depends on, or a step of the `lifespan`"},
		{"ExecStartPost", "what is to be done after it is a worker of `kind: job` that "
				  "depends on it"},
		{"Before", "it is the other worker that says `depends_on`"},
		{"before", "it is the other worker that says `depends_on`"},
		{"OnCalendar", "what is done again and again belongs in `tasks`, with `every`"},
		{"schedule", "what is done again and again belongs in `tasks`, with `every`"},
		{"cron", "what is done again and again belongs in `tasks`, with `every`"},
	};

	for (size_t i = 0; i < sizeof advice / sizeof advice[0]; i++) {
		if ((scope == SCOPE_WORKER || scope == SCOPE_DEFAULTS) &&
		    strcmp(key, advice[i][0]) == 0)
			return advice[i][1];
	}
	return NULL;
}
