#include "conf/probe.h"

#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "conf/password.h"
#include "conf/question.h"
#include "conf/template.h"

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
	return (enum option_id)((int)first + (int)key);
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

static void complain_of_two(struct loader *loader, struct place at, const struct option *one,
			    const struct option *other)
{
	loader_error(loader, at, NULL, "`%s` and `%s`: a probe asks in one way", one->path,
		     other->path);
}

/* The driver that is said, by the worker itself if it says one. DRIVER_COUNT: none. */
static enum driver driver_find(const struct work *work)
{
	enum driver own = DRIVER_COUNT, inherited = DRIVER_COUNT;
	struct place at;

	for (enum driver driver = 0; driver < DRIVER_COUNT; driver++) {
		enum probe_key key = (enum probe_key)driver;
		if (is_own(work, key) && own != DRIVER_COUNT)
			complain_of_two(work->loader, origin_of(work, key)->key_place,
					option_row(probe_option(work->first, (enum probe_key)own)),
					option_row(probe_option(work->first, key)));
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

/* The default: what is no longer is not worth a warning. */
#define TIMEOUT_NOTICED NS_S

static void times_check(const struct work *work)
{
	const struct probe_spec *spec = &work->probe->spec;
	char timeout[SPAN_TEXT_SIZE], period[SPAN_TEXT_SIZE];

	/* Whoever asks more often than once a second need not say this as well. */
	if (is_refused(work, PROBE_KEY_TIMEOUT) || is_refused(work, PROBE_KEY_PERIOD) ||
	    spec->timeout <= spec->period || spec->timeout <= TIMEOUT_NOTICED)
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

	if (file == NULL || is_refused(work, PROBE_KEY_PASSWORD_FILE))
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

static void target_finish(const struct work *work)
{
	struct probe_spec *spec = &work->probe->spec;
	const struct target_text *target = &work->probe->targets[spec->driver];
	enum probe_key key = (enum probe_key)spec->driver;

	spec->target = target->text;
	spec->password = target->password;
	if (is_refused(work, key))
		return;
	password_finish(work);
	headers_finish(work);
	question_try(work->loader,
		     &(struct question){spec, work->worker, path_of(work, key),
					path_of(work, PROBE_KEY_HEADERS), place_of(work, key),
					place_of(work, PROBE_KEY_HEADERS)});
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

void probes_check_defaults(struct loader *loader, const struct draft *defaults)
{
	for (enum probe_role role = 0; role < PROBE_ROLE_COUNT; role++) {
		const struct option *first = NULL;
		for (enum probe_key key = 0; key <= PROBE_KEY_POSTGRES; key++) {
			enum option_id id = probe_option(probe_first(role), key);
			if (defaults->origin[id] == NULL)
				continue;
			if (first != NULL)
				complain_of_two(loader, defaults->origin[id]->key_place, first,
						option_row(id));
			else
				first = option_row(id);
		}
	}
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
