#include "conf/probe.h"

#include <ctype.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "conf/password.h"
#include "conf/read.h"
#include "conf/target.h"
#include "conf/template.h"
#include "model/specifier.h"
#include "model/wire.h"

/* Of a question, for what is not text in it. */
enum { ASK_OVERHEAD = 512, TARGET_FILLED_MAX = 4096 };

/* One probe that is put together. */
struct work {
	struct loader *loader;
	struct draft *draft;
	struct probe_draft *probe;
	enum option_id first;
	const struct worker_spec *worker; /* NULL: it is a check */
	const char *name;		  /* "readiness", or the check's */
};

_Static_assert(PROBE_KEY_HTTP == (int)DRIVER_HTTP && PROBE_KEY_POSTGRES == (int)DRIVER_POSTGRES,
	       "the first keys are the drivers");

enum option_id probe_option(enum option_id first, enum probe_key key)
{
	return (enum option_id)(first + key);
}

enum option_id probe_first(enum probe_role role)
{
	static const enum option_id first[] = {[PROBE_STARTUP] = OPTION_STARTUP,
					       [PROBE_READINESS] = OPTION_READINESS,
					       [PROBE_LIVENESS] = OPTION_LIVENESS};

	MUST(role < PROBE_ROLE_COUNT);
	return first[role];
}

int probe_find(enum option_id id, enum probe_key *key)
{
	static const struct {
		enum option_id first, end;
		int n;
	} ranges[] = {
		{OPTION_STARTUP, OPTION_READINESS, PROBE_STARTUP},
		{OPTION_READINESS, OPTION_LIVENESS, PROBE_READINESS},
		{OPTION_LIVENESS, OPTION_DEPENDS_ON_CHECKS, PROBE_LIVENESS},
		{OPTION_CHECK, OPTION_CHECK_CRITICAL, 0},
	};

	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
		if (id >= ranges[i].first && id < ranges[i].end) {
			*key = (enum probe_key)(id - ranges[i].first);
			return ranges[i].n;
		}
	}
	return -1;
}

bool probe_key_fits(enum probe_key key, enum driver driver)
{
	if (key <= PROBE_KEY_POSTGRES)
		return (int)key == (int)driver;
	if (key < PROBE_KEY_PASSWORD_FILE)
		return driver == DRIVER_HTTP;
	return key != PROBE_KEY_PASSWORD_FILE || driver == DRIVER_REDIS ||
	       driver == DRIVER_POSTGRES;
}

static enum probe_key key_count(const struct work *work)
{
	bool grace = work->first == OPTION_STARTUP || work->first == OPTION_LIVENESS;

	return PROBE_KEY_COUNT - (grace ? 0 : 1);
}

static const char *path_of(const struct work *work, enum probe_key key)
{
	return option_row(probe_option(work->first, key))->path;
}

static const struct item *origin_of(const struct work *work, enum probe_key key)
{
	return work->draft->origin[probe_option(work->first, key)];
}

static bool is_refused(const struct work *work, enum probe_key key)
{
	return work->draft->refused[probe_option(work->first, key)];
}

static struct place place_of(const struct work *work, enum probe_key key)
{
	return draft_place(work->draft, probe_option(work->first, key));
}

/* Said by the worker or check itself. */
static bool is_own(const struct work *work, enum probe_key key)
{
	return origin_of(work, key) != NULL &&
	       (work->worker == NULL ||
		draft_says(work->loader, work->draft, probe_option(work->first, key)));
}

/* What was said of it without a driver: its own first word, or the map itself when that is empty.
 * False: nothing. */
static bool own_place(const struct work *work, struct place *at)
{
	const struct node *map = work->draft->item->value;

	for (enum probe_key key = 0; key < key_count(work); key++) {
		if (is_own(work, key)) {
			*at = work->draft->origin[probe_option(work->first, key)]->key_place;
			return true;
		}
	}
	*at = work->draft->item->key_place;
	if (work->worker == NULL)
		return true;
	const struct node *own = map->kind == NODE_MAP ? node_find(map, work->name) : NULL;
	if (own == NULL)
		return false;
	*at = own->place;
	/* One with nothing but unknown keys has been told of. */
	return own->count == 0 && (own->kind == NODE_MAP || node_is_empty(own));
}

