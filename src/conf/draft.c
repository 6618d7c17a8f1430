#include "conf/draft.h"

#include <ctype.h>
#include <string.h>
#include <sys/un.h>

#include "base/must.h"
#include "base/text.h"
#include "conf/command.h"
#include "conf/environment.h"
#include "conf/identity.h"
#include "conf/job.h"
#include "conf/probe.h"
#include "conf/template.h"

enum { NAME_BYTES_MAX = 63 };

void draft_name_check(struct loader *loader, const struct item *item, const char *kind)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	const char *name = item->key;

	if (!isalnum((unsigned char)name[0]) || strlen(name) > NAME_BYTES_MAX ||
	    name[strspn(name, letters)] != '\0')
		loader_error(loader, item->key_place, NULL,
			     "a %s's name has 1 to %d letters, digits, _ or -, and begins with a "
			     "letter or digit",
			     kind, NAME_BYTES_MAX);
}

static const span_ns READY_TIMEOUT = 60 * NS_S, READY_TIMEOUT_MAX = 86400 * NS_S;

struct place draft_place(const struct draft *draft, enum option_id id)
{
	return draft->origin[id] != NULL ? draft->origin[id]->value->place : draft->item->key_place;
}

bool draft_says(const struct loader *loader, const struct draft *draft, enum option_id id)
{
	return draft->origin[id] != NULL && draft->origin[id] != loader->defaults->origin[id];
}

/* Behind a value that is compared with another: that nobody wrote it. */
static const char *default_note(const struct draft *draft, enum option_id id)
{
	return draft->origin[id] == NULL ? " (default)" : "";
}

static void counts_finish(struct loader *loader, struct draft *draft)
{
	struct worker_spec *spec = &draft->spec;

	if (draft->origin[OPTION_MIN_READY] == NULL)
		spec->min_ready = spec->replicas > 1 && spec->kind != PROGRAM_JOB
					  ? spec->replicas - 1
					  : spec->replicas;
	if (draft->refused[OPTION_MIN_READY] || draft->refused[OPTION_REPLICAS] ||
	    spec->min_ready <= spec->replicas)
		return;
	/* Of what `defaults` says, the worker's own word shows that it does not fit. */
	bool inherited = !draft_says(loader, draft, OPTION_MIN_READY) &&
			 draft_says(loader, draft, OPTION_REPLICAS);
	loader_error(loader, draft_place(draft, inherited ? OPTION_REPLICAS : OPTION_MIN_READY),
		     NULL, "`min_ready` is %u, more than the %u replica%s%s of the worker `%s`",
		     (unsigned)spec->min_ready, (unsigned)spec->replicas,
		     spec->replicas == 1 ? "" : "s", default_note(draft, OPTION_REPLICAS),
		     spec->name);
}

static void restart_finish(struct loader *loader, struct draft *draft)
{
	const struct worker_spec *spec = &draft->spec;
	char delay[SPAN_TEXT_SIZE], most[SPAN_TEXT_SIZE];
	bool said = draft->origin[OPTION_RESTART_DELAY] != NULL;

	if (draft->refused[OPTION_RESTART_DELAY] || draft->refused[OPTION_RESTART_DELAY_MAX] ||
	    spec->restart_delay <= spec->restart_delay_max || spec->restart_delay_max == 0)
		return;
	loader_error(
		loader, draft_place(draft, said ? OPTION_RESTART_DELAY : OPTION_RESTART_DELAY_MAX),
		NULL, "`restart_delay` is %s%s, more than `restart_delay_max` of %s%s",
		span_format(delay, spec->restart_delay), default_note(draft, OPTION_RESTART_DELAY),
		span_format(most, spec->restart_delay_max),
		default_note(draft, OPTION_RESTART_DELAY_MAX));
}

/* The longest that the startup probe may take until it fails; 0 without one. */
static span_ns startup_span(const struct worker_spec *spec)
{
	const struct probe_spec *startup = spec->probes[PROBE_STARTUP];
	span_ns most;

	if (startup == NULL)
		return 0;
	if (__builtin_mul_overflow(startup->period, startup->failure_threshold, &most) ||
	    __builtin_add_overflow(most, startup->initial_delay, &most))
		return MONO_NEVER;
	return most;
}

