/* table - every option at its least, its most and one beyond each; its default; rows complete. */
#include "conf/option.h"

#include "base/text.h"
#include "conf/probe.h"
#include "unit/conf_kit.h"

/* What a probe needs beside its key: whom to ask, in a way for which the key means something. */
static const char *beside(enum probe_key key)
{
	if (key <= PROBE_KEY_POSTGRES)
		return "";
	if (key < PROBE_KEY_PASSWORD_FILE)
		return ", http: \"http://x/\"";
	return key == PROBE_KEY_PASSWORD_FILE ? ", redis: \"redis://x/\""
	       : key == PROBE_KEY_TIMEOUT     ? ", tcp: \"x:1\", period: 1d"
					      : ", tcp: \"x:1\"";
}

/* A configuration with one option of a probe, or of a check, set. */
static const char *with_probe(const struct option *option, const char *value)
{
	static char text[16384];
	const char *dot = strchr(option->path, '.');
	enum probe_key key = PROBE_KEY_PERIOD;

	probe_find(option_id_of(option), &key);
	if (option->scopes == SCOPE_CHECK)
		snprintf(text, sizeof text, "checks: {c: {%s: %s%s}}\nworkers: {w: {command: [x]}}\n",
			 option->path, value, beside(key));
	else
		snprintf(text, sizeof text, "workers: {w: {command: [x], ready: {timeout: 0}, %.*s: {%s: %s%s}}}\n",
			 (int)(dot - option->path), option->path, dot + 1, value, beside(key));
	return text;
}

/* The same of a step of the lifespan, or of a task. */
static const char *with_program(const struct option *option, const char *value)
{
	static char text[16384];
	enum option_id id = option_id_of(option);
	const char *dot = strchr(option->path, '.');

	if (option->scopes == SCOPE_TASK)
		snprintf(text, sizeof text, "tasks: {t: {command: [x], %s%s: %s}}\n",
			 id == OPTION_TASK_EVERY ? "" : "every: 365d, ", option->path, value);
	else if (id == OPTION_STEP_NAME)
		snprintf(text, sizeof text, "lifespan: [{start: {command: x}, name: %s}]\nworkers: {w: {command: [x]}}\n", value);
	else
		snprintf(text, sizeof text, "lifespan: [{name: s, %.*s: {%s%s: %s}}]\nworkers: {w: {command: [x]}}\n",
			 (int)(dot - option->path), option->path,
			 strstr(option->path, "timeout") != NULL ? "command: x, " : "", dot + 1, value);
	return text;
}

/* A configuration with one option set: what else it needs is there too. */
static const char *with_option(const struct option *option, const char *value)
{
	static char text[16384];
	const char *dot = strchr(option->path, '.');
	char line[12288];
	enum probe_key key;

	if (option->scopes == SCOPE_CHECK || probe_find(option_id_of(option), &key) != -1)
		return with_probe(option, value);
	if (option->scopes == SCOPE_STEP || option->scopes == SCOPE_TASK)
		return with_program(option, value);
	if (option_id_of(option) == OPTION_DRAIN_DELAY)
		snprintf(line, sizeof line, "drain: {timeout: 1d, delay: %s}", value);
	else if (option_id_of(option) == OPTION_DRAIN_TIMEOUT)
		snprintf(line, sizeof line, "drain: {timeout: %s}\ndefaults: {stop: {timeout: 0}}", value);
	else if (option_id_of(option) == OPTION_DRAIN_RESERVE)
		snprintf(line, sizeof line, "lifespan: [{name: s, stop: {command: x}}]\ndrain: {timeout: 1d, reserve: %s}", value);
	else if (dot == NULL)
		snprintf(line, sizeof line, "%s: %s", option->path, value);
	else
		snprintf(line, sizeof line, "%.*s: {%s: %s}", (int)(dot - option->path), option->path,
			 dot + 1, value);
	if (option->scopes == SCOPE_TOP)
		snprintf(text, sizeof text, "%s\nworkers: {w: {command: [x]}}\n", line);
	else if (option_id_of(option) == OPTION_COMMAND)
		snprintf(text, sizeof text, "workers: {w: {%s}}", line);
	else if (strcmp(option->path, "ready.fd") == 0)
		snprintf(text, sizeof text, "workers: {w: {command: [x], ready: {when: fd, fd: %s}}}", value);
	else if (option_id_of(option) == OPTION_READY_WHEN)
		snprintf(text, sizeof text, "workers: {w: {command: [x], %s, readiness: {tcp: \"x:1\"}}}", line);
	else if (option_id_of(option) == OPTION_DEPENDS_ON)
		snprintf(text, sizeof text, "workers: {db: {command: x}, migrate: {command: x, kind: job}, w: {command: [x], %s}}", line);
	else if (option_id_of(option) == OPTION_DEPENDS_ON_CHECKS)
		snprintf(text, sizeof text, "checks: {database: {tcp: \"x:1\"}}\nworkers: {w: {command: [x], %s}}", line);
	else
		snprintf(text, sizeof text, "workers:\n  w:\n    command: [x]\n    %s\n%s%s", line,
			 strcmp(option->path, "restart_delay") == 0 ? "    restart_delay_max: 1d\n" : "",
			 strcmp(option->path, "restart_delay_max") == 0 ? "    restart_delay: 0s\n" : "");
	return text;
}

