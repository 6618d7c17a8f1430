#include "conf/job.h"

#include <string.h>

#include "conf/probe.h"

/* What a job has not, and why. */
struct absent {
	enum option_id id;
	const char *why;
};

static const struct absent absent[] = {
	{OPTION_READY_WHEN,
	 "it is never ready, it completes; `ready.timeout` is for how long it may "
	 "take"},
	{OPTION_READY_FD, "it is never ready, it completes"},
	{OPTION_WATCHDOG, "`ready.timeout` is for how long it may take"},
	{OPTION_RELOAD_SIGNAL, "it is run again instead"},
	{OPTION_RELOAD_COMMAND, "it is run again instead"},
};

static void refuse(struct loader *loader, const struct draft *draft, enum option_id id,
		   const char *why)
{
	loader_error(loader, draft->origin[id]->key_place, NULL,
		     "`%s` is for a service, and `%s` is a job: %s", option_row(id)->path,
		     draft->spec.name, why);
}

/* True where it says that it has none. */
static bool is_nothing(const struct worker_spec *spec, enum option_id id)
{
	return (id == OPTION_WATCHDOG && spec->watchdog == 0) ||
	       (id == OPTION_RELOAD_COMMAND && spec->reload_command.argc == 0);
}

static void absent_finish(struct loader *loader, struct draft *draft)
{
	const struct worker_spec *blank = &loader->blank->spec;
	struct worker_spec *spec = &draft->spec;

	for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
		enum option_id id = absent[i].id;
		if (draft->origin[id] != NULL && draft_says(loader, draft, id) &&
		    !is_nothing(spec, id))
			refuse(loader, draft, id, absent[i].why);
		draft->origin[id] = NULL;
	}
	spec->ready_when = blank->ready_when;
	spec->watchdog = blank->watchdog;
	spec->reload_signal = blank->reload_signal;
	spec->reload_command = blank->reload_command;
}

/* One error for each probe of its own, however much it says. */
static void probe_forget(struct loader *loader, struct draft *draft, enum probe_role role)
{
	bool told = false;

	for (enum probe_key key = 0; key < PROBE_KEY_COUNT; key++) {
		enum probe_key which;
		enum option_id id = probe_option(probe_first(role), key);
		if (probe_find(id, &which) != (int)role || which != key)
			continue;
		if (!told && draft->origin[id] != NULL && draft_says(loader, draft, id)) {
			refuse(loader, draft, id,
			       "it is asked nothing, its exit code says how it went");
			told = true;
		}
		draft->origin[id] = NULL;
	}
}

static void restart_finish(struct loader *loader, struct draft *draft)
{
	struct worker_spec *spec = &draft->spec;
	const struct item *origin = draft->origin[OPTION_RESTART];

	if (spec->restart != RESTART_ALWAYS || draft->refused[OPTION_RESTART])
		return;
	if (origin != NULL && draft_says(loader, draft, OPTION_RESTART))
		loader_error(loader, origin->value->place, NULL,
			     "`restart: always` is for a service, and `%s` is a job, which runs "
			     "until it completes: say `on-failure` or `never`, or make a task of "
			     "what is to run again and again",
			     spec->name);
	spec->restart = RESTART_ON_FAILURE;
	draft->origin[OPTION_RESTART] = NULL;
}

static void time_finish(struct loader *loader, struct draft *draft)
{
	if (draft->origin[OPTION_READY_TIMEOUT] != NULL &&
	    draft_says(loader, draft, OPTION_READY_TIMEOUT))
		draft->spec.run_timeout = draft->spec.ready_timeout;
	else
		draft->origin[OPTION_READY_TIMEOUT] = NULL;
	draft->spec.ready_timeout = 0;
}

void job_finish(struct loader *loader, struct draft *draft)
{
	if (draft->spec.kind != PROGRAM_JOB)
		return;
	absent_finish(loader, draft);
	for (enum probe_role role = 0; role < PROBE_ROLE_COUNT; role++)
		probe_forget(loader, draft, role);
	restart_finish(loader, draft);
	time_finish(loader, draft);
}