/* Nobody said how long: a startup probe has the time that it was given, and its own verdict. */
static span_ns ready_timeout(const struct worker_spec *spec)
{
	const struct probe_spec *startup = spec->probes[PROBE_STARTUP];
	span_ns most = startup_span(spec);

	if (most >= READY_TIMEOUT_MAX)
		return 0;
	return startup == NULL || most + startup->timeout < READY_TIMEOUT ? READY_TIMEOUT
									  : most + startup->timeout;
}

static void ready_finish(struct loader *loader, struct draft *draft)
{
	struct worker_spec *spec = &draft->spec;
	bool fd = draft->origin[OPTION_READY_FD] != NULL;
	bool probed = spec->probes[PROBE_STARTUP] != NULL || spec->probes[PROBE_READINESS] != NULL;

	spec->has_ready_timeout = spec->probes[PROBE_READINESS] != NULL &&
				  draft->origin[OPTION_READY_TIMEOUT] != NULL;
	if (draft->origin[OPTION_READY_TIMEOUT] == NULL && spec->kind != PROGRAM_JOB)
		spec->ready_timeout = ready_timeout(spec);
	if (draft->origin[OPTION_READY_WHEN] == NULL)
		spec->ready_when = probed ? READY_PROBE : READY_STARTED;
	else if (spec->ready_when == READY_PROBE && !probed)
		loader_error(loader, draft_place(draft, OPTION_READY_WHEN), NULL,
			     "`ready.when: probe` wants a startup or a readiness probe, and the "
			     "worker `%s` has neither",
			     spec->name);
	if (spec->ready_when == READY_FD && !fd)
		loader_error(loader, draft_place(draft, OPTION_READY_WHEN), NULL,
			     "`ready.when: fd` wants `ready.fd`, the number of the descriptor");
	if (spec->ready_when == READY_FD)
		return;
	if (draft_says(loader, draft, OPTION_READY_FD) && !draft->refused[OPTION_READY_WHEN])
		loader_error(loader, draft_place(draft, OPTION_READY_FD), NULL,
			     "`ready.fd` means something with `ready.when: fd` alone");
	/* One from `defaults` is for the workers that want it. */
	draft->origin[OPTION_READY_FD] = NULL;
	spec->ready_fd = 0;
}

/* Warns when the startup probe is not given the time that it asks for. */
static void startup_check(struct loader *loader, const struct draft *draft)
{
	const struct worker_spec *spec = &draft->spec;
	char wanted[SPAN_TEXT_SIZE], has[SPAN_TEXT_SIZE];
	span_ns most = startup_span(spec);

	if (most > spec->ready_timeout && spec->ready_timeout != 0 &&
	    draft->origin[OPTION_READY_TIMEOUT] != NULL)
		loader_warning(loader, draft_place(draft, OPTION_READY_TIMEOUT),
			       "the startup probe of `%s` may take %s until it fails, but "
			       "`ready.timeout` of %s ends the run before",
			       spec->name, span_format(wanted, most),
			       span_format(has, spec->ready_timeout));
}

static bool needs_notify(const struct worker_spec *spec)
{
	return spec->ready_when == READY_NOTIFY || spec->watchdog > 0;
}

static void socket_check(struct loader *loader, const struct draft *draft, enum option_id why)
{
	const struct worker_spec *spec = &draft->spec;
	char name[INSTANCE_NAME_SIZE];

	instance_name(name, spec, spec->replicas > 0 ? spec->replicas - 1 : 0);
	size_t len = strlen(loader->spec->runtime_dir) + strlen("/notify/") + strlen(name);
	if (len >= sizeof((struct sockaddr_un *)NULL)->sun_path)
		loader_error(loader, draft_place(draft, why), NULL,
			     "the notify socket %s/notify/%s would have a path of %zu bytes, 107 "
			     "is the most",
			     loader->spec->runtime_dir, name, len);
}