static void loads(const struct option *option, const char *value, size_t warnings)
{
	struct conf_context context = kit_root();

	kit_file("f.yaml", with_option(option, value));
	spec_free(&(struct spec *){kit_good("f.yaml", &context, warnings)});
}

static void good(const struct option *option, const char *value)
{
	loads(option, value, 0);
}

static void bad(const struct option *option, const char *value)
{
	struct conf_context context = kit_root();

	kit_bad_text(with_option(option, value), &context, "error: ");
}

static const char *number_text(const struct option *option, int64_t number, char *buf, size_t size)
{
	if (option->kind == KIND_SPAN && number > 0)
		snprintf(buf, size, "%lldus", (long long)(number / NS_US));
	else if (option->kind == KIND_OCTAL && number >= 0)
		snprintf(buf, size, "0%llo", (unsigned long long)number);
	else
		snprintf(buf, size, "%lld", (long long)number);
	return buf;
}

static void check_numbers(const struct option *option)
{
	int64_t step = option->kind == KIND_SPAN ? NS_US : 1;
	size_t warnings = option_id_of(option) == OPTION_STOP_TIMEOUT; /* no drain is that long */
	char buf[64];

	/* What these two must fit with has tests of its own. */
	if (option_id_of(option) != OPTION_MIN_READY)
		loads(option, number_text(option, option->max, buf, sizeof buf), warnings);
	if (option_id_of(option) != OPTION_DRAIN_TIMEOUT || option->min > 0)
		good(option, number_text(option, option->min, buf, sizeof buf));
	bad(option, number_text(option, option->max + step, buf, sizeof buf));
	bad(option, number_text(option, option->min - step, buf, sizeof buf));
	bad(option, "word");
	bad(option, "[1, 2]");
	bad(option, "{}");
	bad(option, "");
}

/* The longest list of paths that is good: one file that may be absent. */
static void check_longest_path(const struct option *option)
{
	char buf[8192] = "-";

	for (int64_t at = 1; at < option->max; at++)
		buf[at] = at % 2 == 1 ? '/' : 'x';
	good(option, buf);
}

static void check_text(const struct option *option)
{
	char buf[8192];
	bool absolute = option->kind == KIND_DIRECTORY || option->kind == KIND_PATHS ||
			option->kind == KIND_PATH;

	for (int64_t len = option->max; len <= option->max + 1; len++) {
		memset(buf, 'x', (size_t)len);
		buf[len] = '\0';
		if (option->kind == KIND_PATHS)
			buf[0] = '-', buf[1] = '/';
		else if (absolute)
			buf[0] = '/';
		(len <= option->max && option->kind != KIND_PATHS ? good : bad)(option, buf);
	}
	if (option->kind == KIND_PATHS)
		check_longest_path(option);
	else
		good(option, absolute ? "/" : "x");
	bad(option, "\"\"");
	bad(option, option->kind == KIND_TEXT || absolute ? "{}" : "[{}]");
	if (absolute)
		bad(option, "relative");
}