/* The driver that is said, by the worker itself if it says one. DRIVER_COUNT: none. */
static enum driver driver_find(const struct work *work)
{
	enum driver own = DRIVER_COUNT, inherited = DRIVER_COUNT;
	struct place at;

	for (enum driver driver = 0; driver < DRIVER_COUNT; driver++) {
		enum probe_key key = (enum probe_key)driver;
		if (is_own(work, key) && own != DRIVER_COUNT)
			loader_error(work->loader, origin_of(work, key)->key_place, NULL,
				     "`%s` and `%s`: a probe asks in one way",
				     path_of(work, (enum probe_key)own), path_of(work, key));
		else if (is_own(work, key))
			own = driver;
		else if (origin_of(work, key) != NULL && inherited == DRIVER_COUNT)
			inherited = driver;
	}
	if (own == DRIVER_COUNT && inherited == DRIVER_COUNT && own_place(work, &at))
		loader_error(work->loader, at, NULL,
			     "`%s` does not say how to ask: one of http, tcp, exec, redis and "
			     "postgres is wanted",
			     work->name);
	return own != DRIVER_COUNT ? own : inherited;
}

/* What belongs to other drivers: an error if it was said here, and forgotten if in `defaults`. */
static void others_forget(const struct work *work)
{
	const struct probe_draft *blank = &work->loader->blank->probes[0];
	struct probe_spec *spec = &work->probe->spec;
	enum driver driver = spec->driver;

	for (enum probe_key key = 0; key < PROBE_KEY_INITIAL_DELAY; key++) {
		if (origin_of(work, key) == NULL || probe_key_fits(key, driver))
			continue;
		if (key > PROBE_KEY_POSTGRES && is_own(work, key))
			loader_error(work->loader, origin_of(work, key)->key_place, NULL,
				     "`%s` means nothing with `%s`: it is for %s",
				     path_of(work, key), driver_name(driver),
				     key == PROBE_KEY_PASSWORD_FILE ? "redis and postgres"
								    : "http");
		work->draft->origin[probe_option(work->first, key)] = NULL;
	}
	if (driver != DRIVER_HTTP) {
		work->probe->headers = blank->headers;
		memcpy(spec->statuses, blank->spec.statuses, sizeof spec->statuses);
		spec->body = NULL;
		spec->verify = false;
	}
	if (!probe_key_fits(PROBE_KEY_PASSWORD_FILE, driver))
		work->probe->password_file = NULL;
	if (driver != DRIVER_EXEC)
		spec->command = (struct command){0};
}

static void times_check(const struct work *work)
{
	const struct probe_spec *spec = &work->probe->spec;
	char timeout[SPAN_TEXT_SIZE], period[SPAN_TEXT_SIZE];

	if (origin_of(work, PROBE_KEY_TIMEOUT) == NULL || is_refused(work, PROBE_KEY_TIMEOUT) ||
	    is_refused(work, PROBE_KEY_PERIOD) || spec->timeout <= spec->period)
		return;
	loader_warning(
		work->loader, place_of(work, PROBE_KEY_TIMEOUT),
		"`%s` of %s is longer than the period of %s%s: a slow answer delays the next "
		"question",
		path_of(work, PROBE_KEY_TIMEOUT), span_format(timeout, spec->timeout),
		span_format(period, spec->period),
		origin_of(work, PROBE_KEY_PERIOD) == NULL ? " (default)" : "");
}

static void password_finish(const struct work *work)
{
	struct probe_spec *spec = &work->probe->spec;
	const char *file = work->probe->password_file;

	if (file == NULL)
		return;
	if (spec->password != NULL) {
		loader_error(work->loader, place_of(work, PROBE_KEY_PASSWORD_FILE), NULL,
			     "`%s`: there is a password in `%s` already",
			     path_of(work, PROBE_KEY_PASSWORD_FILE), driver_name(spec->driver));
		return;
	}
	spec->password =
		password_file_read(work->loader, file, place_of(work, PROBE_KEY_PASSWORD_FILE));
}