static void notify_finish(struct loader *loader, struct draft *draft)
{
	const struct worker_spec *spec = &draft->spec;
	enum option_id why = spec->ready_when == READY_NOTIFY ? OPTION_READY_WHEN : OPTION_WATCHDOG;

	if (!needs_notify(spec))
		return;
	if (command_hides_main(&spec->command))
		loader_error(loader, draft_place(draft, OPTION_COMMAND), NULL,
			     "with %s the main process would be the shell: begin the command with "
			     "`exec `, or "
			     "write a list",
			     why == OPTION_WATCHDOG ? "`watchdog`" : "`ready.when: notify`");
	socket_check(loader, draft, why);
}

void draft_try_command(struct loader *loader, const struct draft *draft, enum option_id id,
		       const struct command *command)
{
	for (unsigned i = 0; command->specifiers && i < command->argc; i++)
		template_try(loader, command->argv[i], &draft->spec, draft_place(draft, id));
}

void draft_finish_command(struct loader *loader, struct draft *draft, const char *kind)
{
	struct worker_spec *spec = &draft->spec;

	if (draft->origin[OPTION_COMMAND] == NULL)
		loader_error(loader, draft->item->key_place, NULL, "the %s `%s` has no `command`",
			     kind, spec->name);
	if (draft->origin[OPTION_STOP_TO] == NULL)
		spec->stop_to = spec->command.shell ? STOP_TO_GROUP : STOP_TO_MAIN;
	draft_try_command(loader, draft, OPTION_COMMAND, &spec->command);
}

/* One way to reload: the worker's own word counts where `defaults` has another. */
static void reload_finish(struct loader *loader, struct draft *draft)
{
	struct worker_spec *spec = &draft->spec;
	bool signal = spec->reload_signal != 0, command = spec->reload_command.argc > 0;

	draft_try_command(loader, draft, OPTION_RELOAD_COMMAND, &spec->reload_command);
	if (!signal || !command)
		return;
	bool own_signal = draft_says(loader, draft, OPTION_RELOAD_SIGNAL);
	bool own_command = draft_says(loader, draft, OPTION_RELOAD_COMMAND);
	if (own_signal == own_command) {
		loader_error(loader, draft_place(draft, OPTION_RELOAD_COMMAND), NULL,
			     "`reload.signal` and `reload.command`: it is told to reload in one "
			     "way");
	} else if (own_signal) {
		spec->reload_command = (struct command){0};
		draft->origin[OPTION_RELOAD_COMMAND] = NULL;
	} else {
		spec->reload_signal = 0;
		draft->origin[OPTION_RELOAD_SIGNAL] = NULL;
	}
}

static void flags_finish(struct draft *draft)
{
	struct worker_spec *spec = &draft->spec;

	spec->gates = draft->gates.count > 0 ? draft->gates.list : NULL;
	spec->n_gates = draft->gates.count;
	spec->restart_with_dependency = draft->on_dependency_restart == 1;
	spec->has_umask = draft->origin[OPTION_UMASK] != NULL;
	spec->has_nice = draft->origin[OPTION_NICE] != NULL;
	spec->has_oom_score_adj = draft->origin[OPTION_OOM_SCORE_ADJUST] != NULL;
	for (unsigned i = 0; i < RLIMIT_SPEC_MAX; i++) {
		if (draft->limits[i].item != NULL)
			spec->limits[spec->n_limits++] = draft->limits[i].value;
	}
}

void draft_finish_process(struct loader *loader, struct draft *draft)
{
	const struct worker_spec *spec = &draft->spec;

	if (strchr(spec->working_directory, '%') != NULL)
		template_try(loader, spec->working_directory, spec,
			     draft_place(draft, OPTION_WORKING_DIRECTORY));
	identity_finish(loader, draft);
	flags_finish(draft);
	environment_finish(loader, draft);
}

void draft_finish(struct loader *loader, struct draft *draft)
{
	MUST(draft->item != NULL);
	job_finish(loader, draft);
	counts_finish(loader, draft);
	restart_finish(loader, draft);
	probes_finish(loader, draft);
	ready_finish(loader, draft);
	startup_check(loader, draft);
	draft_finish_command(loader, draft, "worker");
	draft_try_command(loader, draft, OPTION_STOP_COMMAND, &draft->spec.stop_command);
	reload_finish(loader, draft);
	notify_finish(loader, draft);
	draft_finish_process(loader, draft);
}