static void check_words(const struct option *option)
{
	for (const char *const *word = option->words; *word != NULL; word++) {
		if (strcmp(*word, "fd") != 0)
			good(option, *word);
	}
	bad(option, "word");
	bad(option, "[auto]");
	bad(option, "");
}

static void check_codes(const struct option *option)
{
	good(option, "0");
	good(option, "[0, 255]");
	good(option, "[]");
	bad(option, "[256]");
	bad(option, "[-1]");
	bad(option, "[x]");
	bad(option, "");
}

static void check_signal(const struct option *option)
{
	good(option, "1");
	good(option, "64");
	bad(option, "0");
	bad(option, "65");
	bad(option, "[TERM]");
}

/* The rest has tests of its own: here only that a wrong shape is one error. */
static void check_shape(const struct option *option)
{
	static const char *const wrong[KIND_COUNT] = {
		[KIND_BOOL] = "[true]", [KIND_COMMAND] = "{}", [KIND_CAPABILITIES] = "{}",
		[KIND_LIMITS] = "[1]", [KIND_ENVIRONMENT] = "[1]", [KIND_USER] = "[1]",
		[KIND_GROUP] = "{}", [KIND_GROUPS] = "[{}]", [KIND_LISTEN] = "[{}]", [KIND_INCLUDE] = "[{}]",
		[KIND_GID] = "{}", [KIND_HTTP] = "[x]", [KIND_TCP] = "[x]", [KIND_REDIS] = "{}",
		[KIND_POSTGRES] = "{}", [KIND_HEADERS] = "[1]", [KIND_STATUSES] = "{}", [KIND_CHECKS] = "{}",
		[KIND_PROBER] = "[1]", [KIND_PATH] = "{}", [KIND_DEPENDS] = "[{}]",
	};

	ck_assert_ptr_nonnull(wrong[option->kind]);
	if (option_id_of(option) != OPTION_COMMAND)
		bad(option, wrong[option->kind]);
}

START_TEST(bounds)
{
	const struct option *option = option_row((enum option_id)_i);

	switch ((int)option->kind) {
	case KIND_INTEGER:
	case KIND_NUMBER:
	case KIND_NICE:
	case KIND_OOM:
	case KIND_SPAN:
	case KIND_OCTAL:
		check_numbers(option);
		break;
	case KIND_TEXT:
	case KIND_DIRECTORY:
	case KIND_TEXTS:
	case KIND_PATHS:
		check_text(option);
		break;
	case KIND_PATH:
		/* Others are read, and must be there. */
		(option_id_of(option) == OPTION_CONTROL_PATH ? check_text : check_shape)(option);
		break;
	case KIND_WORD:
		check_words(option);
		break;
	case KIND_CODES:
		check_codes(option);
		break;
	case KIND_SIGNAL:
		check_signal(option);
		break;
	default:
		check_shape(option);
	}
}
END_TEST

START_TEST(examples_are_good)
{
	const struct option *option = option_row((enum option_id)_i);

	if (option->example != NULL)
		good(option, option->example);
}
END_TEST

START_TEST(rows_are_complete)
{
	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		const struct option *row = option_row(id);
		ck_assert_msg(row->path != NULL, "row %d", (int)id);
		ck_assert_msg((row->fallback != NULL) != (row->unset != NULL), "%s", row->path);
		ck_assert_msg(row->help != NULL && row->unit != NULL, "%s", row->path);
		ck_assert_msg(row->help[strlen(row->help) - 1] == '.', "%s", row->path);
		ck_assert_msg((row->kind == KIND_WORD) == (row->words != NULL), "%s", row->path);
		ck_assert_uint_ne(row->scopes, 0);
		for (unsigned scope = SCOPE_TOP; scope <= SCOPE_TASK; scope *= 2)
			ck_assert((row->scopes & scope) == 0 || option_find((enum option_scope)scope, row->path) == row);
		ck_assert_int_eq(option_id_of(row), id);
	}
	ck_assert_ptr_null(option_find(SCOPE_DEFAULTS, "command"));
	ck_assert_ptr_nonnull(option_find(SCOPE_WORKER, "replicas"));
	ck_assert(option_is_group(SCOPE_DEFAULTS, "ready"));
	ck_assert(!option_is_group(SCOPE_TOP, "ready"));
	ck_assert(!option_is_group(SCOPE_DEFAULTS, "read"));
	ck_assert(!option_is_group(SCOPE_DEFAULTS, ""));
}
END_TEST