static void headers_finish(const struct work *work)
{
	struct loader *loader = work->loader;
	struct probe_spec *spec = &work->probe->spec;
	const struct node *map = work->probe->headers;

	if (map == NULL || map->count == 0)
		return;
	const char **lines = loader_keep(loader, map->count * sizeof lines[0]);
	for (const struct item *item = map->first; item != NULL; item = item->next)
		lines[spec->n_headers++] =
			loader_must(loader, arena_printf(&loader->spec->arena, "%s: %s", item->key,
							 item->value->text));
	spec->headers = lines;
}

/* The text filled in for an instance, or for none; its bytes. -1 with err. */
static long fill(const struct work *work, const char *text, uint32_t ordinal, struct text *out,
		 struct err *err)
{
	struct specifier_context context = {work->loader->spec, work->worker, ordinal};
	static const char check_has_none[] =
		"a check is of no instance: %n, %i and %{ } mean nothing";

	if (specifier_expand(out, text, &context, err) == -1)
		return work->worker == NULL && strpbrk(text, "niI{") != NULL &&
				       (strstr(text, "%n") != NULL || strstr(text, "%i") != NULL ||
					strstr(text, "%I") != NULL || strstr(text, "%{") != NULL)
			       ? err_set(err, 0, "%s", check_has_none)
			       : -1;
	if (out->truncated)
		return err_set(err, 0, "the text is too long with its specifiers filled in");
	return (long)out->len;
}

/* The headers filled in: their bytes, or -1 when that is reported. */
static long headers_try(const struct work *work, uint32_t ordinal)
{
	const struct probe_spec *spec = &work->probe->spec;
	char buf[TARGET_FILLED_MAX];
	struct text out;
	struct err err;
	long sum = 0;

	for (size_t i = 0; i < spec->n_headers; i++) {
		text_init(&out, buf, sizeof buf);
		long len = fill(work, spec->headers[i], ordinal, &out, &err);
		if (len == -1) {
			loader_error(work->loader, place_of(work, PROBE_KEY_HEADERS), NULL,
				     "`%s`: %s", path_of(work, PROBE_KEY_HEADERS), err.text);
			return -1;
		}
		sum += len + 1;
	}
	return sum;
}

/* The target and the headers for one instance; false when something was reported. */
static bool question_try(const struct work *work, uint32_t ordinal)
{
	const struct probe_spec *spec = &work->probe->spec;
	enum probe_key key = (enum probe_key)spec->driver;
	char buf[TARGET_FILLED_MAX];
	const char *hint = NULL;
	struct text out;
	struct err err;

	text_init(&out, buf, sizeof buf);
	long len = fill(work, spec->target, ordinal, &out, &err);
	if (len == -1 || target_check(work->loader, spec->driver, buf, &hint, &err) == -1) {
		loader_error(work->loader, place_of(work, key), hint, "`%s`: %s",
			     path_of(work, key), err.text);
		return false;
	}
	long headers = headers_try(work, ordinal);
	if (headers == -1)
		return false;
	size_t all = (size_t)(len + headers) + ASK_OVERHEAD +
		     (spec->body != NULL ? strlen(spec->body) : 0) +
		     (spec->password != NULL ? strlen(spec->password) : 0);
	if (all > WIRE_MAX)
		loader_error(work->loader, place_of(work, key), NULL,
			     "`%s` and what is sent with it have %zu bytes, %d are the most",
			     path_of(work, key), all - ASK_OVERHEAD, WIRE_MAX - ASK_OVERHEAD);
	return all <= WIRE_MAX;
}

static bool has_specifiers(const struct probe_spec *spec)
{
	bool has = strchr(spec->target, '%') != NULL;

	for (size_t i = 0; i < spec->n_headers; i++)
		has = has || strchr(spec->headers[i], '%') != NULL;
	return has;
}

