#include "conf/unknown.h"

#include <string.h>

#include "base/text.h"

enum { VALUE_SHOWN_MAX = 40 };

/* `workers`, `defaults` and `checks` are in no table: they hold what is. */
static bool is_known(enum option_scope scope, const char *key)
{
	if (scope == SCOPE_TOP && (strcmp(key, "workers") == 0 || strcmp(key, "defaults") == 0 ||
				   strcmp(key, "checks") == 0))
		return true;
	return strchr(key, '.') == NULL &&
	       (option_find(scope, key) != NULL || option_is_group(scope, key));
}

/* Where the key belongs instead; NULL: nowhere. */
static const char *home_of(enum option_scope scope, const struct item *item)
{
	const char *key = item->key;
	const struct node *value = item->value;

	if (scope == SCOPE_CHECK)
		return NULL;
	if (scope != SCOPE_TOP && is_known(SCOPE_TOP, key))
		return scope == SCOPE_DEFAULTS ? " in defaults: it belongs at the top of the file"
					     : " in a worker: it belongs at the top of the file";
	if (scope == SCOPE_TOP && is_known(SCOPE_DEFAULTS, key))
		return ": it belongs in a worker or in `defaults`";
	if (scope != SCOPE_WORKER && is_known(SCOPE_WORKER, key))
		return scope == SCOPE_DEFAULTS ? " in defaults: it belongs in a worker"
					     : ": it belongs in a worker";
	if (scope == SCOPE_TOP && value->kind == NODE_MAP && node_find(value, "command") != NULL)
		return ": a worker belongs in `workers`";
	return NULL;
}

/* Words that people bring along from other supervisors, and ours for them. */
static const char *synonym(const char *key)
{
	static const char *const pairs[][2] = {
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
	};

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		if (strcmp(key, pairs[i][0]) == 0)
			return pairs[i][1];
	}
	return NULL;
}

/* What other supervisors call the keys of a probe. */
static const char *probe_synonym(const char *key)
{
	static const char *const pairs[][2] = {
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

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		if (strcmp(key, pairs[i][0]) == 0)
			return pairs[i][1];
	}
	return NULL;
}

static bool is_probe(enum option_scope scope, const char *path)
{
	return scope == SCOPE_CHECK || strcmp(path, "startup") == 0 ||
	       strcmp(path, "readiness") == 0 || strcmp(path, "liveness") == 0;
}

/* True when key is the dotted path written in one word: stop_timeout, or stop.timeout itself. */
static bool is_flat_form(const char *key, const char *path)
{
	for (; *path != '\0' && (*key == *path || (*path == '.' && *key == '_')); path++)
		key++;
	return *path == '\0' && *key == '\0';
}

/* The path of an option in a map of its own, of which key is the flat form; NULL: none. */
static const char *nested_path(enum option_scope scope, const char *key)
{
	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		const char *path = option_row(id)->path;
		if (strchr(path, '.') != NULL && is_flat_form(key, path) &&
		    option_find(scope, path) != NULL)
			return path;
	}
	return NULL;
}

/* The path as it is written in a file: "stop: {timeout: 10s}" with what the value is. */
static const char *as_written(struct loader *loader, const char *path, const struct node *value)
{
	size_t len = strcspn(path, ".");
	const char *text = "...";

	if (path[len] == '\0')
		return path;
	if (value->kind == NODE_TEXT && value->plain && !node_is_empty(value) &&
	    strlen(value->text) <= VALUE_SHOWN_MAX)
		text = value->text;
	return loader_must(loader, arena_printf(&loader->scratch, "%.*s: {%s: %s}", (int)len, path,
						path + len + 1, text));
}

/* The nearest key of the map at path; NULL when none is near. */
static const char *nearest_key(struct loader *loader, enum option_scope scope, const char *path,
			       const char *key)
{
	struct option_key *keys = loader_scratch(loader, OPTION_COUNT * sizeof keys[0]);
	const char *names[OPTION_COUNT + 3];
	size_t count = option_keys(scope, path, keys);

	for (size_t i = 0; i < count; i++)
		names[i] = keys[i].text;
	if (scope == SCOPE_TOP && path[0] == '\0') {
		names[count++] = "workers";
		names[count++] = "defaults";
		names[count++] = "checks";
	}
	return text_nearest(key, names, count);
}

static const char *likely(struct loader *loader, enum option_scope scope, const char *path,
			  const struct item *item)
{
	const char *meant = NULL;

	if (is_probe(scope, path))
		meant = probe_synonym(item->key);
	else if (path[0] == '\0') {
		meant = synonym(item->key);
		if (meant == NULL || (!is_known(scope, meant) && option_find(scope, meant) == NULL))
			meant = nested_path(scope, item->key);
	}
	return meant != NULL ? as_written(loader, meant, item->value)
			     : nearest_key(loader, scope, path, item->key);
}

void unknown_key(struct loader *loader, enum option_scope scope, const char *path,
		 const struct item *item)
{
	const char *home;

	if (path[0] != '\0' && is_known(scope, item->key))
		loader_error(loader, item->key_place, NULL,
			     "unknown key `%s` in %s: it belongs outside of `%s`", item->key, path,
			     path);
	else if (path[0] != '\0')
		loader_error(loader, item->key_place, likely(loader, scope, path, item),
			     "unknown key `%s` in %s", item->key, path);
	else if ((home = home_of(scope, item)) != NULL)
		loader_error(loader, item->key_place, NULL, "unknown key `%s`%s", item->key, home);
	else
		loader_error(loader, item->key_place, likely(loader, scope, path, item),
			     "unknown key `%s`", item->key);
}