START_TEST(defaults)
{
	struct spec *spec = kit_good_text("workers: {w: {command: [x]}}");
	const struct worker_spec *w = &spec->workers[0];

	ck_assert_str_eq(spec->name, "box");
	ck_assert_uint_eq(spec->n_listen, 1);
	ck_assert_str_eq(spec->listen[0].host, "127.0.0.1");
	ck_assert_uint_eq(spec->listen[0].port, 9180);
	ck_assert_int_eq(spec->expose, EXPOSE_AUTO);
	ck_assert_str_eq(spec->control.path, "/run/fosterd/control.sock");
	ck_assert_int_eq(spec->control.mode, 0600);
	ck_assert(!spec->control.group.given);
	ck_assert_int_eq(spec->drain_delay, 0);
	ck_assert_int_eq(spec->drain_timeout, 30 * NS_S);
	ck_assert_uint_eq(w->replicas, 1);
	ck_assert_uint_eq(w->min_ready, 1);
	ck_assert_str_eq(w->working_directory, "/");
	ck_assert(!w->has_umask && !w->has_nice && !w->has_oom_score_adj);
	ck_assert(!w->identity.has_user && !w->identity.has_gid && !w->identity.has_groups &&
		  !w->identity.has_capabilities && !w->identity.no_new_privileges);
	ck_assert_uint_eq(w->n_limits, 0);
	ck_assert_int_eq(w->spawn, SPAWN_AUTO);
	ck_assert_int_eq(w->restart, RESTART_ALWAYS);
	ck_assert_int_eq(w->restart_delay, 100 * NS_MS);
	ck_assert_int_eq(w->restart_delay_max, 30 * NS_S);
	ck_assert_int_eq(w->restart_reset, 600 * NS_S);
	ck_assert_uint_eq(w->restart_limit_count, 0);
	ck_assert_int_eq(w->restart_limit_within, 60 * NS_S);
	ck_assert(worker_spec_is_success(w, 0) && !worker_spec_is_success(w, 1));
	ck_assert_int_eq(w->on_failed, ON_FAILED_DEGRADE);
	ck_assert(w->critical);
	ck_assert_int_eq(w->ready_when, READY_STARTED);
	ck_assert_int_eq(w->ready_timeout, 60 * NS_S);
	ck_assert_int_eq(w->watchdog, 0);
	ck_assert_int_eq(w->stop_signal, 15);
	ck_assert_int_eq(w->stop_timeout, 10 * NS_S);
	ck_assert_int_eq(w->stop_to, STOP_TO_MAIN);
	ck_assert_uint_eq(w->stop_command.argc, 0);
	spec_free(&spec);
}
END_TEST

START_TEST(min_ready_follows_replicas)
{
	static const unsigned cases[][2] = {{0, 0}, {1, 1}, {2, 1}, {3, 2}, {10000, 9999}};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char text[128];
		snprintf(text, sizeof text, "workers: {w: {command: [x], replicas: %u}}", cases[i][0]);
		struct spec *spec = kit_good_text(text);
		ck_assert_uint_eq(spec->workers[0].min_ready, cases[i][1]);
		spec_free(&spec);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("table");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_test(tests, rows_are_complete);
	tcase_add_test(tests, defaults);
	tcase_add_test(tests, min_ready_follows_replicas);
	tcase_add_loop_test(tests, bounds, 0, OPTION_COUNT);
	tcase_add_loop_test(tests, examples_are_good, 0, OPTION_COUNT);
	return suite_run("conf/table", tests);
}