static void target_finish(const struct work *work)
{
	struct probe_spec *spec = &work->probe->spec;
	const struct target_text *target = &work->probe->targets[spec->driver];
	uint32_t count = work->worker == NULL ? 1 : work->worker->replicas;

	spec->target = target->text;
	spec->password = target->password;
	if (is_refused(work, (enum probe_key)spec->driver))
		return;
	password_finish(work);
	headers_finish(work);
	if (count == 0 || !has_specifiers(spec))
		count = 1;
	for (uint32_t i = 0; i < count && question_try(work, i); i++)
		continue;
}

static void command_finish(const struct work *work)
{
	const struct command *command = &work->probe->spec.command;
	struct place at = place_of(work, PROBE_KEY_EXEC);

	for (unsigned i = 0; command->specifiers && i < command->argc; i++) {
		if (work->worker != NULL)
			template_try(work->loader, command->argv[i], work->worker, at);
		else
			template_fill(work->loader, command->argv[i], at);
	}
}

void probe_finish(struct loader *loader, struct draft *draft, struct probe_draft *probe,
		  enum option_id first)
{
	bool check = first == OPTION_CHECK;
	struct work work = {loader, draft, probe, first, check ? NULL : &draft->spec, NULL};
	size_t len = strcspn(option_row(first)->path, ".");

	work.name = check ? draft->spec.name
			  : loader_must(loader, arena_strndup(&loader->scratch,
							      option_row(first)->path, len));
	enum driver driver = driver_find(&work);
	if (driver == DRIVER_COUNT)
		return;
	probe->present = true;
	probe->spec.driver = driver;
	others_forget(&work);
	times_check(&work);
	probe->spec.has_termination_grace = !check && first != OPTION_READINESS &&
					    origin_of(&work, PROBE_KEY_TERMINATION_GRACE) != NULL;
	if (driver == DRIVER_EXEC)
		command_finish(&work);
	else
		target_finish(&work);
}

void probes_finish(struct loader *loader, struct draft *draft)
{
	struct worker_spec *spec = &draft->spec;

	for (enum probe_role role = 0; role < PROBE_ROLE_COUNT; role++) {
		struct probe_draft *probe = &draft->probes[role];
		probe_finish(loader, draft, probe, probe_first(role));
		if (!probe->present)
			continue;
		struct probe_spec *kept = loader_keep(loader, sizeof *kept);
		*kept = probe->spec;
		spec->probes[role] = kept;
		spec->n_probes++;
	}
}

/* A name that a header field may have. */
static bool header_name_is_valid(const char *name)
{
	for (const char *c = name; *c != '\0'; c++) {
		if (!isalnum((unsigned char)*c) && strchr("!#$%&'*+-.^_`|~", *c) == NULL)
			return false;
	}
	return name[0] != '\0';
}

static bool header_check(struct loader *loader, const struct option *option,
			 const struct item *item)
{
	const char *wrong = NULL;
	struct place at = item->value->place;

	if (item->value->kind != NODE_TEXT) {
		wrong = "a header field wants one value";
	} else if (!header_name_is_valid(item->key)) {
		wrong = "this is not the name of a header field";
		at = item->key_place;
	} else if (strlen(item->key) + strlen(item->value->text) + 2 > (size_t)option->max) {
		wrong = "a header field has at most 1022 bytes";
	}
	for (const char *c = wrong == NULL ? item->value->text : ""; *c != '\0'; c++) {
		if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7f)
			wrong = "a control character stands in it";
	}
	if (wrong != NULL)
		loader_error(loader, at, NULL, "`%s`: %s", option->path, wrong);
	return wrong == NULL;
}

void read_headers(struct loader *loader, const struct option *option, const struct item *item,
		  void *field)
{
	bool good = true;

	if (!read_is_map(loader, item->value, option->path, "{NAME: value}"))
		return;
	for (const struct item *one = item->value->first; one != NULL; one = one->next)
		good = header_check(loader, option, one) && good;
	if (good)
		*(const struct node **)field = item->value;
}
